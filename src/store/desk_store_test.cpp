#include "store/desk_store.h"

#include "store/model_store.h"
#include "store/people_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

constexpr Id ada = 11, ben = 12;
constexpr Millis minute = 60'000;

/// A project with a few tasks, and a desk at it with a clock of its own.
struct Desk {
    Place& at;
    Project project;
    std::vector<Id> tasks;
    Millis now = noon;

    Desk(Place& place, int count) : at(place), project(make_project(*place.db)) {
        tasks = make_tasks(*place.db, project, count);
    }
    std::vector<Leased> next(Id person, int count = 1) {
        return at.db->write([&](Session& s) { return lease(s, project, person, count, now); });
    }
    Leased one(Id person) {
        auto got = next(person);
        REQUIRE(got.size() == 1);
        return got.front();
    }
    Answer answer(const Leased& held, const std::string& label = "cat") {
        Answer a;
        a.task = held.task.id;
        a.person = held.assignment.person;
        a.assignment = held.assignment.id;
        a.regions = choose(label);
        a.active_ms = 900;
        return a;
    }
    Result<Annotation> submit(const Answer& a) {
        return at.db->write([&](Session& s) { return record_answer(s, project, a, now); });
    }
    Result<Annotation> submit(const Leased& held, const std::string& label = "cat") {
        return submit(answer(held, label));
    }
    Result<Annotation> skip(const Leased& held) {
        return at.db->write([&](Session& s) { return record_skip(s, project, answer(held), now); });
    }
    Result<Leased> undo(const Annotation& a) {
        return at.db->write(
            [&](Session& s) { return undo_answer(s, project, a.id, a.person, now); });
    }
    std::int64_t sweep() {
        return at.db->write([&](Session& s) { return sweep_leases(s, now); });
    }
    void check_counters() {
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
    }
};

void each_desk(int tasks, const std::function<void(Desk&)>& test) {
    each_engine([&](Place& at) {
        Desk desk(at, tasks);
        test(desk);
        desk.check_counters();
    });
}

std::vector<std::string> keys(const std::vector<Leased>& leased) {
    std::vector<std::string> out;
    for (const auto& l : leased) out.push_back(l.task.key);
    return out;
}
using Keys = std::vector<std::string>;

Id drafter(Session& s, const Project& project) {
    Model model;
    model.project = project.id;
    model.name = "learner";
    model.kind = "text-learner";
    model.config = Json::object();
    ModelVersion version;
    version.model = insert_model(s, model);
    version.name = "1";
    version.quality = Json::object();
    return insert_model_version(s, version);
}

}  // namespace

TEST_CASE(
    "tasks are handed out in order, each to one person, and again to the one who holds them") {
    each_desk(5, [](Desk& desk) {
        CHECK(keys(desk.next(ada, 2)) == Keys{"t1", "t2"});
        CHECK(keys(desk.next(ben, 2)) == Keys{"t3", "t4"});
        CHECK(keys(desk.next(ada, 3)) == Keys{"t1", "t2", "t5"});
        CHECK(keys(desk.next(ada, 1)) == Keys{"t1"});
        CHECK(keys(desk.next(ben, 9)) == Keys{"t3", "t4"});
        CHECK(desk.next(13, 9).empty());
        const auto p = progress_of(*desk.at.db, desk.project);
        CHECK(p.total == 5);
        CHECK(p.leased == 5);
        CHECK(p.ready == 0);
    });
}

TEST_CASE("a higher priority comes first") {
    each_desk(1, [](Desk& desk) {
        std::vector<NewTask> more(2);
        more[0].key = "later";
        more[0].priority = 0;
        more[0].data = more[1].data = "{}";
        more[1].key = "urgent";
        more[1].priority = 255;
        desk.at.db->write([&](Session& s) { insert_tasks(s, desk.project.id, more, noon); });
        CHECK(keys(desk.next(ada, 3)) == Keys{"urgent", "t1", "later"});
    });
}

