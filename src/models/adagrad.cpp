#include "models/adagrad.h"

#include <cmath>
#include <numeric>

#include "base/rng.h"
#include "quality/calibration.h"

namespace countersign {

namespace {
constexpr float first_square = 1e-8f;
/// A squared gradient of a weight in a finished model is about this: an error of 0.1 on a feature
/// of weight 0.1.
constexpr double usual_square = 1e-4;

/// One row's step: w -= rate * g / sqrt(sum g^2), g = x * gradient. The hot loop of learning; it
/// reads `n` neighbours in each array, so that the compiler can take several classes at once.
void step_row(float* w, float* squares, const float* gradient, float x, float rate, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
        const float g = gradient[k] * x;
        squares[k] += g * g;
        w[k] -= rate * g / std::sqrt(squares[k]);
    }
}
}  // namespace

AdaGrad::AdaGrad(LinearModel model, double rate)
    : model_(std::move(model)),
      rate_(rate),
      squares_(model_.rows() * static_cast<std::size_t>(model_.classes()), first_square),
      bias_squares_(static_cast<std::size_t>(model_.classes()), first_square),
      gradient_(bias_squares_.size()),
      probability_(bias_squares_.size()) {}

void AdaGrad::trust_row(std::uint32_t feature, double df) {
    const auto index = model_.find(feature);
    if (index == LinearModel::none) return;
    const auto n = bias_squares_.size();
    const auto square = static_cast<float>(first_square + df * usual_square);
    std::fill_n(squares_.begin() + static_cast<std::ptrdiff_t>(index * n), n, square);
}

void AdaGrad::trust_bias(double documents) {
    for (auto& s : bias_squares_) s = static_cast<float>(first_square + documents * 0.01);
}

void AdaGrad::step(const TextVector& x, int label, double weight) {
    const std::size_t n = gradient_.size();
    model_.logits(x, probability_);
    softmax(probability_, 1, probability_);
    probability_[static_cast<std::size_t>(label)] -= 1;
    for (std::size_t k = 0; k < n; ++k) gradient_[k] = static_cast<float>(weight * probability_[k]);
    const auto rate = static_cast<float>(rate_);
    step_row(model_.bias().data(), bias_squares_.data(), gradient_.data(), 1, rate, n);
    for (const auto& f : x) {
        const auto index = model_.row_for(f.feature);
        squares_.resize(model_.rows() * n, first_square);
        step_row(model_.row(index).data(), &squares_[index * n], gradient_.data(), f.weight, rate,
                 n);
    }
}

LinearModel train_adagrad(std::span<const TextExample> examples, int classes, int bits,
                          std::uint64_t seed, const std::stop_token& stop, int epochs,
                          double rate) {
    AdaGrad learner(LinearModel(classes, bits), rate);
    Rng rng(seed);
    std::vector<std::uint32_t> order(examples.size());
    std::iota(order.begin(), order.end(), 0u);
    for (int epoch = 0; epoch < epochs; ++epoch) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
        for (const auto i : order) {
            if (stop.stop_requested()) return std::move(learner).take();
            learner.step(*examples[i].x, examples[i].label, examples[i].weight);
        }
    }
    return std::move(learner).take();
}

}  // namespace countersign
