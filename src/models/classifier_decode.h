// From the numbers of a classifier to how probable each label is.
#pragma once

#include <vector>

#include "base/fields.h"
#include "base/result.h"
#include "models/tensor.h"

namespace countersign {

enum class Activation {
    automatic,  ///< As they are when they already are a distribution, else softmax.
    softmax,    ///< Logits of labels of which one holds.
    sigmoid,    ///< Logits of labels each of which may hold.
    none        ///< Probabilities already.
};
inline std::span<const EnumName<Activation>> enum_names(Activation) {
    static constexpr EnumName<Activation> rows[] = {{Activation::automatic, "auto"},
                                                    {Activation::softmax, "softmax"},
                                                    {Activation::sigmoid, "sigmoid"},
                                                    {Activation::none, "none"}};
    return rows;
}

/// One number in [0, 1] a label. Refuses with Code::unsupported a tensor that is more than one row
/// (1 x labels, 1 x labels x 1 x 1), that has not `names` numbers (0: any number), or holds a
/// number that is not finite.
Result<std::vector<float>> decode_classifier(const Tensor& output, Activation activation,
                                             std::size_t names);

}  // namespace countersign
