// Posteriors of all units, and the steps that every aggregation takes with them.
#pragma once

#include <span>
#include <vector>

#include "quality/aggregation.h"

namespace countersign {

constexpr double least_probability = 1e-10;
double clamped_log(double p);  ///< ln of p, or of `least_probability` where p is less.

/// As many probabilities of `least_probability` or more can be multiplied with no underflow.
constexpr std::size_t most_factors = 28;

/// Divides by the sum, which must be above 0.
void to_sum_one(std::span<double> row);

/// ln weights to probabilities that sum to 1, in place.
void normalise_logs(std::span<double> row);

/// The posteriors of all units, row by row.
struct Posteriors {
    std::size_t values = 0;
    std::vector<double> q;
    std::span<double> row(std::size_t u) { return std::span(q).subspan(u * values, values); }
    std::span<const double> row(std::size_t u) const {
        return std::span(q).subspan(u * values, values);
    }
};

/// Each unit's shares of votes, every rater's weight 1 or as given; a unit nobody labelled has the
/// classes' shares of all.
Posteriors votes(const Ratings& ratings, std::span<const double> weight_of_rater = {});

/// The class of the highest probability; of equals one drawn by the seed and the unit.
std::uint32_t most_probable(std::span<const double> row, std::uint64_t seed, std::size_t unit);

/// Fills in labels from out.posterior, and how often each person is expected to be right by `q`
/// (units x values).
void conclude(Aggregated& out, const Ratings& ratings, std::span<const double> q,
              std::uint64_t seed);

}  // namespace countersign
