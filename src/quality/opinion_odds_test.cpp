#include "quality/opinion_odds.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/rng.h"

using namespace countersign;

namespace {

constexpr auto open = AggregationOptions::no_gold;

/// Two of ten people answer each unit; person r is right with `right(r)`, else any other value.
struct Pairs {
    std::vector<Rating> rows;
    std::vector<std::uint32_t> truth;
};
template <class Right>
Pairs drawn_pairs(std::uint32_t units, std::uint32_t values, const Right& right,
                  std::uint64_t seed) {
    Rng rng(seed);
    Pairs out;
    for (std::uint32_t u = 0; u < units; ++u) {
        out.truth.push_back(rng.below(values));
        const auto first = rng.below(10);
        for (const auto r : {first, (first + 1 + rng.below(9)) % 10}) {
            const bool is_right = rng.uniform() < right(r);
            const auto wrong = (out.truth.back() + 1 + rng.below(values - 1)) % values;
            out.rows.push_back({u, r, is_right ? out.truth.back() : wrong});
        }
    }
    return out;
}

}  // namespace

TEST_CASE(
    "of two who differ the one who is mostly right is more probably right, and as often as said") {
    const auto drawn = drawn_pairs(
        1'500, 4, [](std::uint32_t r) { return r < 5 ? 0.95 : 0.55; }, 3);
    const Ratings ratings(drawn.rows, 1'500, 10, 4);
    // The first hundred disputes were decided.
    std::vector<std::uint32_t> known(1'500, open);
    std::size_t decided = 0;
    for (std::uint32_t u = 0; u < 1'500 && decided < 100; ++u)
        if (ratings.of(u)[0].value != ratings.of(u)[1].value) known[u] = drawn.truth[u], ++decided;
    const auto odds = opinion_odds(ratings, known, false, 1);
    CHECK(odds.ground == OddsGround::verdicts);
    CHECK(odds.verdicts == 100);
    double claimed = 0, right = 0, n = 0;
    for (std::uint32_t u = 0; u < 1'500; ++u) {
        const auto said = ratings.of(u);
        if (known[u] != open || said[0].value == said[1].value) continue;
        const auto& sure =
            odds.found.row(u)[said[0].value] > odds.found.row(u)[said[1].value] ? said[0] : said[1];
        if ((said[0].rater < 5) != (said[1].rater < 5)) CHECK(sure.rater < 5);
        claimed += odds.found.row(u)[sure.value];
        right += sure.value == drawn.truth[u];
        ++n;
    }
    CHECK(n > 300);
    CHECK(std::abs(claimed - right) / n < 0.06);
}

TEST_CASE("without third answers and without verdicts the odds are marked as a guess") {
    const auto drawn = drawn_pairs(
        200, 3, [](std::uint32_t) { return 0.8; }, 4);
    const Ratings ratings(drawn.rows, 200, 10, 3);
    std::vector<std::uint32_t> known(200, open);
    CHECK(opinion_odds(ratings, known, true, 1).ground == OddsGround::few);
    for (std::uint32_t u = 0; u < 19; ++u) known[u] = drawn.truth[u];
    CHECK(opinion_odds(ratings, known, true, 1).ground == OddsGround::few);
}

TEST_CASE("with third answers labels are held out, and what is known stays certain") {
    Rng rng(6);
    std::vector<Rating> rows;
    for (std::uint32_t u = 0; u < 100; ++u)
        for (std::uint32_t r = 0; r < 4; ++r)
            rows.push_back({u, r, rng.uniform() < 0.8 ? u % 3 : (u + 1) % 3});
    std::vector<std::uint32_t> known(100, open);
    known[7] = 2;
    const auto odds = opinion_odds(Ratings(rows, 100, 4, 3), known, true, 1);
    CHECK(odds.ground == OddsGround::held_out);
    CHECK(odds.found.row(7)[2] == doctest::Approx(1));
}

TEST_CASE("posteriors that come true less often than they say are tempered to what comes true") {
    // Each says .9 of its first value; it is right in six of ten.
    Aggregated raw;
    raw.values = 2;
    std::vector<std::uint32_t> known;
    for (std::uint32_t u = 0; u < 100; ++u) {
        raw.posterior.insert(raw.posterior.end(), {0.9, 0.1});
        known.push_back(u % 10 < 6 ? 0 : 1);
    }
    const double power = temper_by_known(raw, known);
    const double after = std::pow(0.9, power) / (std::pow(0.9, power) + std::pow(0.1, power));
    CHECK(after == doctest::Approx(0.6).epsilon(0.03));
}
