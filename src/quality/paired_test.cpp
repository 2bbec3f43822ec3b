#include "quality/paired.h"

#include <doctest/doctest.h>

#include <vector>

using namespace countersign;

TEST_CASE("McNemar's exact test is twice the smaller tail of the coin") {
    CHECK(mcnemar(0, 0) == 1);
    CHECK(mcnemar(5, 5) == 1);
    CHECK(mcnemar(0, 5) == doctest::Approx(2.0 / 32));
    CHECK(mcnemar(1, 9) == doctest::Approx(2 * 11.0 / 1024));
    CHECK(mcnemar(9, 1) == mcnemar(1, 9));
    CHECK(mcnemar(100'000, 100'400) > 0.3);
}

TEST_CASE("a difference of pairs has an interval that knows they are pairs") {
    std::vector<double> a, b;
    for (int i = 0; i < 100; ++i) {
        a.push_back(i % 2);
        b.push_back(i % 10 == 0 ? 1 : i % 2);
    }
    const auto better = paired_difference(a, b, 7);
    CHECK(better.difference == doctest::Approx(0.1));
    CHECK(better.interval.low > 0.02);
    CHECK(better.interval.high < 0.2);
    CHECK(paired_difference(a, b, 7).interval.low == better.interval.low);
    const auto same = paired_difference(a, a, 7);
    CHECK(same.interval.low == 0);
    CHECK(same.interval.high == 0);
    CHECK(paired_difference({}, {}, 7).difference == 0);
}
