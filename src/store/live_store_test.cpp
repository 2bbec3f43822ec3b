#include "store/live_store.h"

#include "core/people.h"
#include "store/desk_store.h"
#include "store/dispute_store.h"
#include "store/people_store.h"
#include "test_engines.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

constexpr Millis minute = 60'000, hour = 60 * minute;

Id live_person(Db& db, const std::string& name) {
    Person p;
    p.name = p.display = name;
    p.created = noon;
    return db.write([&](Session& s) { return insert_person(s, p); });
}

Assignment held_by(Db& db, const Project& project, Id person, Millis now) {
    const auto held = db.write([&](Session& s) { return lease_tasks(s, project, person, 1, now); });
    REQUIRE(held.size() == 1);
    return held[0];
}

Result<Annotation> decided(Db& db, const Project& project, const Assignment& held, Millis now,
                           Action action = Action::created) {
    Answer answer;
    answer.task = held.task;
    answer.person = held.person;
    answer.assignment = held.id;
    answer.action = action;
    answer.regions = choose("cat");
    return db.write([&](Session& s) {
        return action == Action::skipped ? record_skip(s, project, answer, now)
                                         : record_answer(s, project, answer, now);
    });
}

std::vector<PersonPace> paces(Db& db, const Project& project, Id person, Millis now) {
    return db.read(
        [&](Session& s) { return pace_by_person(s, project.id, person, noon - hour, now); });
}

}  // namespace

TEST_CASE("decisions count in the minute they were made, for five minutes, an hour, and longer") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db), other = make_project(*at.db, "others");
        make_tasks(*at.db, project, 6);
        make_tasks(*at.db, other, 1);
        const Id ada = live_person(*at.db, "ada"), bob = live_person(*at.db, "bob");
        const auto decide = [&](const Project& p, Id person, Millis now, Action action) {
            REQUIRE(decided(*at.db, p, held_by(*at.db, p, person, now), now, action));
        };
        decide(project, ada, noon, Action::accepted);
        decide(project, ada, noon, Action::accepted);
        decide(project, ada, noon + 58 * minute, Action::edited);
        decide(project, ada, noon + 61 * minute, Action::skipped);
        decide(project, bob, noon + 61 * minute, Action::created);
        decide(other, ada, noon + 61 * minute, Action::rejected);
        const auto rows = paces(*at.db, project, 0, noon + 62 * minute);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].display == "ada");
        CHECK(rows[0].last_5 == 1);
        CHECK(rows[0].last_60 == 1);
        CHECK(rows[0].accepted == 2);
        CHECK(rows[0].edited == 1);
        CHECK(rows[0].rejected == 0);
        CHECK(rows[0].skipped == 1);
        CHECK(rows[0].last == (noon + 61 * minute) / minute * minute);
        CHECK(rows[1].created == 1);
        REQUIRE(paces(*at.db, project, bob, noon + 62 * minute).size() == 1);

        const auto history = at.db->read([&](Session& s) {
            return pace_in_time(s, project.id, 0, noon / minute * minute, 30 * minute, 3);
        });
        CHECK(history == std::vector<std::int64_t>{2, 1, 1});
        at.db->write([&](Session& s) { prune_pace(s, noon + 10 * minute); });
        CHECK(paces(*at.db, project, ada, noon + 62 * minute)[0].accepted == 0);
    });
}

TEST_CASE("a decision that is taken back does not count where it counted") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 1);
        const Id ada = live_person(*at.db, "ada");
        const auto made = decided(*at.db, project, held_by(*at.db, project, ada, noon), noon);
        REQUIRE(made);
        CHECK(paces(*at.db, project, ada, noon)[0].created == 1);
        const bool undone = at.db->write([&](Session& s) {
            return static_cast<bool>(undo_answer(s, project, made->id, ada, noon + hour));
        });
        REQUIRE(undone);
        CHECK(paces(*at.db, project, ada, noon)[0].created == 0);
    });
}

TEST_CASE("held tasks are listed by person, with what was saved on them") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        make_tasks(*at.db, project, 3);
        const Id ada = live_person(*at.db, "ada"), bob = live_person(*at.db, "bob");
        const auto first = held_by(*at.db, project, bob, noon);
        held_by(*at.db, project, ada, noon + minute);
        at.db->write([&](Session& s) { save_work(s, first.task, bob, "{}", noon + 2 * minute); });
        const auto held = at.db->read([&](Session& s) { return held_tasks(s, project.id, 0, 10); });
        REQUIRE(held.size() == 2);
        CHECK(held[0].display == "ada");
        CHECK(held[0].since == noon + minute);
        CHECK(held[0].saved == 0);
        CHECK(held[1].task == first.task);
        CHECK(held[1].key == "t1");
        CHECK(held[1].until == first.until);
        CHECK(held[1].saved == noon + 2 * minute);
        CHECK(at.db->read([&](Session& s) { return held_tasks(s, project.id, ada, 10); }).size() ==
              1);
    });
}

TEST_CASE("tasks of every lane but routine are counted by state") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const auto tasks = make_tasks(*at.db, project, 4);
        at.db->write([&](Session& s) {
            for (const Id task : {tasks[0], tasks[1], tasks[2]})
                s.run("UPDATE task SET lane = $1 WHERE id = $2",
                      {std::int64_t{task == tasks[2] ? 2 : 1}, task});
        });
        const auto held = held_by(*at.db, project, live_person(*at.db, "ada"), noon);
        CHECK(held.task == tasks[0]);
        std::string counts;
        for (const auto& one : at.db->read([&](Session& s) { return count_lanes(s, project.id); }))
            counts += std::string(name_of(one.lane)) + " " + std::string(name_of(one.state)) + " " +
                      std::to_string(one.tasks) + "; ";
        CHECK(counts == "edge ready 1; edge leased 1; audit ready 1; ");
    });
}

TEST_CASE("what is taken from a person waits for anybody, and their late answer is refused") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const auto tasks = make_tasks(*at.db, project, 3);
        const Id ada = live_person(*at.db, "ada"), bob = live_person(*at.db, "bob");
        at.db->write([&](Session& s) { assign_tasks(s, project.id, {tasks[2]}, ada); });
        const auto meant = held_by(*at.db, project, ada, noon);
        CHECK(meant.task == tasks[2]);
        const auto both =
            at.db->write([&](Session& s) { return lease_tasks(s, project, ada, 2, noon); });
        REQUIRE(both.size() == 2);
        const auto taken = [&](Id person, Id task) {
            return at.db->write([&](Session& s) { return take_from(s, project.id, person, task); });
        };
        CHECK(taken(bob, 0).empty());
        CHECK(taken(ada, tasks[1]).empty());
        CHECK(taken(ada, meant.task) == std::vector<Id>{meant.task});
        CHECK(taken(ada, meant.task).empty());
        CHECK(taken(ada, 0).size() == 1);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
        CHECK(progress_of(*at.db, project).ready == 3);

        const auto late = decided(*at.db, project, meant, noon + minute);
        REQUIRE_FALSE(late);
        CHECK(late.refusal().code == Code::conflict);
        CHECK_FALSE(
            at.db->write([&](Session& s) { return renew_lease(s, meant.id, ada, noon + hour); }));
        std::vector<Id> order;
        for (const auto& held :
             at.db->write([&](Session& s) { return lease_tasks(s, project, bob, 3, noon); }))
            order.push_back(held.task);
        CHECK(order == tasks);
    });
}
