#include "store/gold_store.h"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "store/dispute_store.h"
#include "store/label_store.h"
#include "store/onboarding_store.h"
#include "store/test_engines.h"
#include "store/trial_store.h"

namespace countersign {

using namespace testing;

namespace {

constexpr Id ada = 1, bob = 2, eve = 3, boss = 9;

Answer answer_to(const Leased& held, const std::string& label = "cat") {
    Answer a;
    a.task = held.task.id;
    a.person = held.assignment.person;
    a.assignment = held.assignment.id;
    a.regions = choose(label);
    return a;
}

/// A project of which `eve` decided the first `gold` of `n` tasks as "cat", and `boss` vouches.
struct Scene {
    Db& db;
    Project project;
    std::vector<Id> tasks;

    Scene(Db& database, int n, int gold, double share = 0.5, int onboarding = 0)
        : db(database), project(make_project(database)), tasks(make_tasks(database, project, n)) {
        project.policy.gold_share = share;
        project.policy.onboarding = onboarding;
        project.policy.onboarding_least = 0.6;
        db.write([&](Session& s) {
            save_policy(s, project.id, project.policy);
            for (const auto& held : lease(s, project, eve, gold, noon))
                REQUIRE(record_answer(s, project, answer_to(held), noon));
            for (int i = 0; i < gold; ++i)
                REQUIRE(mark_gold(s, project, tasks[static_cast<std::size_t>(i)], boss, noon));
        });
    }
    std::vector<Leased> next(Id person, int count) {
        return db.write(
            [&](Session& s) { return lease_with_gold(s, project, person, count, noon); });
    }
    Result<Trial> answer(const Leased& held, const std::string& label = "cat") {
        return db.write(
            [&](Session& s) { return record_trial(s, project, answer_to(held, label), noon); });
    }
    Result<Annotation> work(const Leased& held) {
        return db.write(
            [&](Session& s) { return record_answer(s, project, answer_to(held), noon); });
    }
    /// Works on until a trial is handed out.
    Leased until_trial(Id person) {
        for (;;) {
            const auto held = next(person, 1);
            REQUIRE(held.size() == 1);
            if (held[0].assignment.trial) return held[0];
            REQUIRE(work(held[0]));
        }
    }
    Progress seen_by(Id person) {
        return db.read([&](Session& s) {
            return seen_progress(s, project, person, find_progress(s, project.id));
        });
    }
    void check_counters() {
        CHECK(text_of(progress_of(db, project)) == text_of(counted(db, project)));
    }
};

}  // namespace

TEST_CASE("a decided task becomes gold and work again; its label and its place stay") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 5, 2);
        const Id task = scene.tasks[0];
        CHECK(progress_of(*at.db, scene.project).gold == 2);
        CHECK(progress_of(*at.db, scene.project).done == 0);
        scene.check_counters();
        at.db->write([&](Session& s) {
            CHECK_FALSE(*mark_gold(s, scene.project, task, boss, noon));
            CHECK(find_label(s, scene.project.id, task)->origin == LabelOrigin::gold);
            CHECK(find_gold(s, scene.project.id, task)->regions.size() == 1);
            CHECK(find_task(s, task)->state == TaskState::done);
        });
        const auto open = at.db->write(
            [&](Session& s) { return mark_gold(s, scene.project, scene.tasks[4], boss, noon); });
        REQUIRE_FALSE(open);
        CHECK(open.refusal().code == Code::conflict);
        const auto end = [&] {
            return at.db->write([&](Session& s) {
                return withdraw_gold(s, scene.project, task, boss, "wrong", noon);
            });
        };
        CHECK(end());
        CHECK_FALSE(end());
        at.db->read([&](Session& s) {
            CHECK(find_label(s, scene.project.id, task)->origin == LabelOrigin::human);
            CHECK(count_gold(s, scene.project.id) == 1);
            CHECK_FALSE(find_gold(s, scene.project.id, task)->in_use);
        });
        scene.check_counters();
    });
}

