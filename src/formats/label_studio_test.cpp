#include "base/rng.h"
#include "formats/percent.h"
#include "formats/test_kit.h"

using namespace countersign;
using namespace countersign::test;

namespace {

Schema photos() {
    return schema_of(Modality::image, {control("label", ControlKind::boxes, {"Car", "Airplane"}),
                                       control("poly", ControlKind::polygons, {"Car"}),
                                       control("scene", ControlKind::choices, {"in", "out"})});
}

}  // namespace

TEST_CASE("regions, predictions and annotations are read; what cannot be is named") {
    const auto schema = photos();
    ReadContext context;
    context.image_size = [](std::string_view name) {
        return name == "cat.jpg" ? std::optional(ImageSize{600, 400}) : std::nullopt;
    };
    const auto rows = read("label-studio", {{"t.json", R"([
      {"id":1,"data":{"image":"/data/upload/3/1a2b3c4d-cat.jpg","site":"x"},
       "predictions":[{"model_version":"yolo@8","score":0.5,"result":[
         {"from_name":"label","to_name":"image","type":"rectanglelabels","score":0.9,
          "value":{"x":10,"y":25,"width":50,"height":50,"rectanglelabels":["Car"]}},
         {"from_name":"label","to_name":"image","type":"rectanglelabels","value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["Zebra"]}}]}],
       "annotations":[{"completed_by":{"email":"ada@x.org"},"was_cancelled":false,"lead_time":1.5,"created_at":"2026-11-24T21:56:03.120Z","result":[
         {"id":"p","from_name":"poly","to_name":"image","type":"polygonlabels","value":{"points":[[0,0],[50,0],[50,50]],"polygonlabels":["Car"]}},
         {"id":"s","from_name":"weather","to_name":"img","type":"choices","value":{"choices":["in"]}}]},
        {"completed_by":3,"was_cancelled":true,"result":[]}]},
      {"data":{"other":1}} ])"}},
                           &schema, context);
    REQUIRE(rows.size() == 2);
    const auto& row = rows[0];
    CHECK(row.media_ref == "cat.jpg");
    CHECK(row.data == R"({"image":"cat.jpg","site":"x"})");
    REQUIRE(row.drafts.size() == 1);
    CHECK(row.drafts[0].model == "yolo@8");
    CHECK(row.drafts[0].confidence == 0.5);
    REQUIRE(row.drafts[0].regions.size() == 1);
    const auto& box = row.drafts[0].regions[0];
    CHECK(box.x == 60);
    CHECK(box.y == 100);
    CHECK(box.width == 300);
    CHECK(box.confidence == 0.9);
    REQUIRE(row.annotations.size() == 2);
    CHECK(row.annotations[0].person == "ada@x.org");
    CHECK(row.annotations[0].active_ms == 1500);
    CHECK(iso8601(row.annotations[0].created) == "2026-11-24T21:56:03.120Z");
    CHECK(row.annotations[0].regions[0].points == std::vector<double>{0, 0, 300, 0, 300, 200});
    CHECK(row.annotations[0].regions[1].control == "scene");
    CHECK(row.annotations[1].skipped);
    CHECK(row.annotations[1].person == "3");
    CHECK(row.outcome == RowOutcome::repaired);
    CHECK(row.reason.find("1 label left out") != std::string::npos);
    CHECK(row.reason.find("\"Zebra\" is not a label of control \"label\"") != std::string::npos);
    CHECK(row.reason.find("from_name \"weather\" was read as control \"scene\"") !=
          std::string::npos);
    CHECK(row.reason.find("to_name \"img\" was read as \"image\"") != std::string::npos);
    CHECK(rows[1].outcome == RowOutcome::rejected);
}

TEST_CASE("spans count UTF-16 units outside and code points inside; a wrong text is cut again") {
    const auto schema = schema_of(Modality::text, {control("ner", ControlKind::spans, {"PER"}),
                                                   control("note", ControlKind::text, {})});
    // 😀 Ada wrote: the face is two UTF-16 units.
    const auto rows = read("label-studio",
                           {{"t.json", R"([{"data":{"text":"😀 Ada wrote"},"annotations":[{"result":[
         {"id":"a","from_name":"ner","to_name":"text","type":"labels","value":{"start":3,"end":6,"text":"Ada","labels":["PER"]}},
         {"id":"b","from_name":"ner","to_name":"text","type":"labels","value":{"start":7,"end":12,"text":"other","labels":["PER"]}},
         {"id":"c","from_name":"ner","to_name":"text","type":"labels","value":{"start":1,"end":99,"labels":["PER"]}},
         {"id":"d","from_name":"note","to_name":"text","type":"textarea","value":{"text":"plain"}},
         {"id":"e","from_name":"note","to_name":"text","type":"textarea","value":{"text":["in","lines"]}}]}]}])"}},
                           &schema);
    REQUIRE(rows.size() == 1);
    const auto& regions = rows[0].annotations[0].regions;
    REQUIRE(regions.size() == 4);
    CHECK(regions[0].start == 2);
    CHECK(regions[0].end == 5);
    CHECK(regions[0].text == "Ada");
    CHECK(regions[1].text == "wrote");
    CHECK(regions[2].text == "plain");
    CHECK(regions[3].text == "in\nlines");
    CHECK(rows[0].reason.find("cut again") != std::string::npos);
    CHECK(rows[0].reason.find("does not lie inside the text") != std::string::npos);
    Project project;
    project.schema = schema;
    const auto kept = record_of("k", R"({"text":"😀 Ada wrote"})", "", 0, 0, regions);
    const auto again = read(
        "label-studio", {{"t.json", written("label-studio", project, {&kept->record})}}, &schema);
    CHECK(again[0].outcome == RowOutcome::accepted);
    CHECK(again[0].key == "k");
    CHECK(regions_text(again[0].annotations[0].regions) == kept->label_text);
}

