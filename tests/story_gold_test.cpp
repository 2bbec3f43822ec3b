// Gold tasks: from the file that brings them to what a supervisor reads of people's work, and
// everything that must not tell those who work which tasks they are.
#include "app/gold.h"

#include "app/batch.h"
#include "app/history.h"
#include "app/live.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

/// `text N` with its label.
std::string labelled(int from, int to, const std::string& label = "cat") {
    std::string out;
    for (int i = from; i <= to; ++i)
        out += R"({"id":")" + std::to_string(i) + R"(","text":"item )" + std::to_string(i) +
               R"(","label":")" + label + "\"}\n";
    return out;
}

/// `gold` tasks that came with trusted answers ("cat"), then `work` others.
Project with_gold(Story& at, int gold, int work, double share, int onboarding = 0) {
    auto project = at.project(0.02);
    ImportOptions trusted;
    trusted.labels_are_gold = true;
    at.import(project, at.file("gold.jsonl", labelled(1, gold)), trusted);
    if (work > 0) at.import(project, at.file("work.jsonl", lines(101, 100 + work)));
    project.policy.gold_share = share;
    project.policy.onboarding = onboarding;
    project.policy.onboarding_least = 0.6;
    Projects::Change change;
    change.policy = project.policy;
    return Story::sure(at.projects.change(at.boss, project.id, change));
}

bool is_gold(const DeskTask& task) {
    return task.task.key.size() < 3;
}

/// Works until a gold task is on the desk.
DeskTask until_gold(Story& at, const Caller& who, const Project& project) {
    for (;;) {
        auto task = at.one(who, project);
        if (is_gold(task)) return task;
        REQUIRE(at.answer(who, task, "dog"));
    }
}

void check_history(Story& at, const Project& project) {
    const auto key = at.world.key.public_key;
    CHECK(at.db.read([&](Session& s) { return verify_events(s, project.id, key); }));
    CHECK(text_of(progress_of(at.db, project)) == text_of(counted(at.db, project)));
}

}  // namespace

TEST_CASE("an import can bring trusted answers; they are no work, and in no export") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 5, 3, 0.2);
        const auto progress = Story::sure(at.projects.progress(at.boss, project.id));
        CHECK(progress.gold == 5);
        CHECK(progress.done == 0);
        CHECK(progress.ready == 3);
        CHECK(Story::sure(at.gold.list(project.id, 0, 10)).size() == 5);
        ExportOptions all;
        all.decided_only = false;
        CHECK(at.exported(project).find("item 1") == std::string::npos);
        const auto everything = at.exported(project, all);
        CHECK(everything.find("item 101") != std::string::npos);
        CHECK(everything.find("\"item 1\"") == std::string::npos);
        ImportOptions both;
        both.labels_are_gold = both.labels_are_drafts = true;
        CHECK_FALSE(at.imports.start_local(at.boss, project.id, {at.folder.path}, both));

        const auto first = Story::sure(at.gold.list(project.id, 0, 1))[0].task.id;
        CHECK_FALSE(at.gold.withdraw(at.boss, project.id, {first}, " "));
        CHECK(Story::sure(at.gold.withdraw(at.boss, project.id, {first}, "mistyped")) == 1);
        CHECK_FALSE(at.gold.withdraw(at.boss, project.id, {first}, "mistyped"));
        CHECK(at.exported(project).find("\"item 1\"") != std::string::npos);
        check_history(at, project);
    });
}

TEST_CASE("a gold task cannot be told from work by whoever gets it") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 6, 60, 0.5);
        const auto before = Story::sure(at.projects.progress(at.ada, project.id));
        CHECK(before.gold == 0);
        CHECK(before.done == 0);
        CHECK(before.ready == 66);
        CHECK(before.imported == 0);
        int answered = 0;
        for (bool met = false; !met; ++answered) {
            const auto given = Story::sure(at.desk.next(at.ada, project.id, 1));
            REQUIRE(given.tasks.size() == 1);
            const auto& task = given.tasks[0];
            CHECK(given.progress.ready == 65 - answered);
            CHECK(given.progress.leased == 1);
            CHECK(task.task.state == TaskState::leased);
            CHECK(task.assignment.arm == Arm::assisted);
            const auto held = Story::sure(at.desk.detail(at.ada, task.task.id));
            CHECK(held.task.state == TaskState::leased);
            CHECK(held.annotations.empty());
            CHECK(at.desk.save_work(at.ada, task.task.id, task.assignment.id, "{}"));
            CHECK(at.desk.renew(at.ada, task.assignment.id));
            const auto reply = Story::sure(at.answer(at.ada, task, "dog"));
            CHECK(reply.progress.done == answered + 1);
            CHECK(reply.annotation.action == Action::created);
            const auto after = Story::sure(at.desk.detail(at.ada, task.task.id));
            CHECK(after.task.state == TaskState::done);
            REQUIRE(after.annotations.size() == 1);
            CHECK(after.annotations[0].person == at.ada.person);
            CHECK(Story::sure(at.desk.recent(at.ada, project.id, 1))[0].id == reply.annotation.id);
            met = is_gold(task);
        }
        check_history(at, project);
        CHECK(at.exported(project).find("\"item 1\"") == std::string::npos);
        CHECK(Story::sure(at.gold.standings(project.id)).at(0).trials == 1);
    });
}

