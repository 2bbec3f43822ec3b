// Is one of two ways better than the other, when both were tried on the same items?
#pragma once

#include <cstdint>
#include <span>

#include "quality/scores.h"

namespace countersign {

struct PairedDifference {
    double difference = 0;  ///< Mean of b minus mean of a.
    Interval interval;      ///< 95 %, percentile bootstrap over items (Efron 1979), seeded.
};
/// Of the scores of two ways on the same items, of equal number; all 0 without items. The same
/// values and seed give the same interval. O(items x rounds).
PairedDifference paired_difference(std::span<const double> a, std::span<const double> b,
                                   std::uint64_t seed, int rounds = 2'000);

/// Two-sided exact p-value of McNemar's test (McNemar 1947): `only_a` items were right the first
/// way only, `only_b` the second way only. 1 when there are none of both.
double mcnemar(std::int64_t only_a, std::int64_t only_b);

}  // namespace countersign
