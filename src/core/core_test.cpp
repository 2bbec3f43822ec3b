#include <doctest/doctest.h>

#include "../../tests/sketch.h"
#include "core/arm.h"
#include "core/event.h"
#include "core/people.h"
#include "core/project.h"
#include "core/region.h"

using namespace countersign;
using sketch::boxes;

namespace {

Schema photo_schema() {
    Schema schema;
    schema.modality = Modality::image;
    schema.controls = {
        {"objects", ControlKind::boxes, "", false, false, {{"A"}, {"B"}}},
        {"weather", ControlKind::choices, "Weather", false, true, {{"sun"}, {"rain"}}}};
    return *check_schema(schema);
}
Region choice(const std::string& label) {
    Region r;
    r.id = "c";
    r.control = "weather";
    r.labels = {label};
    return r;
}
template <class T>
std::string complaint(const Result<T>& result) {
    return result ? "" : result.refusal().message;
}

}  // namespace

TEST_CASE("a schema says what is wrong with it") {
    Schema schema = photo_schema();
    CHECK(schema.source == "image");
    schema.controls[0].labels.push_back({"A"});
    CHECK(check_schema(schema).refusal().message ==
          "Control \"objects\" has the label \"A\" twice.");
    schema = photo_schema();
    schema.modality = Modality::text;
    CHECK(check_schema(schema).refusal().message ==
          "Control \"objects\" (boxes) does not fit text items.");
    CHECK(check_schema(Schema{}).refusal().message ==
          "The schema has no controls: add at least one.");
}

TEST_CASE("a label is found by name, then alias, then without regard to case") {
    Control control{
        "c", ControlKind::choices, "", false, true, {{"car", "", "", "", {"automobile"}}, {"Car"}}};
    CHECK(Schema::find_label(control, "Car")->name == "Car");
    CHECK(Schema::find_label(control, "automobile")->name == "car");
    CHECK(Schema::find_label(control, "CAR")->name == "car");
    CHECK(Schema::find_label(control, "bus") == nullptr);
}

TEST_CASE("regions survive their text, to the last bit") {
    Regions regions = boxes("AA.B/AA.B");
    regions[0].x = 0.1 + 0.2;
    regions[0].confidence = 1.0 / 3;
    regions[1].meta = {{"difficult", 1}};
    regions[1].labels = {"caf\u00e9 \"x\"\n"};
    regions.push_back(choice("sun"));
    const auto text = regions_text(regions);
    const auto back = regions_from(text);
    REQUIRE(back);
    CHECK(regions_text(*back) == text);
    CHECK((*back)[0].x == 0.1 + 0.2);
    CHECK(edit_distance(regions, *back) == 0);
}

TEST_CASE("IoU is shared over united area") {
    const auto drawn = boxes("AB./AB.");
    CHECK(iou(drawn[0], drawn[1]) == 0);
    CHECK(iou(drawn[0], drawn[0]) == 1);
    Region wide = drawn[0];
    wide.width = 2;
    CHECK(iou(drawn[0], wide) == doctest::Approx(0.5));
}

TEST_CASE("what no desk may submit is refused by name") {
    const Schema schema = photo_schema();
    Regions good = boxes("AA/AA");
    good.push_back(choice("rain"));
    CHECK(check_regions(schema, good, {10, 10}, true));

    auto bad = good;
    bad[0].labels = {"Z"};
    CHECK(complaint(check_regions(schema, bad, {10, 10}, true)) ==
          "Region \"A\" has the label \"Z\", which control \"objects\" does not have.");
    bad = good;
    bad[0].width = 0;
    CHECK(complaint(check_regions(schema, bad, {10, 10}, true)) == "Box \"A\" has no area.");
    bad = good;
    bad[0].x = 11;
    CHECK(complaint(check_regions(schema, bad, {10, 10}, true)) ==
          "Box \"A\" lies outside the image.");
    bad = good;
    bad[0].y = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(check_regions(schema, bad, {10, 10}, true));
    bad = good;
    bad[1].id = "A";
    CHECK(complaint(check_regions(schema, bad, {10, 10}, true)) ==
          "Two regions have the id \"A\".");
    bad.pop_back();
    CHECK(complaint(check_regions(schema, bad, {10, 10}, true)) ==
          "\"Weather\" has no answer yet: choose one.");
    CHECK(check_regions(schema, bad, {10, 10}, false));
}

