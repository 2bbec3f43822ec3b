#include "models/outline.h"

#include <doctest/doctest.h>

#include <cmath>

namespace countersign {
namespace {

struct Disc {
    double x, y, radius;
};

/// Discs of one colour on a ground of another, both with a little grain.
Image picture(int width, int height, const std::vector<Disc>& discs, double hole = 0) {
    Image image{width, height,
                std::vector<std::uint8_t>(static_cast<std::size_t>(width) *
                                          static_cast<std::size_t>(height) * 3)};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            bool on = false;
            for (const auto& disc : discs) {
                const double away = std::hypot(x + 0.5 - disc.x, y + 0.5 - disc.y);
                on = on || (away <= disc.radius && away >= hole);
            }
            auto* pixel =
                &image.bgr[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(x)) *
                           3];
            const int grain = (x * 7 + y * 13) % 11;
            pixel[0] = static_cast<std::uint8_t>(on ? 30 + grain : 160 + grain);
            pixel[1] = static_cast<std::uint8_t>(on ? 60 + grain : 150 - grain);
            pixel[2] = static_cast<std::uint8_t>(on ? 200 - grain : 90 + grain);
        }
    return image;
}

double area(const std::vector<double>& ring) {
    double sum = 0;
    for (std::size_t i = 0, n = ring.size(); i < n; i += 2)
        sum += ring[i] * ring[(i + 3) % n] - ring[(i + 2) % n] * ring[i + 1];
    return std::fabs(sum) / 2;
}

constexpr double pi = 3.14159265358979;

/// However slow the machine is, the answer is the one that a quick machine gives.
Result<OutlineRings> outlined(const Image& image, double scale, const OutlineAsk& ask) {
    return find_outline(image, scale, ask, std::chrono::minutes(1));
}

}  // namespace

TEST_CASE("the outline of a disc in a box is the disc, within two percent of its area") {
    const auto found = outlined(picture(300, 240, {{140, 120, 60}}), 1, {70, 50, 140, 140, {}, {}});
    REQUIRE_MESSAGE(found, found.refusal().message);
    CHECK(area(found->points) == doctest::Approx(pi * 60 * 60).epsilon(0.02));
    CHECK(found->rings.empty());
    CHECK(found->points.size() / 2 < 60);
}

TEST_CASE("an outline is in pixels of the medium when the image was shrunk") {
    const auto found =
        outlined(picture(300, 240, {{140, 120, 60}}), 4, {280, 200, 560, 560, {}, {}});
    REQUIRE(found);
    CHECK(area(found->points) == doctest::Approx(pi * 240 * 240).epsilon(0.02));
}

TEST_CASE("a hole is a ring of its own") {
    const auto found =
        outlined(picture(300, 240, {{140, 120, 70}}, 25), 1, {62, 42, 156, 156, {}, {}});
    REQUIRE(found);
    REQUIRE(found->rings.size() == 1);
    CHECK(area(found->rings[0]) == doctest::Approx(pi * 25 * 25).epsilon(0.08));
}

TEST_CASE("a click that is not on the thing takes it out, and one that is takes it in") {
    const Image two = picture(400, 240, {{120, 120, 50}, {280, 120, 50}});
    OutlineAsk ask{60, 60, 280, 120, {}, {}};
    const auto both = outlined(two, 1, ask);
    REQUIRE(both);
    CHECK(both->rings.size() == 1);
    ask.exclude = {{280, 120}};
    const auto still = outlined(two, 1, ask);
    REQUIRE(still);
    CHECK(area(still->points) < 1.2 * pi * 50 * 50);
}

TEST_CASE("a box outside the image, and one in which nothing stands out, are refused") {
    const Image image = picture(100, 80, {{50, 40, 20}});
    CHECK_FALSE(outlined(image, 1, {200, 10, 50, 50, {}, {}}));
    CHECK_FALSE(outlined(image, 1, {10, 10, 2, 2, {}, {}}));
    OutlineAsk nothing{30, 20, 40, 40, {}, {}};
    for (int y = 20; y <= 60; y += 2)
        for (int x = 30; x <= 70; x += 2) nothing.exclude.push_back({double(x), double(y)});
    CHECK_FALSE(outlined(image, 1, nothing));
}

TEST_CASE("a box around the whole image has an answer, or a refusal that says what to do") {
    const auto found = outlined(picture(120, 90, {{60, 45, 30}}), 1, {0, 0, 120, 90, {}, {}});
    REQUIRE_MESSAGE(found, found.refusal().message);
    CHECK(area(found->points) == doctest::Approx(pi * 30 * 30).epsilon(0.05));
}

TEST_CASE("the same question has the same answer") {
    const Image image = picture(300, 240, {{140, 120, 60}});
    const OutlineAsk ask{70, 50, 140, 140, {{140, 120}}, {}};
    CHECK(outlined(image, 1, ask)->points == outlined(image, 1, ask)->points);
}

}  // namespace countersign
