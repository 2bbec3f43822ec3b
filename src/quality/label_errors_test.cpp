#include "quality/label_errors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/rng.h"

using namespace countersign;

namespace {

struct DrawnLabels {
    std::vector<double> probability;
    std::vector<std::uint32_t> given, truth;
    std::size_t classes;
    GivenLabels labels() const { return {classes, probability, given}; }
};

/// A model that is mostly right about the truth, and labels of which a share is another class's.
DrawnLabels drawn(std::size_t n, std::size_t classes, double noise, std::uint64_t seed) {
    Rng rng(seed);
    DrawnLabels d{{}, {}, {}, classes};
    for (std::size_t i = 0; i < n; ++i) {
        const auto k = static_cast<std::uint32_t>(classes);
        const auto truth = rng.below(k);
        d.truth.push_back(truth);
        d.given.push_back(rng.uniform() < noise ? (truth + 1 + rng.below(k - 1)) % k : truth);
        double sum = 0;
        const auto at = d.probability.size();
        for (std::uint32_t c = 0; c < k; ++c) {
            const double p = rng.uniform() + (c == truth ? 0.9 : 0.02);
            d.probability.push_back(p), sum += p;
        }
        for (auto i_p = at; i_p < d.probability.size(); ++i_p) d.probability[i_p] /= sum;
    }
    return d;
}

/// By the paper's words, with sets: who is above which threshold, and how often.
std::vector<double> slow_counts(const DrawnLabels& d) {
    std::vector<double> thresholds(d.classes), counts(d.classes * d.classes);
    for (std::size_t k = 0; k < d.classes; ++k) {
        double sum = 0, n = 0;
        for (std::size_t i = 0; i < d.given.size(); ++i)
            if (d.given[i] == k) sum += d.probability[i * d.classes + k], n += 1;
        thresholds[k] = n > 0 ? sum / n : 2;
    }
    for (std::size_t i = 0; i < d.given.size(); ++i) {
        std::set<std::pair<double, std::size_t>> above;
        for (std::size_t k = 0; k < d.classes; ++k)
            if (d.probability[i * d.classes + k] >= thresholds[k] - 1e-6)
                above.insert({-d.probability[i * d.classes + k], k});
        if (!above.empty()) counts[d.given[i] * d.classes + above.begin()->second] += 1;
    }
    return counts;
}

std::vector<std::uint8_t> wrong(const DrawnLabels& d) {
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i < d.given.size(); ++i) out.push_back(d.given[i] != d.truth[i]);
    return out;
}

}  // namespace

TEST_CASE(
    "the confident joint is counted as the paper says, and its rows sum to the given labels") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto d = drawn(300, 5, 0.15, seed);
        const auto found = confident_joint(d.labels());
        CHECK(found.counts == slow_counts(d));
        for (std::size_t j = 0; j < 5; ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < 5; ++k) sum += found.joint[j * 5 + k];
            CHECK(sum == doctest::Approx(std::count(d.given.begin(), d.given.end(), j)));
        }
    }
}

TEST_CASE("the number of wrong labels is estimated near the true one") {
    for (const double noise : {0.05, 0.15, 0.3}) {
        const auto d = drawn(5000, 4, noise, 7);
        const auto w = wrong(d);
        const auto truth = std::count(w.begin(), w.end(), 1);
        CHECK(confident_joint(d.labels()).wrong() == doctest::Approx(truth).epsilon(0.25));
    }
}

TEST_CASE("suspects are mostly wrong, and come least plausible first") {
    const auto d = drawn(3000, 4, 0.1, 3);
    const auto w = wrong(d);
    const auto scores = label_scores(d.labels());
    for (const auto filter : {ErrorFilter::noise_rate, ErrorFilter::confident,
                              ErrorFilter::disagreement, ErrorFilter::count}) {
        const auto found = suspects(d.labels(), filter);
        REQUIRE(found.size() > 100);
        const auto hits = std::count_if(found.begin(), found.end(), [&](auto i) { return w[i]; });
        CHECK(double(hits) / double(found.size()) > 0.75);
        CHECK(std::is_sorted(found.begin(), found.end(),
                             [&](auto a, auto b) { return scores[a] < scores[b]; }));
    }
    CHECK(auroc_of_low(scores, w) > 0.95);
    CHECK(precision_at(scores, w, 100) > 0.9);
}

