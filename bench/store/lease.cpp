// Room: store
// How long do people wait for the next task and for a submitted answer, with an event for each
// answer, when 1 and 32 of them work without a pause? And what does one cost the writer?
#include <ctime>
#include <mutex>
#include <thread>

#include "bench_store.h"
#include "store/desk_store.h"
#include "store/event_store.h"

using namespace countersign;
using namespace countersign::bench;

namespace {

constexpr double run_seconds = 10;

Answer answer_to(const Assignment& held) {
    Answer a;
    a.task = held.task;
    a.person = held.person;
    a.assignment = held.id;
    a.active_ms = 1500;
    Region r;
    r.id = "r1";
    r.control = "topic";
    r.labels = {held.task % 2 ? "one" : "two"};
    a.regions = {r};
    return a;
}

Millis now() {
    return SystemClock().now();
}

void submit(Session& s, const Project& project, const Assignment& held, const SigningKey& key) {
    const auto done = record_answer(s, project, answer_to(held), now());
    if (!done) throw Breakdown("a lease was lost: " + done.refusal().message);
    Event e;
    e.project = project.id;
    e.kind = "annotation.submitted";
    e.person = held.person;
    e.task = held.task;
    e.body = R"({"annotation":)" + std::to_string(done->id) + "}";
    e.created = now();
    append_event(s, e, key);
    save_idempotent(s, held.person, "key-" + std::to_string(held.id), "{}", now());
}

void run(Db& db, const Project& project, const SigningKey& key, int people, Id first) {
    std::vector<double> leases, fetches, submits;
    std::mutex mutex;
    std::vector<std::thread> threads;
    const auto start = Steady::now();
    for (int person = 0; person < people; ++person)
        threads.emplace_back([&, person] {
            std::vector<double> mine[3];
            const auto timed = [&](int which, auto what) {
                const auto at = Steady::now();
                what();
                mine[which].push_back(1000 * seconds_since(at));
            };
            while (seconds_since(start) < run_seconds) {
                std::vector<Assignment> held;
                db.note_person();
                timed(0, [&] {
                    held = db.write([&](Session& s) {
                        return lease_tasks(s, project, first + person, 1, now());
                    });
                });
                if (held.empty()) break;
                timed(1, [&] { db.read([&](Session& s) { load_leased(s, held[0]); }); });
                timed(2, [&] { db.write([&](Session& s) { submit(s, project, held[0], key); }); });
            }
            std::scoped_lock hold(mutex);
            leases.insert(leases.end(), mine[0].begin(), mine[0].end());
            fetches.insert(fetches.end(), mine[1].begin(), mine[1].end());
            submits.insert(submits.end(), mine[2].begin(), mine[2].end());
        });
    for (auto& thread : threads) thread.join();
    const auto report = [&](const std::string& name, std::vector<double>& values) {
        const auto prefix = "store." + name + ".people_" + std::to_string(people);
        figure((prefix + ".p50").c_str(), quantile(values, 0.5), "ms");
        figure((prefix + ".p99").c_str(), quantile(values, 0.99), "ms");
        figure((prefix + ".max").c_str(), quantile(values, 1), "ms");
    };
    figure(("store.cycles.people_" + std::to_string(people)).c_str(),
           static_cast<double>(submits.size()) / seconds_since(start), "1/s");
    report("lease", leases);
    report("fetch", fetches);
    report("submit", submits);
}

/// Many to a commit: the processor time of one step.
void cost(Db& db, const Project& project, const SigningKey& key) {
    constexpr int n = 2000;
    const auto microseconds_since = [](std::clock_t from) {
        return 1e6 * static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
    };
    std::vector<Assignment> held;
    auto start = std::clock();
    db.write([&](Session& s) {
        held.clear();
        for (int i = 0; i < n; ++i)
            for (const auto& one : lease_tasks(s, project, 5000 + i, 1, now())) held.push_back(one);
    });
    figure("store.lease.cost", microseconds_since(start) / n, "us");
    start = std::clock();
    db.write([&](Session& s) {
        for (const auto& one : held) submit(s, project, one, key);
    });
    figure("store.submit.cost", microseconds_since(start) / n, "us");
}

}  // namespace

int main(int argc, char** argv) {
    auto [db, count] = set_up(argc, argv);
    const auto project = make_project(*db);
    import_tasks(*db, project, count, 20'000);
    const auto key = db->write([](Session& s) { return installation_key(s); });
    cost(*db, project, key);
    run(*db, project, key, 1, 100);
    run(*db, project, key, 32, 1000);
    const auto events =
        db->read([&](Session& s) { return verify_events(s, project.id, key.public_key); });
    if (!events) {
        std::fprintf(stderr, "%s\n", events.refusal().message.c_str());
        return 1;
    }
}
