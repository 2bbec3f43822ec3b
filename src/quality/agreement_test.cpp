#include "quality/agreement.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "base/result.h"
#include "base/rng.h"

using namespace countersign;

namespace {

constexpr int none = -1;

/// `table[rater][unit]`, `none` where there is no label.
Ratings rated(const std::vector<std::vector<int>>& table, std::size_t values) {
    std::vector<Rating> rows;
    for (std::uint32_t r = 0; r < table.size(); ++r)
        for (std::uint32_t u = 0; u < table[r].size(); ++u)
            if (table[r][u] != none)
                rows.push_back({u, r, static_cast<std::uint32_t>(table[r][u])});
    return {rows, table.front().size(), table.size(), values};
}

/// Krippendorff 2011, section C: four observers, twelve units, values 1 to 5 as 0 to 4.
Ratings krippendorff_example() {
    return rated({{0, 1, 2, 2, 1, 0, 3, 0, 1, none, none, none},
                  {0, 1, 2, 2, 1, 1, 3, 0, 1, 4, none, 2},
                  {none, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, none},
                  {0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, none}},
                 5);
}

/// By the definition: mean distance of pairs within units over that of all pairs of labels.
std::optional<double> slow_alpha(const Ratings& ratings,
                                 const std::function<double(std::size_t, std::size_t)>& square) {
    std::vector<std::uint32_t> all;
    double observed = 0;
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto of = ratings.of(u);
        if (of.size() < 2) continue;
        for (std::size_t i = 0; i < of.size(); ++i) {
            all.push_back(of[i].value);
            for (std::size_t j = 0; j < of.size(); ++j)
                if (i != j) observed += square(of[i].value, of[j].value) / (double(of.size()) - 1);
        }
    }
    const auto n = double(all.size());
    double expected = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < all.size(); ++j)
            if (i != j) expected += square(all[i], all[j]);
    if (expected == 0) return {};
    return 1 - observed / n / (expected / (n * (n - 1)));
}

Ratings drawn(std::size_t units, std::size_t raters, std::size_t values, double noise,
              std::uint64_t seed) {
    Rng rng(seed);
    std::vector<Rating> rows;
    for (std::uint32_t u = 0; u < units; ++u) {
        const auto truth = rng.below(static_cast<std::uint32_t>(values));
        for (std::uint32_t r = 0; r < raters; ++r) {
            if (rng.uniform() < 0.3) continue;
            const bool guess = rng.uniform() < noise;
            rows.push_back({u, r, guess ? rng.below(static_cast<std::uint32_t>(values)) : truth});
        }
    }
    return {rows, units, raters, values};
}

}  // namespace

TEST_CASE("of several labels by one rater on one unit the last counts") {
    const std::vector<Rating> rows{{0, 1, 2}, {0, 0, 1}, {0, 1, 0}, {2, 1, 1}};
    const Ratings ratings(rows, 3, 2, 3);
    CHECK(ratings.size() == 3);
    CHECK(ratings.of(0).size() == 2);
    CHECK(ratings.of(0)[1] == Ratings::Entry{1, 0});
    CHECK(ratings.of(1).empty());
    CHECK(ratings.of(2)[0] == Ratings::Entry{1, 1});
    CHECK_THROWS_AS(Ratings(rows, 2, 2, 3), Breakdown);
}

TEST_CASE("alpha is that of Krippendorff's own example") {
    const auto ratings = krippendorff_example();
    const auto of = [&](const Distance& d) { return krippendorff_alpha(ratings, d)->alpha; };
    CHECK(of(Distance::nominal()) == doctest::Approx(0.743).epsilon(0.001));
    CHECK(of(Distance::ordinal()) == doctest::Approx(0.815).epsilon(0.001));
    CHECK(of(Distance::interval({1, 2, 3, 4, 5})) == doctest::Approx(0.849).epsilon(0.001));
    CHECK(krippendorff_alpha(ratings, Distance::nominal())->units == 11);
    CHECK(krippendorff_alpha(ratings, Distance::nominal())->labels == 40);
}

