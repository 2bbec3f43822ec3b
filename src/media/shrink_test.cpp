#include "media/shrink.h"

#include <doctest/doctest.h>

namespace countersign {
namespace {

TEST_CASE("every pixel of a smaller picture is the average of the area it covers") {
    const Image row{3, 1, {0, 0, 0, 30, 30, 30, 60, 60, 60}};
    CHECK(shrink(row, 3, 1).bgr == row.bgr);
    CHECK(shrink(row, 1, 1).bgr == std::vector<std::uint8_t>{30, 30, 30});
    CHECK(shrink(row, 2, 1).bgr == std::vector<std::uint8_t>{10, 10, 10, 50, 50, 50});
    const Image square{2, 2, {0, 0, 0, 100, 0, 0, 0, 100, 0, 0, 0, 100}};
    CHECK(shrink(square, 1, 1).bgr == std::vector<std::uint8_t>{25, 25, 25});
    CHECK(shrink(square, 2, 1).bgr == std::vector<std::uint8_t>{0, 50, 0, 50, 0, 50});
}

TEST_CASE("white stays white at any size") {
    const Image white{101, 67, std::vector<std::uint8_t>(20301, 255)};
    for (const auto value : shrink(white, 64, 42).bgr) CHECK(value == 255);
}

}  // namespace
}  // namespace countersign
