// The picture learner: reads what people decided about whole pictures, and drafts the choice for
// those that wait. A picture is what a network makes of it (image_features.h); over that a logistic
// regression for each label, calibrated by a temperature and Platt's map on pictures that their
// fold had not seen. Trained whenever the reviewed pictures have grown by a third.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/drafter.h"
#include "models/linear_model.h"
#include "quality/calibration.h"

namespace countersign {

struct LabelledPicture {
    std::vector<float> seen;  ///< ImageFeatures::whole(); all of one length.
    std::string label;
    double weight = 1;
    bool assisted = false;
};

struct PictureLearnerState {
    std::string control;
    std::string features;  ///< ImageFeatures::name() of what it learned on.
    std::vector<std::string> labels;
    std::uint32_t pictures = 0;
    std::vector<float> centre, scale;  ///< Of each number; what is used is (seen - centre) * scale.
    LinearModel model;                 ///< Divided by the temperature.
    Platt top;
};
std::string picture_learner_bytes(const PictureLearnerState& state);
/// Refuses bytes of another kind or version, damaged, truncated, or with anything out of range.
Result<PictureLearnerState> picture_learner_from(std::string_view bytes);

struct PictureGuess {
    std::string label;
    double confidence = 0, probability = 0;
};
PictureGuess guess_picture(const PictureLearnerState& state, std::span<const float> seen);

struct TrainedPictures {
    std::string state;
    /// As the text learner's: "method", "n", "accuracy" with its interval, "log_loss", "ece",
    /// "macro_f1", "temperature", "folds", "scored_on", "labels".
    Json quality;
};
/// Deterministic. Refuses: too few (Code::unavailable), a stop (Code::cancelled).
Result<TrainedPictures> train_picture_learner(std::span<const LabelledPicture> pictures,
                                              const Control& control, std::string_view features,
                                              std::uint64_t seed, const std::stop_token& stop = {});

/// The row "picture-learner" of model_kinds(): {"control": NAME} as its config.
ModelKind picture_learner_kind();

}  // namespace countersign
