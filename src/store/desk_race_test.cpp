// Many people at once. On PostgreSQL they sit at two servers (two Db objects on one database).
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/rng.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/job_store.h"
#include "store/model_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

/// Runs `work(number, db)` in `n` threads, by turns on each server.
void at_once(Place& at, int n, const std::function<void(int, Db&)>& work) {
    std::unique_ptr<Db> other;
    if (at.engine == Engine::postgres) other = at.another();
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::string failure;
    for (int i = 0; i < n; ++i)
        threads.emplace_back([&, i] {
            try {
                work(i, other && i % 2 ? *other : *at.db);
            } catch (const std::exception& e) {
                std::scoped_lock hold(mutex);
                failure = e.what();
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(failure == "");
}

Answer answer_to(const Leased& held) {
    Answer a;
    a.task = held.task.id;
    a.person = held.assignment.person;
    a.assignment = held.assignment.id;
    a.regions = choose("cat");
    return a;
}

void check_counters(Place& at, const Project& project) {
    CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
}

/// Annotations of a task that were not withdrawn, at most: 1 when every task was answered once.
std::int64_t most_answers(Db& db) {
    return db.read([](Session& s) {
        return s
            .one(
                "SELECT COUNT(*) FROM annotation WHERE withdrawn = 0 AND action <> 4 "
                "GROUP BY task_id ORDER BY 1 DESC LIMIT 1",
                {}, [](const RowView& row) { return row.integer(0); })
            .value_or(0);
    });
}

}  // namespace

TEST_CASE(
    "many people lease and answer at once: every task goes to one of them, and none is lost") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        constexpr int tasks = 240, people = 8;
        make_tasks(*at.db, project, tasks);
        std::mutex mutex;
        std::multiset<Id> handed_out;
        std::atomic<int> answered = 0;
        at_once(at, people, [&](int person, Db& db) {
            for (;;) {
                const auto held = db.write([&](Session& s) {
                    return lease(s, project, person + 1, 1 + person % 3, noon);
                });
                if (held.empty()) return;
                for (const auto& one : held) {
                    {
                        std::scoped_lock hold(mutex);
                        handed_out.insert(one.task.id);
                    }
                    const auto done = db.write([&](Session& s) {
                        return record_answer(s, project, answer_to(one), noon);
                    });
                    if (done) ++answered;
                }
            }
        });
        CHECK(answered == tasks);
        CHECK(handed_out.size() == tasks);
        CHECK(std::set<Id>(handed_out.begin(), handed_out.end()).size() == tasks);
        CHECK(progress_of(*at.db, project).done == tasks);
        check_counters(at, project);
    });
}

TEST_CASE("leases that end while people answer, skip and undo leave no task lost or doubled") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        constexpr int tasks = 60, people = 6, rounds = 40;
        make_tasks(*at.db, project, tasks);
        std::atomic<Millis> now = noon;
        at_once(at, people, [&](int person, Db& db) {
            Rng rng(static_cast<std::uint64_t>(person));
            for (int round = 0; round < rounds; ++round) {
                now += 60'000;
                if (rng.below(4) == 0) db.write([&](Session& s) { sweep_leases(s, now); });
                const auto held =
                    db.write([&](Session& s) { return lease(s, project, person + 1, 2, now); });
                if (held.empty()) continue;
                const auto& one = held[rng.below(static_cast<std::uint32_t>(held.size()))];
                const auto what = rng.below(6);
                if (what == 0) {
                    db.write([&](Session& s) { release_leases(s, project.id, person + 1); });
                } else if (what == 1) {
                    static_cast<void>(db.write(
                        [&](Session& s) { return record_skip(s, project, answer_to(one), now); }));
                } else if (what == 2) {
                    db.write([&](Session& s) {
                        renew_lease(s, one.assignment.id, person + 1, now + 900'000);
                    });
                } else {
                    const auto done = db.write(
                        [&](Session& s) { return record_answer(s, project, answer_to(one), now); });
                    if (done && what == 3)
                        static_cast<void>(db.write([&](Session& s) {
                            return undo_answer(s, project, done->id, person + 1, now);
                        }));
                }
            }
        });
        CHECK(most_answers(*at.db) <= 1);
        check_counters(at, project);
        for (Id person = 1;; ++person) {
            now += 3'600'000;
            at.db->write([&](Session& s) { sweep_leases(s, now); });
            const auto held =
                at.db->write([&](Session& s) { return lease(s, project, person, tasks, now); });
            for (const auto& one : held)
                CHECK(at.db->write(
                    [&](Session& s) { return record_answer(s, project, answer_to(one), now); }));
            if (progress_of(*at.db, project).done == tasks || person > 3) break;
        }
        CHECK(progress_of(*at.db, project).done == tasks);
        CHECK(most_answers(*at.db) == 1);
        check_counters(at, project);
    });
}