TEST_CASE("a leased task comes with its item, its draft and its arm") {
    each_desk(1, [](Desk& desk) {
        desk.at.db->write([&](Session& s) {
            Draft d;
            d.task = desk.tasks[0];
            d.model_version = drafter(s, desk.project);
            d.regions = choose("dog");
            d.probability = 0.75;
            d.grounding = Grounding::grounded;
            CHECK(insert_drafts(s, desk.project.id, {d}, true) == 1);
        });
        const auto held = desk.one(ada);
        CHECK(held.task.data == R"({"text":"item 1"})");
        CHECK(held.task.state == TaskState::leased);
        CHECK(held.media.id == 0);
        REQUIRE(held.draft);
        CHECK(held.draft->regions[0].labels[0] == "dog");
        CHECK(held.draft->probability == 0.75);
        CHECK(held.assignment.draft == held.draft->id);
        CHECK(held.assignment.until == noon + 15 * minute);
        CHECK(held.assignment.arm_probability == (held.assignment.arm == Arm::blind ? 0.10 : 0.90));
        CHECK(held.work == "");
    });
}

TEST_CASE("an answer closes its task, is the label, and counts once") {
    each_desk(2, [](Desk& desk) {
        const auto held = desk.one(ada);
        auto a = desk.answer(held, "dog");
        a.flagged = true;
        a.comment = "blurred";
        a.action = Action::edited;
        a.edits = 1;
        const auto written = desk.submit(a);
        REQUIRE(written);
        const auto again = desk.submit(a);
        REQUIRE_FALSE(again);
        CHECK(again.refusal().code == Code::conflict);

        const auto stored =
            desk.at.db->read([&](Session& s) { return find_annotation(s, written->id); });
        REQUIRE(stored);
        CHECK(stored->regions[0].labels[0] == "dog");
        CHECK(stored->comment == "blurred");
        CHECK(stored->flagged);
        CHECK(stored->edits == 1);
        CHECK(stored->active_ms == 900);
        CHECK(desk.next(ada)[0].task.key == "t2");
        const auto p = progress_of(*desk.at.db, desk.project);
        CHECK(p.done == 1);
        CHECK(p.edited == 1);
        CHECK(p.flagged == 1);
        CHECK(p.leased == 1);
    });
}

TEST_CASE("an answer for another person's lease is refused") {
    each_desk(2, [](Desk& desk) {
        auto a = desk.answer(desk.one(ada));
        a.person = ben;
        CHECK_FALSE(desk.submit(a));
        auto wrong_task = desk.answer(desk.one(ada));
        wrong_task.task = desk.tasks[1];
        CHECK_FALSE(desk.submit(wrong_task));
    });
}

TEST_CASE("an expired lease passes on, and the late answer is refused") {
    each_desk(1, [](Desk& desk) {
        const auto early = desk.one(ada);
        desk.now += 15 * minute;
        CHECK(desk.sweep() == 0);
        desk.now += 1;
        CHECK(desk.sweep() == 1);
        CHECK(desk.sweep() == 0);
        const auto later = desk.one(ben);
        CHECK(later.task.id == early.task.id);
        CHECK_FALSE(desk.submit(early));
        CHECK(desk.submit(later));
    });
}

TEST_CASE("a late answer is taken as long as nobody else holds the task") {
    each_desk(1, [](Desk& desk) {
        const auto held = desk.one(ada);
        desk.now += 16 * minute;
        CHECK(desk.sweep() == 1);
        CHECK(progress_of(*desk.at.db, desk.project).ready == 1);
        REQUIRE(desk.submit(held));
        CHECK(desk.next(ben).empty());
        CHECK(progress_of(*desk.at.db, desk.project).done == 1);
    });
}

TEST_CASE("a sign of life keeps a lease, and takes an expired one back unless it passed on") {
    each_desk(1, [](Desk& desk) {
        const auto renew = [&](const Leased& held, Id person) {
            return desk.at.db->write([&](Session& s) {
                return renew_lease(s, held.assignment.id, person, desk.now + 15 * minute);
            });
        };
        const auto held = desk.one(ada);
        desk.now += 14 * minute;
        CHECK(renew(held, ada));
        CHECK_FALSE(renew(held, ben));
        desk.now += 14 * minute;
        CHECK(desk.sweep() == 0);
        desk.now += 2 * minute;
        CHECK(desk.sweep() == 1);
        CHECK(renew(held, ada));
        CHECK(desk.next(ben).empty());
        desk.check_counters();
        desk.now += 16 * minute;
        CHECK(desk.sweep() == 1);
        const auto other = desk.one(ben);
        CHECK_FALSE(renew(held, ada));
        CHECK(other.task.id == held.task.id);
    });
}

