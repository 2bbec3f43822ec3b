#include "store/model_store.h"

#include "store/desk_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

struct Drafting {
    Place& at;
    Project project;
    std::vector<Id> tasks;
    Id model = 0, version = 0;

    Drafting(Place& place, int count) : at(place), project(make_project(*place.db)) {
        tasks = make_tasks(*place.db, project, count);
        at.db->write([&](Session& s) {
            Model m;
            m.project = project.id;
            m.name = "learner";
            m.kind = "text-learner";
            m.config = {{"map", {{"person", "Person"}}}};
            model = insert_model(s, m);
            version = add_version(s, "1");
        });
    }
    Id add_version(Session& s, const std::string& name) {
        ModelVersion v;
        v.model = model;
        v.name = name;
        v.quality = {{"accuracy", 0.9}};
        v.state = std::string("\0\x01weights", 9);
        v.learned_from = 47;
        return insert_model_version(s, v);
    }
    Draft draft(Id task, Id by, Grounding grounding = Grounding::grounded) const {
        Draft d;
        d.task = task;
        d.model_version = by;
        d.regions = choose("dog");
        d.grounding = grounding;
        d.created = noon;
        return d;
    }
    std::vector<Id> due(Id by, int limit = 100) {
        return at.db->read([&](Session& s) {
            std::vector<Id> out;
            for (const auto& t : tasks_to_draft(s, project.id, model, by, limit))
                out.push_back(t.id);
            return out;
        });
    }
    void check_counters() {
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
    }
};

void each_drafting(int tasks, const std::function<void(Drafting&)>& test) {
    each_engine([&](Place& at) {
        Drafting drafting(at, tasks);
        test(drafting);
        drafting.check_counters();
    });
}

}  // namespace

TEST_CASE("models and versions read back; lists leave the weights out") {
    each_drafting(1, [](Drafting& d) {
        d.at.db->write([&](Session& s) {
            auto m = *find_model(s, d.model);
            CHECK(m.config["map"]["person"] == "Person");
            m.enabled = false;
            m.name = "other";
            update_model(s, m);
            CHECK(list_models(s, d.project.id).at(0).name == "other");
            CHECK_FALSE(list_models(s, d.project.id).at(0).enabled);
            const Id second = d.add_version(s, "2");
            CHECK(latest_version(s, d.model)->id == second);
            CHECK(find_model_version(s, d.version)->state == std::string("\0\x01weights", 9));
            const auto all = list_versions(s, d.model);
            REQUIRE(all.size() == 2);
            CHECK(all[0].id == second);
            CHECK(all[0].state == "");
            CHECK(all[0].quality["accuracy"] == 0.9);
        });
    });
}

TEST_CASE(
    "a later draft of the same model replaces the earlier one, of another model stands beside it") {
    each_drafting(1, [](Drafting& d) {
        d.at.db->write([&](Session& s) {
            const Id task = d.tasks[0];
            CHECK(insert_drafts(s, d.project.id, {d.draft(task, d.version, Grounding::weak)},
                                true) == 1);
            const Id second = d.add_version(s, "2");
            CHECK(insert_drafts(s, d.project.id, {d.draft(task, second)}, true) == 1);
            Model other;
            other.project = d.project.id;
            other.name = "other";
            other.kind = "imported";
            ModelVersion v;
            v.model = insert_model(s, other);
            v.name = "x";
            CHECK(insert_drafts(s, d.project.id, {d.draft(task, insert_model_version(s, v))},
                                true) == 1);
            const auto all = drafts_of(s, task);
            REQUIRE(all.size() == 3);
            CHECK(all[0].current);
            CHECK(all[1].current);
            CHECK_FALSE(all[2].current);
            CHECK(find_draft(s, all[2].id)->grounding == Grounding::weak);
            const auto stats = stats_of(s, d.model);
            CHECK(stats.drafted == 1);
            CHECK(stats.weak == 0);
            CHECK(stats.grounded == 1);
            CHECK(find_progress(s, d.project.id).drafted == 1);
        });
    });
}

