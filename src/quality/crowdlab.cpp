#include <algorithm>
#include <cmath>
#include <numeric>

#include "quality/posteriors.h"

namespace countersign {

Aggregated crowdlab(const Ratings& ratings, std::span<const double> probabilities,
                    std::uint64_t seed) {
    const std::size_t k = ratings.values();
    // The consensus: the majority, ties by the model, then by the seed.
    const auto majority = votes(ratings, {});
    std::vector<std::uint32_t> consensus(ratings.units());
    std::vector<double> row(k);
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        for (std::size_t c = 0; c < k; ++c)
            row[c] = majority.row(u)[c] + 1e-6 * probabilities[u * k + c];
        consensus[u] = most_probable(row, seed, u);
    }
    std::vector<double> agree(ratings.raters()), shared(ratings.raters());
    std::vector<std::size_t> of_class(k);
    double model_right = 0, people_right = 0, labels = 0, several = 0;
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto entries = ratings.of(u);
        if (entries.size() < 2) continue;
        several += 1;
        ++of_class[consensus[u]];
        model_right += top_class(probabilities.subspan(u * k, k)) == int(consensus[u]);
        for (const auto& mine : entries) {
            people_right += mine.value == consensus[u], labels += 1;
            for (const auto& other : entries)
                if (other.rater != mine.rater)
                    agree[mine.rater] += mine.value == other.value, shared[mine.rater] += 1;
        }
    }
    const double guess =
        several > 0 ? double(*std::max_element(of_class.begin(), of_class.end())) / several : 0;
    const double baseline = std::max(1 - guess, 1e-6);
    const auto weight = [&](double right) { return std::max(1 - (1 - right) / baseline, 1e-6); };
    const double mean_agreement = std::accumulate(agree.begin(), agree.end(), 0.0) /
                                  std::max(1.0, std::accumulate(shared.begin(), shared.end(), 0.0));
    const double person = labels > 0 ? people_right / labels : 0.5;
    const double model_weight =
        weight(several > 0 ? model_right / several : 0.5) *
        std::sqrt(double(ratings.size()) / double(std::max<std::size_t>(1, ratings.units())));
    Aggregated out;
    out.values = k;
    out.posterior.resize(ratings.units() * k);
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto to = std::span(out.posterior).subspan(u * k, k);
        double all = model_weight;
        for (std::size_t c = 0; c < k; ++c) to[c] = model_weight * probabilities[u * k + c];
        for (const auto& e : ratings.of(u)) {
            const double w =
                weight(shared[e.rater] > 0 ? agree[e.rater] / shared[e.rater] : mean_agreement);
            for (std::size_t c = 0; c < k; ++c)
                to[c] += w * (c == e.value ? person : (1 - person) / std::max(1.0, double(k) - 1));
            all += w;
        }
        for (auto& p : to) p /= all;
    }
    conclude(out, ratings, out.posterior, seed);
    return out;
}

}  // namespace countersign