TEST_CASE("an item whose label is the model's first choice is no suspect of the noise rate") {
    const auto d = drawn(1000, 3, 0.4, 5);
    for (const auto i : suspects(d.labels())) {
        const auto row = d.labels().row(i);
        CHECK(std::max_element(row.begin(), row.end()) - row.begin() != d.given[i]);
    }
}

TEST_CASE("clean labels, one class, a class nobody was given, and nothing at all are no trouble") {
    const std::vector<double> sure{0.9, 0.05, 0.05, 0.05, 0.9, 0.05};
    const std::vector<std::uint32_t> given{0, 1};
    CHECK(suspects({3, sure, given}).empty());
    CHECK(confident_joint({3, sure, given}).thresholds[2] > 1);
    const std::vector<double> ones{1, 1};
    const std::vector<std::uint32_t> zeros{0, 0};
    CHECK(suspects({1, ones, zeros}).empty());
    CHECK(label_scores({1, ones, zeros}) == std::vector<double>{1, 1});
    CHECK(suspects({2, {}, {}}).empty());
}

TEST_CASE("rows that do not sum to one are mended and counted") {
    std::vector<double> rows{0.5, 0.5, 0.500004, 0.5, 2, 0, NAN, -1};
    CHECK(normalise_rows(rows, 2) == 2);
    for (std::size_t at = 0; at < rows.size(); at += 2)
        CHECK(rows[at] + rows[at + 1] == doctest::Approx(1));
    CHECK(rows[6] == doctest::Approx(0.5));
}

TEST_CASE("a sentence is as good as its worst token") {
    const std::vector<double> tokens{0.9, 0.2, 0.8, 0.7};
    const std::vector<std::size_t> begin{0, 2, 2, 4};
    CHECK(worst_token(tokens, begin) == std::vector<double>{0.2, 1, 0.7});
}

TEST_CASE(
    "every ranking finds drawn errors, and a sure contradiction is less plausible than a guess") {
    const auto d = drawn(3000, 4, 0.1, 3);
    for (const auto score :
         {LabelScore::margin, LabelScore::self_confidence, LabelScore::weighted_entropy}) {
        const auto scores = label_scores(d.labels(), score);
        CHECK(auroc_of_low(scores, wrong(d)) > 0.9);
        CHECK(*std::min_element(scores.begin(), scores.end()) >= 0);
        CHECK(*std::max_element(scores.begin(), scores.end()) <= 1);
    }
    // ln(1 + x) / x with x = entropy / (ln 2 * p(given)): by hand.
    const std::vector<double> rows{0.25, 0.75, 0.5, 0.5};
    const std::vector<std::uint32_t> given{0, 1};
    const auto by_hand = label_scores({2, rows, given}, LabelScore::weighted_entropy);
    const double x = 0.8112781244591328 / 0.25;
    CHECK(by_hand[0] == doctest::Approx(std::log(1 + x) / x));
    CHECK(by_hand[1] == doctest::Approx(std::log(3.0) / 2));
}

TEST_CASE("adjusted rows lift the classes that the model is seldom sure of") {
    const std::vector<double> rows{0.9, 0.1, 0.6, 0.4};
    const std::vector<std::uint32_t> given{0, 1};
    // Thresholds .9 and .4: the second class gains .5 before the rows are brought to 1 again.
    const auto adjusted = adjusted_rows({2, rows, given});
    CHECK(adjusted[0] == doctest::Approx(0.9 / 1.5));
    CHECK(adjusted[3] == doctest::Approx(0.9 / 1.5));
}

TEST_CASE("average precision is the mean precision at the errors; ties come at once") {
    const std::vector<double> score{0.1, 0.2, 0.2, 0.9};
    const std::vector<std::uint8_t> wrong_items{1, 0, 1, 0}, none{0, 0, 0, 0};
    CHECK(average_precision_of_low(score, wrong_items) == doctest::Approx((1 + 2.0 / 3) / 2));
    CHECK(average_precision_of_low(score, none) == 0);
}

TEST_CASE("the ROC's area counts ties half") {
    const std::vector<double> score{0.1, 0.5, 0.5, 0.9};
    const std::vector<std::uint8_t> first{1, 0, 0, 0}, tied{0, 1, 0, 0}, none{0, 0, 0, 0};
    CHECK(auroc_of_low(score, first) == 1);
    CHECK(auroc_of_low(score, tied) == doctest::Approx(0.5));
    CHECK(auroc_of_low(score, none) == 0.5);
}