TEST_CASE("no list, look-up or history shows gold to people below the supervisor") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 4, 30, 0.5);
        const auto eve = at.person("eve", Role::specialist);
        const auto task = until_gold(at, at.ada, project);
        REQUIRE(at.answer(at.ada, task, "dog"));
        for (const auto& who : {at.ada, at.bob, eve}) {
            for (const auto* text : {"", "state:ready", "state:done", "label:dog"}) {
                const auto filter = Story::sure(parse_task_filter(text));
                const auto listed = at.lists.tasks(who, project.id, filter, {}, "", 10);
                REQUIRE_FALSE(listed);
                CHECK(listed.refusal().code == Code::forbidden);
                CHECK_FALSE(at.lists.count(who, project.id, filter));
            }
            const auto board = Live(at.world).board(who, project.id);
            REQUIRE_FALSE(board);
            CHECK(board.refusal().code == Code::forbidden);
            const auto page = Story::sure(project_events(at.world, who, project.id, 0, 200));
            for (const auto& event : page.events) {
                CHECK_FALSE(event.kind.starts_with("gold."));
                CHECK((event.task == 0 || event.person == who.person));
                CHECK(event.hash.empty());
            }
        }
        CHECK(Story::sure(at.lists.tasks(at.boss, project.id, {}, {}, "", 100)).rows.size() == 34);
        const auto refused = at.desk.detail(at.bob, task.task.id);
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().code == Code::forbidden);
        CHECK(Story::sure(at.desk.detail(at.boss, task.task.id)).annotations.size() == 1);
        CHECK(Story::sure(Live(at.world).board(at.boss, project.id)).progress.gold == 4);
        // What is gold cannot be found out by trying to make it gold.
        const auto other = Story::sure(at.gold.list(project.id, 0, 10)).back().task.id;
        const auto work =
            Story::sure(at.lists.tasks(at.boss, project.id, {}, {}, "", 100)).rows.back();
        const auto one = at.gold.mark(eve, project.id, {other});
        const auto two = at.gold.mark(eve, project.id, {work.task.id});
        REQUIRE_FALSE(one);
        REQUIRE_FALSE(two);
        CHECK(one.refusal().code == two.refusal().code);
        check_history(at, project);
    });
}

TEST_CASE("an answer to gold is kept once however often it is sent, and can be undone") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 4, 30, 0.5);
        const auto task = until_gold(at, at.ada, project);
        const auto once = Story::sure(at.answer(at.ada, task, "dog", "k1"));
        const auto twice = Story::sure(at.answer(at.ada, task, "dog", "k1"));
        CHECK(once.annotation.id == twice.annotation.id);
        CHECK_FALSE(at.answer(at.ada, task, "dog", "k2"));
        const auto back = Story::sure(at.desk.undo(at.ada, once.annotation.id));
        CHECK(back.task.id == task.task.id);
        CHECK(back.work.find("dog") != std::string::npos);
        CHECK_FALSE(at.desk.undo(at.bob, once.annotation.id));
        CHECK(Story::sure(at.answer(at.ada, back, "cat", "k3")).annotation.id > once.annotation.id);
        CHECK(at.exported(project).find("\"item " + task.task.key + '"') == std::string::npos);
        CHECK(Story::sure(at.gold.standings(project.id))[0].agreed == 1);
        check_history(at, project);
    });
}

