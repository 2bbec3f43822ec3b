// The text learner: reads what people decided about texts, and drafts the choice for the texts that
// wait. Three moments, each a function or a method here:
//
//   train    in the background, whenever the labels have grown by a third: the best of four
//   candidates
//            by cross-validation, calibrated, as bytes for a model version
//            (text_learner_training.h)
//   learn    after every review, at once: a step of softmax regression from where training ended,
//            and again the steps of a few recent labels
//   predict  what it thinks of a text
//
// One label a text; a control with `multiple` is refused. A learner is a plain value: share it
// between threads as Guarded<TextLearner>.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "models/adagrad.h"
#include "models/drafter.h"
#include "models/text_learner_state.h"

namespace countersign {

struct LabelledText {
    std::string text;
    std::string label;
    double weight = 1;  ///< How much it counts: a blind or edited label more than an accepted one.
    bool assisted =
        false;  ///< The person saw a draft: such labels flatter the learner when it is scored.
};

/// Drafting starts with this many reviewed labels, of which two classes have three each: below, the
/// four folds of cross-validation cannot all hold both classes, and no claim could be checked.
constexpr std::size_t least_labels = 10, least_classes = 2, least_per_class = 3;

/// What one decision teaches about `control`; nothing when it has no single label there.
std::optional<LabelledText> text_lesson(LabelledItem item, std::string_view control);

struct LabelProbability {
    std::string label;
    double probability = 0;  ///< Calibrated; all labels' sum is 1.
};

class TextLearner {
public:
    /// From the bytes of a model version. Refuses (Code::unavailable) when there are none yet, and
    /// (Code::invalid) when they are damaged.
    static Result<TextLearner> open(std::string_view state);

    const std::string& control() const { return state_.control; }
    const std::vector<std::string>& labels() const { return state_.labels; }
    /// "svc wc, 120 labels", and "+ 7" once it learned after that.
    std::string version() const;

    /// Changes the next prediction. A label that was not in the schema when it was trained waits
    /// for the next training: nothing happens. About 30-200 us, by the number of classes.
    void learn(const LabelledText& example);

    /// All labels, the most probable first.
    std::vector<LabelProbability> predict(std::string_view text) const;

    struct Top {
        std::string label;
        double confidence = 0;   ///< As the model puts it.
        double probability = 0;  ///< Calibrated on texts it had not seen.
    };
    Top top(std::string_view text) const;

private:
    struct Lesson {
        TextVector x;
        int label = 0;
        double weight = 1;
    };
    explicit TextLearner(LearnerState state);
    const LinearModel& model() const { return online_ ? online_->model() : state_.model; }
    void start_learning();

    LearnerState state_;
    std::uint64_t learned_from_ = 0, learned_since_ = 0;
    std::optional<AdaGrad> online_;  ///< Takes the model over with the first lesson.
    std::vector<Lesson> recent_;
    Rng rng_{0};
};

/// The row "text-learner" of model_kinds(): {"control": NAME} as its config.
ModelKind text_learner_kind();

/// The control it would draft: the one called `name`, else the first single choice of a text
/// schema. Refuses, saying why, when there is none.
Result<const Control*> text_learner_control(const Schema& schema, std::string_view name = {});

}  // namespace countersign
