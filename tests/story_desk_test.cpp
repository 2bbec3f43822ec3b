// The desk from import to export: drafts that came with files, reviewed by people.
#include "store/finding_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

/// Ten texts with a draft each: the first five sure, the others not.
std::string drafted_lines() {
    std::string out;
    for (int i = 1; i <= 10; ++i) {
        const std::string n = std::to_string(i);
        out +=
            R"({"countersign":1,"key":"k)" + n + R"(","data":{"text":"item )" + n +
            R"("},"drafts":[{"model":"llm","version":"7b","regions":[{"id":"d1","control":"animal","kind":"choices",)"
            R"("labels":["cat"],"confidence":)" +
            (i <= 5 ? "0.9" : "0.1") + "}]}]}\n";
    }
    return out;
}

}  // namespace

TEST_CASE("texts with drafts come in, are accepted, edited, rejected and skipped, and go out") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto report = at.import(project, at.file("tasks.jsonl", drafted_lines()));
        CHECK(report.rows == 10);
        CHECK(report.added == 10);
        CHECK(report.drafts == 10);
        CHECK(report.rejected == 0);

        int accepted = 0, edited = 0, rejected = 0, created = 0;
        for (int i = 0; i < 9; ++i) {
            const auto task = at.one(at.ada, project);
            DeskAnswer a;
            a.task = task.task.id;
            a.assignment = task.assignment.id;
            a.regions = task.regions.empty() ? choose("dog") : task.regions;
            if (i == 1) a.regions = choose("cow"), a.regions[0].id = "d1";
            if (i == 2) a.regions = choose("cow"), a.rejected = true;
            const auto reply = Story::sure(at.desk.submit(at.ada, a));
            accepted += reply.annotation.action == Action::accepted;
            edited += reply.annotation.action == Action::edited;
            rejected += reply.annotation.action == Action::rejected;
            created += reply.annotation.action == Action::created;
            if (!task.regions.empty() && i == 0) {
                CHECK(reply.annotation.action == Action::accepted);
                CHECK(reply.annotation.regions[0].origin == Origin::model);
                CHECK(reply.annotation.edits == 0);
            }
        }
        CHECK(accepted + edited + rejected + created == 9);
        CHECK(created >= 4);
        const auto last = at.one(at.ada, project);
        DeskAnswer skip;
        skip.task = last.task.id;
        skip.assignment = last.assignment.id;
        skip.comment = "cannot tell";
        CHECK(Story::sure(at.desk.skip(at.ada, skip)).annotation.action == Action::skipped);

        const auto out = at.exported(project);
        CHECK(std::count(out.begin(), out.end(), '\n') == 9);
        CHECK(out.find("\"llm\"") != out.npos);
        CHECK(text_of(progress_of(at.db, project)) == text_of(counted(at.db, project)));
        CHECK(at.db.read([&](Session& s) {
            return static_cast<bool>(verify_events(s, project.id, at.world.key.public_key));
        }));
    });
}

TEST_CASE("what is less sure than the policy says is a maybe, not pre-filled") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", drafted_lines()));
        for (int i = 0; i < 10; ++i) {
            const auto task = at.one(at.ada, project);
            const int number = std::stoi(task.task.key.substr(1));
            if (task.draft) {
                CHECK(task.model == "llm");
                CHECK(task.model_version == "7b");
                CHECK(task.regions.size() == (number <= 5 ? 1 : 0));
                CHECK(task.maybes.size() == (number <= 5 ? 0 : 1));
            }
            REQUIRE(at.answer(at.ada, task, "dog"));
        }
    });
}

TEST_CASE("a blind task looks like one without a draft, before and after it is decided") {
    each_story([](Story& at) {
        const auto project = at.project(1.0);
        at.import(project, at.file("tasks.jsonl", drafted_lines()));
        const auto task = at.one(at.ada, project);
        CHECK(!task.draft);
        CHECK(task.regions.empty());
        CHECK(task.maybes.empty());
        CHECK(task.model.empty());
        CHECK(task.assignment.draft == 0);
        CHECK(task.assignment.arm == Arm::assisted);
        CHECK(Story::sure(at.desk.detail(at.ada, task.task.id)).drafts.empty());

        const auto reply = Story::sure(at.answer(at.ada, task, "cat"));
        CHECK(reply.annotation.action == Action::created);
        CHECK(reply.annotation.draft == 0);
        CHECK(reply.annotation.arm == Arm::assisted);
        CHECK(reply.annotation.regions[0].origin == Origin::person);
        CHECK(Story::sure(at.desk.detail(at.ada, task.task.id)).drafts.empty());
        for (const auto& one : Story::sure(at.desk.recent(at.ada, project.id, 10)))
            CHECK(one.draft == 0);
        const auto seen = Story::sure(at.desk.detail(at.boss, task.task.id));
        CHECK(seen.drafts.size() == 1);
        CHECK(seen.annotations[0].arm == Arm::blind);

        const auto again = Story::sure(at.desk.undo(at.ada, reply.annotation.id));
        CHECK(!again.draft);
        CHECK(again.regions.empty());
    });
}

