#include "models/logistic.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

/// log(1 + exp(z)) without overflow.
double softplus(double z) {
    return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
}

double dot(const float* a, const float* b, std::size_t n) {
    float sum[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (std::size_t k = 0; k < 8; ++k) sum[k] += a[i + k] * b[i + k];
    double out = 0;
    for (; i < n; ++i) out += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    for (const float s : sum) out += static_cast<double>(s);
    return out;
}

/// The weights with the bias behind them.
using Point = std::vector<float>;

class Problem {
public:
    Problem(std::span<const LogisticExample> examples, std::size_t numbers, double cost)
        : examples_(examples), numbers_(numbers), cost_(cost), slope_(examples.size()) {}

    double logit(const Point& at, const LogisticExample& e) const {
        return dot(at.data(), e.x, numbers_) + static_cast<double>(at[numbers_]) + e.offset;
    }

    double value(const Point& at) const {
        double loss = 0;
        for (const auto& e : examples_) {
            const double z = logit(at, e);
            loss += e.weight * softplus(e.positive ? -z : z);
        }
        return dot(at.data(), at.data(), numbers_) / 2 + cost_ * loss;
    }

    /// Of value(); keeps the curvature there for times_curvature().
    Point gradient(const Point& at) {
        Point out(at.begin(), at.end());
        out[numbers_] = 0;
        for (std::size_t i = 0; i < examples_.size(); ++i) {
            const auto& e = examples_[i];
            const double p = 1 / (1 + std::exp(-logit(at, e)));
            slope_[i] = cost_ * e.weight * std::max(p * (1 - p), 1e-9);
            add(out, cost_ * e.weight * (p - (e.positive ? 1 : 0)), e.x);
        }
        return out;
    }

    Point times_curvature(const Point& direction) const {
        Point out(direction.begin(), direction.end());
        out[numbers_] = direction[numbers_] * 1e-6f;  // Enough to be solvable.
        for (std::size_t i = 0; i < examples_.size(); ++i) {
            const auto& e = examples_[i];
            const double along =
                dot(direction.data(), e.x, numbers_) + static_cast<double>(direction[numbers_]);
            add(out, slope_[i] * along, e.x);
        }
        return out;
    }

    /// The direction in which the curvature says the gradient vanishes, by conjugate gradients.
    Point step(const Point& gradient) const {
        constexpr int most_rounds = 40;
        constexpr double close_enough = 1e-2;
        Point out(gradient.size(), 0.0f), rest(gradient.size());
        for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = -gradient[i];
        Point direction = rest;
        double length = dot(rest.data(), rest.data(), rest.size());
        const double goal = length * close_enough * close_enough;
        for (int round = 0; round < most_rounds && length > goal; ++round) {
            const Point bent = times_curvature(direction);
            const double by = length / dot(direction.data(), bent.data(), bent.size());
            for (std::size_t i = 0; i < out.size(); ++i) {
                out[i] += static_cast<float>(by) * direction[i];
                rest[i] -= static_cast<float>(by) * bent[i];
            }
            const double now = dot(rest.data(), rest.data(), rest.size());
            for (std::size_t i = 0; i < out.size(); ++i)
                direction[i] = rest[i] + static_cast<float>(now / length) * direction[i];
            length = now;
        }
        return out;
    }

private:
    void add(Point& to, double by, const float* x) const {
        const auto factor = static_cast<float>(by);
        for (std::size_t i = 0; i < numbers_; ++i) to[i] += factor * x[i];
        to[numbers_] += factor;
    }

    std::span<const LogisticExample> examples_;
    std::size_t numbers_;
    double cost_;
    std::vector<double> slope_;
};

}  // namespace

double Logistic::operator()(std::span<const float> x) const {
    return dot(weights.data(), x.data(), std::min(x.size(), weights.size())) + bias;
}

Logistic fit_logistic(std::span<const LogisticExample> examples, std::size_t numbers, double cost,
                      const std::stop_token& stop) {
    constexpr int most_steps = 30, most_halvings = 20;
    constexpr double settled = 1e-5;
    Problem problem(examples, numbers, cost);
    Point at(numbers + 1, 0.0f);
    double value = problem.value(at);
    for (int round = 0; round < most_steps && !stop.stop_requested(); ++round) {
        const Point gradient = problem.gradient(at);
        const Point step = problem.step(gradient);
        Point there;
        double found = value, share = 1;
        for (int halving = 0; halving < most_halvings && !(found < value); ++halving, share /= 2) {
            there = at;
            for (std::size_t i = 0; i < at.size(); ++i)
                there[i] += static_cast<float>(share) * step[i];
            found = problem.value(there);
        }
        if (!(found < value)) break;
        const bool done = value - found <= settled * std::abs(value);
        at = std::move(there);
        value = found;
        if (done) break;
    }
    const double bias = static_cast<double>(at[numbers]);
    at.pop_back();
    return {std::move(at), bias};
}

}  // namespace countersign
