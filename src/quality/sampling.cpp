#include "quality/sampling.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/rng.h"

namespace countersign {

namespace {

/// ln(n!), thread-safe, unlike std::lgamma.
double log_factorial(std::int64_t n) {
    int sign = 0;
    return ::lgamma_r(static_cast<double>(n) + 1, &sign);
}
double log_choose(std::int64_t n, std::int64_t k) {
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

/// Wrong items that a share `alpha` of the population allows; a hair of rounding is forgiven.
std::int64_t allowed(std::int64_t population, double alpha) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(population) * alpha + 1e-9));
}

}  // namespace

double hypergeometric_cdf(std::int64_t population, std::int64_t wrong, std::int64_t sample,
                          std::int64_t errors) {
    const std::int64_t least = std::max<std::int64_t>(0, sample + wrong - population);
    if (errors < least) return 0;
    if (errors >= std::min(wrong, sample)) return 1;
    const double all = log_choose(population, sample);
    double sum = 0;
    for (std::int64_t x = least; x <= errors; ++x)
        sum += std::exp(log_choose(wrong, x) + log_choose(population - wrong, sample - x) - all);
    return std::min(sum, 1.0);
}

std::int64_t most_wrong(std::int64_t population, std::int64_t sample, std::int64_t errors,
                        double delta) {
    // The probability falls as more are wrong: the last count that is still likely enough.
    std::int64_t low = errors, high = population - (sample - errors);
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        if (hypergeometric_cdf(population, middle, sample, errors) > delta)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

std::optional<std::int64_t> sample_size(std::int64_t population, std::int64_t errors, double alpha,
                                        double delta) {
    const std::int64_t wrong = allowed(population, alpha) + 1;
    if (wrong > population || errors >= wrong) return std::nullopt;
    const auto shows = [&](std::int64_t sample) {
        return hypergeometric_cdf(population, wrong, sample, errors) <= delta;
    };
    std::int64_t low = errors, high = population;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (shows(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

std::vector<std::int64_t> draw_sample(std::int64_t population, std::int64_t sample,
                                      std::uint64_t seed) {
    std::set<std::int64_t> taken;
    std::vector<std::int64_t> out;
    for (std::int64_t top = population - sample; top < population; ++top) {
        const double u = counter_uniform(seed, 0, static_cast<std::uint64_t>(top));
        const auto drawn =
            std::min(top, static_cast<std::int64_t>(u * static_cast<double>(top + 1)));
        out.push_back(taken.insert(drawn).second ? drawn : top);
        taken.insert(out.back());
    }
    return out;
}

}  // namespace countersign