TEST_CASE("annotators cannot look up the draft of a task that may yet come to them blind") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", drafted_lines()));
        const auto rows = Story::sure(at.lists.tasks(at.ada, project.id, {}, {}, "", 10)).rows;
        REQUIRE(rows.size() == 10);
        CHECK(!rows[0].probability);
        CHECK(Story::sure(at.desk.detail(at.ada, rows[9].task.id)).drafts.empty());
        const auto filter = Story::sure(parse_task_filter("probability:..0.5"));
        CHECK(!at.lists.tasks(at.ada, project.id, filter, {}, "", 10));
        CHECK(!at.lists.count(at.ada, project.id, filter));
        CHECK(at.lists.tasks(at.boss, project.id, filter, {}, "", 10));
        const TaskSort by_draft{TaskOrder::probability, false};
        CHECK(!at.lists.tasks(at.ada, project.id, {}, by_draft, "", 10));
    });
}

TEST_CASE("an answer that is sent twice is recorded once, and answered the same") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 5)));
        const auto task = at.one(at.ada, project);
        const auto first = Story::sure(at.answer(at.ada, task, "cat", "key-1", 1));
        const auto second = Story::sure(at.answer(at.ada, task, "cat", "key-1", 1));
        CHECK(first.annotation.id == second.annotation.id);
        REQUIRE(second.next.size() == 1);
        CHECK(first.next[0].task.id == second.next[0].task.id);
        CHECK(second.progress.done == 1);
        const auto other = at.answer(at.ada, first.next[0], "dog", "key-1");
        REQUIRE(!other);
        CHECK(other.refusal().code == Code::conflict);
        CHECK(at.answer(at.bob, at.one(at.bob, project), "dog", "key-1"));
    });
}

TEST_CASE("an expired lease passes on, and the late answer is refused") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 1)));
        const auto task = at.one(at.ada, project);
        at.clock.advance(Millis{60'000} * (project.policy.lease_minutes + 1));
        at.db.write([&](Session& s) { sweep_leases(s, at.clock.now()); });
        const auto passed = at.one(at.bob, project);
        CHECK(passed.task.id == task.task.id);
        const auto late = at.answer(at.ada, task, "cat");
        REQUIRE(!late);
        CHECK(late.refusal().code == Code::conflict);
        CHECK(!at.desk.save_work(at.ada, task.task.id, task.assignment.id, "{}"));
        CHECK(at.answer(at.bob, passed, "dog"));
    });
}

TEST_CASE(
    "ten decisions can be taken back, the newest first, with what was submitted on the desk") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 12)));
        for (int i = 0; i < 12; ++i) REQUIRE(at.answer(at.ada, at.one(at.ada, project), "cat"));
        for (int i = 0; i < 10; ++i) {
            const auto recent = Story::sure(at.desk.recent(at.ada, project.id, 10));
            REQUIRE(!recent.empty());
            const auto task = Story::sure(at.desk.undo(at.ada, recent[0].id));
            CHECK(task.task.id == recent[0].task);
            CHECK(task.work.find("\"cat\"") != task.work.npos);
            CHECK(!at.desk.undo(at.bob, recent[0].id));
        }
        CHECK(progress_of(at.db, project).done == 2);
        CHECK(progress_of(at.db, project).leased == 10);
        CHECK(text_of(progress_of(at.db, project)) == text_of(counted(at.db, project)));
        CHECK(Story::sure(at.desk.next(at.ada, project.id, 10)).tasks.size() == 10);
    });
}

