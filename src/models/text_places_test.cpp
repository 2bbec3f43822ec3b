#include "models/text_places.h"

#include <doctest/doctest.h>

#include <cmath>

namespace countersign {
namespace {

constexpr int side = 200;

/// A map that is `value` within the turned rectangle around (x, y).
std::vector<float> map_of(float x, float y, float width, float height, float degrees,
                          float value = 0.9F) {
    std::vector<float> map(std::size_t{side} * side, 0.0F);
    const float turn = degrees * 3.14159265F / 180;
    for (int row = 0; row < side; ++row)
        for (int column = 0; column < side; ++column) {
            const float dx = static_cast<float>(column) - x, dy = static_cast<float>(row) - y;
            const float along = dx * std::cos(turn) + dy * std::sin(turn);
            const float across = dy * std::cos(turn) - dx * std::sin(turn);
            if (std::abs(along) <= width / 2 && std::abs(across) <= height / 2)
                map[static_cast<std::size_t>(row * side + column)] = value;
        }
    return map;
}

TextPlace at(float x, float y, float width = 40, float height = 10) {
    TextPlace place;
    place.x = x, place.y = y, place.width = width, place.height = height;
    return place;
}

TEST_CASE("a level line is found as it lies, grown by the share that the map leaves out") {
    const auto found = text_places(map_of(100, 60, 80, 10, 0), side, side);
    REQUIRE(found.size() == 1);
    CHECK(found[0].x == doctest::Approx(100).epsilon(0.01));
    CHECK(found[0].y == doctest::Approx(60).epsilon(0.01));
    CHECK(found[0].width == doctest::Approx(80 + 1.5 * 800 / 90).epsilon(0.02));
    CHECK(found[0].height == doctest::Approx(10 + 1.5 * 800 / 90).epsilon(0.02));
    CHECK(std::abs(found[0].angle) < 1);
    CHECK(found[0].score == doctest::Approx(0.9).epsilon(0.01));
}

TEST_CASE("a turned line keeps its turn, clockwise, and its corners") {
    for (const float degrees : {20.0F, -20.0F}) {
        const auto found = text_places(map_of(100, 100, 90, 12, degrees), side, side);
        REQUIRE(found.size() == 1);
        CHECK(found[0].angle == doctest::Approx(degrees).epsilon(0.05));
        const auto corners = found[0].corners();
        CHECK((corners[3] > corners[1]) == (degrees > 0));
        CHECK_FALSE(found[0].upright());
    }
    const auto steep = text_places(map_of(100, 100, 90, 12, 80), side, side);
    REQUIRE(steep.size() == 1);
    CHECK(steep[0].upright());
    CHECK(steep[0].angle == doctest::Approx(-10).epsilon(0.1));
}

TEST_CASE("what is faint or a speck is no line") {
    CHECK(text_places(map_of(100, 60, 80, 10, 0, 0.5F), side, side).empty());
    CHECK(text_places(map_of(100, 60, 2, 2, 0), side, side).empty());
    CHECK(text_places(std::vector<float>(std::size_t{side} * side, 0.0F), side, side).empty());
}

TEST_CASE("lines are read from top to bottom, their parts from left to right") {
    CHECK(reading_order({at(150, 20), at(30, 61), at(40, 22), at(150, 58)}) ==
          std::vector<std::size_t>{2, 0, 1, 3});
    CHECK(reading_order({}).empty());
    CHECK(reading_order({at(5, 5)}) == std::vector<std::size_t>{0});
}

TEST_CASE("two columns below a title are read one after the other") {
    std::vector<TextPlace> places{at(100, 10, 180)};
    for (int line = 0; line < 3; ++line)
        for (const float x : {40.0F, 160.0F})
            places.push_back(at(x, 50 + 14 * static_cast<float>(line), 80));
    CHECK(reading_order(places) == std::vector<std::size_t>{0, 1, 3, 5, 2, 4, 6});
}

}  // namespace
}  // namespace countersign
