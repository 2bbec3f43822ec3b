#include "store/project_store.h"

#include "store/test_engines.h"

namespace countersign {

using namespace testing;

TEST_CASE("a project reads back whole, and its schema and guideline keep their versions") {
    each_engine([](Place& at) {
        auto project = make_project(*at.db);
        CHECK(project.schema.controls[0].labels[1].name == "dog");
        CHECK(project.seed == 42);
        CHECK(project.guideline == "Look twice.");
        at.db->write([&](Session& s) {
            auto schema = project.schema;
            schema.controls[0].labels.pop_back();
            CHECK(save_schema(s, project.id, schema, 7, noon) == 2);
            CHECK(save_guideline(s, project.id, "Look three times.", 7, noon) == 2);
            CHECK(save_guideline(s, project.id, "Look.", 7, noon) == 3);
            CHECK(find_guideline(s, project.id, 2) == "Look three times.");
            CHECK_FALSE(find_guideline(s, project.id, 9));
            CHECK_FALSE(last_guideline_version(s, project.id, 7));
            Policy policy;
            policy.blind_share = 0.25;
            save_policy(s, project.id, policy);
            rename_project(s, project.id, "beasts", "all of them");
            archive_project(s, project.id, true);
        });
        const auto now = *at.db->read([&](Session& s) { return find_project(s, project.id); });
        CHECK(now.schema_version == 2);
        CHECK(now.schema.controls[0].labels.size() == 2);
        CHECK(now.guideline_version == 3);
        CHECK(now.guideline == "Look.");
        CHECK(now.policy.blind_share == 0.25);
        CHECK(now.name == "beasts");
        CHECK(now.description == "all of them");
        CHECK(now.archived);
        CHECK_FALSE(at.db->read([&](Session& s) { return find_project(s, 999); }));
    });
}

TEST_CASE("projects are listed by cursor") {
    each_engine([](Place& at) {
        std::vector<Id> ids;
        for (int i = 0; i < 5; ++i) ids.push_back(make_project(*at.db).id);
        at.db->read([&](Session& s) {
            CHECK(list_projects(s, 0, 3).back().id == ids[2]);
            CHECK(list_projects(s, ids[2], 3).size() == 2);
            CHECK(list_projects(s, ids[4], 3).empty());
        });
    });
}

TEST_CASE("counters add up over many transactions, folded or not") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db), other = make_project(*at.db);
        for (int i = 0; i < 450; ++i)
            at.db->write([&](Session& s) {
                Progress by;
                by.total = 1;
                by.ready = i % 2 ? 1 : -1;
                add_progress(s, i % 3 ? project.id : other.id, by);
            });
        CHECK(progress_of(*at.db, project).total == 300);
        CHECK(progress_of(*at.db, project).ready == 0);
        CHECK(progress_of(*at.db, other).total == 150);
        const auto rows = at.db->read([](Session& s) {
            return *s.one("SELECT COUNT(*) FROM progress", {},
                          [](const RowView& row) { return row.integer(0); });
        });
        CHECK(rows < 450);
    });
}

}  // namespace countersign
