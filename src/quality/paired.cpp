#include "quality/paired.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/rng.h"

namespace countersign {

PairedDifference paired_difference(std::span<const double> a, std::span<const double> b,
                                   std::uint64_t seed, int rounds) {
    const std::size_t n = std::min(a.size(), b.size());
    PairedDifference out;
    if (n == 0 || rounds < 1) return out;
    std::vector<double> differences(n), means(static_cast<std::size_t>(rounds));
    for (std::size_t i = 0; i < n; ++i) {
        differences[i] = b[i] - a[i];
        out.difference += differences[i] / static_cast<double>(n);
    }
    Rng rng(seed);
    for (double& mean : means) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i)
            sum += differences[rng.below(static_cast<std::uint32_t>(n))];
        mean = sum / static_cast<double>(n);
    }
    std::sort(means.begin(), means.end());
    const auto at = [&](double share) {
        return means[static_cast<std::size_t>(share * static_cast<double>(means.size() - 1))];
    };
    out.interval = {at(0.025), at(0.975)};
    return out;
}

double mcnemar(std::int64_t only_a, std::int64_t only_b) {
    const auto n = only_a + only_b;
    if (n <= 0) return 1;
    const auto log_choose = [&](std::int64_t k) {
        return std::lgamma(static_cast<double>(n + 1)) - std::lgamma(static_cast<double>(k + 1)) -
               std::lgamma(static_cast<double>(n - k + 1));
    };
    double tail = 0;
    for (std::int64_t k = 0; k <= std::min(only_a, only_b); ++k)
        tail += std::exp(log_choose(k) - static_cast<double>(n) * std::log(2.0));
    return std::min(1.0, 2 * tail);
}

}  // namespace countersign