TEST_CASE("a box that sticks out by less than a pixel is clamped") {
    auto drawn = boxes("AA/AA");
    drawn[0].x = -0.5;
    const auto checked = check_regions(photo_schema(), drawn, {2, 2}, false);
    REQUIRE(checked);
    CHECK((*checked)[0].x == 0);
    CHECK((*checked)[0].width == doctest::Approx(1.5));
}

TEST_CASE("every kind of control has its row of facts, in order") {
    for (const auto& row : enum_names(ControlKind{})) CHECK(facts_of(row.value).kind == row.value);
}

TEST_CASE("a rating without labels goes from 1 to 5, and questions about regions need regions") {
    Schema schema;
    schema.controls = {{"stars", ControlKind::rating}};
    const auto rated = check_schema(schema);
    REQUIRE(rated);
    CHECK(rated->controls[0].labels.size() == 5);
    schema.controls[0].per_region = true;
    CHECK(complaint(check_schema(schema)) ==
          "Control \"stars\" is about regions, and no control draws any.");
}

namespace {

/// Names and ties of entities, a remark on each entity, and a summary of the whole.
Schema reading_schema() {
    const auto control = [](std::string name, ControlKind kind, std::vector<std::string> labels) {
        Control c;
        c.name = std::move(name);
        c.kind = kind;
        for (auto& l : labels) c.labels.push_back({l, {}, {}, {}, {}});
        return c;
    };
    Schema schema;
    schema.controls = {control("names", ControlKind::spans, {"PER", "ORG"}),
                       control("ties", ControlKind::relations, {"works for"}),
                       control("sure", ControlKind::choices, {"yes", "no"}),
                       control("summary", ControlKind::text, {})};
    schema.controls[2].per_region = true;
    schema.controls[3].required = false;
    return *check_schema(schema);
}
Region piece(std::string id, std::string control, ControlKind kind, std::string label) {
    Region r;
    r.id = std::move(id);
    r.control = std::move(control);
    r.kind = kind;
    if (!label.empty()) r.labels = {std::move(label)};
    return r;
}
Region span(std::string id, double start, double end) {
    auto r = piece(std::move(id), "names", ControlKind::spans, "PER");
    r.start = start;
    r.end = end;
    return r;
}
Region sure(std::string id, std::string parent) {
    auto r = piece(std::move(id), "sure", ControlKind::choices, "yes");
    r.parent = std::move(parent);
    return r;
}

}  // namespace

TEST_CASE("spans may overlap and nest, and take their text from the item") {
    const ItemFacts item{0, 0, "Zo\u00eb \U0001F600 Smith"};
    const Regions regions{span("a", 0, 3), span("b", 0, 11), span("c", 4, 6),
                          sure("1", "a"),  sure("2", "b"),   sure("3", "c")};
    const auto checked = check_regions(reading_schema(), regions, item, true);
    REQUIRE(checked);
    CHECK((*checked)[0].text == "Zo\u00eb");
    CHECK((*checked)[2].text == "\U0001F600 ");
    CHECK(complaint(check_regions(reading_schema(), {span("a", 3, 12)}, item, false)) ==
          "Span \"a\" does not lie inside the text.");
    CHECK_FALSE(check_regions(reading_schema(), {span("a", 0.5, 2)}, item, false));
}

TEST_CASE("answers about regions and relations need the regions they name") {
    const ItemFacts item{0, 0, "Ann works for Bob"};
    auto tie = piece("t", "ties", ControlKind::relations, "works for");
    tie.from = "a";
    tie.to = "b";
    Regions regions{span("a", 0, 3), span("b", 14, 17), tie, sure("1", "a"), sure("2", "b")};
    CHECK(check_regions(reading_schema(), regions, item, true));
    auto less = regions;
    less.pop_back();
    CHECK(complaint(check_regions(reading_schema(), less, item, true)) ==
          "\"sure\" has no answer yet for region \"b\": choose one.");
    less.erase(less.begin());
    CHECK(complaint(check_regions(reading_schema(), less, item, false)) ==
          "Relation \"t\" is about the region \"a\", which is not there.");
    auto twice = regions;
    twice.push_back(sure("3", "b"));
    CHECK(complaint(check_regions(reading_schema(), twice, item, false)) ==
          "Control \"sure\" has two answers where it takes one.");
}

