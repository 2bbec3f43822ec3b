#include "quality/exact_share.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace countersign;

namespace {

/// P(X <= k) of n draws with chance p, added up.
double binomial_at_most(std::int64_t k, std::int64_t n, double p) {
    double sum = 0;
    for (std::int64_t i = 0; i <= k; ++i)
        sum += std::exp(
            std::lgamma(static_cast<double>(n + 1)) - std::lgamma(static_cast<double>(i + 1)) -
            std::lgamma(static_cast<double>(n - i + 1)) + static_cast<double>(i) * std::log(p) +
            static_cast<double>(n - i) * std::log1p(-p));
    return sum;
}

}  // namespace

TEST_CASE("the ends of the exact interval are where the counted share gets too unlikely") {
    for (const std::int64_t n : {1, 5, 17, 100, 2'000})
        for (const std::int64_t k : {n / 7, n / 2, n}) {
            CAPTURE(n);
            CAPTURE(k);
            const auto found = exact_share(k, n);
            if (k > 0)
                CHECK(1 - binomial_at_most(k - 1, n, found.low) ==
                      doctest::Approx(0.025).epsilon(1e-6));
            if (k < n)
                CHECK(binomial_at_most(k, n, found.high) == doctest::Approx(0.025).epsilon(1e-6));
            CHECK(found.low <= static_cast<double>(k) / static_cast<double>(n));
            CHECK(found.high >= static_cast<double>(k) / static_cast<double>(n));
        }
}

TEST_CASE("none and all have an end of their own, and nothing counted says nothing") {
    CHECK(exact_share(0, 10).low == 0);
    CHECK(exact_share(0, 10).high == doctest::Approx(0.3084971).epsilon(1e-6));
    CHECK(exact_share(10, 10).low == doctest::Approx(1 - 0.3084971).epsilon(1e-6));
    CHECK(exact_share(10, 10).high == 1);
    CHECK(exact_share(0, 0).low == 0);
    CHECK(exact_share(0, 0).high == 1);
}
