// How sure is a share that was counted: the exact interval.
#pragma once

#include <cstdint>

#include "quality/scores.h"

namespace countersign {

/// 95 % interval of a share by the binomial distribution itself, which holds the true share at
/// least that often however few were counted (Clopper and Pearson 1934). 0 <= successes <= n; [0,
/// 1] when `n` is 0.
Interval exact_share(std::int64_t successes, std::int64_t n);

/// I_x(a, b), a and b > 0, x in [0, 1], to about 1e-12, by its continued fraction (DLMF 8.17.22).
double incomplete_beta(double x, double a, double b);

}  // namespace countersign
