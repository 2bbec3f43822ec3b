#include "models/linear_model.h"

#include <algorithm>

namespace countersign {

LinearModel::LinearModel(int classes, int bits)
    : classes_(classes),
      row_of_(std::size_t{1} << bits, none),
      bias_(static_cast<std::size_t>(classes)) {}

std::uint32_t LinearModel::row_for(std::uint32_t feature) {
    auto& index = row_of_[feature];
    if (index == none) {
        index = static_cast<std::uint32_t>(features_.size());
        features_.push_back(feature);
        weights_.resize(weights_.size() + static_cast<std::size_t>(classes_));
    }
    return index;
}

std::span<float> LinearModel::row(std::uint32_t index) {
    const auto k = static_cast<std::size_t>(classes_);
    return std::span(weights_).subspan(index * k, k);
}

std::span<const float> LinearModel::row(std::uint32_t index) const {
    const auto k = static_cast<std::size_t>(classes_);
    return std::span(weights_).subspan(index * k, k);
}

void LinearModel::logits(const TextVector& x, std::span<double> out) const {
    std::copy(bias_.begin(), bias_.end(), out.begin());
    for (const auto& f : x) {
        const auto index = row_of_[f.feature];
        if (index == none) continue;
        const float* w = row(index).data();
        for (std::size_t k = 0; k < out.size(); ++k) out[k] += w[k] * f.weight;
    }
}

void LinearModel::scale(double by) {
    const auto factor = static_cast<float>(by);
    for (auto& w : weights_) w *= factor;
    for (auto& b : bias_) b *= factor;
}

void LinearModel::add(const LinearModel& other, double by) {
    const auto factor = static_cast<float>(by);
    for (std::uint32_t r = 0; r < other.rows(); ++r) {
        const auto from = other.row(r);
        const auto to = row(row_for(other.features_[r]));
        for (std::size_t k = 0; k < to.size(); ++k) to[k] += factor * from[k];
    }
    for (std::size_t k = 0; k < bias_.size(); ++k) bias_[k] += factor * other.bias_[k];
}

}  // namespace countersign