TEST_CASE("alpha equals its definition on drawn labels, for every distance") {
    const std::vector<std::vector<std::uint32_t>> sets{{}, {0}, {1}, {0, 1}, {0, 2}, {0, 1, 2}};
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto ratings = drawn(30, 4, sets.size(), 0.5, seed);
        CHECK(krippendorff_alpha(ratings, Distance::nominal())->alpha ==
              doctest::Approx(*slow_alpha(ratings, [](auto a, auto b) { return a != b; })));
        const std::vector<double> numbers{0, 1, 4, 2.5, -3, 10};
        CHECK(krippendorff_alpha(ratings, Distance::interval(numbers))->alpha ==
              doctest::Approx(*slow_alpha(ratings, [&](auto a, auto b) {
                  return (numbers[a] - numbers[b]) * (numbers[a] - numbers[b]);
              })));
        std::vector<double> totals(sets.size());
        for (std::size_t u = 0; u < ratings.units(); ++u)
            if (ratings.of(u).size() > 1)
                for (const auto& e : ratings.of(u)) totals[e.value] += 1;
        const auto ordinal = [&](std::size_t a, std::size_t b) {
            double between = -(totals[a] + totals[b]) / 2;
            for (auto v = std::min(a, b); v <= std::max(a, b); ++v) between += totals[v];
            return a == b ? 0 : between * between;
        };
        CHECK(krippendorff_alpha(ratings, Distance::ordinal())->alpha ==
              doctest::Approx(*slow_alpha(ratings, ordinal)));
        const auto masi = Distance::masi(sets);
        CHECK(krippendorff_alpha(ratings, masi)->alpha ==
              doctest::Approx(*slow_alpha(
                  ratings, [&](auto a, auto b) { return masi.numbers()[a * sets.size() + b]; })));
    }
}

TEST_CASE("sets that hold one another are nearer than sets that only share a label") {
    const std::vector<std::vector<std::uint32_t>> sets{{0, 1}, {0}, {0, 2}, {3}, {}};
    const auto masi = Distance::masi(sets);
    const auto at = [&](std::size_t b) { return masi.numbers()[b]; };
    CHECK(at(0) == 0);
    CHECK(at(1) == doctest::Approx(1 - 1.0 / 2 * 2 / 3));
    CHECK(at(2) == doctest::Approx(1 - 1.0 / 3 * 1 / 3));
    CHECK(at(3) == 1);
    CHECK(at(4) == 1);
    CHECK(Distance::jaccard(sets).numbers()[1] == doctest::Approx(0.5));
}

TEST_CASE("what cannot vary, or was labelled by one, has no alpha") {
    CHECK_FALSE(krippendorff_alpha(rated({{0, 0}, {0, 0}}, 2), Distance::nominal()));
    CHECK_FALSE(krippendorff_alpha(rated({{0, 1}, {none, none}}, 2), Distance::nominal()));
    CHECK_FALSE(nominal_agreement(rated({{0, 1}, {none, none}}, 2)));
    CHECK_FALSE(alpha_interval(rated({{0, 0}, {0, 0}}, 2), Distance::nominal(), 1));
}

TEST_CASE("Fleiss' kappa is that of the textbook's table") {
    const int table[10][5] = {{0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0},
                              {2, 2, 8, 1, 1},  {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2},
                              {6, 5, 2, 1, 0},  {0, 2, 2, 3, 7}};
    std::vector<Rating> rows;
    for (std::uint32_t u = 0; u < 10; ++u) {
        std::uint32_t rater = 0;
        for (std::uint32_t v = 0; v < 5; ++v)
            for (int i = 0; i < table[u][v]; ++i) rows.push_back({u, rater++, v});
    }
    const auto found = nominal_agreement(Ratings(rows, 10, 14, 5));
    CHECK(*found->fleiss == doctest::Approx(0.210).epsilon(0.001));
    CHECK(found->percent == doctest::Approx(0.378).epsilon(0.001));
}

