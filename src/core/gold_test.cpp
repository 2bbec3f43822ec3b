#include "core/gold.h"

#include <doctest/doctest.h>

namespace countersign {

namespace {

Control control_of(const char* name, ControlKind kind, std::vector<std::string> labels) {
    Control out;
    out.name = name;
    out.kind = kind;
    for (auto& label : labels) {
        Label one;
        one.name = label;
        out.labels.push_back(one);
    }
    return out;
}

Schema everything() {
    Schema schema;
    schema.controls = {control_of("topic", ControlKind::choices, {"spam", "ham"}),
                       control_of("grade", ControlKind::rating, {"1", "2", "3", "4", "5"}),
                       control_of("names", ControlKind::spans, {"PER", "LOC"}),
                       control_of("things", ControlKind::boxes, {"cat", "dog"})};
    return schema;
}

Region labelled(const char* id, const char* control, ControlKind kind, const char* label) {
    Region r;
    r.id = id;
    r.control = control;
    r.kind = kind;
    r.labels = {label};
    return r;
}
Region choice(const char* label) {
    return labelled("c", "topic", ControlKind::choices, label);
}
Region rating(const char* label) {
    return labelled("g", "grade", ControlKind::rating, label);
}
Region span(const char* id, int start, int end, const char* label = "PER") {
    auto r = labelled(id, "names", ControlKind::spans, label);
    r.start = start;
    r.end = end;
    return r;
}
Region box(const char* id, double x, double y, const char* label = "cat") {
    auto r = labelled(id, "things", ControlKind::boxes, label);
    r.x = x;
    r.y = y;
    r.width = r.height = 100;
    return r;
}
double scored(const Regions& gold, const Regions& answer) {
    return score_answer(everything(), gold, answer).score;
}

}  // namespace

TEST_CASE("a choice is right or wrong, and so is leaving it out") {
    CHECK(scored({choice("spam")}, {choice("spam")}) == 1);
    CHECK(scored({choice("spam")}, {choice("ham")}) == 0);
    CHECK(scored({choice("spam")}, {}) == 0);
    CHECK(scored({}, {}) == 1);
    CHECK(score_answer(everything(), {}, {}).agreed);
}

TEST_CASE("a rating that is near scores in part, and agrees only when it is the same") {
    CHECK(scored({rating("2")}, {rating("2")}) == 1);
    CHECK(scored({rating("2")}, {rating("3")}) == 0.75);
    CHECK(scored({rating("1")}, {rating("5")}) == 0);
    CHECK_FALSE(score_answer(everything(), {rating("2")}, {rating("3")}).agreed);
}

TEST_CASE("spans score by F1 of exact boundaries and label") {
    const Regions gold = {span("a", 0, 5), span("b", 10, 15)};
    CHECK(scored(gold, gold) == 1);
    CHECK(scored(gold, {span("x", 0, 5)}) == doctest::Approx(2.0 / 3));
    CHECK(scored(gold, {span("x", 0, 5), span("y", 10, 14)}) == 0.5);
    CHECK(scored(gold, {span("x", 0, 5), span("y", 10, 15, "LOC")}) == 0.5);
    CHECK(scored({}, {span("x", 0, 5)}) == 0);
}

TEST_CASE("boxes are the same from half an overlap on, with their label") {
    const Regions gold = {box("a", 0, 0), box("b", 300, 0)};
    CHECK(scored(gold, {box("x", 10, 0), box("y", 310, 10)}) == 1);
    CHECK(score_answer(everything(), gold, {box("x", 10, 0), box("y", 310, 10)}).agreed);
    CHECK(scored(gold, {box("x", 10, 0), box("y", 360, 0)}) == 0.5);
    CHECK(scored(gold, {box("x", 0, 0, "dog"), box("y", 300, 0)}) == 0.5);
}

TEST_CASE("each control that somebody answered counts the same, however many pieces it has") {
    const Regions gold = {choice("spam"), span("a", 0, 5), span("b", 10, 15)};
    CHECK(scored(gold, {choice("ham"), span("a", 0, 5), span("b", 10, 15)}) == 0.5);
}

TEST_CASE("gold is drawn in the share that the policy says, afresh after each trial") {
    Policy policy;
    policy.gold_share = 0.2;
    int drawn = 0;
    for (Id task = 1; task <= 4000; ++task) drawn += draw_gold(policy, 42, 7, task, 0) ? 1 : 0;
    CHECK(drawn > 700);
    CHECK(drawn < 900);
    int after = 0;
    for (std::int64_t trials = 0; trials < 4000; ++trials)
        after += draw_gold(policy, 42, 7, 5, trials) ? 1 : 0;
    CHECK(after > 700);
    CHECK(after < 900);
    policy.gold_share = 0;
    CHECK_FALSE(draw_gold(policy, 42, 7, 5, 0));
    CHECK(draw_first_gold(42, 7, 3, 1) == 0);
    for (std::int64_t trials = 0; trials < 100; ++trials)
        CHECK(draw_first_gold(42, 7, trials, 9) < 9);
}

}  // namespace countersign
