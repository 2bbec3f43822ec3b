// What a supervisor sees of the work of the moment, what everybody else does, and giving tasks
// back.
#include "app/live.h"
#include "app/notifications.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

constexpr Millis a_minute = 60'000;

const BoardPerson* line_of(const Board& board, const Caller& who) {
    for (const auto& line : board.people)
        if (line.pace.person == who.person) return &line;
    return nullptr;
}

}  // namespace

TEST_CASE("supervisors see everybody's line, everybody else their own, with the same numbers") {
    each_story([](Story& at) {
        Live live{at.world};
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 9)));
        for (int i = 0; i < 3; ++i) Story::sure(at.answer(at.ada, at.one(at.ada, project), "cat"));
        at.one(at.ada, project);
        at.one(at.bob, project);
        const auto whole = Story::sure(live.board(at.boss, project.id));
        CHECK(whole.whole);
        REQUIRE(whole.people.size() == 2);
        REQUIRE(line_of(whole, at.ada));
        CHECK(line_of(whole, at.ada)->pace.last_5 == 3);
        CHECK(line_of(whole, at.ada)->held.size() == 1);
        CHECK(line_of(whole, at.bob)->pace.last_60 == 0);
        CHECK(whole.history.size() == 48);
        CHECK(whole.history.back() == 3);
        CHECK(whole.progress.leased == 2);

        const auto own = Story::sure(live.board(at.ada, project.id));
        CHECK_FALSE(own.whole);
        REQUIRE(own.people.size() == 1);
        CHECK(own.people[0].pace.created == line_of(whole, at.ada)->pace.created);
        CHECK(own.history.back() == 3);
        CHECK(
            Story::sure(live.board(at.person("eve", Role::specialist), project.id)).people.empty());
        CHECK_FALSE(live.board(at.boss, 999));
    });
}

TEST_CASE("the jobs that wait or work stand on the supervisor's board alone") {
    each_story([](Story& at) {
        Live live{at.world};
        const auto project = at.project();
        Story::sure(
            at.imports.start_local(at.boss, project.id, {at.file("tasks.jsonl", lines(1, 2))}, {}));
        REQUIRE(Story::sure(live.board(at.boss, project.id)).jobs.size() == 1);
        CHECK(Story::sure(live.board(at.ada, project.id)).jobs.empty());
        at.work();
        CHECK(Story::sure(live.board(at.boss, project.id)).jobs.empty());
    });
}

TEST_CASE(
    "who gives no sign for as long as a lease lasts is stuck, though an open desk renews it") {
    each_story([](Story& at) {
        Live live{at.world};
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        const auto task = at.one(at.ada, project);
        const auto stuck = [&] {
            return line_of(Story::sure(live.board(at.boss, project.id)), at.ada)->stuck;
        };
        for (int i = 0; i < 3; ++i) {
            CHECK_FALSE(stuck());
            at.clock.advance(6 * a_minute);
            Story::sure(at.desk.renew(at.ada, task.assignment.id));
        }
        CHECK(stuck());
        Story::sure(at.desk.save_work(at.ada, task.task.id, task.assignment.id, "{}"));
        CHECK_FALSE(stuck());
    });
}

TEST_CASE("tasks that are put back are told to whoever held them, who keeps their work") {
    each_story([](Story& at) {
        Live live{at.world};
        Notifications notifications{at.world};
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        const auto held = Story::sure(at.desk.next(at.ada, project.id, 2)).tasks;
        Story::sure(at.desk.save_work(at.ada, held[0].task.id, held[0].assignment.id,
                                      R"({"half":"done"})"));
        CHECK(Story::sure(live.take_back(at.boss, project.id, at.ada.person, held[0].task.id)) ==
              1);
        const auto again = live.take_back(at.boss, project.id, at.ada.person, held[0].task.id);
        REQUIRE_FALSE(again);
        CHECK(again.refusal().code == Code::conflict);
        CHECK(Story::sure(live.take_back(at.boss, project.id, at.ada.person, 0)) == 1);
        CHECK_FALSE(live.take_back(at.boss, project.id, at.ada.person, 0));

        const auto told = notifications.newest(at.ada, 0, 9).items;
        REQUIRE(told.size() == 2);
        CHECK(told[1].what.kind == NotificationKind::taken_back);
        CHECK(told[1].what.task == held[0].task.id);
        CHECK(told[1].by == "boss");
        CHECK_FALSE(at.desk.renew(at.ada, held[0].assignment.id));
        CHECK_FALSE(at.answer(at.ada, held[0], "cat"));
        CHECK(at.one(at.ada, project).work == R"({"half":"done"})");
        CHECK(at.db.read([&](Session& s) {
            return static_cast<bool>(verify_events(s, project.id, at.world.key.public_key));
        }));
    });
}
