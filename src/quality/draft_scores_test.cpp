#include "quality/draft_scores.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace countersign;

namespace {

Schema drawn_schema(ControlKind kind) {
    Schema schema;
    schema.modality = kind == ControlKind::boxes ? Modality::image : Modality::text;
    Control control;
    control.name = "what";
    control.kind = kind;
    for (const auto* name : {"cat", "dog"}) control.labels.push_back({name, "", "", "", {}});
    schema.controls.push_back(control);
    return schema;
}

Region span_at(const std::string& label, double from, double to, std::optional<double> sure = {}) {
    Region r;
    r.control = "what";
    r.kind = ControlKind::spans;
    r.labels = {label};
    r.start = from;
    r.end = to;
    r.confidence = sure;
    return r;
}

Region box_at(const std::string& label, double x, double width, double sure = 1) {
    Region r;
    r.control = "what";
    r.kind = ControlKind::boxes;
    r.labels = {label};
    r.x = x;
    r.width = width;
    r.height = 10;
    r.confidence = sure;
    return r;
}

Region said(const std::string& text) {
    Region r;
    r.control = "what";
    r.kind = ControlKind::text;
    r.text = text;
    return r;
}

Region chosen_as(const std::string& label, double sure) {
    Region r;
    r.control = "what";
    r.kind = ControlKind::choices;
    r.labels = {label};
    r.probability = sure;
    return r;
}

}  // namespace

TEST_CASE("spans are right by exact boundaries and label, over all tasks together") {
    DraftScores scores(drawn_schema(ControlKind::spans));
    scores.add({span_at("cat", 0, 3), span_at("dog", 5, 8)}, {span_at("cat", 0, 3)});
    scores.add({span_at("cat", 1, 4)}, {span_at("cat", 1, 5), span_at("dog", 1, 4)});
    scores.add({}, {});
    const auto found = scores.scores(1);
    REQUIRE(found.size() == 1);
    CHECK(found[0].measure == DraftMeasure::f1);
    CHECK(found[0].value == doctest::Approx(2.0 * 1 / (3 + 3)));
    CHECK(*found[0].precision == doctest::Approx(1.0 / 3));
    CHECK(*found[0].recall == doctest::Approx(1.0 / 3));
    CHECK(found[0].tasks == 2);
    CHECK(found[0].interval.low <= found[0].value);
    CHECK(found[0].interval.high >= found[0].value);
    CHECK(scores.tasks() == 3);
}

TEST_CASE("average precision of boxes is that of COCO, a label at a time") {
    DraftScores scores(drawn_schema(ControlKind::boxes));
    // Cats, surest first: right, wrong, right of three. Precision 1, 1/2, 2/3; recall 1/3, 1/3,
    // 2/3.
    scores.add({box_at("cat", 0, 10), box_at("cat", 50, 10)},
               {box_at("cat", 0, 10, 0.9), box_at("cat", 200, 10, 0.8)});
    scores.add({box_at("cat", 0, 10)}, {box_at("cat", 1, 10, 0.7), box_at("cat", 0, 3, 0.1)});
    // Of the dogs none is found.
    scores.add({box_at("dog", 0, 10)}, {box_at("cat", 0, 10, 0.05)});
    const double cats = (34 * 1.0 + 33 * (2.0 / 3)) / 101;
    const auto found = scores.scores(1, 50);
    CHECK(found[0].measure == DraftMeasure::ap50);
    CHECK(found[0].value == doctest::Approx(cats / 2).epsilon(1e-9));
    CHECK(*found[0].recall == doctest::Approx(2.0 / 4));
    CHECK(*found[0].precision == doctest::Approx(2.0 / 5));
}

TEST_CASE("a piece of the label is found once, by the surest that overlaps it most") {
    DraftScores scores(drawn_schema(ControlKind::boxes));
    scores.add({box_at("cat", 0, 10)}, {box_at("cat", 0, 10, 0.6), box_at("cat", 0, 9, 0.9)});
    const auto found = scores.scores(1, 20);
    CHECK(*found[0].precision == doctest::Approx(0.5));
    CHECK(found[0].value == doctest::Approx(1));
}

TEST_CASE("words are compared without capitals and punctuation, all texts together") {
    Schema schema = drawn_schema(ControlKind::text);
    DraftScores scores(schema);
    scores.add({said("Hello, world!")}, {said("hello world")});
    scores.add({said("one two three four")}, {said("one too three")});
    const auto found = scores.scores(1, 50);
    CHECK(found[0].measure == DraftMeasure::words_right);
    CHECK(found[0].value == doctest::Approx(1 - 2.0 / 6));
    CHECK(found[0].labelled == 6);
}

TEST_CASE(
    "a choice counts where label or draft has an answer, and its claims are held to account") {
    DraftScores scores(drawn_schema(ControlKind::choices));
    for (int i = 0; i < 40; ++i)
        scores.add({chosen_as("cat", 1)}, {chosen_as(i % 4 == 0 ? "dog" : "cat", 0.75)});
    scores.add({chosen_as("cat", 1)}, {});
    const auto found = scores.scores(1);
    CHECK(found[0].value == doctest::Approx(30.0 / 41));
    const auto claims = scores.claims(1);
    REQUIRE(claims);
    CHECK(claims->claims == 40);
    CHECK(claims->brier == doctest::Approx(0.1875));
    CHECK(claims->interval.low <= claims->error);
    CHECK(overall(found) == found[0].value);
}

TEST_CASE("the interval of F1 holds the true value in about 95 of 100 simulated projects") {
    // Each task has one span; a draft finds it with probability 0.7: F1 over many is 0.7 in truth.
    int held = 0;
    for (std::uint64_t project = 0; project < 200; ++project) {
        DraftScores scores(drawn_schema(ControlKind::spans));
        std::uint64_t state = 88172645463325252ULL + project * 7919;
        const auto draw = [&] {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            return static_cast<double>(state >> 11) / 9007199254740992.0;
        };
        for (int i = 0; i < 20; ++i) draw();
        for (int i = 0; i < 150; ++i)
            scores.add({span_at("cat", 0, 3)}, {span_at("cat", draw() < 0.7 ? 0 : 1, 3)});
        const auto found = scores.scores(project, 200);
        held += found[0].interval.low <= 0.7 && 0.7 <= found[0].interval.high ? 1 : 0;
    }
    CHECK(held >= 180);
}
