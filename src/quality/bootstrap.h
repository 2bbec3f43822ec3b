// Intervals by drawing items again, for figures that are a ratio of sums over items.
#pragma once

#include <span>

#include "quality/scores.h"

namespace countersign {

/// 95 % percentile bootstrap over items of sum(above) / sum(below), both of one length (error
/// rates, F1 as 2 * hits / (found + true)); a resample whose `below` sums to 0 counts as 0. Seeded,
/// 400 resamples. [0, 0] of no items.
Interval ratio_interval(std::span<const double> above, std::span<const double> below,
                        std::uint64_t seed);

}  // namespace countersign
