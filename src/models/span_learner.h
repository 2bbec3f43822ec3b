// The span learner: reads which parts of texts people marked and as what, and drafts spans for the
// texts that wait. A conditional random field over the words (crf.h), trained from zero whenever
// the reviewed texts have grown by a third: under a second to a thousand sentences.
//
// Features of a word: it, its neighbours to two words away, shapes, prefixes and suffixes to four
// characters, groups of three characters, pairs with its neighbours, and whether it stands in a
// phrase that people marked in another text.
//
// Drafts are the spans from a probability on, which is the one that served best on texts that their
// fold had not seen: at most 1/2, and lower where a learner of few texts would find hardly
// anything. "Maybes" are the spans from 1 in 8 on. A span's probability is the field's own,
// exactly, through a map fitted on texts that their fold had not seen (quality/calibration.h).
// Spans overlap in no draft: of reviewed spans that do, the outermost is learned, and the version
// says how many were left out.
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
#include "models/span_learner_state.h"

namespace countersign {

/// Drafting starts with this many reviewed texts: one for each fold and one more.
constexpr std::size_t least_span_texts = 5;
constexpr double least_maybe = 0.125;

struct MarkedText {
    std::string text;
    Regions spans;  ///< Of one control; others are not looked at.
    double weight = 1;
    bool assisted = false;
};

struct DraftedSpan {
    std::int64_t start = 0, end = 0;  ///< Code points, half-open.
    std::string label;
    double confidence = 0;   ///< As the field puts it.
    double probability = 0;  ///< Calibrated on texts it had not seen.
    bool maybe = false;      ///< Too improbable to be drafted.
};

class SpanLearner {
public:
    /// Refuses: no version yet (Code::unavailable), damaged bytes (Code::invalid).
    static Result<SpanLearner> open(std::string_view state);

    const std::string& control() const { return state_.control; }
    std::string version() const;  ///< "crf, 120 texts"

    struct Reading {
        std::vector<DraftedSpan> spans;  ///< The most probable first; so maybes come last.
        double confidence = 0;           ///< That those that are no maybes are all there are.
        double probability = 0;          ///< The same, calibrated.
    };
    Reading read(std::string_view text) const;

private:
    explicit SpanLearner(SpanLearnerState state) : state_(std::move(state)) {}
    SpanLearnerState state_;
};

struct TrainedSpans {
    std::string state;  ///< For SpanLearner::open.
    /// {"method": "crf", "n" (texts scored), "learned_from", "spans", "f1", "f1_low", "f1_high",
    /// "precision", "recall", "ece", "drafted_from", "exact" (share of texts tagged right as a
    /// whole), "folds", "scored_on", "labels": {NAME: {"spans", "f1"}}, "left_out": {"overlapping",
    /// "unknown", "widened"}}. A span is right when both ends and the label are.
    Json quality;
};

/// Deterministic for (texts, control, seed). Refuses: too few texts, or no spans in them
/// (Code::unavailable); a stop (Code::cancelled).
Result<TrainedSpans> train_span_learner(std::span<const MarkedText> texts, const Control& control,
                                        std::uint64_t seed, const std::stop_token& stop = {});

/// What a learner that has not seen the text, or an equal one, reads in each: spans from a
/// probability of `least_maybe` on, the most probable first, one list a text; by the folds above.
/// What label errors are looked for with. Refuses as training does.
Result<std::vector<std::vector<DraftedSpan>>> out_of_fold_spans(std::span<const MarkedText> texts,
                                                                const Control& control,
                                                                std::uint64_t seed,
                                                                const std::stop_token& stop = {});

/// The row "span-learner" of model_kinds(): {"control": NAME} as its config.
ModelKind span_learner_kind();

}  // namespace countersign
