#include "quality/scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/rng.h"

namespace countersign {

void Scored::add(std::span<const double> row, int true_class) {
    probability.insert(probability.end(), row.begin(), row.end());
    truth.push_back(true_class);
}

int top_class(std::span<const double> row) {
    return static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
}

double log_loss(const Scored& scored) {
    if (scored.size() == 0) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < scored.size(); ++i)
        sum -= std::log(std::max(1e-9, scored.row(i)[static_cast<std::size_t>(scored.truth[i])]));
    return sum / static_cast<double>(scored.size());
}

double brier(const Scored& scored) {
    if (scored.size() == 0) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < scored.size(); ++i) {
        const auto row = scored.row(i);
        for (std::size_t k = 0; k < row.size(); ++k) {
            const double miss = row[k] - (static_cast<int>(k) == scored.truth[i] ? 1.0 : 0.0);
            sum += miss * miss;
        }
    }
    return sum / static_cast<double>(scored.size());
}

double accuracy(const Scored& scored) {
    if (scored.size() == 0) return 0;
    std::size_t right = 0;
    for (std::size_t i = 0; i < scored.size(); ++i)
        right += top_class(scored.row(i)) == scored.truth[i];
    return static_cast<double>(right) / static_cast<double>(scored.size());
}

double macro_f1(const Scored& scored) {
    std::vector<double> hit(scored.classes), predicted(scored.classes), present(scored.classes);
    for (std::size_t i = 0; i < scored.size(); ++i) {
        const auto top = static_cast<std::size_t>(top_class(scored.row(i)));
        const auto truth = static_cast<std::size_t>(scored.truth[i]);
        predicted[top] += 1;
        present[truth] += 1;
        if (top == truth) hit[truth] += 1;
    }
    double sum = 0, classes = 0;
    for (std::size_t k = 0; k < scored.classes; ++k) {
        if (present[k] == 0) continue;
        classes += 1;
        sum += 2 * hit[k] / (predicted[k] + present[k]);
    }
    return classes > 0 ? sum / classes : 0;
}

Interval wilson(std::size_t successes, std::size_t n) {
    if (n == 0) return {0, 1};
    constexpr double z = 1.959963984540054;
    const double count = static_cast<double>(n);
    const double share = static_cast<double>(successes) / count;
    const double scale = 1 + z * z / count;
    const double middle = (share + z * z / (2 * count)) / scale;
    const double half =
        z * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / scale;
    // Held to the share itself: at 0 and 1 rounding would leave it outside.
    return {std::clamp(middle - half, 0.0, share), std::clamp(middle + half, share, 1.0)};
}

Interval difference_of_shares(std::size_t a, std::size_t n, std::size_t b, std::size_t m) {
    const double p = static_cast<double>(a) / static_cast<double>(n);
    const double q = static_cast<double>(b) / static_cast<double>(m);
    const auto of_p = wilson(a, n), of_q = wilson(b, m);
    return {p - q - std::hypot(p - of_p.low, of_q.high - q),
            p - q + std::hypot(of_p.high - p, q - of_q.low)};
}

namespace {

/// `order` lists items by rising confidence, with repetition allowed.
double error_over(std::span<const std::size_t> order, std::span<const double> confidence,
                  std::span<const std::uint8_t> correct, int bins) {
    const std::size_t n = order.size();
    const std::size_t groups = std::min(n, static_cast<std::size_t>(std::max(1, bins)));
    double error = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        double gap = 0;
        for (std::size_t i = g * n / groups; i < (g + 1) * n / groups; ++i)
            gap += confidence[order[i]] - (correct[order[i]] ? 1.0 : 0.0);
        error += std::abs(gap);
    }
    return n > 0 ? error / static_cast<double>(n) : 0;
}

std::vector<std::size_t> by_confidence(std::span<const double> confidence) {
    std::vector<std::size_t> order(confidence.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return confidence[a] < confidence[b]; });
    return order;
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double upper_quantile(std::vector<double>& values) {
    const auto at = std::lround(0.975 * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

}  // namespace

double expected_calibration_error(std::span<const double> confidence,
                                  std::span<const std::uint8_t> correct, int bins) {
    return error_over(by_confidence(confidence), confidence, correct, bins);
}

Interval calibration_error_interval(std::span<const double> confidence,
                                    std::span<const std::uint8_t> correct, std::uint64_t seed,
                                    int bins, int resamples) {
    const std::size_t n = confidence.size();
    if (n == 0 || resamples < 1) return {0, 1};
    const auto order = by_confidence(confidence);
    const double estimate = error_over(order, confidence, correct, bins);
    Rng rng(seed);
    std::vector<double> resampled, consistent;
    std::vector<std::uint32_t> times(n);
    std::vector<std::size_t> sample;
    std::vector<std::uint8_t> drawn(n);
    for (int r = 0; r < resamples; ++r) {
        std::fill(times.begin(), times.end(), 0u);
        for (std::size_t i = 0; i < n; ++i) ++times[rng.below(static_cast<std::uint32_t>(n))];
        sample.clear();
        for (const auto i : order) sample.insert(sample.end(), times[i], i);
        resampled.push_back(error_over(sample, confidence, correct, bins));
        for (std::size_t i = 0; i < n; ++i) drawn[i] = rng.uniform() < confidence[i];
        consistent.push_back(error_over(order, confidence, drawn, bins));
    }
    const double upper = upper_quantile(resampled);
    // What chance alone makes and the true error add up about as the sides of a right angle do.
    const double chance = upper_quantile(consistent), spread = upper - mean_of(resampled);
    const double low = std::sqrt(std::max(0.0, estimate * estimate - chance * chance)) - spread;
    return {std::clamp(low, 0.0, estimate), std::max(estimate, upper)};
}

TopLabels top_labels(const Scored& scored) {
    TopLabels tops;
    for (std::size_t i = 0; i < scored.size(); ++i) {
        const int top = top_class(scored.row(i));
        tops.confidence.push_back(scored.row(i)[static_cast<std::size_t>(top)]);
        tops.correct.push_back(top == scored.truth[i]);
    }
    return tops;
}

}  // namespace countersign
