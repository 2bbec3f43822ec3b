// Logarithms of many numbers at once: what scores of labels spend their time on.
//
// Strategy: plain loops without branches over blocks of a fixed size, which compilers turn into
// instructions that work on several numbers, on any machine. Each number's answer depends on that
// number alone, so that where a list is cut changes nothing.
#pragma once

#include <span>

namespace countersign {

/// `out[i]` = x ln x, within 1e-15 of itself; 0 where x is 0, below it or no number. x is at most
/// 1e250. `out` is as long as `x`, and may be the same memory.
void x_log_x(std::span<const double> x, std::span<double> out);

/// `out[i]` = ln(1 + x) / x, within 1e-15 of itself, for x in [1e-300, 1e300]. `out` is as long as
/// `x`, and may be the same memory.
void log1p_over_x(std::span<const double> x, std::span<double> out);

}  // namespace countersign