TEST_CASE("closing the desk gives back what was not worked on") {
    each_desk(3, [](Desk& desk) {
        const auto held = desk.next(ada, 2);
        desk.at.db->write([&](Session& s) {
            save_work(s, held[1].task.id, ada, R"({"half":1})", desk.now);
            release_leases(s, desk.project.id, ada);
        });
        CHECK(keys(desk.next(ben, 3)) == Keys{"t1", "t3"});
        const auto again = desk.next(ada, 3);
        CHECK(keys(again) == Keys{"t2"});
        CHECK(again[0].work == R"({"half":1})");
    });
}

TEST_CASE("saved work waits for its person even after the lease ended, and goes with the answer") {
    each_desk(1, [](Desk& desk) {
        const auto held = desk.one(ada);
        for (const char* work : {R"({"v":1})", R"({"v":2})"})
            desk.at.db->write([&](Session& s) { save_work(s, held.task.id, ada, work, desk.now); });
        desk.now += 16 * minute;
        CHECK(desk.sweep() == 1);
        const auto again = desk.one(ada);
        CHECK(again.work == R"({"v":2})");
        REQUIRE(desk.submit(again));
        const auto left = desk.at.db->read([](Session& s) {
            return *s.one("SELECT COUNT(*) FROM work", {},
                          [](const RowView& row) { return row.integer(0); });
        });
        CHECK(left == 0);
    });
}

TEST_CASE(
    "a skipped task goes behind all others, and back to its skipper only when nothing else waits") {
    each_desk(3, [](Desk& desk) {
        const auto first = desk.one(ada);
        REQUIRE(desk.skip(first));
        const auto second = desk.one(ada);
        CHECK(second.task.key == "t2");
        REQUIRE(desk.skip(second));
        const auto third = desk.one(ada);
        CHECK(third.task.key == "t3");
        REQUIRE(desk.submit(third));
        CHECK(keys(desk.next(ben, 1)) == Keys{"t1"});
        CHECK(keys(desk.next(ada, 2)) == Keys{"t2"});
        CHECK(progress_of(*desk.at.db, desk.project).skipped == 2);
    });
}

TEST_CASE("somebody else gets what one person skipped before the skipper does") {
    each_desk(2, [](Desk& desk) {
        const auto held = desk.next(ada, 2);
        REQUIRE(desk.skip(held[0]));
        REQUIRE(desk.submit(held[1]));
        const auto got = desk.one(ben);
        CHECK(got.task.key == "t1");
        REQUIRE(desk.skip(got));
        CHECK(desk.one(ben).task.key == "t1");
    });
}

TEST_CASE("an undone answer comes back with its regions, ten deep, newest first") {
    each_desk(12, [](Desk& desk) {
        std::vector<Annotation> written;
        for (int i = 0; i < 12; ++i) written.push_back(*desk.submit(desk.one(ada), "cow"));
        const auto recent = desk.at.db->read(
            [&](Session& s) { return recent_answers(s, desk.project.id, ada, 10); });
        REQUIRE(recent.size() == 10);
        CHECK(recent.front().id == written.back().id);
        for (const auto& a : recent) {
            const auto back = desk.undo(a);
            REQUIRE(back);
            CHECK(back->task.id == a.task);
            CHECK(back->work.find(R"("labels":["cow"])") != std::string::npos);
            CHECK(back->assignment.arm == a.arm);
            const auto twice = desk.undo(a);
            REQUIRE_FALSE(twice);
            CHECK(twice.refusal().code == Code::conflict);
        }
        auto p = progress_of(*desk.at.db, desk.project);
        CHECK(p.done == 2);
        CHECK(p.created == 2);
        CHECK(p.leased == 10);
        desk.check_counters();
        for (const auto& held : desk.next(ada, 10)) REQUIRE(desk.submit(held, "cat"));
        CHECK(progress_of(*desk.at.db, desk.project).done == 12);
        const auto history =
            desk.at.db->read([&](Session& s) { return annotations_of(s, recent.front().task); });
        REQUIRE(history.size() == 2);
        CHECK(history[0].withdrawn == 0);
        CHECK(history[1].withdrawn > 0);
        CHECK_FALSE(desk.undo(history[1]));
    });
}

