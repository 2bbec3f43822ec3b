// The object learner: finds kinds of objects that NanoDet does not know, from three pictures on in
// which people boxed them. NanoDet proposes places whatever it takes them for; logistic regression
// over what its middle makes of a place (nanodet.h) tells the kinds apart. A place that NanoDet
// takes for an object is more likely one: the logarithm of its score is added to the logit. Boxes
// are NanoDet's own, not moved.
//
// It learns the boxes' labels that neither NanoDet's objects nor a face stand for, or those its
// config names. Examples of a label: boxes that people drew, and proposals that cover one (IoU >=
// 0.6). Examples of none: other boxes, and proposals that touch no box people drew (IoU < 0.3). A
// box's probability comes from pictures that its fold had not seen.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/drafter.h"
#include "models/nanodet.h"
#include "quality/calibration.h"

namespace countersign {

/// A label is learned from this many pictures that show it.
constexpr std::size_t least_object_pictures = 3;

constexpr std::size_t most_proposals = 16;

/// A place in a picture, and what a network makes of it.
struct SeenBox {
    Detection box;  ///< Its score is NanoDet's; its object, in a reviewed box, the label's index in
                    ///< the control.
    std::vector<float> seen;
};

struct BoxedPicture {
    std::vector<SeenBox> proposals, reviewed;
    double weight = 1;
    bool assisted = false;
    std::string alike;  ///< Pictures of one name are held out together; empty: equal ones are.
};

struct ObjectLearnerState {
    std::string control;
    std::uint32_t pictures = 0;
    Platt top;
    std::vector<float> centre, scale;  ///< Of each number, once its root is taken.
    struct Kind {
        std::string label;
        std::vector<float> weights;  ///< As many as `centre`.
        float bias = 0;
    };
    std::vector<Kind> kinds;
};
std::string object_learner_bytes(const ObjectLearnerState& state);
/// Refuses bytes of another kind or version, damaged, truncated, or with anything out of range.
Result<ObjectLearnerState> object_learner_from(std::string_view bytes);

struct FoundObject {
    Detection box;  ///< Its object is the index in `kinds`, its score the confidence.
    double probability = 0;
};
/// By falling confidence, each place once. `proposals` by falling score.
std::vector<FoundObject> find_objects(const ObjectLearnerState& state,
                                      std::span<const SeenBox> proposals);

struct TrainedObjects {
    std::string state;
    /// {"method", "n" (pictures scored), "learned_from", "ap50" with its interval, "proposed" (the
    /// share of boxes that some proposal covers), "ece", "folds", "scored_on", "labels": {NAME:
    /// {"pictures", "boxes", "ap50"}}, "waiting": {NAME: pictures}}: the labels that too few
    /// pictures show.
    Json quality;
};
/// Deterministic. `labels`: indices in the control. Refuses: too few (Code::unavailable), a stop
/// (Code::cancelled).
Result<TrainedObjects> train_object_learner(std::span<const BoxedPicture> pictures,
                                            const Control& control, std::span<const int> labels,
                                            std::uint64_t seed, const std::stop_token& stop = {});

/// What is found in each picture by a learner of the others' folds, as find_objects() does;
/// `object` is the label's index in the control. Refuses as train_object_learner() does.
Result<std::vector<std::vector<FoundObject>>> objects_out_of_fold(
    std::span<const BoxedPicture> pictures, const Control& control, std::span<const int> labels,
    std::uint64_t seed, const std::stop_token& stop = {});

/// The places NanoDet proposes in a picture, one a place, whatever it takes them for.
std::vector<SeenBox> propose(const NanodetLook& look, std::size_t most = most_proposals);
DetectOptions proposal_options();

/// The row "object-learner" of model_kinds(): {"control": NAME, "labels": [NAME...]} as its config;
/// without "labels" those that neither NanoDet nor BlazeFace drafts.
ModelKind object_learner_kind();

}  // namespace countersign
