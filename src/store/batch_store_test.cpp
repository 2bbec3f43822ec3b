#include "store/batch_store.h"

#include <algorithm>

#include "store/desk_store.h"
#include "store/model_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

constexpr Id ada = 11, ben = 12;
const ItemClass cats{"animal", "cat"};

/// Tasks with drafts: cats, but every fifth a dog; less and less certain.
struct Herd {
    Place& at;
    Project project;
    std::vector<Id> tasks;

    Herd(Place& place, int count, double blind) : at(place), project(make_project(*place.db)) {
        project.policy.blind_share = blind;
        tasks = make_tasks(*place.db, project, count);
        at.db->write([&](Session& s) {
            Model model;
            model.project = project.id;
            model.name = "learner";
            model.kind = "text-learner";
            model.config = Json::object();
            ModelVersion version;
            version.model = insert_model(s, model);
            version.name = "1";
            version.quality = Json::object();
            const Id made = insert_model_version(s, version);
            std::vector<Draft> drafts;
            for (std::size_t i = 0; i < tasks.size(); ++i) {
                Draft d;
                d.task = tasks[i];
                d.model_version = made;
                d.regions = choose(i % 5 == 4 ? "dog" : "cat");
                d.probability = 0.99 - 0.001 * static_cast<double>(i);
                d.regions[0].probability = d.probability;
                drafts.push_back(d);
            }
            insert_drafts(s, project.id, drafts, true);
        });
    }
    std::vector<BatchTask> waiting(Id person, const std::optional<ItemClass>& what = cats) {
        std::vector<BatchTask> out;
        at.db->read([&](Session& s) {
            each_candidate(s, project, person, what, [&](const Candidate& one, std::string_view) {
                BatchTask row;
                row.place = static_cast<std::int64_t>(out.size());
                row.task = one.task;
                row.draft = one.draft;
                out.push_back(row);
            });
        });
        return out;
    }
    std::vector<Assignment> take(Id person, const std::vector<BatchTask>& rows) {
        return at.db->write(
            [&](Session& s) { return lease_drafted(s, project, person, rows, noon); });
    }
    Result<Annotation> accept(const Assignment& held) {
        return at.db->write([&](Session& s) {
            Answer a;
            a.task = held.task;
            a.person = held.person;
            a.assignment = held.id;
            a.regions = choose("cat");
            a.action = Action::accepted;
            return record_answer(s, project, a, noon);
        });
    }
};

void each_herd(int count, double blind, const std::function<void(Herd&)>& test) {
    each_engine([&](Place& at) {
        Herd herd(at, count, blind);
        test(herd);
        CHECK(text_of(progress_of(*at.db, herd.project)) == text_of(counted(*at.db, herd.project)));
    });
}

}  // namespace

TEST_CASE("routine drafts are found by class, and by nobody who may not have the task") {
    each_herd(20, 0, [](Herd& herd) {
        CHECK(herd.waiting(ada).size() == 16);
        CHECK(herd.waiting(ada, ItemClass{"animal", "dog"}).size() == 4);
        CHECK(herd.waiting(ada, std::nullopt).size() == 20);
        const auto held = herd.take(ada, herd.waiting(ada));
        REQUIRE(held.size() == 16);
        CHECK_MESSAGE(herd.waiting(ada).size() == 16, "those one holds are still in the batch");
        CHECK(herd.waiting(ben).empty());
        CHECK(herd.take(ben, herd.waiting(ada)).empty());
        REQUIRE(herd.accept(held[0]));
        CHECK(herd.waiting(ada).size() == 15);
    });
}

TEST_CASE("a task drawn blind for a person never shows its draft in their batch") {
    each_herd(300, 0.3, [](Herd& herd) {
        const auto rows = herd.waiting(ada, std::nullopt);
        CHECK(rows.size() > 170);
        CHECK(rows.size() < 250);
        std::vector<BatchTask> everything;
        for (const Id task : herd.tasks) {
            BatchTask row;
            row.task = task;
            row.draft = herd.at.db->read([&](Session& s) { return drafts_of(s, task)[0].id; });
            everything.push_back(row);
        }
        const auto held = herd.take(ada, everything);
        CHECK(held.size() == rows.size());
        for (const auto& assignment : held) CHECK(assignment.arm == Arm::assisted);
        // What is left to the desk is blind, all of it.
        const auto desk =
            herd.at.db->write([&](Session& s) { return lease(s, herd.project, ada, 300, noon); });
        for (const auto& leased : desk) {
            const bool in_batch = std::any_of(held.begin(), held.end(), [&](const Assignment& one) {
                return one.task == leased.task.id;
            });
            CHECK((leased.assignment.arm == Arm::blind) == !in_batch);
        }
    });
}

TEST_CASE("a task that somebody marked is for the desk, until it has another draft") {
    each_herd(5, 0, [](Herd& herd) {
        const auto rows = herd.waiting(ada);
        const auto held = herd.take(ada, rows);
        REQUIRE(held.size() == 4);
        herd.at.db->write([&](Session& s) {
            Batch batch;
            batch.project = herd.project.id;
            batch.person = ada;
            batch.what = cats;
            batch.created = noon;
            batch.id = insert_batch(s, batch);
            BatchTask row = rows[0];
            row.state = BatchState::marked;
            insert_batch_tasks(s, batch.id, {row});
            for (const auto& one : held) release_one(s, herd.project.id, one);
        });
        CHECK(herd.waiting(ada).size() == 3);
        CHECK(herd.waiting(ben).size() == 3);
        CHECK(progress_of(*herd.at.db, herd.project).ready == 5);
    });
}

