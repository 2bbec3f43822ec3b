#include "quality/sampling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/rng.h"

using namespace countersign;

namespace {

/// C(n, k) by Pascal's triangle.
long double ways(std::int64_t n, std::int64_t k) {
    if (k < 0 || k > n) return 0;
    std::vector<long double> row(static_cast<std::size_t>(k) + 1, 0);
    row[0] = 1;
    for (std::int64_t i = 0; i < n; ++i)
        for (auto j = static_cast<std::size_t>(k); j > 0; --j) row[j] += row[j - 1];
    return row.back();
}

double slow_cdf(std::int64_t population, std::int64_t wrong, std::int64_t sample,
                std::int64_t errors) {
    long double sum = 0;
    for (std::int64_t x = 0; x <= errors; ++x)
        sum += ways(wrong, x) * ways(population - wrong, sample - x);
    return static_cast<double>(sum / ways(population, sample));
}

std::int64_t slow_bound(std::int64_t population, std::int64_t sample, std::int64_t errors,
                        double delta) {
    std::int64_t most = errors;
    for (std::int64_t wrong = errors; wrong <= population - (sample - errors); ++wrong)
        if (slow_cdf(population, wrong, sample, errors) > delta) most = wrong;
    return most;
}

}  // namespace

TEST_CASE("the hypergeometric distribution agrees with counting every sample") {
    for (std::int64_t population : {1, 7, 30})
        for (std::int64_t wrong = 0; wrong <= population; ++wrong)
            for (std::int64_t sample = 0; sample <= population; ++sample)
                for (std::int64_t errors = 0; errors <= sample; ++errors)
                    CHECK(hypergeometric_cdf(population, wrong, sample, errors) ==
                          doctest::Approx(slow_cdf(population, wrong, sample, errors)));
}

TEST_CASE("the bound agrees with trying every number of wrong items") {
    for (std::int64_t population : {1, 8, 40})
        for (std::int64_t sample = 0; sample <= population; ++sample)
            for (std::int64_t errors = 0; errors <= std::min<std::int64_t>(sample, 4); ++errors)
                CHECK(most_wrong(population, sample, errors, 0.05) ==
                      slow_bound(population, sample, errors, 0.05));
}

TEST_CASE("whoever looked at everything knows, and whoever looked at nothing does not") {
    CHECK(most_wrong(1000, 1000, 3, 0.05) == 3);
    CHECK(most_wrong(1000, 0, 0, 0.05) == 1000);
}

TEST_CASE("the smallest sample shows it and one less does not") {
    for (std::int64_t population : {600, 5'000, 1'000'000})
        for (std::int64_t errors : {0, 1, 2}) {
            const auto n = sample_size(population, errors, 0.02, 0.05);
            REQUIRE(n);
            const auto most = static_cast<std::int64_t>(0.02 * static_cast<double>(population));
            CHECK(most_wrong(population, *n, errors, 0.05) <= most);
            CHECK(most_wrong(population, *n - 1, errors, 0.05) > most);
        }
    // The rule of three, for a batch without end: ln(0.05) / ln(0.98) = 148.3.
    CHECK(sample_size(1'000'000'000, 0, 0.02, 0.05) == 149);
    CHECK_FALSE(sample_size(10, 1, 0.05, 0.05).has_value());
}

TEST_CASE("the bound holds as often as it says, whatever is wrong") {
    constexpr double delta = 0.05;
    for (std::int64_t wrong = 0; wrong <= 60; wrong += 3) {
        double missed = 0;  // Summed over every outcome: exact.
        for (std::int64_t errors = 0; errors <= 40; ++errors) {
            const double at = hypergeometric_cdf(300, wrong, 40, errors) -
                              (errors == 0 ? 0 : hypergeometric_cdf(300, wrong, 40, errors - 1));
            if (most_wrong(300, 40, errors, delta) < wrong) missed += at;
        }
        CHECK(missed <= delta + 1e-9);
    }
}

TEST_CASE("drawn samples miss the bound no more often than stated") {
    constexpr std::int64_t population = 2000, wrong = 45, sample = 150;
    constexpr int trials = 4000;
    int missed = 0;
    for (int trial = 0; trial < trials; ++trial) {
        const auto drawn = draw_sample(population, sample, static_cast<std::uint64_t>(trial));
        const auto errors =
            std::count_if(drawn.begin(), drawn.end(), [](auto at) { return at < wrong; });
        if (most_wrong(population, sample, errors, 0.05) < wrong) ++missed;
    }
    CHECK(missed <= 0.05 * trials + 3 * 14);  // Three standard deviations of the count.
}

TEST_CASE("a sample is reproducible, without doubles, and fair") {
    const auto drawn = draw_sample(1000, 100, 7);
    CHECK(drawn == draw_sample(1000, 100, 7));
    CHECK(drawn != draw_sample(1000, 100, 8));
    CHECK(std::set(drawn.begin(), drawn.end()).size() == 100);
    CHECK(draw_sample(5, 5, 1).size() == 5);
    std::vector<int> hits(10, 0);
    for (std::uint64_t seed = 0; seed < 20'000; ++seed)
        for (const auto at : draw_sample(10, 3, seed)) ++hits[static_cast<std::size_t>(at)];
    for (const int n : hits) CHECK(std::abs(n - 6000) < 330);  // Five standard deviations.
}