TEST_CASE("a list is worked through in its own order, under the arms that next would have drawn") {
    each_story([](Story& at) {
        const auto project = at.project(1.0);
        at.import(project, at.file("tasks.jsonl", drafted_lines()));
        TaskSort backwards;
        backwards.down = true;
        const auto filter = Story::sure(parse_task_filter("state:ready"));
        const auto page = Story::sure(at.lists.tasks(at.ada, project.id, filter, backwards, "", 3));
        std::vector<Id> named;
        for (const auto& row : page.rows) named.push_back(row.task.id);
        const auto bobs = Story::sure(at.desk.take(at.bob, project.id, {named[1]}));
        REQUIRE(bobs.tasks.size() == 1);
        const auto given = Story::sure(at.desk.take(at.ada, project.id, named));
        REQUIRE(given.tasks.size() == 2);
        CHECK(given.tasks[0].task.key == "k10");
        CHECK(given.tasks[1].task.key == "k8");
        REQUIRE(given.passed.size() == 1);
        CHECK(given.passed[0].task == named[1]);
        for (const auto& task : given.tasks) {
            CHECK(!task.draft);
            CHECK(task.regions.empty());
        }
        REQUIRE(at.answer(at.ada, given.tasks[0], "cat"));
        CHECK(at.one(at.ada, project).task.key == "k8");
    });
}

TEST_CASE("work that comes after its answer is let go; on a task that passed on it is a conflict") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        const auto first = at.one(at.ada, project);
        REQUIRE(at.answer(at.ada, first, "cat"));
        CHECK(at.desk.save_work(at.ada, first.task.id, first.assignment.id, "{}"));
        CHECK_FALSE(at.desk.save_work(at.bob, first.task.id, first.assignment.id, "{}"));

        const auto second = at.one(at.ada, project);
        DeskAnswer skip;
        skip.task = second.task.id;
        skip.assignment = second.assignment.id;
        REQUIRE(at.desk.skip(at.ada, skip));
        CHECK(at.desk.save_work(at.ada, second.task.id, second.assignment.id, "{}"));

        const auto third = at.one(at.ada, project);
        REQUIRE(at.desk.release(at.ada, project.id));
        REQUIRE(at.one(at.bob, project).task.id == third.task.id);
        const auto late =
            at.desk.save_work(at.ada, third.task.id, third.assignment.id, R"({"regions":[]})");
        REQUIRE_FALSE(late);
        CHECK(late.refusal().code == Code::conflict);
    });
}

namespace {

void send_back(Story& at, const Project& project, Id task) {
    REQUIRE(at.db.write([&](Session& s) { return ask_again(s, project, task); }));
}

}  // namespace

TEST_CASE("a task that was sent back comes with the answer it had, one's own or what was decided") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 1)));
        const auto first = at.one(at.ada, project);
        CHECK_FALSE(first.former);
        REQUIRE(at.answer(at.ada, first, "cat"));
        send_back(at, project, first.task.id);
        const auto again = at.one(at.ada, project);
        REQUIRE(again.former);
        CHECK(again.former->own);
        CHECK(again.former->regions.at(0).labels == std::vector<std::string>{"cat"});
        REQUIRE(at.desk.release(at.ada, project.id));
        const auto others = at.one(at.bob, project);
        REQUIRE(others.former);
        CHECK_FALSE(others.former->own);
        REQUIRE(at.answer(at.bob, others, "dog"));
        send_back(at, project, first.task.id);
        const auto own = at.one(at.ada, project);  // Hers comes before a newer one of another's.
        CHECK(own.former->regions.at(0).labels == std::vector<std::string>{"cat"});
        const auto undone = Story::sure(at.answer(at.ada, own, "cow"));
        const auto back = Story::sure(at.desk.undo(at.ada, undone.annotation.id));
        CHECK_FALSE(back.former);
        CHECK(back.work.find("cow") != std::string::npos);
    });
}

TEST_CASE("no former answer where opinions must be independent, or where drafts are measured") {
    each_story([](Story& at) {
        auto policy = at.project().policy;
        policy.overlap = 2;
        Project several;
        several.name = "several";
        several.schema = animals();
        several.policy = policy;
        several = Story::sure(at.projects.create(at.boss, several));
        at.import(several, at.file("tasks.jsonl", lines(1, 1)));
        REQUIRE(at.answer(at.ada, at.one(at.ada, several), "cat"));
        CHECK_FALSE(at.one(at.bob, several).former);

        // Every second draft is hidden: only where one is shown may anything else be.
        const auto measured = at.project(0.5);
        at.import(measured, at.file("drafted.jsonl", drafted_lines()));
        const auto all = Story::sure(at.desk.next(at.ada, measured.id, 10)).tasks;
        REQUIRE(all.size() == 10);
        for (const auto& task : all) {
            REQUIRE(at.answer(at.ada, task, "cow"));
            send_back(at, measured, task.task.id);
        }
        int with = 0, without = 0;
        for (const auto& task : Story::sure(at.desk.next(at.ada, measured.id, 10)).tasks) {
            CHECK(task.former.has_value() == task.draft.has_value());
            (task.former ? with : without) += 1;
        }
        CHECK(with > 0);
        CHECK(without > 0);
    });
}