TEST_CASE("an undone skip comes back to the skipper, unless somebody else has the task") {
    each_desk(2, [](Desk& desk) {
        const auto held = desk.next(ada, 2);
        const auto one = desk.skip(held[0]), two = desk.skip(held[1]);
        REQUIRE(one);
        REQUIRE(two);
        REQUIRE(desk.undo(*one));
        CHECK(keys(desk.next(ada, 1)) == Keys{"t1"});
        CHECK(keys(desk.next(ben, 1)) == Keys{"t2"});
        CHECK_FALSE(desk.undo(*two));
        CHECK(progress_of(*desk.at.db, desk.project).skipped == 1);
    });
}

TEST_CASE("only the own and latest decision can be undone") {
    each_desk(1, [](Desk& desk) {
        const auto skipped = desk.skip(desk.one(ada));
        const auto taken = desk.submit(desk.one(ben));
        REQUIRE(taken);
        CHECK_FALSE(desk.undo(*skipped));
        auto foreign = *taken;
        foreign.person = ada;
        const auto refused = desk.undo(foreign);
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().code == Code::not_found);
        CHECK(desk.undo(*taken));
    });
}

TEST_CASE("labels that came with the data close the task and are nobody's decision to undo") {
    each_desk(2, [](Desk& desk) {
        const auto a = desk.at.db->write([&](Session& s) {
            return record_imported(s, desk.project, desk.tasks[0], ada, choose("dog"), desk.now);
        });
        CHECK(keys(desk.next(ben, 5)) == Keys{"t2"});
        CHECK_FALSE(desk.undo(a));
        CHECK(desk.at.db
                  ->read([&](Session& s) { return recent_answers(s, desk.project.id, ada, 10); })
                  .empty());
        CHECK(progress_of(*desk.at.db, desk.project).imported == 1);
        CHECK(progress_of(*desk.at.db, desk.project).done == 1);
    });
}

TEST_CASE("a decision on a shown draft counts for its model, and its undo counts it off") {
    each_desk(1, [](Desk& desk) {
        Id model = 0;
        desk.project.policy.blind_share = 0;
        desk.at.db->write([&](Session& s) {
            Draft d;
            d.task = desk.tasks[0];
            d.model_version = drafter(s, desk.project);
            d.regions = choose("cat");
            model = find_model_version(s, d.model_version)->model;
            insert_drafts(s, desk.project.id, {d}, true);
        });
        auto a = desk.answer(desk.one(ada));
        a.action = Action::accepted;
        const auto written = desk.submit(a);
        REQUIRE(written);
        const auto stats = [&] {
            return desk.at.db->read([&](Session& s) { return stats_of(s, model); });
        };
        CHECK(stats().decided == 1);
        CHECK(stats().accepted == 1);
        REQUIRE(desk.undo(*written));
        CHECK(stats().decided == 0);
        CHECK(stats().accepted == 0);
    });
}

TEST_CASE("a response is stored once for a person and a key") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            CHECK_FALSE(find_idempotent(s, ada, "k"));
            save_idempotent(s, ada, "k", "{}", noon);
            CHECK(find_idempotent(s, ada, "k") == "{}");
            CHECK_FALSE(find_idempotent(s, ben, "k"));
            forget_idempotent(s, noon + 1);
            CHECK_FALSE(find_idempotent(s, ada, "k"));
        });
    });
}

TEST_CASE("comments stand under their task in order, with their author's name") {
    each_engine([](Place& at) {
        at.db->write([](Session& s) {
            Person person;
            person.name = "ada";
            person.display = "Ada";
            const Id id = insert_person(s, person);
            insert_comment(s, {0, 5, id, "", "first", noon});
            insert_comment(s, {0, 6, id, "", "elsewhere", noon});
            insert_comment(s, {0, 5, id, "", "second", noon + 1});
            const auto all = comments_of(s, 5);
            REQUIRE(all.size() == 2);
            CHECK(all[0].text == "first");
            CHECK(all[0].author == "Ada");
            CHECK(all[1].text == "second");
        });
    });
}

}  // namespace countersign