TEST_CASE("a draft that changed since it was found is not taken") {
    each_herd(5, 0, [](Herd& herd) {
        auto rows = herd.waiting(ada);
        rows[0].draft += 1000;
        CHECK(herd.take(ada, rows).size() == 3);
    });
}

TEST_CASE("a batch keeps its tasks, its bound, and whether it can be taken back") {
    each_herd(5, 0, [](Herd& herd) {
        herd.project.policy.overlap = 2;  // So that somebody can decide after ada.
        const auto held = herd.take(ada, herd.waiting(ada));
        const auto given = herd.accept(held[0]);
        REQUIRE(given);
        const Id id = herd.at.db->write([&](Session& s) {
            Batch batch;
            batch.project = herd.project.id;
            batch.person = ada;
            batch.what = cats;
            batch.population = 4;
            batch.sample = 2;
            batch.alpha = 0.5;
            batch.delta = 0.05;
            batch.created = noon;
            const Id made = insert_batch(s, batch);
            std::vector<BatchTask> rows;
            for (const auto& one : held) {
                BatchTask row;
                row.place = static_cast<std::int64_t>(rows.size());
                row.task = one.task;
                row.draft = one.draft;
                rows.push_back(row);
            }
            insert_batch_tasks(s, made, rows);
            note_batch_task(s, made, 0, BatchState::accepted, given->id);
            note_bound(s, made, 1, 3);
            return made;
        });
        herd.at.db->read([&](Session& s) {
            const auto batch = find_batch(s, id);
            REQUIRE(batch);
            CHECK(batch->what == cats);
            CHECK(batch->errors == 1);
            CHECK(batch->most_wrong == 3);
            CHECK(open_sample(s, herd.project.id, ada, cats)->id == id);
            CHECK_FALSE(open_sample(s, herd.project.id, ben, cats));
            CHECK(count_batch_tasks(s, id, BatchState::waits, 0, 2) == 1);
            CHECK(batch_tasks(s, id, BatchState::waits, 2, 9, 9).size() == 2);
            CHECK_FALSE(batch_moved_on(s, id));
        });
        const auto second =
            herd.at.db->write([&](Session& s) { return lease(s, herd.project, ben, 1, noon); });
        REQUIRE(second[0].task.id == held[0].task);
        REQUIRE(herd.accept(second[0].assignment));
        CHECK(herd.at.db->read([&](Session& s) { return batch_moved_on(s, id); }));
    });
}

TEST_CASE(
    "a draft of several boxes claims less than each of them, and one without claims even odds") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const auto tasks = make_tasks(*at.db, project, 2);
        at.db->write([&](Session& s) {
            Model model;
            model.project = project.id;
            model.kind = "imported";
            model.config = Json::object();
            ModelVersion version;
            version.model = insert_model(s, model);
            version.quality = Json::object();
            Draft d;
            d.task = tasks[0];
            d.model_version = insert_model_version(s, version);
            Region box;
            box.control = "thing";
            box.kind = ControlKind::boxes;
            box.labels = {R"(a "kind": of car)"};
            box.confidence = 0.9;
            d.regions = {box, box, box};
            Draft silent = d;
            silent.task = tasks[1];
            for (auto& region : silent.regions) region.confidence.reset();
            insert_drafts(s, project.id, {d, silent}, true);
        });
        std::vector<Candidate> found;
        at.db->read([&](Session& s) {
            each_candidate(s, project, ada, {},
                           [&](const Candidate& one, std::string_view) { found.push_back(one); });
        });
        REQUIRE(found.size() == 2);
        std::sort(found.begin(), found.end(),
                  [](const Candidate& a, const Candidate& b) { return a.task < b.task; });
        CHECK(found[0].probability == doctest::Approx(0.729));
        CHECK(found[1].probability == 0.5);
        CHECK_FALSE(found[0].calibrated);
        const auto again =
            at.db->read([&](Session& s) { return find_candidate(s, tasks[0], found[0].draft); });
        REQUIRE(again);
        CHECK(again->probability == found[0].probability);
    });
}

TEST_CASE("what is not one class, weakly grounded or unsure is no routine") {
    Draft d;
    d.regions = choose("cat");
    CHECK(routine_class(d) == cats);
    d.grounding = Grounding::weak;
    CHECK_FALSE(routine_class(d));
    d.grounding = Grounding::grounded;
    d.regions[0].labels = {"cat", "dog"};
    CHECK_FALSE(routine_class(d));
    Region box;
    box.control = "thing";
    box.kind = ControlKind::boxes;
    box.labels = {"car"};
    box.confidence = 0.7;
    d.regions = {box, box};
    CHECK(routine_class(d) == ItemClass{"thing", "car"});
    CHECK(least_sure(d) == 0.7);
    CHECK(claims_whole(0.7, 2) == doctest::Approx(0.49));
    CHECK(claims_whole(0.7, 1) == 0.7);
    d.regions[1].labels = {"van"};
    CHECK_FALSE(routine_class(d));
    for (auto& region : d.regions) region.kind = ControlKind::spans, region.labels = {"PER"};
    CHECK(routine_class(d) == ItemClass{"thing", "PER"});
    d.regions[1].labels = {"LOC"};
    CHECK_FALSE(routine_class(d));
    for (auto& region : d.regions) region.kind = ControlKind::segments, region.labels = {"PER"};
    CHECK_FALSE(routine_class(d));
    CHECK(class_from(class_text(cats)) == cats);
}

}  // namespace countersign
