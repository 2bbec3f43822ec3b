#include "models/neighbours.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/rng.h"

using namespace countersign;

namespace {

constexpr std::size_t wide = 40;

struct Crowd {
    std::vector<Id> ids;
    std::string embeddings;
    std::string_view of(std::size_t i) const {
        return std::string_view(embeddings).substr(i * wide, wide);
    }
};

/// Items around a few centres, as items of real projects lie.
Crowd crowd(std::size_t many, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::vector<float>> centres(30, std::vector<float>(wide));
    for (auto& centre : centres)
        for (auto& value : centre) value = static_cast<float>(rng.uniform() - 0.5);
    Crowd out;
    for (std::size_t i = 0; i < many; ++i) {
        auto values = centres[rng.below(30)];
        for (auto& value : values) value += static_cast<float>(rng.uniform() - 0.5);
        out.ids.push_back(static_cast<Id>(i) + 1);
        out.embeddings += embedding_of(values);
    }
    return out;
}

/// The oracle: every pair is compared, in doubles.
std::vector<Id> slowly(const Crowd& crowd, std::string_view asked, std::size_t most) {
    std::vector<std::pair<double, Id>> scored;
    for (std::size_t i = 0; i < crowd.ids.size(); ++i) {
        double sum = 0, a = 0, b = 0;
        for (std::size_t j = 0; j < wide; ++j) {
            const double x = static_cast<signed char>(asked[j]);
            const double y = static_cast<signed char>(crowd.of(i)[j]);
            sum += x * y;
            a += x * x;
            b += y * y;
        }
        scored.emplace_back(-sum / std::sqrt(a * b), crowd.ids[i]);
    }
    std::sort(scored.begin(), scored.end());
    std::vector<Id> out;
    for (std::size_t i = 0; i < std::min(most, scored.size()); ++i) out.push_back(scored[i].second);
    return out;
}

std::size_t shared(const std::vector<Neighbour>& found, const std::vector<Id>& truth) {
    return static_cast<std::size_t>(
        std::count_if(found.begin(), found.end(), [&](const Neighbour& one) {
            return std::find(truth.begin(), truth.end(), one.item) != truth.end();
        }));
}

}  // namespace

TEST_CASE("without a graph the nearest are exactly those of the slow way") {
    const auto items = crowd(500, 1);
    Neighbours near(wide);
    near.add(items.ids, items.embeddings);
    CHECK(!near.settle(10));
    for (std::size_t i = 0; i < 20; ++i) {
        const auto found = near.nearest(items.of(i), 10);
        REQUIRE(found.size() == 10);
        CHECK(found[0].item == items.ids[i]);
        CHECK(found[0].score == doctest::Approx(1).epsilon(1e-5));
        CHECK(shared(found, slowly(items, items.of(i), 10)) == 10);
    }
}

TEST_CASE("half in the graph or all of it, nearly all of the nearest are found") {
    const auto items = crowd(3'000, 2);
    Neighbours near(wide, 1'000);
    near.add(items.ids, items.embeddings);
    for (const std::size_t settled : {1'500, 3'000}) {
        near.settle(settled);
        std::size_t right = 0;
        for (std::size_t i = 0; i < 100; ++i)
            right +=
                shared(near.nearest(items.of(i * 30), 10), slowly(items, items.of(i * 30), 10));
        CHECK(right >= 950);
        CHECK(near.size() == 3'000);
    }
    CHECK(near.embedding(17) == std::string(items.of(16)));
    CHECK(near.bytes() >= 3'000 * wide);
}

TEST_CASE("what comes later, twice or out of order is found once") {
    const auto items = crowd(1'200, 3);
    Neighbours near(wide, 1'000);
    near.add(std::span(items.ids).subspan(600),
             std::string_view(items.embeddings).substr(600 * wide));
    near.add(std::span(items.ids).first(700),
             std::string_view(items.embeddings).substr(0, 700 * wide));
    CHECK(near.size() == 1'200);
    while (near.settle(100)) {
    }
    near.add(items.ids, items.embeddings);
    CHECK(near.size() == 1'200);
    const auto all = near.nearest(items.of(5), 1'200);
    CHECK(all.size() > 1'100);
    CHECK(std::is_sorted(all.begin(), all.end(),
                         [](const Neighbour& a, const Neighbour& b) { return a.score > b.score; }));
}

TEST_CASE("among a few items the nearest are exact, wherever they are kept") {
    const auto items = crowd(2'000, 4);
    Neighbours near(wide, 1'000);
    near.add(items.ids, items.embeddings);
    near.settle(1'000);
    const std::vector<Id> few{3, 4, 1'990, 77'777, 40};
    const auto found = near.nearest_among(items.of(3), few, 3);
    REQUIRE(found.size() == 3);
    CHECK(found[0].item == 4);
}

TEST_CASE("an item that says nothing is like nothing") {
    const std::vector<float> nothing(wide), broken(wide, std::numeric_limits<float>::quiet_NaN());
    CHECK(embedding_of(nothing) == std::string(wide, '\0'));
    CHECK(embedding_of(broken) == std::string(wide, '\0'));
    CHECK(cosine(embedding_of(nothing), embedding_of(nothing)) == 0);
    const auto items = crowd(20, 5);
    Neighbours near(wide, 0);
    near.add(items.ids, items.embeddings);
    near.add(std::vector<Id>{99}, embedding_of(nothing));
    CHECK(near.nearest(embedding_of(nothing), 5).empty());
    while (near.settle(5)) {
    }
    CHECK(near.embedding(99) == embedding_of(nothing));
    CHECK(near.size() == 21);
    const auto found = near.nearest(items.of(0), 30);
    CHECK(found.size() == 20);
}
