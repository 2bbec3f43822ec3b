// Masks, against a bitmap that is filled and looked at pixel by pixel.
#include "formats/rle.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"

using namespace countersign;

namespace {

/// A mask from rows of characters: '#' is inside.
Mask drawn(const std::vector<std::string>& rows) {
    Mask mask{static_cast<int>(rows[0].size()), static_cast<int>(rows.size()), {0}};
    bool inside = false;
    for (std::size_t x = 0; x < rows[0].size(); ++x)
        for (const auto& row : rows) {
            if ((row[x] == '#') != inside) mask.counts.push_back(0), inside = !inside;
            ++mask.counts.back();
        }
    return mask;
}

std::vector<std::string> random_rows(Rng& rng) {
    const auto width = 1 + static_cast<std::size_t>(rng.uniform() * 9);
    const auto height = 1 + static_cast<std::size_t>(rng.uniform() * 9);
    const double share = rng.uniform();
    std::vector<std::string> rows(height, std::string(width, '.'));
    for (auto& row : rows)
        for (auto& c : row) c = rng.uniform() < share ? '#' : '.';
    return rows;
}

}  // namespace

TEST_CASE("a mask's outline encloses exactly its pixels, holes and corner touches and all") {
    const auto ring = drawn({"....", ".##.", ".##.", "...."});
    CHECK(rings_of(ring) == std::vector<Ring>{{1, 3, 1, 1, 3, 1, 3, 3}});
    CHECK(rings_of(drawn({"###", "#.#", "###"})).size() == 2);
    CHECK(rings_of(drawn({"#.", ".#"})).size() == 2);
    CHECK(rings_of(drawn({".#", "#."})).size() == 2);
    CHECK(rings_of(drawn({"...", "..."})).empty());
    Rng rng(3);
    for (int i = 0; i < 5000; ++i) {
        const auto rows = random_rows(rng);
        const auto mask = drawn(rows);
        const auto rings = rings_of(mask);
        const auto again = mask_of(rings, mask.width, mask.height);
        REQUIRE(again);
        REQUIRE(*again == mask);
        std::int64_t pixels = 0;
        for (const auto& row : rows) pixels += std::count(row.begin(), row.end(), '#');
        REQUIRE(area(mask) == pixels);
        REQUIRE(area_of_rings(rings) == doctest::Approx(static_cast<double>(pixels)));
        double sum = 0;
        for (const auto& r : rings) sum += twice_ring_area(r);
        REQUIRE(sum == 2.0 * static_cast<double>(pixels));
        const auto one = mask_of(std::vector<Ring>{joined(rings)}, mask.width, mask.height);
        REQUIRE(one);
        REQUIRE(*one == mask);
    }
}

TEST_CASE("the string form is COCO's and comes back") {
    const auto mask = decode_mask("04", 2, 2);
    REQUIRE(mask);
    CHECK(mask->counts == std::vector<std::uint32_t>{0, 4});
    CHECK(encode_mask(*mask_of({6, 1, 40, 4, 5, 4, 5, 4, 21}, 9, 10)) == "61X13mN000`0");
    Rng rng(5);
    for (int i = 0; i < 2000; ++i) {
        const auto one = drawn(random_rows(rng));
        const auto again = decode_mask(encode_mask(one), one.width, one.height);
        REQUIRE(again);
        REQUIRE(*again == one);
    }
}

TEST_CASE("a mask that is not one is refused, whatever size it claims") {
    CHECK(decode_mask("04", 3, 2).refusal().message.find("add up") != std::string::npos);
    CHECK(decode_mask("\x01", 2, 2).refusal().message.find("character") != std::string::npos);
    CHECK(decode_mask("oooooooooooooooo", 2, 2).refusal().message.find("breaks off") !=
          std::string::npos);
    CHECK_FALSE(decode_mask("04", 2'000'000'000, 2'000'000'000));
    CHECK_FALSE(mask_of(std::vector<std::uint32_t>{1}, 0, 1));
    CHECK_FALSE(mask_of(std::vector<std::uint32_t>(100, 0xffffffff), 10, 10));
    CHECK_FALSE(mask_of(std::vector<Ring>{{0, 0, INFINITY, 1, 5, 5}}, 10, 10));
    const auto whole = mask_of({0, 65'535u * 65'535u}, 65'535, 65'535);
    REQUIRE(whole);
    CHECK(rings_of(*whole).size() == 1);
}
