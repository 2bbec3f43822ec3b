#include "quality/calibration.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/rng.h"
#include "quality/scores.h"

using namespace countersign;

namespace {

/// Items whose class is drawn from softmax(z), and logits `claimed` = z * sharpness: T should be
/// sharpness.
LogitTable drawn(std::size_t n, double sharpness, std::uint64_t seed) {
    Rng rng(seed);
    LogitTable table{4, {}, {}};
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<double> z(4), p(4);
        for (auto& v : z) v = 4 * rng.uniform() - 2;
        softmax(z, 1, p);
        double u = rng.uniform();
        int k = 0;
        while (k < 3 && (u -= p[static_cast<std::size_t>(k)]) > 0) ++k;
        for (const double v : z) table.logits.push_back(v * sharpness);
        table.truth.push_back(k);
    }
    return table;
}

/// Tries every temperature on a fine grid.
double slow_temperature(const LogitTable& table) {
    double best = INFINITY, answer = 1;
    for (double log_t = std::log(0.1); log_t <= std::log(3.0); log_t += 0.002) {
        double loss = log_t * log_t / 2;
        std::vector<double> p(table.classes);
        for (std::size_t i = 0; i < table.truth.size(); ++i) {
            softmax(std::span(table.logits).subspan(i * table.classes, table.classes),
                    std::exp(log_t), p);
            loss -= std::log(p[static_cast<std::size_t>(table.truth[i])]);
        }
        if (loss < best) best = loss, answer = std::exp(log_t);
    }
    return answer;
}

}  // namespace

TEST_CASE("softmax holds for logits that would overflow") {
    std::vector<double> p(3);
    softmax(std::vector{1000.0, 999.0, -1e6}, 1, p);
    CHECK(p[0] == doctest::Approx(1 / (1 + std::exp(-1.0))));
    CHECK(p[2] == 0);
}

TEST_CASE("the temperature agrees with trying them all") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto table = drawn(20 + 20 * seed, 0.3 + 0.25 * static_cast<double>(seed), seed);
        CHECK(fit_temperature(table) == doctest::Approx(slow_temperature(table)).epsilon(0.005));
    }
}

TEST_CASE("logits twice as sharp as the truth get a temperature of two") {
    CHECK(fit_temperature(drawn(5000, 2, 1)) == doctest::Approx(2).epsilon(0.06));
    CHECK(fit_temperature(drawn(5000, 0.5, 2)) == doctest::Approx(0.5).epsilon(0.06));
}

TEST_CASE("little data leaves the temperature near one, none leaves it at one") {
    CHECK(fit_temperature({4, {}, {}}) == doctest::Approx(1).epsilon(1e-3));
    LogitTable one{2, {2, 0}, {1}};  // A single mistake would ask for an endless temperature.
    CHECK(fit_temperature(one) > 1);
    CHECK(fit_temperature(one) < 2.2);
}

TEST_CASE("the temperature stays inside its bounds") {
    LogitTable wrong{2, {}, {}}, right{2, {}, {}};
    for (int i = 0; i < 500; ++i) {
        wrong.logits.insert(wrong.logits.end(), {5, 0}), wrong.truth.push_back(1);
        right.logits.insert(right.logits.end(), {0.1, 0}), right.truth.push_back(0);
    }
    CHECK(fit_temperature(wrong) == doctest::Approx(max_temperature).epsilon(1e-3));
    CHECK(fit_temperature(right) == doctest::Approx(min_temperature).epsilon(1e-3));
}

TEST_CASE("Platt's map changes nothing without data and never turns the order round") {
    const auto none = fit_platt({}, {});
    CHECK(none(0.3) == doctest::Approx(0.3));
    std::vector<double> claimed;
    std::vector<std::uint8_t> correct;
    for (int i = 0; i < 300; ++i) {
        claimed.push_back(i % 2 ? 0.9 : 0.6);
        correct.push_back(i % 2 == 0);  // The surer, the more wrong.
    }
    const auto map = fit_platt(claimed, correct);
    CHECK(map.slope > 0);
    CHECK(map(0.9) > map(0.6));
}

TEST_CASE("Platt's map lowers the calibration error of a model that claims too much") {
    Rng rng(3);
    std::vector<double> claimed, mapped;
    std::vector<std::uint8_t> correct;
    for (int i = 0; i < 1000; ++i) {
        claimed.push_back(0.5 + rng.uniform() / 2);
        correct.push_back(rng.uniform() < claimed.back() - 0.2);
    }
    const auto map = fit_platt(claimed, correct);
    for (const double p : claimed) mapped.push_back(map(p));
    const double before = expected_calibration_error(claimed, correct);
    const double after = expected_calibration_error(mapped, correct);
    CHECK(before > 0.15);
    CHECK(after < 0.07);
}
