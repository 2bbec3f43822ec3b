#include "store/take_store.h"

#include <atomic>
#include <thread>

#include "store/dispute_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

constexpr Id ann = 21, ben = 22;

struct Choice {
    Place& at;
    Project project;
    std::vector<Id> tasks;

    Choice(Place& place, int count) : at(place), project(make_project(*place.db)) {
        tasks = make_tasks(*place.db, project, count);
    }
    Taken take(Id person, const std::vector<Id>& named) {
        return at.db->write(
            [&](Session& s) { return take_tasks(s, project, person, named, noon); });
    }
    std::vector<Leased> next(Id person, int count) {
        return at.db->write([&](Session& s) { return lease(s, project, person, count, noon); });
    }
    Result<Annotation> submit(const Leased& held) {
        Answer a;
        a.task = held.task.id;
        a.person = held.assignment.person;
        a.assignment = held.assignment.id;
        a.regions = choose("cat");
        return at.db->write([&](Session& s) { return record_answer(s, project, a, noon); });
    }
};

void each_choice(int tasks, const std::function<void(Choice&)>& test) {
    each_engine([&](Place& at) {
        Choice choice(at, tasks);
        test(choice);
        CHECK(text_of(progress_of(*at.db, choice.project)) ==
              text_of(counted(*at.db, choice.project)));
    });
}

std::string told(const Taken& taken) {
    std::string out;
    for (const auto& one : taken.tasks) out += one.task.key + " ";
    for (const auto& one : taken.passed) out += std::string(name_of(one.why)) + " ";
    return out;
}

}  // namespace

TEST_CASE(
    "named tasks are held in the order they are named, and what somebody has is passed over") {
    each_choice(5, [](Choice& at) {
        const auto& t = at.tasks;
        CHECK(told(at.take(ann, {t[3], t[1]})) == "t4 t2 ");
        CHECK(told(at.take(ben, {t[1], t[4], 999'999})) == "t5 with_another missing ");
        CHECK(told(at.take(ann, {t[1], t[0]})) == "t2 t1 ");
        CHECK(at.next(ann, 9).size() == 4);
        CHECK(at.at.db->read([&](Session& s) { return count_held(s, at.project.id, ann); }) == 4);
    });
}

TEST_CASE("a task that is named again comes under the same lease") {
    each_choice(1, [](Choice& at) {
        const auto first = at.take(ann, at.tasks).tasks.at(0).assignment;
        const auto again = at.take(ann, at.tasks).tasks.at(0).assignment;
        CHECK(again.id == first.id);
        CHECK(again.arm == first.arm);
    });
}

TEST_CASE("what is decided, answered already or meant for another is passed over") {
    each_choice(4, [](Choice& at) {
        at.project.policy.overlap = 2;
        at.project.policy.overlap_share = 1;
        const auto& t = at.tasks;
        REQUIRE(at.submit(at.take(ann, {t[0]}).tasks.at(0)));
        CHECK(told(at.take(ann, {t[0]})) == "answered ");
        REQUIRE(at.submit(at.take(ben, {t[0]}).tasks.at(0)));
        CHECK(told(at.take(ann, {t[0]})) == "decided ");
        at.at.db->write([&](Session& s) { assign_tasks(s, at.project.id, {t[1]}, ben); });
        CHECK(told(at.take(ann, {t[1]})) == "with_another ");
        CHECK(told(at.take(ben, {t[1]})) == "t2 ");
    });
}

TEST_CASE("two who name the same tasks at once get none of them twice") {
    each_choice(40, [](Choice& at) {
        std::atomic<int> given = 0, refused = 0;
        const auto run = [&](Id person) {
            for (const Id task : at.tasks) {
                const auto taken = at.take(person, {task});
                given += static_cast<int>(taken.tasks.size());
                refused += static_cast<int>(taken.passed.size());
            }
        };
        std::thread other(run, ben);
        run(ann);
        other.join();
        CHECK(given == 40);
        CHECK(refused == 40);
    });
}

}  // namespace countersign
