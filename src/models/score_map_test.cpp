#include "models/score_map.h"

#include <doctest/doctest.h>

namespace countersign {
namespace {

TEST_CASE("a score between two points lies on the line between them") {
    const ScoreMap map({{.2, .1}, {.6, .9}});
    CHECK(map(.2) == doctest::Approx(.1));
    CHECK(map(.4) == doctest::Approx(.5));
    CHECK(map(.6) == doctest::Approx(.9));
    CHECK(map(.1) == doctest::Approx(.05));
    CHECK(map(0) == 0);
    CHECK(map(1) == doctest::Approx(.9));
    CHECK(map(-1) == 0);
}

TEST_CASE("a higher score is never less probable") {
    double last = 0;
    for (int i = 0; i <= 1000; ++i) {
        const double probability = nanodet_score_map()(i / 1000.0);
        CHECK(probability >= last);
        CHECK(probability <= 1);
        last = probability;
    }
    CHECK(nanodet_score_map()(.40) == doctest::Approx(.345));
    CHECK(nanodet_score_map()(.9) == doctest::Approx(.97));
}

TEST_CASE("a calibration that does not make sense is refused with what is wrong") {
    CHECK(score_map_from(Json::parse("[[0.2, 0.1], [0.6, 0.9]]")));
    for (const char* text : {"null", "[]", "[[0.2]]", "[[0.2, \"a\"]]", "[[0.2, 1.5]]",
                             "[[0.2, 0.5], [0.2, 0.6]]", "[[0.2, 0.5], [0.3, 0.4]]"}) {
        CAPTURE(text);
        const auto map = score_map_from(Json::parse(text));
        REQUIRE_FALSE(map);
        CHECK(map.refusal().code == Code::invalid);
    }
}

}  // namespace
}  // namespace countersign
