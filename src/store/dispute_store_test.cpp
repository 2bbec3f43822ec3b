#include "store/dispute_store.h"

#include "store/desk_store.h"
#include "store/label_store.h"
#include "store/people_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

constexpr Id ada = 11, ben = 12, cyd = 13;

/// A desk for several people: how many answers each task needs is the project's policy.
struct Team {
    Place& at;
    Project project;
    std::vector<Id> tasks;
    Millis now = noon;

    Team(Place& place, int count, int overlap) : at(place), project(make_project(*place.db)) {
        project.policy.overlap = overlap;
        tasks = make_tasks(*place.db, project, count);
    }
    template <class F>
    auto write(F&& f) {
        return at.db->write([&](Session& s) { return f(s); });
    }
    std::vector<Leased> next(Id person, int count = 1) {
        return write([&](Session& s) { return lease(s, project, person, count, now); });
    }
    Annotation say(Id person, const std::string& label) {
        const auto held = next(person);
        REQUIRE(held.size() == 1);
        Answer a;
        a.task = held[0].task.id;
        a.person = person;
        a.assignment = held[0].assignment.id;
        a.regions = choose(label);
        const auto done = write([&](Session& s) { return record_answer(s, project, a, now); });
        REQUIRE(done);
        return *done;
    }
    Progress progress() { return progress_of(*at.db, project); }
    std::optional<TaskLabel> label(Id task) {
        return at.db->read([&](Session& s) { return find_label(s, project.id, task); });
    }
};

void each_team(int tasks, int overlap, const std::function<void(Team&)>& test) {
    each_engine([&](Place& at) {
        Team team(at, tasks, overlap);
        test(team);
        const auto kept = to_text(to_json(team.progress()));
        CHECK(kept == to_text(to_json(counted(*at.db, team.project))));
    });
}

}  // namespace

TEST_CASE("a task that needs two answers goes to two people, and agreeing they make its label") {
    each_team(2, 2, [](Team& team) {
        team.say(ada, "cat");
        CHECK(team.progress().ready == 2);
        CHECK(team.progress().done == 0);
        CHECK_MESSAGE(team.next(ada)[0].task.id == team.tasks[1], "not again to who answered");
        const auto second = team.say(ben, "cat");
        CHECK(second.task == team.tasks[0]);
        CHECK(team.progress().done == 1);
        const auto label = team.label(team.tasks[0]);
        REQUIRE(label);
        CHECK(label->origin == LabelOrigin::human);
    });
}

TEST_CASE("answers that differ make a dispute, which a specialist decides for one of them") {
    each_team(1, 2, [](Team& team) {
        const auto first = team.say(ada, "cat");
        team.say(ben, "dog");
        CHECK(team.progress().disputed == 1);
        CHECK(team.next(cyd).empty());
        const auto disputes =
            team.at.db->read([&](Session& s) { return list_disputes(s, team.project.id, 0, 10); });
        REQUIRE(disputes.size() == 1);
        CHECK(disputes[0].opinions.size() == 2);

        Verdict verdict;
        verdict.task = team.tasks[0];
        verdict.person = cyd;
        verdict.chosen = first.id;
        const auto decide = [&] {
            return team.write(
                [&](Session& s) { return record_verdict(s, team.project, verdict, noon); });
        };
        REQUIRE(decide());
        CHECK(team.label(team.tasks[0])->annotation == first.id);
        CHECK(team.label(team.tasks[0])->origin == LabelOrigin::adjudicated);
        CHECK_MESSAGE(!decide(), "a verdict is given once");
        const auto undone = team.write(
            [&](Session& s) { return undo_answer(s, team.project, first.id, ada, noon); });
        CHECK_MESSAGE(!undone, "an answer under a verdict stays");

        CHECK(team.write(
            [&](Session& s) { return withdraw_verdict(s, team.project, team.tasks[0], noon); }));
        CHECK(team.progress().disputed == 1);
        verdict.chosen = 0;
        verdict.regions = choose("cow");
        REQUIRE(decide());
        CHECK(team.label(team.tasks[0])->annotation != first.id);
    });
}

