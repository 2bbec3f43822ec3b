// Turning a model's scores into probabilities that mean something: two maps with very few
// parameters, fitted on predictions for items the model did not learn from (out-of-fold, blind,
// gold, audited).
//
// Both are maximum a posteriori with a prior at "change nothing", so little data changes little.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace countersign {

/// Writes softmax(logits / temperature) into `out` (same length; may be the same memory).
/// temperature > 0. Stable for any finite logits.
void softmax(std::span<const double> logits, double temperature, std::span<double> out);

constexpr double min_temperature = 0.1, max_temperature = 3;

/// Logits of items, row-major, `classes` a row, and the true class of each. Leave out items of a
/// class the model never met: they tell nothing of the temperature.
struct LogitTable {
    std::size_t classes = 0;
    std::vector<double> logits;
    std::vector<int> truth;
};

/// The temperature T of softmax(z / T) that minimises the summed log-loss + (ln T)^2 / 2, held to
/// [min_temperature, max_temperature]. The second term is a standard normal prior on ln T: with few
/// items T stays near 1, with hundreds it is gone. 1 when nothing can be learned. Deterministic:
/// golden section on ln T, tolerance 1e-4. (Guo et al. 2017, "On calibration of modern neural
/// networks".)
double fit_temperature(const LogitTable& table);

/// A binary map of a claimed probability p: sigmoid(slope * logit(p) + shift).
struct Platt {
    double slope = 1, shift = 0;
    /// In (0, 1). `p` is held to [1e-6, 1 - 1e-6] first.
    double operator()(double p) const;
};

/// Fits Platt's map by Newton's method on the penalised log-likelihood, with normal priors slope ~
/// N(1, 0.5^2) and shift ~ N(0, 0.5^2). The slope is held to >= 0.05, so that order is kept.
/// (Platt 1999; fitted on logit(p) as in Kull et al. 2017.)
Platt fit_platt(std::span<const double> claimed, std::span<const std::uint8_t> correct);

}  // namespace countersign
