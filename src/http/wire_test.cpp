#include <doctest/doctest.h>

#include "http/wire_desk.h"

namespace countersign {

namespace {

DeskTask a_task() {
    DeskTask d;
    d.task.id = 7;
    d.task.project = 3;
    d.task.key = "odd \"key\"\n";
    d.task.data = R"({"image":"a.jpg","n":[1,2]})";
    d.task.meta = R"({"site":"north"})";
    d.task.lane = Lane::edge;
    d.task.priority = 200;
    d.media = {5, "abc", "image/jpeg", 10, 640, 480, 1, 0};
    d.assignment.id = 9;
    d.assignment.until = 1'700'000'000'123;
    d.draft.emplace();
    d.draft->id = 11;
    d.draft->confidence = 0.25;
    d.draft->grounding = Grounding::repaired;
    d.draft->created = 5;
    d.model = "nanodet";
    d.model_version = "v\\1";
    Region box;
    box.id = "d1";
    box.control = "objects";
    box.kind = ControlKind::boxes;
    box.labels = {"Car"};
    box.x = 1.5;
    box.width = 10;
    box.height = 20;
    box.probability = 0.7;
    box.origin = Origin::model;
    d.regions = {box};
    d.maybes = {box};
    d.work = R"({"zoom":2})";
    d.former = FormerAnswer{true, 6, {box}};
    return d;
}

Json appended(const DeskTask& task) {
    std::string out;
    append_desk_task(out, task);
    return *parse_json(out);
}

/// `given` has the fields that T lists, all of them, and every value reads back as T's.
template <class T>
void check_against_fields(const Json& given) {
    const auto read = from_json<T>(given);
    REQUIRE_MESSAGE(read, read.refusal().message);
    const auto again = to_json(*read);
    for (const auto& field : again.items()) {
        const std::string& name = field.key();
        CAPTURE(name);
        REQUIRE(given.contains(name));
        const bool holds_regions = name == "regions" || name == "maybes" || name == "former";
        if (!holds_regions && name != "annotation" && name != "next")
            CHECK(given[name] == field.value());
    }
    for (const auto& field : given.items()) {
        const std::string& name = field.key();
        CAPTURE(name);
        CHECK(again.contains(name));
    }
}

}  // namespace

TEST_CASE("a desk task appended by hand has the fields of its wire type") {
    check_against_fields<DeskTaskOut>(appended(a_task()));
    const auto json = appended(a_task());
    CHECK(json["key"] == "odd \"key\"\n");
    CHECK(json["media"]["url"] == "/api/v1/media/m0000000005");
    CHECK(json["regions"][0]["x"] == 1.5);
}

TEST_CASE("a text task without a draft has nulls where there is nothing") {
    DeskTask bare;
    bare.task.id = 1;
    bare.task.data = "{}";
    const auto json = appended(bare);
    check_against_fields<DeskTaskOut>(json);
    for (const auto name : {"meta", "media", "draft", "work"}) {
        CAPTURE(name);
        CHECK(json[name].is_null());
    }
    CHECK(json["regions"].empty());
}

TEST_CASE("annotations and task rows appended by hand have the fields of their wire types") {
    Annotation a;
    a.id = 4;
    a.task = 7;
    a.person = 2;
    a.draft = 11;
    a.action = Action::edited;
    a.regions = a_task().regions;
    a.comment = "tab\there";
    std::string text;
    append_annotation(text, a);
    check_against_fields<AnnotationOut>(*parse_json(text));

    TaskRow row;
    row.task = a_task().task;
    row.task.media = 5;
    row.action = Action::accepted;
    row.person = "Ada";
    row.probability = 0.5;
    row.holder = "Bo \"B\"";
    row.lease_until = 7;
    row.for_person = "Cy";
    text.clear();
    append_task_row(text, row);
    check_against_fields<TaskRowOut>(*parse_json(text));
    row.action.reset();
    row.probability.reset();
    row.task.media = 0;
    text.clear();
    append_task_row(text, row);
    check_against_fields<TaskRowOut>(*parse_json(text));
    CHECK((*parse_json(text))["action"].is_null());

    text.clear();
    append_progress(text, Progress{.total = 10, .done = 3});
    check_against_fields<Progress>(*parse_json(text));
}

}  // namespace countersign
