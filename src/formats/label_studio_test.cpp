#include "base/rng.h"
#include "base/text.h"
#include "formats/label_config.h"
#include "formats/label_studio_cue.h"
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
                  height = round % 2 ? width : 1 + static_cast<int>(rng.uniform() * 5000);
        Region box, polygon, choice;
        box.id = "b";
        box.control = "label";
        box.kind = ControlKind::boxes;
        box.labels = {"Car"};
        box.x = (0.25 + rng.uniform() / 4) * width, box.y = rng.uniform() * height / 2;
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

namespace {

Region made(std::string id, std::string control, ControlKind kind,
            std::vector<std::string> labels) {
    Region r;
    r.id = std::move(id);
    r.control = std::move(control);
    r.kind = kind;
    r.labels = std::move(labels);
    r.origin = Origin::imported;
    return r;
}

/// What comes back of `regions` after a way out and in; every row must be taken as it stands.
std::string there_and_back(const Schema& schema, const std::string& data, const std::string& image,
                           int width, int height, const Regions& regions) {
    Project project;
    project.schema = schema;
    const auto kept = record_of("k", data, image, width, height, regions);
    const auto rows = read(
        "label-studio", {{"t.json", written("label-studio", project, {&kept->record})}}, &schema);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].reason == "");
    return regions_text(rows[0].annotations.at(0).regions);
}

Schema everything_on_photos() {
    auto pose = control("pose", ControlKind::keypoints, {"person"});
    pose.points = {"nose", "left eye", "right eye"};
    pose.lines = {0, 1, 0, 2};
    auto grade = control("grade", ControlKind::rating, {"poor", "fair", "good"});
    auto state = control("state", ControlKind::choices, {"old", "new", "rusty"}, true);
    auto note = control("note", ControlKind::text, {});
    state.per_region = note.per_region = true;
    state.required = note.required = grade.required = false;
    return schema_of(Modality::image,
                     {control("label", ControlKind::boxes, {"Car"}),
                      control("poly", ControlKind::polygons, {"Lake"}),
                      control("tip", ControlKind::keypoints, {"tip", "end"}), pose, grade, state,
                      note, control("kind", ControlKind::relations, {"part of", "behind"})});
}

}  // namespace

TEST_CASE("every kind of region on an image comes back from Label Studio as it was") {
    const auto schema = everything_on_photos();
    Rng rng(11);
    for (int round = 0; round < 100; ++round) {
        const int width = 10 + static_cast<int>(rng.uniform() * 4000), height = width / 2 + 3;
        auto box = made("b", "label", ControlKind::boxes, {"Car"});
        box.x = rng.uniform() * width / 2, box.y = 1, box.width = width / 3.0, box.height = 2;
        auto lake = made("p", "poly", ControlKind::polygons, {"Lake"});
        for (int i = 0; i < 8; ++i) lake.points.push_back(rng.uniform() * (i % 2 ? height : width));
        lake.rings = {{1, 1, 2, 1, 2, 2}, {0.1, 0.2, 0.3, 0.7, 1.0 / 3, 0.5}};
        lake.meta = {{"text", Json::array({"a remark"})}};
        auto tip = made("t", "tip", ControlKind::keypoints, {"end"});
        tip.points = {rng.uniform() * width, rng.uniform() * height};
        auto pose = made("s", "pose", ControlKind::keypoints, {"person"});
        for (int i = 0; i < 6; ++i) pose.points.push_back(rng.uniform() * (i % 2 ? height : width));
        auto part_hidden = pose;
        part_hidden.id = "s2";
        part_hidden.visible = {2, 1, 0};
        part_hidden.points[4] = part_hidden.points[5] = 0;
        auto grade = made("g", "grade", ControlKind::rating, {"fair"});
        auto state = made("x1", "state", ControlKind::choices, {"old", "rusty"});
        state.parent = "b";
        auto note = made("x2", "note", ControlKind::text, {});
        note.parent = "s";
        note.text = "on a skeleton\nwith two lines";
        auto relation = made("r", "kind", ControlKind::relations, {"behind"});
        relation.from = "b";
        relation.to = "s2";
        const Regions all = {relation, state, box, lake, tip, pose, part_hidden, grade, note};
        REQUIRE(check_regions(schema, all, {width, height, "", 0}, false));
        CHECK(there_and_back(schema, R"({"image":"a.jpg"})", "a.jpg", width, height, all) ==
              regions_text(all));
    }
}

