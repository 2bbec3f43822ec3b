// How right a model's drafts are, held against the labels of the same tasks: what models are
// ranked by.
//
// Strategy: every task leaves a few counts a control, and every claimed piece whether it was right.
// A measure is a function of how often each task counts, so that its interval comes from a
// bootstrap over tasks that reads no region again. O(resamples * (tasks + pieces)).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/region.h"
#include "quality/scores.h"

namespace countersign {

enum class DraftMeasure { accuracy, f1, ap50, words_right };
inline std::span<const EnumName<DraftMeasure>> enum_names(DraftMeasure) {
    static constexpr EnumName<DraftMeasure> rows[] = {{DraftMeasure::accuracy, "accuracy"},
                                                      {DraftMeasure::f1, "f1"},
                                                      {DraftMeasure::ap50, "ap50"},
                                                      {DraftMeasure::words_right, "words_right"}};
    return rows;
}

struct ControlScore {
    std::string control;
    /// accuracy: choices and ratings, share of tasks with the very labels. f1: spans by exact
    /// boundaries and label, segments, polygons and keypoints by label and IoU >= 0.5, over all
    /// tasks together (micro). ap50: boxes, average precision at IoU 0.5 as COCO defines it (101
    /// recalls, without crowds), the mean over the labels that occur. words_right: written texts,
    /// one minus the word error rate of all texts together, at least 0.
    DraftMeasure measure = DraftMeasure::accuracy;
    double value = 0;
    Interval interval;                        ///< 95 %, percentile bootstrap over tasks.
    std::optional<double> precision, recall;  ///< Of what is drawn, whatever its confidence.
    std::size_t tasks = 0;                    ///< With a piece in the label or in the draft.
    std::size_t labelled = 0, drafted = 0;    ///< Pieces (words of texts).
};

/// Whether claimed probabilities come true: of every labelled piece that claims one.
struct ClaimScore {
    double error = 0;  ///< Expected calibration error, equal-mass bins (quality/scores.h).
    Interval interval;
    double brier = 0;
    std::size_t claims = 0;
};

class DraftScores {
public:
    explicit DraftScores(const Schema& schema) : schema_(schema) {}

    /// What is right on one task, and what the model drafted there. Answers to per-region controls
    /// and relations are not compared.
    void add(const Regions& label, const Regions& draft);

    std::size_t tasks() const { return tasks_; }
    /// Only controls that some label or draft answers, in the schema's order. Seeded.
    std::vector<ControlScore> scores(std::uint64_t seed, int resamples = 1000) const;
    /// Nothing without claims.
    std::optional<ClaimScore> claims(std::uint64_t seed) const;

private:
    struct Piece {
        std::uint32_t task;
        std::uint32_t label;
        double sure;
        bool right;
    };
    /// Right pieces, those of the label, those of the draft; of texts the words.
    struct Counts {
        std::uint32_t task;
        double right, labelled, drafted;
    };
    struct Answers {
        std::vector<Counts> counts;                               ///< By rising task.
        std::vector<Piece> pieces;                                ///< boxes only
        std::map<std::string, std::uint32_t, std::less<>> names;  ///< boxes only: of labels
        std::vector<std::map<std::uint32_t, double>>
            present;  ///< boxes: by label, task -> how many
    };
    using Weights = std::vector<double>;
    static double value_of(DraftMeasure measure, const Answers& answers, const Weights& weights);
    void compare(const Control& control, const Regions& label, const Regions& draft);

    Schema schema_;
    std::size_t tasks_ = 0;
    std::map<std::string, Answers> answers_;  ///< By control.
    std::vector<double> claimed_;
    std::vector<std::uint8_t> came_true_;
};

/// The one number that models of a schema are ranked by: the mean of its controls' values.
double overall(const std::vector<ControlScore>& scores);

}  // namespace countersign
