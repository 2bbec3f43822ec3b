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
std::string complaint(const Result<Regions>& result) {
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
    CHECK(check_regions(schema, good, 10, 10, 0, true));

    auto bad = good;
    bad[0].labels = {"Z"};
    CHECK(complaint(check_regions(schema, bad, 10, 10, 0, true)) ==
          "Region \"A\" has the label \"Z\", which control \"objects\" does not have.");
    bad = good;
    bad[0].width = 0;
    CHECK(complaint(check_regions(schema, bad, 10, 10, 0, true)) == "Box \"A\" has no area.");
    bad = good;
    bad[0].x = 11;
    CHECK(complaint(check_regions(schema, bad, 10, 10, 0, true)) ==
          "Box \"A\" lies outside the image.");
    bad = good;
    bad[0].y = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(check_regions(schema, bad, 10, 10, 0, true));
    bad = good;
    bad[1].id = "A";
    CHECK(complaint(check_regions(schema, bad, 10, 10, 0, true)) ==
          "Two regions have the id \"A\".");
    bad.pop_back();
    CHECK(complaint(check_regions(schema, bad, 10, 10, 0, true)) ==
          "\"Weather\" has no answer yet: choose one.");
    CHECK(check_regions(schema, bad, 10, 10, 0, false));
}

TEST_CASE("a box that sticks out by less than a pixel is clamped") {
    auto drawn = boxes("AA/AA");
    drawn[0].x = -0.5;
    const auto checked = check_regions(photo_schema(), drawn, 2, 2, 0, false);
    REQUIRE(checked);
    CHECK((*checked)[0].x == 0);
    CHECK((*checked)[0].width == doctest::Approx(1.5));
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