TEST_CASE("boxes, polygons, rotations and choices come back from percent to the last bit") {
    const auto schema = photos();
    Project project;
    project.schema = schema;
    Rng rng(7);
    for (int round = 0; round < 200; ++round) {
        const int width = 1 + static_cast<int>(rng.uniform() * 5000),
                  height = 1 + static_cast<int>(rng.uniform() * 5000);
        Region box, polygon, choice;
        box.id = "b";
        box.control = "label";
        box.kind = ControlKind::boxes;
        box.labels = {"Car"};
        box.x = rng.uniform() * width / 2, box.y = rng.uniform() * height / 2;
        box.width = 0.1 + rng.uniform() * width / 3, box.height = 0.1 + rng.uniform() * height / 3;
        box.rotation = round % 2 ? 12.5 : 0;
        polygon.id = "p";
        polygon.control = "poly";
        polygon.kind = ControlKind::polygons;
        polygon.labels = {"Car"};
        for (int i = 0; i < 8; ++i)
            polygon.points.push_back(rng.uniform() * (i % 2 ? height : width));
        choice.id = choice.control = "scene";
        choice.labels = {"out"};
        for (auto* r : {&box, &polygon, &choice}) r->origin = Origin::imported;
        const auto kept = record_of("a.jpg", R"({"image":"a.jpg"})", "a.jpg", width, height,
                                    {box, polygon, choice});
        const auto rows =
            read("label-studio", {{"t.json", written("label-studio", project, {&kept->record})}},
                 &schema);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].outcome == RowOutcome::accepted);
        CHECK(regions_text(rows[0].annotations.at(0).regions) == kept->label_text);
    }
}

TEST_CASE("a plain list of objects reads as JSON Lines do") {
    const auto schema =
        schema_of(Modality::text, {control("kind", ControlKind::choices, {"ham", "spam"})});
    const auto rows = read(
        "label-studio",
        {{"t.json", R"([{"text":"a","label":"spam"},{"text":"b"},3,{"text":"c","label":"x"}])"}},
        &schema);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].annotations.size() == 1);
    CHECK(rows[0].data == R"({"text":"a"})");
    CHECK(rows[2].outcome == RowOutcome::rejected);
    CHECK(rows[3].outcome == RowOutcome::repaired);
}