TEST_CASE("spans between emoji and combining marks come back with their answers and relations") {
    auto sure = control("sure", ControlKind::rating, {"1", "2", "3", "4", "5"});
    auto why = control("why", ControlKind::text, {}, true);
    sure.per_region = why.per_region = true;
    const auto schema =
        schema_of(Modality::text, {control("ner", ControlKind::spans, {"PER", "ORG"}),
                                   control("rel", ControlKind::relations, {"works for"}), sure, why,
                                   control("tone", ControlKind::choices, {"+", "-"}, true)});
    // A family of seven code points, e with a combining acute, a flag of two, Cyrillic, CJK.
    const std::vector<std::string> pieces = {
        "👨‍👩‍👧‍👦", "e\u0301", "🇫🇷", "Ада", "漢字", "a", " ", "𝒳"};
    Rng rng(5);
    for (int round = 0; round < 100; ++round) {
        std::string text;
        for (int i = 0; i < 20; ++i) text += pieces[static_cast<std::size_t>(rng.uniform() * 7.99)];
        const auto length = static_cast<double>(code_points(text));
        Regions all;
        for (int i = 0; i < 5; ++i) {
            auto span = made("s" + std::to_string(i), "ner", ControlKind::spans, {"PER"});
            span.start = std::floor(rng.uniform() * (length - 1));
            span.end = span.start + 1 + std::floor(rng.uniform() * (length - span.start));
            span.end = std::min(span.end, length);
            all.push_back(span);
        }
        auto about = made("q", "sure", ControlKind::rating, {"4"});
        about.parent = "s3";
        auto because = made("w", "why", ControlKind::text, {});
        because.parent = "s3";
        because.text = "🙂 \"so\"";
        auto more = because;
        more.id = "w2";
        more.text = "again";
        auto joined = made("j", "rel", ControlKind::relations, {"works for"});
        joined.from = "s0", joined.to = "s4";
        auto nameless = made("j2", "rel", ControlKind::relations, {});
        nameless.from = "s1", nameless.to = "s2";
        const auto tone = made("t", "tone", ControlKind::choices, {"+", "-"});
        for (const auto& r : {about, because, more, joined, nameless, tone}) all.push_back(r);
        auto checked = check_regions(schema, all, {0, 0, text, 0}, false);
        REQUIRE(checked);
        std::string data = "{\"text\":";
        append_json_string(data, text);
        CHECK(there_and_back(schema, data + "}", "", 0, 0, *checked) == regions_text(*checked));
    }
}

TEST_CASE("another program's keypoints, ratings, answers and relations are read") {
    const auto schema = everything_on_photos();
    ReadContext context;
    context.image_size = [](std::string_view) { return std::optional(ImageSize{200, 100}); };
    const auto rows = read("label-studio", {{"t.json", R"([
      {"data":{"image":"a.jpg"},"annotations":[{"result":[
        {"id":"b","from_name":"label","to_name":"image","type":"rectanglelabels","value":{"x":10,"y":10,"width":10,"height":10,"rectanglelabels":["Car"]}},
        {"id":"b","from_name":"state","to_name":"image","type":"choices","value":{"x":10,"y":10,"width":10,"height":10,"choices":["old"]}},
        {"id":"n1","parentID":"b","from_name":"pose","to_name":"image","type":"keypointlabels","value":{"x":50,"y":50,"width":1,"keypointlabels":["Nose"]}},
        {"id":"n2","parentID":"b","from_name":"pose","to_name":"image","type":"keypointlabels","value":{"x":60,"y":50,"width":1,"keypointlabels":["right eye"]}},
        {"id":"n3","parentID":"b","from_name":"pose","to_name":"image","type":"keypointlabels","value":{"x":60,"y":50,"width":1,"keypointlabels":["tail"]}},
        {"id":"g","from_name":"grade","to_name":"image","type":"rating","value":{"rating":3}},
        {"id":"g2","from_name":"grade","to_name":"image","type":"rating","value":{"rating":9}},
        {"id":"z","from_name":"state","to_name":"image","type":"choices","value":{"choices":["old"]}},
        {"type":"relation","from_id":"n2","to_id":"b","direction":"left","labels":["behind"]},
        {"type":"relation","from_id":"n2","to_id":"gone","direction":"right"}]}]}])"}},
                           &schema, context);
    REQUIRE(rows.size() == 1);
    const auto& regions = rows[0].annotations.at(0).regions;
    REQUIRE(regions.size() == 5);
    CHECK(regions[1].parent == "b");
    CHECK(regions[1].id == "b.state");
    CHECK(regions[2].labels == std::vector<std::string>{"person"});
    CHECK(regions[2].points == std::vector<double>{100, 50, 0, 0, 120, 50});
    CHECK(regions[2].visible == std::vector<int>{2, 0, 2});
    CHECK(regions[3].labels == std::vector<std::string>{"good"});
    CHECK(regions[4].from == "b");
    CHECK(regions[4].to == "n1");
    CHECK(check_regions(schema, regions, {200, 100, "", 0}, false));
    for (const auto* part :
         {"4 labels left out", "none of the points", "more than control \"grade\" has steps",
          "names none that is there", "a region that is not there"})
        CHECK_MESSAGE(rows[0].reason.find(part) != std::string::npos, rows[0].reason);
}

