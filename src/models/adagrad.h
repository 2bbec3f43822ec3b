// Multinomial logistic regression (softmax) learned one text at a time by AdaGrad (Duchi, Hazan and
// Singer 2011): each weight has its own step, rate / sqrt(sum of its squared gradients). A step
// costs features x classes and changes the very next answer, which is what learning while people
// review needs.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "models/linear_model.h"

namespace countersign {

/// A text to learn from: its vector, the class in [0, classes), and how much it counts (1: as
/// usual).
struct TextExample {
    const TextVector* x = nullptr;
    int label = 0;
    double weight = 1;
};

class AdaGrad {
public:
    static constexpr double usual_rate = 0.3;

    explicit AdaGrad(LinearModel model, double rate = usual_rate);

    /// Weights that another learner found keep their place: a feature seen in `df` documents starts
    /// as if it had already met that many gradients of the usual size.
    void trust_row(std::uint32_t feature, double df);
    void trust_bias(double documents);

    void step(const TextVector& x, int label, double weight = 1);

    const LinearModel& model() const { return model_; }
    LinearModel take() && { return std::move(model_); }

private:
    LinearModel model_;
    double rate_;
    std::vector<float> squares_, bias_squares_, gradient_;
    std::vector<double> probability_;
};

/// From zero: `epochs` passes over the examples, shuffled anew by `seed` for each pass. A stopped
/// token ends it after the current example; the model is then of no use.
LinearModel train_adagrad(std::span<const TextExample> examples, int classes, int bits,
                          std::uint64_t seed, const std::stop_token& stop, int epochs = 10,
                          double rate = AdaGrad::usual_rate);

}  // namespace countersign
