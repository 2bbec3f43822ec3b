// A linear multi-class model over hashed features: one row of `classes` weights for every feature
// it has met, and a bias. What AdaGrad and LIBLINEAR both produce, and what a version's state
// stores.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/text_features.h"

namespace countersign {

class LinearModel {
public:
    LinearModel() = default;
    LinearModel(int classes, int bits);

    int classes() const { return classes_; }
    std::size_t rows() const { return features_.size(); }
    /// The features it has rows for, in the order the rows were added.
    const std::vector<std::uint32_t>& features() const { return features_; }

    static constexpr std::uint32_t none = ~0u;
    std::uint32_t find(std::uint32_t feature) const { return row_of_[feature]; }
    /// The row of `feature`, made of zeros when there is none.
    std::uint32_t row_for(std::uint32_t feature);
    std::span<float> row(std::uint32_t index);
    std::span<const float> row(std::uint32_t index) const;
    std::span<float> bias() { return bias_; }
    std::span<const float> bias() const { return bias_; }

    /// W x + b; features without a row count nothing. `out` holds `classes` numbers.
    void logits(const TextVector& x, std::span<double> out) const;
    /// Multiplies every weight and bias: dividing by a temperature calibrates the softmax.
    void scale(double by);
    /// Adds `by` times another model of the same classes and bits.
    void add(const LinearModel& other, double by);

private:
    int classes_ = 0;
    std::vector<std::uint32_t> row_of_;
    std::vector<std::uint32_t> features_;
    std::vector<float> weights_;
    std::vector<float> bias_;
};

}  // namespace countersign