TEST_CASE("gold is mixed into what a person gets, each once, and never to whoever knows it") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 60, 6);
        std::multiset<Id> trials;
        int work = 0;
        for (;;) {
            const auto held = scene.next(ada, 1);
            if (held.empty()) break;
            if (held[0].assignment.trial) {
                trials.insert(held[0].task.id);
                CHECK(held[0].task.state == TaskState::leased);
                REQUIRE(scene.answer(held[0]));
            } else {
                ++work;
                REQUIRE(scene.work(held[0]));
            }
        }
        CHECK(work == 54);
        CHECK(trials.size() == 6);
        CHECK(std::set<Id>(trials.begin(), trials.end()).size() == 6);
        scene.check_counters();
        make_tasks(*at.db, scene.project, 30, 100);
        for (const Id knows : {eve, boss})
            for (const auto& held : scene.next(knows, 10)) CHECK_FALSE(held.assignment.trial);
    });
}

TEST_CASE("a trial touches neither the gold task's row nor its label nor the counters") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 30, 3);
        const auto held = scene.until_trial(ada);
        const auto before = text_of(progress_of(*at.db, scene.project));
        const auto trial = scene.answer(held, "dog");
        REQUIRE(trial);
        CHECK(trial->score == 0.0);
        CHECK_FALSE(trial->agreed);
        CHECK(text_of(progress_of(*at.db, scene.project)) == before);
        at.db->read([&](Session& s) {
            CHECK(annotations_of(s, held.task.id).size() == 1);
            CHECK(find_task(s, held.task.id)->state == TaskState::done);
            CHECK(find_trial_of_annotation(s, trial->annotation.id)->annotation.regions[0].labels ==
                  std::vector<std::string>{"dog"});
            CHECK(recent_trials(s, scene.project.id, ada, 10).size() == 1);
        });
        CHECK_FALSE(scene.answer(held));
        const auto next = scene.next(ada, 1);
        REQUIRE(next.size() == 1);
        CHECK(next[0].task.id != held.task.id);
    });
}

TEST_CASE("the counters that a person sees move by a trial as by any task") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 40, 4);
        const auto start = scene.seen_by(ada);
        CHECK(start.ready == 40);
        CHECK(start.gold == 0);
        CHECK(start.done == 0);
        const auto eves = scene.seen_by(bob);
        CHECK(text_of(eves) == text_of(start));
        int answered = 0, met = 0;
        for (; met < 3;) {
            const auto held = scene.next(ada, 1);
            REQUIRE(held.size() == 1);
            auto seen = scene.seen_by(ada);
            CHECK(seen.leased == 1);
            CHECK(seen.ready == 40 - answered - 1);
            CHECK(seen.done == answered);
            if (held[0].assignment.trial) {
                ++met;
                REQUIRE(scene.answer(held[0]));
            } else {
                REQUIRE(scene.work(held[0]));
            }
            ++answered;
            seen = scene.seen_by(ada);
            CHECK(seen.done == answered);
            CHECK(seen.leased == 0);
            CHECK(seen.total == 40);
        }
        CHECK(scene.seen_by(bob).ready == 40 - (answered - met));
    });
}

TEST_CASE("ids of trials and of work come from one sequence, without a collision") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 40, 8);
        std::vector<Id> annotations, assignments;
        for (int i = 0; i < 24; ++i) {
            const auto held = scene.next(ada, 1);
            REQUIRE(held.size() == 1);
            assignments.push_back(held[0].assignment.id);
            annotations.push_back(held[0].assignment.trial ? scene.answer(held[0])->annotation.id
                                                           : scene.work(held[0])->id);
        }
        for (std::size_t i = 1; i < annotations.size(); ++i) {
            CHECK(annotations[i] == annotations[i - 1] + 1);
            CHECK(assignments[i] == assignments[i - 1] + 1);
        }
    });
}

TEST_CASE("a trial is held, renewed, given back and taken again like a task") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 30, 3);
        const auto held = scene.until_trial(ada);
        const auto again = scene.next(ada, 1);
        REQUIRE(again.size() == 1);
        CHECK(again[0].task.id == held.task.id);
        CHECK(again[0].assignment.id == held.assignment.id);
        CHECK(scene.next(ada, 3).size() == 3);
        at.db->write([&](Session& s) {
            CHECK(renew_trial(s, held.assignment.id, ada));
            CHECK_FALSE(renew_trial(s, held.assignment.id, bob));
            CHECK(assignment_held_by(s, held.task.id, ada)->id == held.assignment.id);
            CHECK_FALSE(assignment_held_by(s, held.task.id, bob));
            save_work(s, held.task.id, ada, "{}", noon);
            release_trials(s, scene.project.id, ada);
            CHECK(renew_trial(s, held.assignment.id, ada));
            s.run("DELETE FROM work");
            release_trials(s, scene.project.id, ada);
            CHECK_FALSE(renew_trial(s, held.assignment.id, ada));
        });
        CHECK_FALSE(scene.answer(held));
    });
}

