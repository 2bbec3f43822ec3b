#include "models/nanodet_decode.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/rng.h"

namespace countersign {
namespace {

/// The network's numbers when it sees nothing; tests put objects into them.
struct Numbers {
    std::array<std::vector<float>, 3> scores, sides;

    Numbers() {
        for (std::size_t level = 0; level < 3; ++level) {
            const int columns = nanodet_side / nanodet_strides[level];
            const auto cells =
                static_cast<std::size_t>(columns) * static_cast<std::size_t>(columns);
            scores[level].assign(cells * nanodet_objects, 0.01f);
            sides[level].assign(cells * 4 * nanodet_bins, 0);
        }
    }
    /// An object whose sides lie exactly `cells` cells from the centre of the cell (left, top,
    /// right, bottom).
    void put(std::size_t level, int column, int row, int object, float score,
             std::array<std::size_t, 4> cells) {
        const int columns = nanodet_side / nanodet_strides[level];
        const auto cell = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                          static_cast<std::size_t>(column);
        scores[level][cell * nanodet_objects + static_cast<std::size_t>(object)] = score;
        for (std::size_t side = 0; side < 4; ++side)
            sides[level][(cell * 4 + side) * nanodet_bins + cells[side]] = 100;
    }
    std::vector<Detection> decoded(const Letterbox& box, const DetectOptions& options = {}) const {
        std::array<NanodetGrid, 3> grids{};
        for (std::size_t level = 0; level < 3; ++level)
            grids[level] = {scores[level].data(), sides[level].data()};
        return decode_nanodet(grids, box, options);
    }
};

TEST_CASE("a box is measured from the centre of its cell, in pixels of the image") {
    Numbers numbers;
    numbers.put(1, 10, 5, 7, .8f, {2, 1, 3, 4});
    const auto found = numbers.decoded(letterbox(416, 416, nanodet_side));
    REQUIRE(found.size() == 1);
    CHECK(found[0].object == 7);
    CHECK(found[0].score == .8f);
    CHECK(found[0].x == doctest::Approx(10.5 * 16 - 32));
    CHECK(found[0].y == doctest::Approx(5.5 * 16 - 16));
    CHECK(found[0].width == doctest::Approx(5 * 16));
    CHECK(found[0].height == doctest::Approx(5 * 16));

    const auto wide = numbers.decoded(
        letterbox(832, 416, nanodet_side));  // Half the size, 104 pixels of padding above.
    REQUIRE(wide.size() == 1);
    CHECK(wide[0].x == doctest::Approx((10.5 * 16 - 32) * 2));
    CHECK(wide[0].y == doctest::Approx(0));
    CHECK(wide[0].bottom() == doctest::Approx((5.5 * 16 + 64 - 104) * 2));
}

TEST_CASE("an undecided side lies at its expectation") {
    Numbers numbers;
    numbers.put(2, 6, 6, 0, .9f, {1, 1, 1, 1});
    float* left = &numbers.sides[2][std::size_t{6 * 13 + 6} * 4 * nanodet_bins];
    left[1] = left[4] = 50;  // Half one cell, half four.
    const auto found = numbers.decoded(letterbox(416, 416, nanodet_side));
    REQUIRE(found.size() == 1);
    CHECK(found[0].x == doctest::Approx((6.5 - 2.5) * 32));
}

TEST_CASE("a box is clipped to the image, and nothing is left of one in the padding") {
    Numbers numbers;
    numbers.put(2, 0, 0, 3, .9f, {5, 5, 1, 1});
    const auto found = numbers.decoded(letterbox(416, 416, nanodet_side));
    REQUIRE(found.size() == 1);
    CHECK(found[0].x == 0);
    CHECK(found[0].y == 0);
    CHECK(numbers.decoded(letterbox(416, 208, nanodet_side)).empty());
}

TEST_CASE("of two boxes of one kind on one place the better stays; two kinds both do") {
    Numbers numbers;
    numbers.put(0, 20, 20, 1, .5f, {4, 4, 4, 4});
    numbers.put(0, 21, 20, 1, .6f, {4, 4, 4, 4});
    numbers.put(0, 22, 20, 2, .4f, {4, 4, 4, 4});
    const auto found = numbers.decoded(letterbox(416, 416, nanodet_side));
    REQUIRE(found.size() == 2);
    CHECK(found[0].score == .6f);
    CHECK(found[1].object == 2);
    CHECK(numbers.decoded(letterbox(416, 416, nanodet_side), {.nms_overlap = .9f}).size() == 3);
    CHECK(numbers.decoded(letterbox(416, 416, nanodet_side), {.most = 1}).size() == 1);
    CHECK(numbers.decoded(letterbox(416, 416, nanodet_side), {.least_score = .55f}).size() == 1);
}

TEST_CASE("a cell tells its best kind, or all of them when asked") {
    Numbers numbers;
    numbers.put(1, 3, 3, 10, .5f, {1, 1, 1, 1});
    numbers.put(1, 3, 3, 11, .4f, {1, 1, 1, 1});
    CHECK(numbers.decoded(letterbox(416, 416, nanodet_side)).size() == 1);
    CHECK(numbers.decoded(letterbox(416, 416, nanodet_side), {.every_kind = true}).size() == 2);
}

TEST_CASE(
    "an object that a tile's border cuts is taken from the view that has it whole, and once") {
    const auto box = [](float x, float y, float side, int object, float score) {
        return Detection{x, y, side, side, object, score};
    };
    // The picture is 200 x 100: the whole of it, its left half and its right half.
    std::vector<Detection> seen;
    add_uncut({box(80, 20, 40, 0, .5f), box(10, 10, 8, 1, .3f)}, {0, 0, 200, 100}, 200, 100, seen);
    add_uncut({box(80, 20, 20, 0, .9f), box(10, 10, 8, 1, .6f), box(0, 0, 30, 2, .4f)},
              {0, 0, 100, 100}, 200, 100, seen);
    add_uncut({box(0, 20, 20, 0, .8f), box(50, 60, 6, 3, .7f)}, {100, 0, 100, 100}, 200, 100, seen);
    const auto found = one_each(seen, {});
    REQUIRE(found.size() == 4);
    CHECK(found[0].object == 3);
    CHECK(found[0].x == 150);
    CHECK(found[0].y == 60);
    CHECK(found[1].object == 1);
    CHECK(found[1].score == .6f);
    CHECK(found[2].object == 0);
    CHECK(found[2].width == 40);
    CHECK(found[3].object == 2);
    CHECK(one_each(seen, {.most = 2}).size() == 2);
}

TEST_CASE("every image fits into the square, centred and in proportion") {
    Rng rng(3);
    for (int trial = 0; trial < 1000; ++trial) {
        const int width = 1 + static_cast<int>(rng.below(9000)),
                  height = 1 + static_cast<int>(rng.below(9000));
        const Letterbox box = letterbox(width, height, nanodet_side);
        CHECK(std::max(box.width, box.height) == nanodet_side);
        CHECK(std::min(box.width, box.height) >= 1);
        CHECK(box.offset_x >= 0);
        CHECK(box.offset_x + box.width <= nanodet_side);
        CHECK(box.offset_y + box.height <= nanodet_side);
        CHECK(std::abs(box.width * double(height) - box.height * double(width)) <=
              std::max(width, height));
    }
}

}  // namespace
}  // namespace countersign
