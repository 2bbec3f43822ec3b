// Out-of-sample probabilities of a choice on texts, by the embedded learner, for those who look for
// label errors.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "quality/dataset_check.h"

namespace countersign {

/// Items with a text and one label of the control; none where it is not a single choice.
std::vector<std::uint32_t> learnable_items(const Corpus& corpus, std::uint32_t control);

/// Of the labels of these items, by a learner that has not seen the text. Refuses as
/// out_of_fold_probabilities() does.
Result<ClassProbabilities> learned_probabilities(const Corpus& corpus, std::uint32_t control,
                                                 std::vector<std::uint32_t> items,
                                                 const std::stop_token& stop = {});

}  // namespace countersign
