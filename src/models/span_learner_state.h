// What one version of the span learner knows, and the bytes a model version stores of it: as in
// state_bytes.h, rows of weights in 8 bits. Rows that change nothing are left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/crf.h"
#include "models/span_features.h"
#include "quality/calibration.h"

namespace countersign {

struct SpanLearnerState {
    std::string control;              ///< The control it answers.
    std::vector<std::string> labels;  ///< The field's types, in the schema's order.
    std::uint32_t texts = 0;          ///< It learned from.
    SpanFeatures features;
    Crf crf;
    double least = 0.5;  ///< A span's probability by the field from which it is drafted.
    Platt span, whole;   ///< Calibrate a span's probability and the whole text's.
};

std::string span_learner_bytes(const SpanLearnerState& state);
/// Refuses bytes of another kind or version, damaged, truncated, or with anything out of range.
Result<SpanLearnerState> span_learner_from(std::string_view bytes);

}  // namespace countersign