TEST_CASE("what was painted with a brush becomes polygons, by its outline") {
    const auto schema = photos();
    // Four by three pixels, of which the two in the middle of the first two rows are painted.
    const std::string rle = "[0,0,0,48,57,189,252,48,8,255,241,192,35,255,209,48,0]";
    const auto task = [](const std::string& value, const std::string& more) {
        return R"([{"data":{"image":"a.jpg"},"annotations":[{"result":[{"id":"b",)"
               R"("from_name":"poly-brush","to_name":"image","type":"brushlabels",)" +
               more + R"("value":{"format":"rle","brushlabels":["Car"],"rle":)" + value + "}}]}]}]";
    };
    const std::string size = R"("original_width":4,"original_height":3,)";
    ReadContext context;
    context.image_size = [](std::string_view) { return std::optional(ImageSize{40, 30}); };
    const auto rows = read("label-studio", {{"t.json", task(rle, size)}}, &schema, context);
    REQUIRE(rows.at(0).annotations.at(0).regions.size() == 1);
    const auto& car = rows[0].annotations[0].regions[0];
    CHECK(car.kind == ControlKind::polygons);
    CHECK(car.control == "poly");
    REQUIRE(car.points.size() == 8);
    CHECK(car.rings.empty());
    const auto edge = extent(car);
    CHECK(edge.left == 10);
    CHECK(edge.top == 0);
    CHECK(edge.right == 30);
    CHECK(edge.bottom == 20);

    const auto why = [&](const std::string& value, const std::string& more) {
        const auto bad = read("label-studio", {{"t.json", task(value, more)}}, &schema, context);
        CHECK(bad.at(0).annotations.at(0).regions.empty());
        return bad[0].reason;
    };
    CHECK(why(rle, "").find("original_width") != std::string::npos);
    CHECK(why("[0,0,0,48,57,189]", size).find("ends before") != std::string::npos);
    CHECK(why("[0,0,0,16,57,189,252,0,0]", size).find("size") != std::string::npos);
    CHECK(why("[0,300]", size).find("no byte") != std::string::npos);
    CHECK(why("7", size).find("not a list") != std::string::npos);
}

TEST_CASE("what a person points at is written as Label Studio's interactive context") {
    const auto schema = photos();
    Cue cue;
    cue.label = "Car";
    cue.boxes = {{60, 100, 300, 200}};
    cue.points = {{300, 200, true}, {0, 0, false}};
    const auto list = label_studio_cue(cue, schema, {600, 400});
    REQUIRE(list);
    const auto result = parse_json(*list);
    REQUIRE(result);
    REQUIRE(result->size() == 3);
    const auto& box = (*result)[0];
    CHECK(box["type"] == "rectanglelabels");
    CHECK(box["original_width"] == 600);
    CHECK(box["value"]["x"] == 10);
    CHECK(box["value"]["height"] == 50);
    CHECK(box["value"]["rectanglelabels"] == Json::array({"Car"}));
    CHECK((*result)[1]["type"] == "keypointlabels");
    CHECK((*result)[1]["is_positive"] == 1);
    CHECK((*result)[1]["value"]["x"] == 50);
    CHECK((*result)[2]["is_positive"] == 0);
    CHECK_FALSE(label_studio_cue(cue, schema, {}));

    const auto config = label_config_with_cues(schema);
    CHECK(config.find(R"(<BrushLabels name="poly-brush")") != std::string::npos);
    CHECK(config.find(R"(<RectangleLabels name="cue-box" toName="image" smart="true")") !=
          std::string::npos);
}
