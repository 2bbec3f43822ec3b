#include "quality/exact_share.h"

#include <cmath>

namespace countersign {

namespace {

/// The continued fraction by Lentz's method; x below (a + 1) / (a + b + 2), where it converges
/// fast.
double beta_fraction(double x, double a, double b) {
    constexpr double tiny = 1e-300, near_one = 1e-15;
    constexpr int most_steps = 10'000;
    const auto away_from_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;
    for (int step = 1; step <= most_steps; ++step) {
        const double m = step;
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        value *= c * d;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        value *= c * d;
        if (std::abs(c * d - 1) < near_one) break;
    }
    return value;
}

/// The x at which I_x(a, b) is `p`.
double beta_quantile(double p, double a, double b) {
    double low = 0, high = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (incomplete_beta(middle, a, b) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

double incomplete_beta(double x, double a, double b) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                  a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

Interval exact_share(std::int64_t successes, std::int64_t n) {
    constexpr double tail = 0.025;
    const auto k = static_cast<double>(successes), all = static_cast<double>(n);
    Interval out{0, 1};
    if (n <= 0) return out;
    if (successes > 0) out.low = beta_quantile(tail, k, all - k + 1);
    if (successes < n) out.high = beta_quantile(1 - tail, k + 1, all - k);
    return out;
}

}  // namespace countersign
