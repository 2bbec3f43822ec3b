// Logistic regression of two classes over dense lists of numbers, each example with a logit that is
// known beforehand (its offset). For the few hundred examples that a handful of pictures gives.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace countersign {

struct LogisticExample {
    const float* x = nullptr;  ///< As many numbers as every other.
    bool positive = false;
    double weight = 1, offset = 0;
};

struct Logistic {
    std::vector<float> weights;
    double bias = 0;
    /// The logit without an offset.
    double operator()(std::span<const float> x) const;
};

/// Minimises |w|^2 / 2 + cost * sum of weight * log-loss; the bias is free. Newton's method, its
/// steps found by conjugate gradients and halved until they help. Deterministic. A stopped token
/// ends it early.
Logistic fit_logistic(std::span<const LogisticExample> examples, std::size_t numbers, double cost,
                      const std::stop_token& stop = {});

}  // namespace countersign
