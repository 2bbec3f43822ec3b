#include "quality/posteriors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/rng.h"

namespace countersign {

double clamped_log(double p) {
    return std::log(std::max(p, least_probability));
}

void to_sum_one(std::span<double> row) {
    double sum = 0;
    for (const double p : row) sum += p;
    const double scale = 1 / sum;
    for (auto& p : row) p *= scale;
}

void normalise_logs(std::span<double> row) {
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (auto& x : row) sum += x = std::exp(x - most);
    for (auto& x : row) x /= sum;
}

Posteriors votes(const Ratings& ratings, std::span<const double> weight_of_rater) {
    Posteriors out{ratings.values(), std::vector<double>(ratings.units() * ratings.values())};
    std::vector<double> shares(ratings.values(), 1e-9);
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        auto row = out.row(u);
        double sum = 0;
        for (const auto& e : ratings.of(u)) {
            const double w = weight_of_rater.empty() ? 1 : weight_of_rater[e.rater];
            row[e.value] += w, sum += w;
        }
        if (sum > 0)
            for (auto& x : row) x /= sum;
        for (std::size_t k = 0; k < row.size(); ++k) shares[k] += row[k];
    }
    const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (std::size_t u = 0; u < ratings.units(); ++u)
        if (const auto row = out.row(u); ratings.of(u).empty())
            for (std::size_t k = 0; k < row.size(); ++k) row[k] = shares[k] / all;
    return out;
}

std::uint32_t most_probable(std::span<const double> row, std::uint64_t seed, std::size_t unit) {
    const double most = *std::max_element(row.begin(), row.end());
    const auto is_most = [most](double p) { return p >= most - 1e-12; };
    auto nth = std::count_if(row.begin(), row.end(), is_most);
    nth = nth > 1 ? static_cast<std::ptrdiff_t>(counter_uniform(seed, 0, unit) * double(nth)) : 0;
    std::size_t at = 0;
    while (!is_most(row[at]) || nth-- > 0) ++at;
    return static_cast<std::uint32_t>(at);
}

void conclude(Aggregated& out, const Ratings& ratings, std::span<const double> q,
              std::uint64_t seed) {
    out.label.resize(ratings.units());
    std::vector<double> hits(ratings.raters());
    std::vector<std::size_t> labels(ratings.raters());
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        out.label[u] = most_probable(out.row(u), seed, u);
        for (const auto& e : ratings.of(u))
            hits[e.rater] += q[u * out.values + e.value], ++labels[e.rater];
    }
    for (std::size_t r = 0; r < hits.size(); ++r)
        if (labels[r] > 0)
            out.raters.push_back(
                {static_cast<std::uint32_t>(r), labels[r], hits[r] / double(labels[r]),
                 wilson(static_cast<std::size_t>(std::lround(hits[r])), labels[r])});
}

}  // namespace countersign