TEST_CASE("an expired lease has one new holder, and only one answer to the task is taken") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        for (int round = 0; round < 10; ++round) {
            const auto task = make_tasks(*at.db, project, 1, 1 + round)[0];
            const auto late =
                at.db->write([&](Session& s) { return lease(s, project, 99, 1, noon); });
            REQUIRE(late.size() == 1);
            CHECK(late[0].task.id == task);
            std::atomic<int> taken = 0, swept = 0;
            at_once(at, 4, [&](int person, Db& db) {
                if (person == 0) {
                    if (db.write([&](Session& s) {
                            return record_answer(s, project, answer_to(late[0]), noon + 1'000'000);
                        }))
                        ++taken;
                    return;
                }
                swept += static_cast<int>(
                    db.write([&](Session& s) { return sweep_leases(s, noon + 1'000'000); }));
                for (const auto& one : db.write([&](Session& s) {
                         return lease(s, project, person, 1, noon + 1'000'000);
                     }))
                    if (db.write([&](Session& s) {
                            return record_answer(s, project, answer_to(one), noon + 1'000'000);
                        }))
                        ++taken;
            });
            CHECK(taken == 1);
            CHECK(swept <= 1);
        }
        CHECK(most_answers(*at.db) == 1);
        check_counters(at, project);
    });
}

TEST_CASE("a retried request is answered once, however many times it comes at the same moment") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 1);
        const auto held =
            at.db->write([&](Session& s) { return lease(s, project, 1, 1, noon); })[0];
        std::mutex mutex;
        std::set<std::string> responses;
        at_once(at, 6, [&](int, Db& db) {
            const auto response = db.write([&](Session& s) -> Result<std::string> {
                if (auto before = find_idempotent(s, 1, "key")) return *before;
                const auto done = TRY(record_answer(s, project, answer_to(held), noon));
                const auto text = wire_id('a', done.id);
                save_idempotent(s, 1, "key", text, noon);
                return text;
            });
            std::scoped_lock hold(mutex);
            responses.insert(response ? *response : response.refusal().message);
        });
        CHECK(responses.size() == 1);
        CHECK(most_answers(*at.db) == 1);
    });
}

TEST_CASE("many workers take jobs at once: each job goes to one of them") {
    each_engine([](Place& at) {
        constexpr int jobs = 40;
        at.db->write([&](Session& s) {
            for (int i = 0; i < jobs; ++i) {
                Job j;
                j.project = 1;
                j.kind = "draft";
                insert_job(s, j);
            }
        });
        std::mutex mutex;
        std::multiset<Id> taken;
        at_once(at, 6, [&](int worker, Db& db) {
            while (const auto job = db.write([&](Session& s) {
                return take_job(s, "w" + std::to_string(worker), noon, noon + 1000);
            })) {
                std::scoped_lock hold(mutex);
                taken.insert(job->id);
            }
        });
        CHECK(taken.size() == jobs);
        CHECK(std::set<Id>(taken.begin(), taken.end()).size() == jobs);
    });
}

