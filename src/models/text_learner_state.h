// What one version of the text learner knows, and the bytes a model version stores of it.
//
// The bytes: a magic number, little-endian fields, each row of weights as 8-bit numbers with a
// scale of its own (an error below 1/254 of the row's largest weight), and a SHA-256 over it all.
// They come back from a database that a person can restore into, so the reader trusts nothing:
// every length is held against the bytes that are left before memory is taken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/linear_model.h"
#include "quality/calibration.h"

namespace countersign {

/// The learner's candidates: a learner on a kind of features.
enum class TextMethod : std::uint8_t {
    adagrad_words,
    svc_words,
    pool_words,
    adagrad_characters,
    svc_characters,
    pool_characters
};

struct LearnerState {
    std::string control;  ///< The control it answers.
    TextMethod method = TextMethod::adagrad_words;
    TextFeatures features{TextGrams::words};
    LinearModel model;       ///< Divided by the temperature: softmax of its logits is calibrated.
    double temperature = 1;  ///< What it was divided by.
    Platt top;               ///< Calibrates the top label's probability further.
    std::vector<std::string> labels;    ///< The classes, in the schema's order.
    std::vector<std::uint32_t> counts;  ///< Examples of each that it learned from.
};

std::string learner_state_bytes(const LearnerState& state);

/// Refuses bytes of another kind or version, damaged, truncated, or with anything out of range.
Result<LearnerState> learner_state_from(std::string_view bytes);

}  // namespace countersign
