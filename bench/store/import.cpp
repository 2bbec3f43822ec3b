// Room: store
// How many tasks a second can the store take in, first and again, idle and beside people?
#include "bench_store.h"

using namespace countersign;
using namespace countersign::bench;

int main(int argc, char** argv) {
    auto [db, count] = set_up(argc, argv);
    const auto n = static_cast<double>(count);
    const auto project = make_project(*db);
    figure("store.import.chunk_20000", n / import_tasks(*db, project, count, 20'000), "tasks/s");
    figure("store.import.again", n / import_tasks(*db, project, count, 20'000, true), "tasks/s");
    const auto beside = make_project(*db);
    const auto some = std::min<std::int64_t>(count, 100'000);
    figure("store.import.chunk_200",
           static_cast<double>(some) / import_tasks(*db, beside, some, 200), "tasks/s");
}