TEST_CASE("imports of the same rows at once add each row once") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        std::vector<std::string> keys;
        for (int i = 0; i < 200; ++i) keys.push_back("k" + std::to_string(i));
        std::atomic<int> added = 0, same = 0;
        at_once(at, 4, [&](int importer, Db& db) {
            for (std::size_t from = 0; from < keys.size(); from += 20) {
                std::vector<NewTask> tasks(20);
                for (std::size_t i = 0; i < 20; ++i) {
                    // Half of the importers come from the other end: their rows meet crosswise.
                    tasks[i].key = importer % 2 ? keys[keys.size() - 1 - from - i] : keys[from + i];
                    tasks[i].data = "{}";
                }
                const auto outcomes = db.write_bulk(
                    [&](Session& s) { return insert_tasks(s, project.id, tasks, noon); });
                for (const auto& o : outcomes) {
                    CHECK(o.task != 0);
                    ++(o.outcome == Inserted::added ? added : same);
                }
            }
        });
        CHECK(added == 200);
        CHECK(same == 600);
        CHECK(progress_of(*at.db, project).total == 200);
        check_counters(at, project);
    });
}

TEST_CASE("events written at once make one unbroken chain") {
    each_engine([](Place& at) {
        const auto key = at.db->write([](Session& s) { return installation_key(s); });
        at_once(at, 6, [&](int person, Db& db) {
            for (int i = 0; i < 20; ++i)
                db.write([&](Session& s) {
                    Event e;
                    e.project = 1 + i % 2;
                    e.kind = "x";
                    e.person = person;
                    append_event(s, e, key);
                });
        });
        for (const Id project : {1, 2}) {
            const auto n =
                at.db->read([&](Session& s) { return verify_events(s, project, key.public_key); });
            REQUIRE(n);
            CHECK(*n == 60);
        }
    });
}

TEST_CASE("a cursor over a chain passes no event that is still being written") {
    each_engine([](Place& at) {
        const auto key = at.db->write([](Session& s) { return installation_key(s); });
        std::atomic<int> writing = 4;
        std::vector<std::int64_t> seen;
        at_once(at, 5, [&](int who, Db& db) {
            if (who > 0) {
                struct Ended {
                    std::atomic<int>& writing;
                    ~Ended() { --writing; }
                } ended{writing};
                for (int i = 0; i < 25; ++i)
                    db.write([&](Session& s) {
                        Event e;
                        e.project = who / 3;  // Two chains, and two writers to each.
                        e.kind = "x";
                        append_event(s, e, key);
                        // The id is given; others write on while this one is not committed.
                        std::this_thread::sleep_for(std::chrono::milliseconds(i % 3));
                    });
                return;
            }
            Id after = 0;
            for (bool last = false; !last;) {
                last = writing == 0;
                for (const auto& e :
                     db.read([&](Session& s) { return list_events(s, 0, after, 7); })) {
                    seen.push_back(e.seq);
                    after = e.id;
                    last = false;
                }
            }
        });
        REQUIRE(seen.size() == 50);
        for (std::size_t i = 0; i < seen.size(); ++i)
            CHECK(seen[i] == static_cast<std::int64_t>(i + 1));
    });
}

TEST_CASE("a draft and a lease that meet do not change what the person was handed") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const auto tasks = make_tasks(*at.db, project, 80);
        const auto version = at.db->write([&](Session& s) {
            Model m;
            m.project = project.id;
            m.name = "m";
            m.kind = "imported";
            ModelVersion v;
            v.model = insert_model(s, m);
            v.name = "1";
            return insert_model_version(s, v);
        });
        at_once(at, 4, [&](int person, Db& db) {
            if (person == 0) {
                for (const Id task : tasks)
                    db.write_bulk([&](Session& s) {
                        Draft d;
                        d.task = task;
                        d.model_version = version;
                        d.regions = choose("dog");
                        insert_drafts(s, project.id, {d}, true);
                    });
                return;
            }
            for (int i = 0; i < 20; ++i)
                db.write([&](Session& s) { lease(s, project, person * 100 + i, 1, noon); });
        });
        const auto changed = at.db->read([](Session& s) {
            return *s.one(
                "SELECT COUNT(*) FROM assignment a JOIN queue q ON q.task_id = a.task_id "
                "WHERE q.draft_id <> a.draft_id",
                {}, [](const RowView& row) { return row.integer(0); });
        });
        CHECK(changed == 0);
        check_counters(at, project);
    });
}

}  // namespace countersign
