#include "models/tiles.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/rng.h"

namespace countersign {
namespace {

bool covered(const std::vector<Cutout>& tiles, int x, int y) {
    return std::any_of(tiles.begin(), tiles.end(), [&](const Cutout& t) {
        return x >= t.x && x < t.x + t.width && y >= t.y && y < t.y + t.height;
    });
}

TEST_CASE("one tile across is the whole picture") {
    const auto tiles = tiles_of(640, 480, 1);
    REQUIRE(tiles.size() == 1);
    CHECK(tiles[0].width == 640);
    CHECK(tiles[0].height == 480);
}

TEST_CASE(
    "tiles cover every pixel, lie inside, and overlap their neighbours by a quarter or more") {
    Rng rng(5);
    for (int trial = 0; trial < 300; ++trial) {
        const int width = 1 + static_cast<int>(rng.below(3000)),
                  height = 1 + static_cast<int>(rng.below(3000)),
                  across = 1 + static_cast<int>(rng.below(most_tiles_across));
        const auto tiles = tiles_of(width, height, across);
        CAPTURE(width);
        CAPTURE(height);
        CAPTURE(across);
        CHECK(tiles.size() <= static_cast<std::size_t>(across) * static_cast<std::size_t>(across));
        for (const Cutout& t : tiles) {
            CHECK((t.x >= 0 && t.y >= 0 && t.width > 0 && t.height > 0));
            CHECK((t.x + t.width <= width && t.y + t.height <= height));
        }
        for (int point = 0; point < 40; ++point)
            CHECK(covered(tiles, static_cast<int>(rng.below(static_cast<std::uint64_t>(width))),
                          static_cast<int>(rng.below(static_cast<std::uint64_t>(height)))));
        CHECK(covered(tiles, width - 1, height - 1));
    }
    const auto row = tiles_of(1000, 100, 4);
    REQUIRE(row.size() == 4);
    for (std::size_t i = 1; i < row.size(); ++i)
        CHECK(row[i - 1].x + row[i - 1].width - row[i].x >= row[i].width / 4 - 1);
}

TEST_CASE("a picture is looked at whole, then in tiles, the finest first") {
    const auto widths = [](int across) {
        std::vector<int> out;
        for (const Cutout& view : views_of(1000, 100, across)) out.push_back(view.width);
        return out;
    };
    CHECK(widths(1) == std::vector<int>{1000});
    CHECK(widths(2) == std::vector<int>{1000, 572, 572});
    CHECK(widths(3).size() == 1 + 3);
    CHECK(widths(8).size() == 1 + 8 + 4 + 2);
}

TEST_CASE("a box is cut at a border inside the picture, not at the picture's own") {
    const Cutout first{0, 0, 100, 100}, last{100, 50, 100, 50};
    CHECK_FALSE(is_cut(first, 200, 100, 0, 0, 60, 100));
    CHECK(is_cut(first, 200, 100, 40, 10, 100, 60));
    CHECK(is_cut(first, 200, 100, 40, 10, 130, 60));
    CHECK(is_cut(last, 200, 100, 0, 10, 60, 40));
    CHECK(is_cut(last, 200, 100, 20, -5, 60, 40));
    CHECK_FALSE(is_cut(last, 200, 100, 20, 5, 100, 50));
}

TEST_CASE("\"auto\" cuts no finer than the picture has pixels, and not without end") {
    const auto automatic = *tiling_from(Json{{"tiles", "auto"}});
    CHECK(automatic.for_picture(100, 256, 8) == 1);
    CHECK(automatic.for_picture(500, 256, 8) == 2);
    CHECK(automatic.for_picture(30'000, 256, 8) == 8);
    for (int longer = 256; longer < 5000; longer += 7) {
        const int across = automatic.for_picture(longer, 256, most_tiles_across);
        CHECK(tiles_of(longer, longer, across)[0].width >= 256);
    }
    const int enough = automatic.enough_side(256, 8);
    CHECK(automatic.for_picture(enough, 256, 8) == 8);
    CHECK(automatic.for_picture(enough - 1, 256, 8) == 7);
    CHECK(tiling_from(Json::object())->for_picture(5000, 256, 8) == 1);
    CHECK(tiling_from(Json{{"tiles", "off"}})->for_picture(5000, 256, 8) == 1);
    CHECK(tiling_from(Json{{"tiles", 3}})->for_picture(10, 256, 8) == 3);
}

TEST_CASE("a number of tiles that makes no sense is refused") {
    for (const Json& value : {Json(1), Json(9), Json(2.5), Json("many"), Json(true), Json(nullptr)})
        CHECK_FALSE(tiling_from(Json{{"tiles", value}}));
}

}  // namespace
}  // namespace countersign
