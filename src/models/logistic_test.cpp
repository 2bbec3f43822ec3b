#include "models/logistic.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/rng.h"

using namespace countersign;

namespace {

struct Made {
    std::vector<std::vector<float>> x;
    std::vector<LogisticExample> examples;
};

/// Five numbers, the first of which tells.
Made made(int n, double offset = 0) {
    Rng rng(11);
    Made out;
    for (int i = 0; i < n; ++i) {
        std::vector<float> x;
        for (int k = 0; k < 5; ++k) x.push_back(static_cast<float>(rng.uniform() - 0.5));
        x[0] += i % 3 == 0 ? 0.6f : -0.3f;
        out.x.push_back(std::move(x));
    }
    for (int i = 0; i < n; ++i)
        out.examples.push_back({out.x[static_cast<std::size_t>(i)].data(), i % 3 == 0, 1, offset});
    return out;
}

double gradient_of(const Made& data, const Logistic& fit, std::size_t k, double cost) {
    double sum = static_cast<double>(fit.weights[k]);
    for (const auto& e : data.examples) {
        const double p = 1 / (1 + std::exp(-(fit({e.x, 5}) + e.offset)));
        sum += cost * e.weight * (p - (e.positive ? 1 : 0)) * static_cast<double>(e.x[k]);
    }
    return sum;
}

}  // namespace

TEST_CASE("what is fitted is the least loss: its gradient vanishes") {
    const auto data = made(200);
    const auto fit = fit_logistic(data.examples, 5, 2);
    for (std::size_t k = 0; k < 5; ++k)
        CHECK(gradient_of(data, fit, k, 2) == doctest::Approx(0).epsilon(0).scale(1).epsilon(0.1));
    CHECK(fit.weights[0] > 3 * std::abs(fit.weights[1]));
}

TEST_CASE("a known logit of every example is taken off the bias") {
    const auto without = fit_logistic(made(200).examples, 5, 2);
    const auto data = made(200, 3);
    const auto with = fit_logistic(data.examples, 5, 2);
    CHECK(with.bias == doctest::Approx(without.bias - 3).epsilon(0.02));
    CHECK(with.weights[0] == doctest::Approx(without.weights[0]).epsilon(0.05));
}

TEST_CASE("examples of one class alone give a steep answer and no numbers that are none") {
    auto data = made(30);
    for (auto& e : data.examples) e.positive = true;
    const auto fit = fit_logistic(data.examples, 5, 2);
    CHECK(std::isfinite(fit.bias));
    CHECK(fit(data.x[0]) > 1);
}
