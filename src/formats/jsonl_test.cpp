#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Schema spam_or_not() {
    auto schema =
        schema_of(Modality::text, {control("kind", ControlKind::choices, {"ham", "spam"})});
    schema.controls[0].labels[1].aliases = {"junk"};
    return schema;
}

}  // namespace

TEST_CASE(
    "a plain line is a task: its text, its id, its label; a label the schema lacks is named") {
    const auto schema = spam_or_not();
    const auto rows = read("jsonl",
                           {{"a.jsonl",
                             "{\"id\":7,\"text\":\"Win!\",\"label\":\"junk\",\"extra\":[1, 2]}\n"
                             "\n"
                             "{\"content\":\"Hi\",\"labels\":[\"other\"]}\n"
                             "{\"id\":9}\n"
                             "not json\n"
                             "{\"text\":\"bro\xff\",\"category\":\"ham\"}\n"
                             "{\"text\":\"\\ud800\"}\n"}},
                           &schema);
    REQUIRE(rows.size() == 6);
    CHECK(rows[0].key == "7");
    CHECK(rows[0].where == "a.jsonl:1");
    CHECK(rows[0].data == R"({"id":7,"text":"Win!","extra":[1, 2]})");
    REQUIRE(rows[0].annotations.size() == 1);
    CHECK(rows[0].annotations[0].regions[0].labels == std::vector<std::string>{"spam"});
    CHECK(rows[1].outcome == RowOutcome::repaired);
    CHECK(rows[1].where == "a.jsonl:3");
    CHECK(rows[1].annotations.empty());
    CHECK(rows[1].reason.find("\"other\" is not a choice of the schema") != std::string::npos);
    CHECK(rows[1].data.starts_with(R"({"text":"Hi")"));
    CHECK(rows[2].reason.find("it has no text under \"text\"") != std::string::npos);
    CHECK(rows[3].reason.starts_with("a.jsonl:5: it is not valid JSON"));
    CHECK(rows[4].outcome == RowOutcome::repaired);
    CHECK(rows[4].annotations.size() == 1);
    CHECK(rows[5].outcome == RowOutcome::rejected);
}

TEST_CASE("labels become drafts when asked") {
    const auto schema = spam_or_not();
    ReadContext context;
    context.labels_are_drafts = true;
    const auto rows =
        read("jsonl", {{"a.jsonl", R"({"text":"Win!","label":"spam"})"}}, &schema, context);
    CHECK(rows[0].annotations.empty());
    REQUIRE(rows[0].drafts.size() == 1);
    CHECK(rows[0].drafts[0].regions[0].origin == Origin::model);
}

TEST_CASE("our own lines come back as they went out, to the last byte and bit") {
    const auto schema =
        schema_of(Modality::image, {control("objects", ControlKind::boxes, {"cat", "dog"}),
                                    control("scene", ControlKind::choices, {"in", "out"})});
    Region box;
    box.id = "b1";
    box.control = "objects";
    box.kind = ControlKind::boxes;
    box.labels = {"cat"};
    box.x = 0.1 + 0.2, box.y = 1.0 / 3, box.width = 100.125, box.height = 5e-3 + 7;
    box.confidence = 0.7;
    box.probability = 1.0 / 7;
    box.origin = Origin::edited;
    box.grounding = Grounding::repaired;
    box.reason = "moved \"a bit\"";
    box.meta = Json{{"pose", "left"}, {"n", 3}};
    Region choice;
    choice.id = "scene";
    choice.control = "scene";
    choice.labels = {"in"};
    choice.origin = Origin::person;
    auto kept = record_of("cat 1.jpg", R"({"image":"cat 1.jpg","n":1e3,"s":"\u00e9"})", "cat 1.jpg",
                          640, 480, {box, choice});
    auto& r = kept->record;
    kept->meta = R"({"camera":"a"})";
    r.meta = kept->meta;
    kept->draft_text = regions_text({box});
    ExportRecord::ADraft draft;
    draft.model = "nanodet";
    draft.version = "3";
    draft.regions_text = kept->draft_text;
    draft.grounding = "repaired";
    draft.confidence = 0.7;
    draft.probability = 0.65;
    draft.created = 12;
    r.drafts.push_back(draft);
    r.annotations[0].flagged = true;
    Project project;
    project.schema = schema;
    const auto bytes = written("jsonl", project, {&r});
    const auto rows = read("jsonl", {{"export.jsonl", bytes}}, &schema);
    REQUIRE(rows.size() == 1);
    const auto& row = rows[0];
    CHECK(row.outcome == RowOutcome::accepted);
    CHECK(row.key == kept->key);
    CHECK(row.data == kept->data);
    CHECK(row.meta == kept->meta);
    CHECK(row.media_ref == "cat 1.jpg");
    CHECK(row.width == 640);
    REQUIRE(row.drafts.size() == 1);
    CHECK(row.drafts[0].model == "nanodet@3");
    CHECK(row.drafts[0].confidence == 0.7);
    CHECK(regions_text(row.drafts[0].regions) == kept->draft_text);
    REQUIRE(row.annotations.size() == 1);
    CHECK(regions_text(row.annotations[0].regions) == kept->label_text);
    CHECK(row.annotations[0].person == "ada@example.org");
    CHECK(row.annotations[0].comment == "a \"hard\" one");
    CHECK(row.annotations[0].active_ms == 3210);
    CHECK(row.annotations[0].flagged);
    CHECK(row.annotations[0].created == 1'700'000'000'123);
    const auto other =
        schema_of(Modality::image, {control("objects", ControlKind::boxes, {"dog"})});
    const auto poorer = read("jsonl", {{"export.jsonl", bytes}}, &other);
    CHECK(poorer[0].outcome == RowOutcome::repaired);
    CHECK(poorer[0].annotations[0].regions.empty());
}

TEST_CASE("a broken part of our own line is named by its path") {
    const auto schema = spam_or_not();
    const auto rows = read(
        "jsonl",
        {{"x.jsonl",
          R"({"countersign":1,"data":{"text":"a"},"annotations":[{"regions":[{"id":"a"},{"x":"wide"}]}]})"}},
        &schema);
    CHECK(rows[0].reason.find("annotations[0].regions[1].x must be a number") != std::string::npos);
}
