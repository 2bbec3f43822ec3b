// Training the text learner: AdaGrad, SVC and the sum of both, each on words and on words with
// characters; 4-fold cross-validation, and the candidate with the lowest out-of-fold log-loss after
// its temperature. Folds are stratified; equal texts share a fold, so that a copy cannot vouch for
// itself.
//
// The scores are those of the chosen candidate on texts its fold had not seen. When at least 50
// labels were given without a draft in view, temperature and scores come from these alone (TRUST.md
// section 3).
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "models/text_learner.h"

namespace countersign {

constexpr int learner_folds = 4;

struct TrainedLearner {
    std::string state;  ///< For TextLearner::open.
    /// {"method", "n" (scored), "learned_from", "classes", "accuracy", "accuracy_low",
    /// "accuracy_high", "log_loss", "brier", "ece", "ece_low", "ece_high", "macro_f1",
    /// "temperature", "folds", "scored_on": "unassisted" | "all", "labels": {NAME: COUNT},
    /// "candidates": [{"method", "log_loss", "accuracy"}]}
    Json quality;
    std::size_t learned_from = 0;
};

/// Deterministic for (labels, control, seed). Labels are matched to the control by name and alias;
/// those it does not have are left out. Refuses: too few labels (Code::unavailable), a multiple
/// choice (Code::unsupported), a stop (Code::cancelled).
Result<TrainedLearner> train_text_learner(std::span<const LabelledText> labels,
                                          const Control& control, std::uint64_t seed,
                                          const std::stop_token& stop = {});

/// What each text's label probably is, by a learner that has not seen the text or an equal one:
/// rows of class probabilities in the order of `labels` and of the control's labels. One method
/// (SVC on words) in the folds above, with the temperature that fits them: what label errors are
/// looked for with. Refuses as training does, and a label that the control does not have.
Result<std::vector<double>> out_of_fold_probabilities(std::span<const LabelledText> labels,
                                                      const Control& control, std::uint64_t seed,
                                                      const std::stop_token& stop = {});

/// Which fold (0 .. folds-1) each item is held out in: equal texts together, each class spread
/// evenly.
std::vector<int> stratified_folds(std::span<const std::string_view> texts,
                                  std::span<const int> classes, int folds, std::uint64_t seed);

std::string_view text_method_name(TextMethod method);  ///< "svc wc"
Refusal too_few_labels(std::size_t usable);

}  // namespace countersign