TEST_CASE("a trial is undone until its answer was shown, and a skipped one too") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 40, 5);
        const auto held = scene.until_trial(ada);
        const auto undo = [&](Id annotation, Id person) {
            return at.db->write(
                [&](Session& s) { return undo_trial(s, scene.project, annotation, person, noon); });
        };
        const auto first = scene.answer(held, "dog");
        CHECK_FALSE(undo(first->annotation.id, bob));
        const auto back = undo(first->annotation.id, ada);
        REQUIRE(back);
        CHECK(back->task.id == held.task.id);
        CHECK(back->assignment.id != held.assignment.id);
        CHECK(back->assignment.arm == held.assignment.arm);
        CHECK(back->work.find("dog") != std::string::npos);
        CHECK_FALSE(undo(first->annotation.id, ada));
        CHECK_FALSE(scene.answer(held));
        const auto second = scene.answer(*back, "cat");
        REQUIRE(second);
        CHECK(second->agreed);
        CHECK(second->annotation.id == first->annotation.id + 1);

        const auto other = scene.until_trial(ada);
        auto skip = answer_to(other);
        skip.action = Action::skipped;
        const auto skipped =
            at.db->write([&](Session& s) { return record_trial(s, scene.project, skip, noon); });
        REQUIRE(skipped);
        CHECK(skipped->state == TrialState::skipped);
        CHECK(scene.seen_by(ada).skipped == 1);
        CHECK(undo(skipped->annotation.id, ada));
    });
}

TEST_CASE("what people were tried on by gold that was withdrawn does not count") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 40, 4);
        const auto held = scene.until_trial(ada);
        REQUIRE(scene.answer(held, "dog"));
        const auto open = scene.until_trial(ada);
        const auto lines = [&] {
            return at.db->read([&](Session& s) { return list_trials(s, scene.project.id); });
        };
        REQUIRE(lines().size() == 1);
        CHECK(lines()[0].person == ada);
        at.db->write([&](Session& s) {
            REQUIRE(withdraw_gold(s, scene.project, held.task.id, boss, "wrong", noon));
            REQUIRE(withdraw_gold(s, scene.project, open.task.id, boss, "wrong", noon));
        });
        CHECK(lines().empty());
        const auto late = scene.answer(open, "dog");
        REQUIRE(late);
        CHECK(late->state == TrialState::withdrawn);
        CHECK(lines().empty());
        const auto undone = at.db->write([&](Session& s) {
            return undo_trial(s, scene.project, late->annotation.id, ada, noon);
        });
        CHECK_FALSE(undone);
        scene.check_counters();
    });
}

TEST_CASE("gold can neither be undone nor decided anew by whoever answered it") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 4, 1);
        at.db->write([&](Session& s) {
            const auto answer = annotations_of(s, scene.tasks[0]).at(0);
            const auto undone = undo_answer(s, scene.project, answer.id, eve, noon);
            REQUIRE_FALSE(undone);
            CHECK(undone.refusal().code == Code::conflict);
        });
    });
}

