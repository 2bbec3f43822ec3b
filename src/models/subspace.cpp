#include "models/subspace.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"

namespace countersign {

namespace {

constexpr int rounds = 3;

/// Rows of `wide` numbers; makes the columns orthonormal by Cholesky's factor of their products,
/// twice, because once is not exact when they are nearly dependent.
class Orthonormal {
public:
    explicit Orthonormal(std::size_t wide) : wide_(wide) {}
    void make(std::vector<float>& rows) {
        for (int time = 0; time < 2; ++time) {
            products(rows);
            factor();
            invert();
            apply(rows);
        }
    }

private:
    double& at(std::vector<double>& m, std::size_t i, std::size_t j) { return m[i * wide_ + j]; }

    /// The lower half of rows' * rows.
    void products(const std::vector<float>& rows) {
        gram_.assign(wide_ * wide_, 0);
        for (std::size_t r = 0; r + wide_ <= rows.size(); r += wide_) {
            const float* row = rows.data() + r;
            for (std::size_t i = 0; i < wide_; ++i) {
                double* into = gram_.data() + i * wide_;
                const double left = row[i];
                if (left == 0) continue;
                for (std::size_t j = 0; j <= i; ++j) into[j] += left * row[j];
            }
        }
    }
    /// gram_ = L L'.
    void factor() {
        double trace = 0;
        for (std::size_t i = 0; i < wide_; ++i) trace += at(gram_, i, i);
        const double least = trace * 1e-12 + 1e-30;
        for (std::size_t j = 0; j < wide_; ++j) {
            double square = at(gram_, j, j);
            for (std::size_t m = 0; m < j; ++m) square -= at(gram_, j, m) * at(gram_, j, m);
            const double root = std::sqrt(std::max(square, least));
            at(gram_, j, j) = root;
            for (std::size_t i = j + 1; i < wide_; ++i) {
                double sum = at(gram_, i, j);
                for (std::size_t m = 0; m < j; ++m) sum -= at(gram_, i, m) * at(gram_, j, m);
                at(gram_, i, j) = sum / root;
            }
        }
    }
    /// inverse_ = (L')^-1, upper.
    void invert() {
        inverse_.assign(wide_ * wide_, 0);
        for (std::size_t j = 0; j < wide_; ++j) {
            at(inverse_, j, j) = 1 / at(gram_, j, j);
            for (std::size_t i = j; i-- > 0;) {
                double sum = 0;
                for (std::size_t m = i + 1; m <= j; ++m)
                    sum += at(gram_, m, i) * at(inverse_, m, j);
                at(inverse_, i, j) = -sum / at(gram_, i, i);
            }
        }
    }
    void apply(std::vector<float>& rows) {
        std::vector<double> sum(wide_);
        for (std::size_t r = 0; r + wide_ <= rows.size(); r += wide_) {
            float* row = rows.data() + r;
            std::fill(sum.begin(), sum.end(), 0.0);
            for (std::size_t i = 0; i < wide_; ++i) {
                const double left = row[i];
                const double* from = inverse_.data() + i * wide_;
                if (left == 0) continue;
                for (std::size_t j = i; j < wide_; ++j) sum[j] += left * from[j];
            }
            for (std::size_t j = 0; j < wide_; ++j) row[j] = static_cast<float>(sum[j]);
        }
    }

    std::size_t wide_;
    std::vector<double> gram_, inverse_;
};

/// A' A times the directions, for the rows A.
std::vector<float> multiplied(std::span<const TextVector> rows, const std::vector<float>& by,
                              std::size_t wide, const std::stop_token& stop) {
    std::vector<float> out(by.size()), seen(wide);
    for (const auto& row : rows) {
        if (stop.stop_requested()) return {};
        std::fill(seen.begin(), seen.end(), 0.f);
        for (const auto& w : row) {
            const float* from = by.data() + w.feature * wide;
            for (std::size_t i = 0; i < wide; ++i) seen[i] += w.weight * from[i];
        }
        for (const auto& w : row) {
            float* into = out.data() + w.feature * wide;
            for (std::size_t i = 0; i < wide; ++i) into[i] += w.weight * seen[i];
        }
    }
    return out;
}

}  // namespace

std::vector<float> leading_directions(std::span<const TextVector> rows, std::size_t numbers,
                                      std::size_t wanted, std::uint64_t seed,
                                      const std::stop_token& stop) {
    Rng rng(seed);
    std::vector<float> out(numbers * wanted);
    for (auto& value : out) value = static_cast<float>(rng.uniform() * 2 - 1);
    Orthonormal orthonormal(wanted);
    orthonormal.make(out);
    for (int round = 0; round < rounds; ++round) {
        const auto next = multiplied(rows, out, wanted, stop);
        if (next.empty()) return {};
        // A little of what was there keeps the directions that no row has from vanishing.
        constexpr float kept = 1e-3f;
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = next[i] + kept * out[i];
        orthonormal.make(out);
        if (stop.stop_requested()) return {};
    }
    return out;
}

}  // namespace countersign
