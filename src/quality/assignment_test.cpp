#include "quality/assignment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/rng.h"

using namespace countersign;

namespace {

/// Every way to give the rows columns, or none.
double heaviest(const std::vector<std::vector<double>>& weight, std::size_t row,
                std::vector<char>& taken) {
    if (row == weight.size()) return 0;
    double best = heaviest(weight, row + 1, taken);
    for (std::size_t c = 0; c < taken.size(); ++c) {
        if (taken[c] || weight[row][c] <= 0) continue;
        taken[c] = 1;
        best = std::max(best, weight[row][c] + heaviest(weight, row + 1, taken));
        taken[c] = 0;
    }
    return best;
}

double sum_of(const std::vector<Pairing>& pairs) {
    return std::accumulate(pairs.begin(), pairs.end(), 0.0,
                           [](double sum, const Pairing& p) { return sum + p.weight; });
}

}  // namespace

TEST_CASE("the heaviest matching is the one that trying all finds") {
    Rng rng(7);
    for (int run = 0; run < 400; ++run) {
        const std::size_t rows = 1 + rng.below(5), columns = 1 + rng.below(5);
        std::vector<std::vector<double>> weight(rows, std::vector<double>(columns));
        std::vector<Pairing> pairs;
        for (std::uint32_t r = 0; r < rows; ++r)
            for (std::uint32_t c = 0; c < columns; ++c) {
                if (rng.uniform() < 0.4) continue;
                weight[r][c] = rng.uniform() < 0.2 ? -rng.uniform() : double(1 + rng.below(6)) / 4;
                pairs.push_back({r, c, weight[r][c]});
            }
        std::vector<char> taken(columns);
        const auto found = best_matching(pairs);
        CHECK(sum_of(found) == doctest::Approx(heaviest(weight, 0, taken)).epsilon(1e-12));
        std::vector<int> a(rows), b(columns);
        for (const auto& p : found) {
            CHECK(++a[p.a] == 1);
            CHECK(++b[p.b] == 1);
            CHECK(p.weight == weight[p.a][p.b]);
            CHECK(p.weight > 0);
        }
    }
}

TEST_CASE("groups that are too large are matched greedily, and each is matched once") {
    std::vector<Pairing> pairs;
    for (std::uint32_t a = 0; a < 600; ++a)
        for (const std::uint32_t b : {a, (a + 1) % 600})
            pairs.push_back({a, b, a == b ? 2.0 : 1.0});
    const auto found = best_matching(pairs);
    CHECK(found.size() == 600);
    CHECK(sum_of(found) == 1200);
    CHECK(best_matching({}).empty());
}
