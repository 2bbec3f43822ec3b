// What training and finding share.
#pragma once

#include <span>

#include "models/object_learner.h"

namespace countersign {

/// Signed square roots: the largest channels no longer drown the rest.
void take_roots(std::span<const float> seen, std::span<float> out);
/// Roots -> centred, scaled, of length 1.
void standardise(const ObjectLearnerState& state, std::span<float> numbers);
/// No label is boxed often enough.
Refusal too_few_boxes();
/// What NanoDet's score adds to a logit.
double score_logit(float score);

}  // namespace countersign
