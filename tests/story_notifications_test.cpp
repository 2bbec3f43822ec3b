// Who is told of what, while several people work on one project.
#include "app/notifications.h"
#include "app/team.h"
#include "store/desk_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

struct Told {
    Story& at;
    Notifications notifications{at.world};
    Team team{at.world};
    Caller judge = at.person("judge", Role::specialist);

    std::vector<NotificationRow> list(const Caller& who) {
        return notifications.newest(who, 0, 50).items;
    }
    /// "mentioned boss: look here; assigned" newest first.
    std::string of(const Caller& who) {
        std::string out;
        for (const auto& row : list(who)) {
            out += (out.empty() ? "" : "; ") + std::string(name_of(row.what.kind));
            if (!row.by.empty()) out += " " + row.by;
            if (!row.said.empty()) out += ": " + row.said;
        }
        return out;
    }
    void all_read(const Caller& who) { notifications.mark_read(who, 1'000'000, false); }

    /// A project whose `tasks` tasks need two answers each.
    Project shared(int tasks) {
        Project p;
        p.name = "animals";
        p.schema = animals();
        p.policy.overlap = 2;
        auto made = Story::sure(at.projects.create(at.boss, p));
        at.import(made, at.file("tasks.jsonl", lines(1, tasks)));
        all_read(at.boss);
        return made;
    }
    Id answer(const Caller& who, const Project& p, const std::string& label) {
        const auto task = at.one(who, p);
        Story::sure(at.answer(who, task, label));
        return task.task.id;
    }
    /// Ada and Bob answer the next task differently.
    Id dispute(const Project& p) {
        const Id task = answer(at.ada, p, "cat");
        CHECK(answer(at.bob, p, "dog") == task);
        return task;
    }
};

}  // namespace

TEST_CASE("a mention is kept by person, survives a new name, and tells those it means") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(2);
        const Id task = told.answer(at.ada, project, "cat");
        const auto said = Story::sure(
            at.desk.comment(at.boss, task, "Is this a cat, @ada? @bob, @nobody, a@ada.org"));
        REQUIRE(said.mentions.size() == 2);
        CHECK(said.text == "Is this a cat, @" + wire_id('u', at.ada.person) + "? @" +
                               wire_id('u', at.bob.person) + ", @nobody, a@ada.org");
        CHECK(told.of(at.ada) == "mentioned boss: Is this a cat, @ada? @bob, @nobody, a@ada.org");
        at.db.write([&](Session& s) {
            auto person = *find_person(s, at.ada.person);
            person.display = "Ada L.";
            update_person(s, person);
        });
        const auto comments = Story::sure(at.desk.detail(at.bob, task)).comments;
        REQUIRE(comments.size() == 1);
        CHECK(comments[0].mentions[0].display == "Ada L.");
        CHECK(told.list(at.ada)[0].said.starts_with("Is this a cat, @Ada L.?"));
        CHECK(told.of(at.boss).find("mentioned") == std::string::npos);
    });
}

TEST_CASE("nobody reads in a notification what was said under a task they have yet to answer") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(1);
        const Id task = told.answer(at.ada, project, "cat");
        Story::sure(at.desk.comment(at.ada, task, "@bob I said cat"));
        CHECK(told.of(at.bob) == "mentioned ada");
        CHECK(told.answer(at.bob, project, "dog") == task);
        CHECK(told.of(at.bob) == "mentioned ada: @bob I said cat");
    });
}

TEST_CASE("whoever has no access any more is not mentioned, and the refusal names them") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(1);
        const Id task = told.answer(at.ada, project, "cat");
        at.db.write([&](Session& s) {
            auto person = *find_person(s, at.bob.person);
            person.active = false;
            update_person(s, person);
        });
        const auto refused = at.desk.comment(at.ada, task, "@bob?");
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().message.find("@bob (bob)") != std::string::npos);
        CHECK_FALSE(at.desk.comment(at.ada, task, " \n"));
        std::string crowd;
        for (int i = 0; i < 21; ++i) {
            const auto name = "p" + std::to_string(i);
            at.person(name, Role::annotator);
            crowd += "@" + name + " ";
        }
        const auto many = at.desk.comment(at.ada, task, crowd);
        REQUIRE_FALSE(many);
        CHECK(many.refusal().code == Code::too_many);
        CHECK(Story::sure(at.desk.detail(at.ada, task)).comments.empty());
    });
}

