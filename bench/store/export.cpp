// Room: store
// How many tasks a second stream out of the store, page by page?
#include "bench_store.h"
#include "store/desk_store.h"

using namespace countersign;
using namespace countersign::bench;

namespace {

/// Labels for every hundredth task, as an import brings them.
void label_some(Db& db, const Project& project, std::int64_t count) {
    Region r;
    r.id = "r1";
    r.control = "topic";
    r.labels = {"one"};
    for (std::int64_t from = 1; from <= count; from += 100'000)
        db.write_bulk([&](Session& s) {
            for (std::int64_t i = from; i < from + 100'000 && i <= count; i += 100) {
                const auto key = "ticket-" + std::to_string(10'000'000 + i);
                const auto task = find_task_by_key(s, project.id, key);
                record_imported(s, project, task->id, 1, {r}, 1'700'000'000'000);
            }
        });
}

}  // namespace

int main(int argc, char** argv) {
    auto [db, count] = set_up(argc, argv);
    const auto project = make_project(*db);
    import_tasks(*db, project, count, 20'000);
    label_some(*db, project, count);

    const auto start = Steady::now();
    double first = 0;
    std::int64_t seen = 0;
    std::size_t bytes = 0;
    for (Id after = 0, last = 1; last != 0; after = last)
        last = db->read([&](Session& s) {
            return export_page(s, project.id, after, 1000, false, [&](const ExportRow& row) {
                if (seen++ == 0) first = 1000 * seconds_since(start);
                bytes += row.task->data.size();
            });
        });
    if (seen != count || bytes == 0) {
        std::fprintf(stderr, "exported %lld of %lld tasks\n", static_cast<long long>(seen),
                     static_cast<long long>(count));
        return 1;
    }
    figure("store.export.all", static_cast<double>(seen) / seconds_since(start), "tasks/s");
    figure("store.export.first_row", first, "ms");
}
