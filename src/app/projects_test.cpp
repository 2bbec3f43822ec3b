#include "app/projects.h"

#include <doctest/doctest.h>

#include "app/history.h"
#include "app/people_place.h"
#include "store/desk_store.h"
#include "store/task_store.h"

namespace countersign {

TEST_CASE("a schema may gain labels and rename them by alias, but not lose one that is in use") {
    PeoplePlace at;
    Projects projects(at.world);
    Project wanted;
    wanted.name = "Mail";
    wanted.schema.controls = {
        {"topic",
         ControlKind::choices,
         "",
         false,
         true,
         {{"Spam", "", "", "", {}}, {"Ham", "", "", "", {}}, {"Odd", "", "", "", {}}}}};
    const auto person = at.add("ada", Role::admin);
    const Caller caller{person.id, Role::admin, "ada", false};
    const auto project = *projects.create(caller, wanted);
    at.db->write([&](Session& s) {
        const auto outcome = insert_tasks(s, project.id, {{"k1", R"({"text":"a"})", ""}}, 1);
        Region choice;
        choice.id = "r1";
        choice.control = "topic";
        choice.labels = {"Spam"};
        record_imported(s, project, outcome[0].task, person.id, {choice}, 1);
    });

    auto schema = project.schema;
    schema.controls[0].labels = {{"Ham", "", "", "", {}}};
    const auto refused = projects.change(caller, project.id, {.schema = schema});
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().code == Code::conflict);
    CHECK(refused.refusal().message.find("\"Spam\" (1 task)") != std::string::npos);
    CHECK(refused.refusal().message.find("Odd") == std::string::npos);

    schema.controls[0].labels = {{"Ham", "", "", "", {}}, {"Junk", "", "", "", {"Spam"}}};
    const auto changed = projects.change(caller, project.id, {.schema = schema});
    REQUIRE(changed);
    CHECK(changed->schema_version == 2);
    schema.source = "body";
    CHECK_FALSE(projects.change(caller, project.id, {.schema = schema}));
    CHECK(projects.change(caller, project.id, {.schema = changed->schema})->schema_version == 2);

    const auto events = project_events(at.world, caller, project.id, 0, 10)->events;
    REQUIRE(events.size() >= 2);
    CHECK(events[0].kind == "project.created");
    CHECK(*verify_history(at.world, project.id) == static_cast<std::int64_t>(events.size()));
}

TEST_CASE("a control that has answers keeps its kind and what it is about") {
    PeoplePlace at;
    Projects projects(at.world);
    Project wanted;
    wanted.name = "Answers";
    Control note{"note", ControlKind::text, "", false, false, {}};
    Control spans{"names", ControlKind::spans, "", false, false, {{"Person", "", "", "", {}}}};
    wanted.schema.controls = {note, spans};
    const auto project = *projects.create(at.admin, wanted);
    at.db->write([&](Session& s) {
        const auto outcome = insert_tasks(s, project.id, {{"k1", R"({"text":"a"})", ""}}, 1);
        Region written;
        written.id = "r1";
        written.control = "note";
        written.kind = ControlKind::text;
        written.text = "well said";
        record_imported(s, project, outcome[0].task, at.admin.person, {written}, 1);
    });

    auto schema = project.schema;
    schema.controls[0].per_region = true;
    const auto refused = projects.change(at.admin, project.id, {.schema = schema});
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().message.find("\"note\" (1 task)") != std::string::npos);
    schema.controls = {spans};
    CHECK_FALSE(projects.change(at.admin, project.id, {.schema = schema}));
    schema.controls = {note};
    CHECK(projects.change(at.admin, project.id, {.schema = schema}));
}

TEST_CASE("every template makes a project as it stands") {
    PeoplePlace at;
    Projects projects(at.world);
    for (const auto& start : project_templates()) {
        CAPTURE(start.name);
        Project wanted;
        wanted.name = std::string(start.title);
        wanted.schema = start.schema;
        wanted.guideline = std::string(start.guideline);
        const auto made = projects.create(at.admin, wanted);
        REQUIRE(made);
        CHECK(projects.find(made->id)->guideline == start.guideline);
    }
    CHECK(projects.list(0, 2, false).size() == 2);
}

}  // namespace countersign