TEST_CASE("a new annotator answers gold first, learns each answer, and passes or fails") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 20, 8, 0, 3);
        const auto stand = [&](Id person) {
            return at.db->write(
                [&](Session& s) { return onboarding_of(s, scene.project, person); });
        };
        CHECK_FALSE(stand(eve));
        const auto round = [&](Id person, int right) {
            std::optional<OnboardingState> end;
            for (int i = 0; i < 3; ++i) {
                const auto about = *stand(person);
                const auto held = at.db->write(
                    [&](Session& s) { return lease_onboarding(s, scene.project, about, 1, noon); });
                REQUIRE(held.size() == 1);
                CHECK(held[0].assignment.trial);
                const auto trial = scene.answer(held[0], i < right ? "cat" : "dog");
                REQUIRE(trial);
                at.db->write([&](Session& s) {
                    CHECK(unshown_trials(s, about).size() == 1);
                    end = show_trial(s, about, trial->annotation.task, noon);
                    CHECK_FALSE(undo_trial(s, scene.project, trial->annotation.id, person, noon));
                });
                CHECK(end.has_value() == (i == 2));
            }
            return *end;
        };
        CHECK(round(ada, 2) == OnboardingState::passed);
        CHECK(round(bob, 1) == OnboardingState::failed);
        CHECK(stand(bob)->score.value() == doctest::Approx(1.0 / 3));
        CHECK(at.db->write([&](Session& s) { return begin_again(s, scene.project, bob); }));
        CHECK(round(bob, 0) == OnboardingState::failed);
        const auto third =
            at.db->write([&](Session& s) { return begin_again(s, scene.project, bob); });
        REQUIRE_FALSE(third);
        CHECK(third.refusal().message.find("there are 2: mark 1 more") != std::string::npos);
        CHECK(at.db->write(
            [&](Session& s) { return let_pass(s, scene.project.id, bob, boss, noon); }));
        CHECK(stand(bob)->state == OnboardingState::passed);
        CHECK(stand(bob)->decided_by == boss);
        CHECK_FALSE(at.db->write(
            [&](Session& s) { return let_pass(s, scene.project.id, bob, boss, noon); }));
    });
}

TEST_CASE("gold that a newcomer skipped comes back when there is no other") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 6, 2, 0, 2);
        const auto next = [&](int count) {
            return at.db->write([&](Session& s) {
                return lease_onboarding(s, scene.project, *onboarding_of(s, scene.project, ada),
                                        count, noon);
            });
        };
        const auto both = next(5);
        REQUIRE(both.size() == 2);
        for (const auto& held : both) {
            auto skip = answer_to(held);
            skip.action = Action::skipped;
            at.db->write([&](Session& s) { REQUIRE(record_trial(s, scene.project, skip, noon)); });
        }
        const auto again = next(5);
        REQUIRE(again.size() == 2);
        for (const auto& held : again) CHECK(scene.answer(held));
        CHECK(next(5).empty());
    });
}

TEST_CASE("two requests of one person at once never get the same gold, nor more than asked for") {
    each_engine([](Place& at) {
        Scene scene(*at.db, 200, 12);
        auto newcomers = scene.project;
        newcomers.policy.onboarding = 4;
        std::unique_ptr<Db> other;
        if (at.engine == Engine::postgres) other = at.another();
        std::mutex mutex;
        std::multiset<Id> trials, first;
        std::atomic<int> failures = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                Db& db = other && i % 2 ? *other : *at.db;
                try {
                    for (int turn = 0; turn < 25; ++turn) {
                        const auto held = db.write([&](Session& s) {
                            return lease_with_gold(s, scene.project, ada, 1, noon);
                        });
                        for (const auto& one : held) {
                            const bool trial = one.assignment.trial;
                            const bool kept = db.write([&](Session& s) {
                                const auto a = answer_to(one);
                                if (trial)
                                    return static_cast<bool>(
                                        record_trial(s, scene.project, a, noon));
                                return static_cast<bool>(record_answer(s, scene.project, a, noon));
                            });
                            std::scoped_lock hold(mutex);
                            if (trial && kept) trials.insert(one.task.id);
                        }
                        const auto gold = db.write([&](Session& s) {
                            return lease_onboarding(s, newcomers, *onboarding_of(s, newcomers, bob),
                                                    2, noon);
                        });
                        std::scoped_lock hold(mutex);
                        for (const auto& one : gold) first.insert(one.task.id);
                    }
                } catch (const std::exception&) {
                    ++failures;
                }
            });
        for (auto& thread : threads) thread.join();
        CHECK(failures == 0);
        CHECK(std::set<Id>(trials.begin(), trials.end()).size() == trials.size());
        CHECK(std::set<Id>(first.begin(), first.end()).size() == 2);
        scene.check_counters();
    });
}

}  // namespace countersign
