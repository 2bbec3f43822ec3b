#include "models/blazeface_decode.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/rng.h"

namespace countersign {
namespace {

/// The network's numbers when it sees nothing; tests put faces into them.
struct FaceTensors {
    std::array<std::vector<float>, 2> logits, places;

    FaceTensors() {
        for (std::size_t level = 0; level < 2; ++level) {
            logits[level].assign(blazeface_grids[level].size(), -20);
            places[level].assign(blazeface_grids[level].size() * blazeface_numbers, 0);
        }
    }
    void put(std::size_t level, std::size_t anchor, float logit,
             std::array<float, blazeface_numbers> place) {
        logits[level][anchor] = logit;
        std::copy(place.begin(), place.end(), &places[level][anchor * blazeface_numbers]);
    }
    std::vector<Face> decoded(const Letterbox& box, float least = .5f) const {
        return decode_blazeface(
            {{{logits[0].data(), places[0].data()}, {logits[1].data(), places[1].data()}}}, box,
            least);
    }
};

Face face_of(float x, float y, float side, float score) {
    Face face;
    face.x = x, face.y = y, face.width = face.height = side, face.score = score;
    return face;
}

TEST_CASE("a face is measured from its cell's middle, in pixels of the image") {
    FaceTensors numbers;
    // Row 3, column 5, second anchor of the fine grid; the middle is (5.5, 3.5) * 16.
    numbers.put(0, (3 * 16 + 5) * 2 + 1, 2,
                {4, -2, 40, 20, -8, -6, 8, -6, 0, 2, 0, 9, -15, -3, 15, -3});
    const auto found = numbers.decoded(letterbox(256, 256, blazeface_side));
    REQUIRE(found.size() == 1);
    CHECK(found[0].score == doctest::Approx(1 / (1 + std::exp(-2.0))));
    CHECK(found[0].x == doctest::Approx(88 + 4 - 20));
    CHECK(found[0].y == doctest::Approx(56 - 2 - 10));
    CHECK(found[0].width == doctest::Approx(40));
    CHECK(found[0].height == doctest::Approx(20));
    CHECK(found[0].points[0] == doctest::Approx(80));
    CHECK(found[0].points[1] == doctest::Approx(50));
    CHECK(found[0].points[10] == doctest::Approx(103));

    // Half the size, 64 pixels of padding above.
    const auto wide = numbers.decoded(letterbox(512, 256, blazeface_side));
    REQUIRE(wide.size() == 1);
    CHECK(wide[0].x == doctest::Approx(72 * 2));
    CHECK(wide[0].y == doctest::Approx((44 - 64) * 2));
    CHECK(wide[0].width == doctest::Approx(80));
}

TEST_CASE("the coarse grid has six anchors a cell") {
    FaceTensors numbers;
    numbers.put(1, (7 * 8 + 2) * 6 + 5, 3, {0, 0, 10, 10});
    const auto found = numbers.decoded(letterbox(256, 256, blazeface_side));
    REQUIRE(found.size() == 1);
    CHECK(found[0].x == doctest::Approx(2.5 * 32 - 5));
    CHECK(found[0].y == doctest::Approx(7.5 * 32 - 5));
}

TEST_CASE("numbers that are no numbers, and boxes without area, are no faces") {
    FaceTensors numbers;
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                infinite = std::numeric_limits<float>::infinity();
    numbers.put(0, 0, nan, {0, 0, 10, 10});
    numbers.put(0, 1, 5, {nan, 0, 10, 10});
    numbers.put(0, 2, 5, {0, 0, infinite, 10});
    numbers.put(0, 3, 5, {0, 0, 10, 0});
    numbers.put(0, 4, 5, {0, 0, -10, 10});
    numbers.put(0, 5, 5, {0, 0, 10, 10, nan});
    CHECK(numbers.decoded(letterbox(256, 256, blazeface_side)).empty());
    numbers.put(0, 6, infinite, {0, 0, 10, 10});
    REQUIRE(numbers.decoded(letterbox(256, 256, blazeface_side)).size() == 1);
    CHECK(numbers.decoded(letterbox(1, 30'000, blazeface_side)).size() == 1);
}

TEST_CASE("faces on one place become their mean, weighted by score") {
    Face first = face_of(0, 0, 100, .9f), second = face_of(10, 0, 100, .3f);
    first.points[0] = 40, second.points[0] = 60;
    const auto found = blend({second, face_of(500, 0, 50, .6f), first}, .3f, 10);
    REQUIRE(found.size() == 2);
    CHECK(found[0].score == .9f);
    CHECK(found[0].x == doctest::Approx(10 * .3 / 1.2));
    CHECK(found[0].width == doctest::Approx(100));
    CHECK(found[0].points[0] == doctest::Approx((.9 * 40 + .3 * 60) / 1.2));
    CHECK(found[1].x == doctest::Approx(500));
    CHECK(blend({first, face_of(500, 0, 50, .6f)}, .3f, 1).size() == 1);
    CHECK(blend({}, .3f, 1).empty());
}

/// The same, said slowly: the best of what is left gathers what it overlaps.
std::vector<Face> blend_slowly(std::vector<Face> left, float same) {
    std::vector<Face> kept;
    while (!left.empty()) {
        auto best = left.begin();
        for (auto at = left.begin(); at != left.end(); ++at)
            if (at->score > best->score) best = at;
        const Face top = *best;
        double sum = 0, x = 0, y = 0, width = 0, height = 0;
        std::vector<Face> rest;
        for (const Face& face : left) {
            if (&face != &*best && !(overlap(top, face) > same)) {
                rest.push_back(face);
                continue;
            }
            const double score = static_cast<double>(face.score);
            sum += score;
            x += score * static_cast<double>(face.x), y += score * static_cast<double>(face.y);
            width += score * static_cast<double>(face.width);
            height += score * static_cast<double>(face.height);
        }
        kept.push_back(face_of(static_cast<float>(x / sum), static_cast<float>(y / sum),
                               static_cast<float>(width / sum), top.score));
        kept.back().height = static_cast<float>(height / sum);
        left = rest;
    }
    return kept;
}

TEST_CASE("blending is what the slow way gives") {
    Rng rng(11);
    for (int trial = 0; trial < 300; ++trial) {
        std::vector<Face> faces;
        for (std::uint64_t i = rng.below(25); i-- > 0;)
            faces.push_back(face_of(static_cast<float>(rng.below(100)),
                                    static_cast<float>(rng.below(100)),
                                    static_cast<float>(5 + rng.below(50)),
                                    static_cast<float>(1 + rng.below(1000)) / 1001));
        const auto quick = blend(faces, .3f, 1000), slow = blend_slowly(faces, .3f);
        REQUIRE(quick.size() == slow.size());
        for (std::size_t i = 0; i < quick.size(); ++i) {
            CHECK(quick[i].score == slow[i].score);
            CHECK(quick[i].x == doctest::Approx(slow[i].x).epsilon(1e-4));
            CHECK(quick[i].y == doctest::Approx(slow[i].y).epsilon(1e-4));
            CHECK(quick[i].width == doctest::Approx(slow[i].width).epsilon(1e-4));
            CHECK(quick[i].height == doctest::Approx(slow[i].height).epsilon(1e-4));
        }
    }
}

}  // namespace
}  // namespace countersign
