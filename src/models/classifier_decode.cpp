#include "models/classifier_decode.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace countersign {

namespace {

bool is_distribution(const std::vector<float>& values) {
    const bool inside =
        std::all_of(values.begin(), values.end(), [](float v) { return v >= 0 && v <= 1; });
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    return inside && std::abs(sum - 1) < 0.01;
}

void soften(std::vector<float>& values) {
    const float highest = *std::max_element(values.begin(), values.end());
    double sum = 0;
    for (float& value : values) {
        value = std::exp(value - highest);
        sum += static_cast<double>(value);
    }
    for (float& value : values) value = static_cast<float>(static_cast<double>(value) / sum);
}

}  // namespace

Result<std::vector<float>> decode_classifier(const Tensor& output, Activation activation,
                                             std::size_t names) {
    const auto wrong = [&](const std::string& why) {
        return Refusal{Code::unsupported,
                       "The classifier's output " + described(output) + " " + why + "."};
    };
    if (!output.is_whole() || output.values.empty()) return wrong("holds no numbers");
    const auto rows = std::count_if(output.shape.begin(), output.shape.end(),
                                    [](std::int64_t size) { return size != 1; });
    if (rows > 1) return wrong("is more than one row of numbers");
    auto values = output.values;
    if (names != 0 && values.size() != names)
        return wrong("has another number of labels than the " + std::to_string(names) +
                     " names that are given");
    if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
        return wrong("holds a number that is not finite");
    const bool done = activation == Activation::none ||
                      (activation == Activation::automatic && is_distribution(values));
    if (activation == Activation::sigmoid)
        for (float& value : values) value = 1 / (1 + std::exp(-value));
    else if (done)
        for (float& value : values) value = std::clamp(value, 0.0f, 1.0f);
    else
        soften(values);
    return values;
}

}  // namespace countersign