TEST_CASE("a reply tells those who spoke or answered under the task, not its author, once") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(2);
        const Id task = told.answer(at.ada, project, "cat");
        Story::sure(at.desk.comment(at.bob, task, "Looks like a dog to me, @bob"));
        CHECK(told.of(at.ada) == "replied bob: Looks like a dog to me, @bob");
        CHECK(told.of(at.bob).empty());
        Story::sure(at.desk.comment(at.ada, task, "No."));
        Story::sure(at.desk.comment(at.ada, task, "Look, @bob"));
        CHECK(told.of(at.bob) == "mentioned ada; replied ada");
    });
}

TEST_CASE("a dispute waits for those who may decide it, said once until they read it") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(3);
        told.dispute(project);
        CHECK(told.of(told.judge) == "dispute_waits");
        told.dispute(project);
        CHECK(told.of(told.judge) == "dispute_waits");
        CHECK(told.of(at.ada).empty());
        told.all_read(told.judge);
        told.dispute(project);
        CHECK(told.of(told.judge) == "dispute_waits; dispute_waits");
        CHECK(told.notifications.unread(told.judge.person) == 1);
    });
}

TEST_CASE("who was decided against is told why, until the verdict is taken back") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(1);
        const Id task = told.dispute(project);
        const auto opinions = Story::sure(told.team.dispute(task)).dispute.opinions;
        Verdict verdict;
        verdict.task = task;
        verdict.chosen = opinions[0].id;
        verdict.reason = "It meows";
        Story::sure(told.team.decide(told.judge, verdict));
        CHECK(told.of(at.ada).empty());
        CHECK(told.of(at.bob) == "decided_otherwise judge: It meows");
        Story::sure(told.team.take_back(told.judge, task));
        CHECK(told.of(at.bob).empty());
        verdict.chosen = 0;
        verdict.regions = choose("cow");
        Story::sure(told.team.decide(told.judge, verdict));
        CHECK(told.of(at.ada) == "decided_otherwise judge: It meows");
        CHECK(told.of(at.bob) == "decided_otherwise judge: It meows");
    });
}

TEST_CASE("who answered a task that is sent back is told so once, with what was said") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(1);
        const Id task = told.dispute(project);
        Story::sure(told.team.send_back(told.judge, task, "Look at the tail, @ada"));
        CHECK(told.of(at.bob) == "sent_back judge: Look at the tail, @ada");
        CHECK(told.of(at.ada) ==
              "sent_back judge: Look at the tail, @ada; mentioned judge: Look at the tail, @ada");
    });
}

TEST_CASE("tasks that are meant for a person, and a new guideline, are told to them") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(3);
        const auto rows = Story::sure(at.lists.tasks(at.boss, project.id, {}, {}, "", 10)).rows;
        CHECK(Story::sure(told.team.assign(at.boss, project.id, {rows[0].task.id, rows[1].task.id},
                                           at.ada.person))
                  .changed == 2);
        CHECK(told.of(at.ada) == "assigned boss");
        CHECK(told.list(at.ada)[0].what.number == 2);
        CHECK(Story::sure(told.team.assign(at.boss, project.id, {rows[0].task.id}, at.ada.person))
                  .changed == 0);
        CHECK(told.list(at.ada).size() == 1);
        told.answer(at.bob, project, "cat");
        Story::sure(at.projects.change(at.boss, project.id, {.guideline = "Look thrice."}));
        CHECK(told.of(at.ada) == "guideline_changed boss; assigned boss");
        CHECK(told.of(at.bob) == "guideline_changed boss");
        CHECK(told.of(told.judge).empty());
    });
}

TEST_CASE("the end of a job is told to whoever started it, and who cancelled it") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = at.project();
        const auto lead = at.person("lead", Role::supervisor);
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        REQUIRE(told.list(at.boss).size() == 1);
        CHECK(told.list(at.boss)[0].job_state == JobState::done);
        CHECK(told.list(at.boss)[0].job_kind == "import");
        const auto job = Story::sure(
            at.imports.start_local(at.boss, project.id, {at.file("more.jsonl", lines(4, 5))}, {}));
        Story::sure(at.jobs.cancel(lead, job.id));
        REQUIRE(told.list(at.boss).size() == 2);
        CHECK(told.list(at.boss)[0].by == "lead");
        CHECK(told.list(at.boss)[0].job_state == JobState::cancelled);
        CHECK(told.list(lead).empty());
    });
}

TEST_CASE("a refused comment or answer tells nobody anything") {
    each_story([](Story& at) {
        Told told{at};
        const auto project = told.shared(1);
        const Id task = told.answer(at.ada, project, "cat");
        const auto before = told.notifications.version(at.ada);
        CHECK_FALSE(at.desk.comment(at.boss, 999'999, "@ada"));
        CHECK_FALSE(told.team.send_back(told.judge, task, "@ada"));
        CHECK(told.notifications.version(at.ada) == before);
    });
}
