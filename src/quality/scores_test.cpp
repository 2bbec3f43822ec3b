#include "quality/scores.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"

using namespace countersign;

namespace {

Scored drawn(std::size_t n, std::size_t classes, std::uint64_t seed) {
    Rng rng(seed);
    Scored scored{classes, {}, {}};
    std::vector<double> row(classes);
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (auto& p : row) sum += p = rng.uniform() + 0.01;
        for (auto& p : row) p /= sum;
        scored.add(row, static_cast<int>(rng.below(static_cast<std::uint32_t>(classes))));
    }
    return scored;
}

/// By the definition: for each class count hits, false alarms and misses.
double slow_macro_f1(const Scored& s) {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < static_cast<int>(s.classes); ++k) {
        double hits = 0, alarms = 0, misses = 0;
        for (std::size_t i = 0; i < s.size(); ++i) {
            const bool is = s.truth[i] == k, said = top_class(s.row(i)) == k;
            hits += is && said, alarms += said && !is, misses += is && !said;
        }
        if (hits + misses == 0) continue;
        ++classes;
        if (hits > 0) {
            const double precision = hits / (hits + alarms), recall = hits / (hits + misses);
            sum += 2 * precision * recall / (precision + recall);
        }
    }
    return classes ? sum / classes : 0;
}

/// By the definition: sort pairs, cut into groups, average.
double slow_ece(std::vector<double> confidence, std::vector<std::uint8_t> correct,
                std::size_t bins) {
    std::vector<std::pair<double, int>> pairs;
    for (std::size_t i = 0; i < confidence.size(); ++i)
        pairs.push_back({confidence[i], correct[i]});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    bins = std::min(bins, pairs.size());
    double error = 0;
    for (std::size_t g = 0; g < bins; ++g) {
        const std::size_t from = g * pairs.size() / bins, to = (g + 1) * pairs.size() / bins;
        double mean = 0, right = 0;
        for (std::size_t i = from; i < to; ++i) mean += pairs[i].first, right += pairs[i].second;
        const auto size = static_cast<double>(to - from);
        error += size / static_cast<double>(pairs.size()) * std::abs(mean / size - right / size);
    }
    return error;
}

}  // namespace

TEST_CASE("scores of four predictions worked out by hand") {
    Scored s{2, {}, {}};
    s.add(std::vector{0.9, 0.1}, 0);
    s.add(std::vector{0.6, 0.4}, 1);
    s.add(std::vector{0.2, 0.8}, 1);
    s.add(std::vector{0.5, 0.5}, 0);
    CHECK(accuracy(s) == doctest::Approx(0.75));
    CHECK(log_loss(s) ==
          doctest::Approx(-(std::log(0.9) + std::log(0.4) + std::log(0.8) + std::log(0.5)) / 4));
    CHECK(brier(s) == doctest::Approx((0.02 + 0.72 + 0.08 + 0.5) / 4));
    CHECK(macro_f1(s) == doctest::Approx((0.8 + 2.0 / 3) / 2));
}

TEST_CASE("nothing to score scores nothing") {
    const Scored none{3, {}, {}};
    CHECK(log_loss(none) == 0);
    CHECK(accuracy(none) == 0);
    CHECK(macro_f1(none) == 0);
    CHECK(expected_calibration_error({}, {}) == 0);
}

TEST_CASE("macro-F1 and calibration error agree with their definitions on random predictions") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const auto s = drawn(1 + seed % 40, 2 + seed % 5, seed);
        CHECK(macro_f1(s) == doctest::Approx(slow_macro_f1(s)));
        const auto tops = top_labels(s);
        CHECK(expected_calibration_error(tops.confidence, tops.correct, 7) ==
              doctest::Approx(slow_ece(tops.confidence, tops.correct, 7)));
    }
}

TEST_CASE("Wilson's interval is that of Newcombe 1998, table I") {
    const auto a = wilson(81, 263);
    CHECK(a.low == doctest::Approx(0.2553).epsilon(0.0005));
    CHECK(a.high == doctest::Approx(0.3662).epsilon(0.0005));
    const auto b = wilson(0, 20);
    CHECK(b.low == doctest::Approx(0));
    CHECK(b.high == doctest::Approx(0.1611).epsilon(0.0005));
}

TEST_CASE("a model that says .9 and is right six times in ten is off by .3") {
    const std::vector<double> confidence(10, 0.9);
    const std::vector<std::uint8_t> correct = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
    CHECK(expected_calibration_error(confidence, correct, 1) == doctest::Approx(0.3));
}

TEST_CASE("the interval of the calibration error repeats for a seed and holds the estimate") {
    const auto tops = top_labels(drawn(80, 3, 4));
    const auto error = expected_calibration_error(tops.confidence, tops.correct);
    const auto a = calibration_error_interval(tops.confidence, tops.correct, 11);
    const auto b = calibration_error_interval(tops.confidence, tops.correct, 11);
    CHECK(a.low == b.low);
    CHECK(a.high == b.high);
    CHECK(a.low <= error);
    CHECK(a.high >= error);
}

TEST_CASE(
    "the interval holds the true calibration error in at least 95 of 100 simulated projects") {
    // Confidence uniform in [.5, 1]; right with probability confidence - gap: the true error is the
    // gap.
    for (const double gap : {0.0, 0.05, 0.2}) {
        int held = 0;
        constexpr int projects = 100;
        for (std::uint64_t project = 0; project < projects; ++project) {
            Rng rng(project * 2 + 1);
            std::vector<double> confidence;
            std::vector<std::uint8_t> correct;
            for (int i = 0; i < 200; ++i) {
                confidence.push_back(0.5 + rng.uniform() / 2);
                correct.push_back(rng.uniform() < confidence.back() - gap);
            }
            const auto range = calibration_error_interval(confidence, correct, project, 15, 100);
            held += range.low <= gap && gap <= range.high;
        }
        CHECK(held >= projects * 95 / 100);
    }
}

TEST_CASE("the difference of two shares has Newcombe's interval") {
    // Newcombe 1998, table II (a) and (e), method 10.
    const auto wide = difference_of_shares(56, 70, 48, 80);
    CHECK(wide.low == doctest::Approx(0.0524).epsilon(0.002));
    CHECK(wide.high == doctest::Approx(0.3339).epsilon(0.002));
    const auto none = difference_of_shares(0, 10, 0, 10);
    CHECK(none.low == doctest::Approx(-0.2775).epsilon(0.002));
    CHECK(none.high == doctest::Approx(0.2775).epsilon(0.002));
}
