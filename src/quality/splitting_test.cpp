#include "quality/splitting.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/rng.h"

using namespace countersign;

namespace {

struct Dataset {
    std::vector<std::string> names;
    std::vector<SplitItem> items;
    explicit Dataset(std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i) names.push_back("item " + std::to_string(i));
        // Label 0 on one item in two, label 2 on one in fifty.
        for (std::uint32_t i = 0; i < n; ++i)
            items.push_back({names[i], {i % 50 == 0 ? 2U : i % 2}});
    }
    std::array<std::size_t, 3> counts(const std::vector<std::uint32_t>& parts,
                                      std::uint32_t label) const {
        std::array<std::size_t, 3> out{};
        for (std::size_t i = 0; i < items.size(); ++i)
            if (items[i].labels.front() == label) ++out[parts[i]];
        return out;
    }
};

constexpr std::array shares{0.8, 0.1, 0.1};

}  // namespace

TEST_CASE("every label is spread as the shares ask, the rare one too") {
    const Dataset data(1000);
    Joined together(1000);
    const auto parts = split_items(data.items, together, shares, 1);
    CHECK(data.counts(parts, 2) == std::array<std::size_t, 3>{16, 2, 2});
    CHECK(data.counts(parts, 0) == std::array<std::size_t, 3>{384, 48, 48});
    CHECK(data.counts(parts, 1) == std::array<std::size_t, 3>{400, 50, 50});
}

TEST_CASE("what belongs together stays together") {
    const Dataset data(600);
    Joined together(600);
    for (std::uint32_t i = 0; i < 600; ++i) together.join(i, i / 7 * 7);
    const auto parts = split_items(data.items, together, shares, 1);
    for (std::uint32_t i = 0; i < 600; ++i) CHECK(parts[i] == parts[i / 7 * 7]);
    const auto n = std::count(parts.begin(), parts.end(), 0U);
    CHECK(n > 460);
    CHECK(n < 500);
}

TEST_CASE("the seed decides, the order of the items does not") {
    Dataset data(300);
    Joined together(300);
    const auto first = split_items(data.items, together, shares, 1);
    CHECK(split_items(data.items, together, shares, 1) == first);
    CHECK(split_items(data.items, together, shares, 2) != first);
    std::reverse(data.items.begin(), data.items.end());
    auto turned = split_items(data.items, together, shares, 1);
    std::reverse(turned.begin(), turned.end());
    CHECK(turned == first);
}