TEST_CASE("what several people said is read with what was decided, and single answers are not") {
    each_team(4, 2, [](Team& team) {
        team.project.policy.overlap = 1;
        team.say(ada, "cow");
        team.project.policy.overlap = 2;
        for (const auto* label : {"cat", "cat", "dog"}) team.say(ada, label);
        for (const auto* label : {"cat", "dog", "cat"}) team.say(ben, label);
        const auto read = [&](int most = 100) {
            return team.at.db->read(
                [&](Session& s) { return answered_by_several(s, team.project.id, most); });
        };
        auto all = read();
        REQUIRE(all.size() == 3);
        CHECK(read(2).size() == 2);
        for (const auto& task : all) {
            CHECK(task.answers.size() == 2);
            CHECK(task.answers[0].person == ada);
            CHECK(task.verdict == 0);
            CHECK(!task.own);
        }
        Verdict chosen;
        chosen.task = all[1].task;
        chosen.person = cyd;
        chosen.chosen = all[1].answers[1].annotation;
        Verdict own;
        own.task = all[2].task;
        own.person = cyd;
        own.regions = choose("cow");
        team.write([&](Session& s) {
            CHECK(record_verdict(s, team.project, chosen, noon));
            CHECK(record_verdict(s, team.project, own, noon));
        });
        all = read();
        REQUIRE(all.size() == 3);
        CHECK(all[1].verdict == chosen.chosen);
        CHECK(!all[1].own);
        CHECK(all[2].answers.size() == 2);
        REQUIRE(all[2].own);
        CHECK(all[2].own->front().labels == std::vector<std::string>{"cow"});
    });
}

TEST_CASE("a dispute that is sent back goes to a third person, and most decide") {
    each_team(1, 2, [](Team& team) {
        team.say(ada, "cat");
        team.say(ben, "dog");
        CHECK(team.write([&](Session& s) { return send_back(s, team.project, team.tasks[0]); }));
        CHECK(team.next(ada).empty());
        CHECK(team.next(ben).empty());
        team.say(cyd, "dog");
        CHECK(team.progress().done == 1);
        CHECK(team.progress().disputed == 0);
    });
}

TEST_CASE("an answer among several can be taken back, before and after it settled the task") {
    each_team(1, 2, [](Team& team) {
        const auto first = team.say(ada, "cat");
        const auto undo = [&](const Annotation& a) {
            return team.write(
                [&](Session& s) { return undo_answer(s, team.project, a.id, a.person, team.now); });
        };
        REQUIRE(undo(first));
        CHECK(team.progress().leased == 1);
        CHECK_MESSAGE(team.next(ben).empty(), "ada holds it again");
        team.say(ada, "cat");
        const auto second = team.say(ben, "cat");
        REQUIRE(team.label(team.tasks[0]));
        REQUIRE(undo(second));
        CHECK_FALSE(team.label(team.tasks[0]));
        const auto changed = team.say(ben, "dog");
        CHECK(team.progress().disputed == 1);
        REQUIRE(undo(changed));
        CHECK(team.progress().disputed == 0);
        team.say(ben, "cat");
        CHECK(team.progress().done == 1);
    });
}

TEST_CASE("one person cannot use up an overlap, however many first answers were theirs") {
    each_team(500, 2, [](Team& team) {
        for (int i = 0; i < 500; ++i) team.say(ada, "cat");
        CHECK(team.next(ada).empty());
        CHECK(team.progress().ready == 500);
        for (int i = 0; i < 500; ++i) team.say(ben, "cat");
        CHECK(team.progress().done == 500);
    });
}

TEST_CASE("tasks that are meant for one person come to that person first, and to nobody else") {
    each_team(3, 1, [](Team& team) {
        const auto changed = team.write(
            [&](Session& s) { return assign_tasks(s, team.project.id, {team.tasks[2]}, ben); });
        CHECK(changed == std::map<Id, std::vector<Id>>{{0, {team.tasks[2]}}});
        CHECK(team.next(ada, 9).size() == 2);
        const auto bens = team.next(ben, 9);
        REQUIRE(bens.size() == 1);
        CHECK(bens[0].task.id == team.tasks[2]);
        Answer skip;
        skip.task = team.tasks[2];
        skip.person = ben;
        skip.assignment = bens[0].assignment.id;
        REQUIRE(team.write([&](Session& s) { return record_skip(s, team.project, skip, noon); }));
        CHECK_MESSAGE(team.next(cyd).empty(), "a skipped one stays with its person");
        CHECK(team.write([&](Session& s) {
            return assign_tasks(s, team.project.id, team.tasks, 0);
        }) == std::map<Id, std::vector<Id>>{{ben, {team.tasks[2]}}});
        CHECK(team.next(cyd).size() == 1);
    });
}

}  // namespace countersign