TEST_CASE("on skewed classes kappa collapses and AC1 stays") {
    // Gwet 2008, table 1: of 125 subjects two raters agree on 118 of the common class.
    std::vector<std::vector<int>> table(2);
    const auto add = [&](int a, int b, int n) {
        for (int i = 0; i < n; ++i) table[0].push_back(a), table[1].push_back(b);
    };
    add(0, 0, 118), add(0, 1, 5), add(1, 0, 2);
    const auto ratings = rated(table, 2);
    const auto nominal = nominal_agreement(ratings);
    const auto pair = pair_agreements(ratings, Distance::nominal()).at(0);
    CHECK(nominal->percent == doctest::Approx(0.944));
    CHECK(*pair.kappa == doctest::Approx(-0.0234).epsilon(0.01));
    CHECK(*nominal->ac1 == doctest::Approx(0.9408).epsilon(0.001));
}

TEST_CASE("Cohen's kappa of a pair, and weighted by distance") {
    std::vector<std::vector<int>> table(2);
    const auto add = [&](int a, int b, int n) {
        for (int i = 0; i < n; ++i) table[0].push_back(a), table[1].push_back(b);
    };
    add(0, 0, 20), add(0, 1, 5), add(1, 0, 10), add(1, 1, 15);
    const auto pairs = pair_agreements(rated(table, 2), Distance::nominal());
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].units == 50);
    CHECK(*pairs[0].kappa == doctest::Approx(0.4));
    CHECK(pair_agreements(rated(table, 2), Distance::nominal(), 51).empty());
    // Off by one costs a quarter of off by two.
    const auto far = rated({{0, 1, 2, 0, 1, 2}, {0, 1, 2, 0, 1, 0}}, 3);
    const auto near = rated({{0, 1, 2, 0, 1, 2}, {0, 1, 2, 0, 1, 1}}, 3);
    const auto kappa = [](const Ratings& r) {
        return *pair_agreements(r, Distance::interval({0, 1, 2}))[0].kappa;
    };
    CHECK(kappa(near) > kappa(far));
}

TEST_CASE("a rater who guesses stands out against the rest; so does a class nobody agrees on") {
    std::vector<std::vector<int>> table(4, std::vector<int>(200));
    Rng rng(3);
    for (std::size_t u = 0; u < 200; ++u) {
        const int truth = static_cast<int>(rng.below(3));
        for (std::size_t r = 0; r < 3; ++r) table[r][u] = truth;
        table[3][u] = static_cast<int>(rng.below(3));
        if (truth == 2) table[1][u] = rng.uniform() < 0.5 ? 2 : 1;
    }
    const auto ratings = rated(table, 3);
    const auto raters = rater_agreements(ratings, Distance::nominal());
    REQUIRE(raters.size() == 4);
    CHECK(*raters[3].alpha < 0.2);
    CHECK(*raters[0].alpha > 0.5);
    CHECK(raters[3].percent < raters[0].percent);
    const auto classes = class_agreements(ratings);
    CHECK(classes[0].alpha->alpha > classes[2].alpha->alpha);
}

TEST_CASE("one class against the rest equals alpha of the labels cut to two") {
    const auto ratings = drawn(50, 5, 4, 0.4, 9);
    for (const auto& one : class_agreements(ratings)) {
        std::vector<Rating> rows;
        for (std::uint32_t u = 0; u < ratings.units(); ++u)
            for (const auto& e : ratings.of(u)) rows.push_back({u, e.rater, e.value == one.value});
        const Ratings cut(rows, ratings.units(), ratings.raters(), 2);
        CHECK(one.alpha->alpha ==
              doctest::Approx(krippendorff_alpha(cut, Distance::nominal())->alpha));
    }
}

TEST_CASE("the interval of alpha holds the true alpha about as often as it says") {
    // With a share g of guesses over K equal classes alpha of the whole population is (1 - g)^2.
    const double noise = 0.3, truth = 0.7 * 0.7;
    int held = 0;
    constexpr int trials = 100;
    for (int trial = 0; trial < trials; ++trial) {
        const auto ratings = drawn(80, 4, 4, noise, 100 + static_cast<std::uint64_t>(trial));
        const auto interval = alpha_interval(ratings, Distance::nominal(), 7, 200);
        held += interval->low <= truth && truth <= interval->high;
    }
    CHECK(held >= 86);
    CHECK(held <= 100);
}
