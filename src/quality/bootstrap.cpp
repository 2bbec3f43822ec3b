#include "quality/bootstrap.h"

#include <algorithm>

#include "base/rng.h"

namespace countersign {

Interval ratio_interval(std::span<const double> above, std::span<const double> below,
                        std::uint64_t seed) {
    constexpr std::size_t resamples = 400, low = 10, high = resamples - 1 - low;
    if (above.empty()) return {};
    Rng rng(seed);
    const auto n = static_cast<std::uint32_t>(above.size());
    std::vector<double> ratios;
    for (std::size_t r = 0; r < resamples; ++r) {
        double a = 0, b = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            const auto at = rng.below(n);
            a += above[at], b += below[at];
        }
        ratios.push_back(b > 0 ? a / b : 0);
    }
    std::sort(ratios.begin(), ratios.end());
    return {ratios[low], ratios[high]};
}

}  // namespace countersign