TEST_CASE("polygons need area and keypoints as many points as their control") {
    Schema schema;
    schema.modality = Modality::image;
    Control outline{"outline", ControlKind::polygons}, body{"body", ControlKind::keypoints};
    outline.labels = body.labels = {{"person", {}, {}, {}, {}}};
    body.points = {"head", "foot"};
    body.lines = {0, 1};
    schema.controls = {outline, body};
    REQUIRE(check_schema(schema));
    const ItemFacts item{10, 10};

    auto polygon = piece("p", "outline", ControlKind::polygons, "person");
    polygon.points = {0, 0, 10.5, 0, 10, 10};
    polygon.rings = {{4, 1, 6, 1, 6, 3}};
    auto points = piece("k", "body", ControlKind::keypoints, "person");
    points.points = {5, 5, 99, 99};
    points.visible = {2, 0};
    const auto checked = check_regions(schema, {polygon, points}, item, true);
    REQUIRE(checked);
    CHECK((*checked)[0].points[2] == 10);
    CHECK(regions_text(*regions_from(regions_text(*checked))) == regions_text(*checked));

    polygon.rings = {{4, 1, 5, 1, 6, 1}};
    CHECK(complaint(check_regions(schema, {polygon}, item, true)) == "Polygon \"p\" has no area.");
    points.points.pop_back();
    CHECK(complaint(check_regions(schema, {points}, item, true)) ==
          "Keypoint \"k\" must have 2 points, as its control has.");
}

TEST_CASE("edit distance counts what a person changed") {
    const auto draft = boxes("AA.B/AA.B");
    CHECK(edit_distance(draft, draft) == 0);
    auto moved = draft;
    moved[0].x += 1;
    CHECK(edit_distance(draft, moved) == 1);
    CHECK(edit_distance(draft, {draft[0]}) == 1);
    CHECK(edit_distance({}, draft) == 2);
    CHECK(edit_distance({choice("sun")}, {choice("rain")}) == 1);
}

TEST_CASE("the arm is drawn in the policy's share, the same way every time") {
    Policy policy;
    int blind = 0;
    for (Id task = 1; task <= 20000; ++task) {
        const auto draw = draw_arm(policy, 42, task, 7, true);
        CHECK(draw.arm == draw_arm(policy, 42, task, 7, true).arm);
        if (draw.arm == Arm::blind) {
            ++blind;
            CHECK(draw.probability == policy.blind_share);
        }
    }
    CHECK(blind > 1850);  // 2000 expected, standard deviation 42
    CHECK(blind < 2150);
    CHECK(draw_arm(policy, 42, 1, 7, false).probability == 1);
}

TEST_CASE("blind controls cannot be switched off silently") {
    Policy policy;
    policy.blind_share = 0;
    CHECK_FALSE(check_policy(policy));
    policy.blind_share = 0.02;
    CHECK(check_policy(policy));
}

TEST_CASE("an event's hash depends on every field and on its predecessor") {
    Event event{1, 2, 3, "annotation.submitted", 4, 5, "{}", 6, "", ""};
    const auto hash = event_hash("", event);
    CHECK(hash.size() == 32);
    CHECK(hash != event_hash("previous", event));
    auto other = event;
    other.body = "{ }";
    CHECK(hash != event_hash("", other));
    other = event;
    other.seq = 4;
    CHECK(hash != event_hash("", other));
    other = event;
    other.id = 99;
    CHECK_MESSAGE(hash == event_hash("", other), "the cursor is not part of the record");
}

TEST_CASE("each role may do what the roles below it may") {
    CHECK(may(Role::annotator, Permission::label));
    CHECK_FALSE(may(Role::annotator, Permission::manage_project));
    CHECK(may(Role::admin, Permission::manage_people));
    CHECK_FALSE(may(Role::supervisor, Permission::manage_people));
}
