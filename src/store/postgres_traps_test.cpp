// What PostgreSQL was seen to do to a queue, each held by a test.
#include <algorithm>

#include "store/desk_store.h"
#include "store/postgres_session.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

void on_postgres(const std::function<void(Place&)>& test) {
    set_log_level(Level::warn);
    if (!postgres_url().empty()) on_engine(Engine::postgres, fresh_postgres(), test);
}

std::string plan_of(Db& db, const std::string& sql) {
    return db.read([&](Session& s) {
        std::string out;
        s.run("EXPLAIN " + sql, {}, [&](const RowView& row) { out += row.string(0) + "\n"; });
        return out;
    });
}

void fill(Place& at, const Project& project, int tasks) {
    for (int from = 1; from <= tasks; from += 2000)
        make_tasks(*at.db, project, std::min(2000, tasks - from + 1), from);
    at.db->write([](Session& s) { s.run("ANALYZE queue"); });
}

Answer answer_to(const Assignment& held) {
    Answer a;
    a.task = held.task;
    a.person = held.person;
    a.assignment = held.id;
    a.regions = choose("cat");
    return a;
}

/// Leases and answers `n` tasks one after the other, many to a commit.
void work_through(Place& at, const Project& project, int n) {
    constexpr int together = 50;
    for (int done = 0; done < n; done += together)
        at.db->write([&](Session& s) {
            for (int i = 0; i < std::min(together, n - done); ++i) {
                const auto held = lease_tasks(s, project, 1, 1, noon);
                REQUIRE(held.size() == 1);
                REQUIRE(record_answer(s, project, answer_to(held[0]), noon));
            }
        });
}

}  // namespace

TEST_CASE("the guard of an answer goes by the queue's key, not by the index of held rows") {
    on_postgres([](Place& at) {
        const auto project = make_project(*at.db);
        fill(at, project, 4000);
        const auto guarded = plan_of(
            *at.db,
            "UPDATE queue SET state = 2 WHERE project_id = 1 AND task_id = 7 AND lease_token = 3");
        CHECK(guarded.find("queue_pkey") != std::string::npos);
    });
}

TEST_CASE("the next task is found in the index of ready rows, in order") {
    on_postgres([](Place& at) {
        const auto project = make_project(*at.db);
        fill(at, project, 4000);
        const auto plan = plan_of(
            *at.db,
            "SELECT task_id, rank, draft_id FROM queue WHERE project_id = 1 AND state = 0 AND "
            "rank >= 5 AND rank < 281474976710656 ORDER BY rank LIMIT 1 FOR UPDATE SKIP LOCKED");
        CHECK(plan.find("queue_ready") != std::string::npos);
        CHECK(plan.find("Sort") == std::string::npos);
    });
}

TEST_CASE("leases stay quick while somebody holds an old snapshot open") {
    on_postgres([](Place& at) {
        const auto project = make_project(*at.db);
        fill(at, project, 3000);
        Hints none;
        PostgresSession forgotten(at.url, none);
        forgotten.begin("ISOLATION LEVEL REPEATABLE READ");
        forgotten.run("SELECT COUNT(*) FROM queue");
        work_through(at, project, 1200);
        // What the search for the next task reads now, with and without the floor.
        const auto head = at.db->read([&](Session& s) {
            return *s.one("SELECT MIN(rank) FROM queue WHERE state = 0", {},
                          [](const RowView& row) { return row.integer(0); });
        });
        const auto pages = [&](std::int64_t floor) {
            const auto plan = plan_of(
                *at.db,
                "(ANALYZE, BUFFERS, TIMING OFF) SELECT task_id FROM queue WHERE project_id = " +
                    std::to_string(project.id) + " AND state = 0 AND rank >= " +
                    std::to_string(floor) + " ORDER BY rank LIMIT 1");
            const auto hit = plan.find("shared hit=");
            REQUIRE(hit != std::string::npos);
            return std::atoi(plan.c_str() + hit + 11);
        };
        const int without = pages(0), with = pages(head - 64);
        INFO("pages read without the floor ", without, ", with it ", with);
        CHECK(with * 4 < without);
        forgotten.roll_back();
    });
}

TEST_CASE("a forgotten floor never hides a task: what came back in front is handed out") {
    on_postgres([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 300);
        auto other = at.another();
        const auto theirs =
            other->write([&](Session& s) { return lease_tasks(s, project, 9, 1, noon); });
        work_through(at, project, 299);
        CHECK(
            at.db->write([&](Session& s) { return lease_tasks(s, project, 1, 1, noon); }).empty());
        other->write([&](Session& s) { release_leases(s, project.id, 9); });
        const auto back =
            at.db->write([&](Session& s) { return lease_tasks(s, project, 1, 1, noon); });
        REQUIRE(back.size() == 1);
        CHECK(back[0].task == theirs[0].task);
    });
}

}  // namespace countersign