TEST_CASE("of drafts that come together for one task and model the last one counts") {
    each_drafting(3, [](Drafting& d) {
        d.at.db->write([&](Session& s) {
            insert_drafts(s, d.project.id, {d.draft(d.tasks[0], d.version, Grounding::weak)}, true);
            Model other;
            other.project = d.project.id;
            other.name = "other";
            other.kind = "imported";
            ModelVersion v;
            v.model = insert_model(s, other);
            v.name = "x";
            const Id beside = insert_model_version(s, v);
            auto unsure = d.draft(d.tasks[1], beside);
            unsure.probability.reset();
            unsure.regions = choose("tab\t, \"quote\" and \\ backslash");
            CHECK(insert_drafts(s, d.project.id,
                                {d.draft(d.tasks[1], d.version, Grounding::weak),
                                 d.draft(d.tasks[0], d.version, Grounding::repaired),
                                 d.draft(d.tasks[1], d.version), unsure},
                                true) == 4);
            const auto first = drafts_of(s, d.tasks[0]), second = drafts_of(s, d.tasks[1]);
            REQUIRE(first.size() == 2);
            CHECK(first[0].current);
            CHECK_FALSE(first[1].current);
            REQUIRE(second.size() == 3);
            CHECK(second[0].model_version == beside);
            CHECK_FALSE(second[0].probability);
            CHECK(second[0].regions.at(0).labels == unsure.regions[0].labels);
            CHECK(second[1].current);
            CHECK_FALSE(second[2].current);
            CHECK(drafts_of(s, d.tasks[2]).empty());
            const auto stats = stats_of(s, d.model);
            CHECK(stats.drafted == 2);
            CHECK(stats.weak == 0);
            CHECK(stats.repaired == 1);
            CHECK(stats.grounded == 1);
            CHECK(lease(s, d.project, 7, 2, noon)[1].draft->id == second[0].id);
            CHECK_THROWS_AS(insert_drafts(s, d.project.id, {d.draft(999, d.version)}, true),
                            Breakdown);
        });
    });
}

TEST_CASE("a task that somebody opened keeps its draft") {
    each_drafting(4, [](Drafting& d) {
        d.at.db->write([&](Session& s) {
            const auto held = lease(s, d.project, 7, 2, noon);
            Answer a;
            a.task = held[0].task.id;
            a.person = 7;
            a.assignment = held[0].assignment.id;
            a.regions = choose("cat");
            REQUIRE(record_answer(s, d.project, a, noon));
            save_work(s, d.tasks[2], 7, "{}", noon);
            std::vector<Draft> drafts;
            for (const Id task : d.tasks) drafts.push_back(d.draft(task, d.version));
            CHECK(insert_drafts(s, d.project.id, drafts, true) == 1);
            CHECK(drafts_of(s, d.tasks[3]).size() == 1);
            CHECK(insert_drafts(s, d.project.id, drafts, false) == 4);
        });
    });
}

TEST_CASE("what to draft next: ready, in queue order, not yet by this version") {
    each_drafting(5, [](Drafting& d) {
        CHECK(d.due(d.version, 2) == std::vector<Id>{d.tasks[0], d.tasks[1]});
        d.at.db->write([&](Session& s) {
            lease(s, d.project, 7, 1, noon);
            insert_drafts(s, d.project.id, {d.draft(d.tasks[1], d.version)}, true);
            save_work(s, d.tasks[3], 7, "{}", noon);
        });
        CHECK(d.due(d.version) == std::vector<Id>{d.tasks[2], d.tasks[4]});
        CHECK(d.at.db->read([&](Session& s) {
            return count_to_draft(s, d.project.id, d.model, d.version);
        }) == 2);
        const Id second = d.at.db->write([&](Session& s) { return d.add_version(s, "2"); });
        CHECK(d.due(second) == std::vector<Id>{d.tasks[1], d.tasks[2], d.tasks[4]});
    });
}

TEST_CASE("a task that comes back to the queue is drafted too, though the search had passed it") {
    each_drafting(6, [](Drafting& d) {
        std::vector<Leased> held;
        d.at.db->write([&](Session& s) { held = lease(s, d.project, 7, 1, noon); });
        while (true) {
            const auto due = d.due(d.version, 2);
            if (due.empty()) break;
            d.at.db->write([&](Session& s) {
                for (const Id task : due)
                    insert_drafts(s, d.project.id, {d.draft(task, d.version)}, true);
            });
        }
        d.at.db->write([&](Session& s) { release_leases(s, d.project.id, 7); });
        CHECK(d.due(d.version, 2) == std::vector<Id>{d.tasks[0]});
    });
}

TEST_CASE("a learner reads the current labels by task, with how they came about") {
    each_drafting(3, [](Drafting& d) {
        d.at.db->write([&](Session& s) {
            CHECK(count_labels(s, d.project.id) == 0);
            record_imported(s, d.project, d.tasks[2], 7, choose("cow"), noon);
            const auto held = lease(s, d.project, 7, 1, noon);
            Answer a;
            a.task = held[0].task.id;
            a.person = 7;
            a.assignment = held[0].assignment.id;
            a.regions = choose("cat");
            a.action = Action::created;
            const auto written = record_answer(s, d.project, a, noon);
            REQUIRE(written);
            const auto rows = labels_to_learn(s, d.project.id, 0, 10);
            REQUIRE(rows.size() == 2);
            CHECK(rows[0].task == d.tasks[0]);
            CHECK(rows[0].data == R"({"text":"item 1"})");
            CHECK(rows[0].regions[0].labels[0] == "cat");
            CHECK(rows[1].action == Action::imported);
            CHECK(labels_to_learn(s, d.project.id, d.tasks[0], 10).size() == 1);
            CHECK(count_labels(s, d.project.id) == 2);
            REQUIRE(undo_answer(s, d.project, written->id, 7, noon));
            CHECK(count_labels(s, d.project.id) == 1);
        });
    });
}

}  // namespace countersign