TEST_CASE("a newcomer works after the first tasks are passed, and not before") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 6, 10, 0, 3);
        Projects::Change more;
        more.policy = project.policy;
        more.policy->onboarding = 7;
        const auto refused = at.projects.change(at.boss, project.id, more);
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().message.find("the project has 6: mark 1 more") !=
              std::string::npos);
        CHECK_FALSE(Batches(at.world).open(at.ada, project.id, {"animal", "cat"}, 10));

        for (int i = 0; i < 3; ++i) {
            const auto given = Story::sure(at.desk.next(at.ada, project.id, 1));
            REQUIRE(given.onboarding);
            CHECK(given.onboarding->round.answered == i);
            REQUIRE(given.tasks.size() == 1);
            CHECK(is_gold(given.tasks[0]));
            const auto reply =
                Story::sure(at.answer(at.ada, given.tasks[0], i < 2 ? "cat" : "dog", "", 1));
            CHECK(reply.onboarding->unshown == std::vector<Id>{reply.annotation.id});
            if (i == 0) {  // Before the trusted answer is shown, it can be taken back.
                const auto again = Story::sure(at.desk.undo(at.ada, reply.annotation.id));
                CHECK_FALSE(at.gold.feedback(at.ada, project.id, reply.annotation.id));
                const auto second = Story::sure(at.answer(at.ada, again, "cat"));
                CHECK(
                    Story::sure(at.gold.feedback(at.ada, project.id, second.annotation.id)).agreed);
                const auto late = at.desk.undo(at.ada, second.annotation.id);
                REQUIRE_FALSE(late);
                CHECK(late.refusal().code == Code::conflict);
                continue;
            }
            CHECK_FALSE(at.gold.feedback(at.bob, project.id, reply.annotation.id));
            const auto told =
                Story::sure(at.gold.feedback(at.ada, project.id, reply.annotation.id));
            CHECK(told.trusted[0].labels == std::vector<std::string>{"cat"});
            CHECK(told.agreed == (i < 2));
            CHECK(told.differences.size() == (i < 2 ? 0u : 1u));
            CHECK(told.stands.about.state ==
                  (i < 2 ? OnboardingState::underway : OnboardingState::passed));
        }
        const auto work = Story::sure(at.desk.next(at.ada, project.id, 1));
        CHECK_FALSE(work.onboarding);
        REQUIRE(work.tasks.size() == 1);
        CHECK_FALSE(is_gold(work.tasks[0]));
        check_history(at, project);
    });
}

TEST_CASE("who fails waits for a supervisor, who gives another round or lets them pass") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 4, 5, 0, 2);
        const auto fail = [&](const Caller& who) {
            for (int i = 0; i < 2; ++i) {
                const auto task = at.one(who, project);
                const auto reply = Story::sure(at.answer(who, task, "dog"));
                Story::sure(at.gold.feedback(who, project.id, reply.annotation.id));
            }
            const auto next = Story::sure(at.desk.next(who, project.id, 1));
            CHECK(next.tasks.empty());
            CHECK(next.onboarding->about.state == OnboardingState::failed);
        };
        fail(at.ada);
        CHECK(at.gold.begin_again(at.boss, project.id, at.ada.person));
        fail(at.ada);
        CHECK_FALSE(at.gold.begin_again(at.boss, project.id, at.ada.person));
        CHECK(at.gold.let_pass(at.boss, project.id, at.ada.person));
        CHECK_FALSE(is_gold(at.one(at.ada, project)));
        const auto standing = Story::sure(at.gold.standings(project.id)).at(0);
        CHECK(standing.onboarding->about.decided_by == at.boss.person);
        CHECK(standing.trials == 0);
        // A specialist is not onboarded.
        CHECK_FALSE(is_gold(at.one(at.person("eve", Role::specialist), project)));
        check_history(at, project);
    });
}

TEST_CASE("standings say how often people agree with gold, and whether that moved") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 40, 400, 0.5);
        int trials = 0;
        while (trials < 40) {
            const auto task = at.one(at.ada, project);
            const bool gold = is_gold(task);
            REQUIRE(at.answer(at.ada, task, gold && trials >= 20 ? "dog" : "cat"));
            trials += gold ? 1 : 0;
        }
        const auto standing = Story::sure(at.gold.standings(project.id)).at(0);
        CHECK(standing.display == "ada");
        CHECK(standing.trials == 40);
        CHECK(standing.agreed == 20);
        CHECK(standing.accuracy.low == doctest::Approx(0.352).epsilon(0.01));
        CHECK(standing.recent == 20);
        CHECK(standing.recent_agreed == 0);
        CHECK(standing.moved == -1);
        CHECK(standing.moved_by.high < 0);
        const auto rows = Story::sure(at.gold.list(project.id, 0, 100));
        CHECK(rows[0].trials == 1);
    });
}

TEST_CASE("where gold is hidden nobody below the supervisor names tasks to take") {
    each_story([](Story& at) {
        const auto project = with_gold(at, 3, 3, 0.2);
        const auto listed = Story::sure(at.lists.tasks(at.boss, project.id, {}, {}, "", 10));
        std::vector<Id> named;
        for (const auto& row : listed.rows) named.push_back(row.task.id);
        const auto refused = at.desk.take(at.ada, project.id, named);
        REQUIRE(!refused);
        CHECK(refused.refusal().code == Code::forbidden);
        const auto given = Story::sure(at.desk.take(at.boss, project.id, named));
        CHECK(given.tasks.size() == 3);
        CHECK(given.passed.size() == 3);
    });
}
