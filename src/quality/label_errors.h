// Which given labels are probably wrong, by a model that has not seen them: confident learning
// (Northcutt, Jiang and Chuang, JAIR 2021).
//
// Strategy: a class's threshold is how sure the model is, on average, of items that were given it;
// an item counts for the class it is most probable for among those whose threshold it reaches. The
// counts, given label by counted class, estimate how labels were confused; from them follow how
// many labels are wrong and which. O(items * classes).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace countersign {

/// `probability[i * classes + k]`: of class k for item i, out of sample, each row's sum 1;
/// `given[i]` in [0, classes). The spans are not owned.
struct GivenLabels {
    std::size_t classes = 0;
    std::span<const double> probability;
    std::span<const std::uint32_t> given;
    std::size_t size() const { return given.size(); }
    std::span<const double> row(std::size_t i) const {
        return probability.subspan(i * classes, classes);
    }
};

/// Rows with values outside [0, 1] or a sum further than 1e-3 from 1 are clipped and brought to sum
/// 1 (models round); the number of rows that needed it.
std::size_t normalise_rows(std::span<double> probability, std::size_t classes);

/// How labels were confused: `counts[j * classes + k]` items given j and counted for k, as they
/// were counted; `joint` the same, scaled so that a row sums to how often its label was given.
struct ConfidentJoint {
    std::size_t classes = 0;
    std::vector<double> thresholds;  ///< Of each class; above 1 where nothing was given it.
    std::vector<double> counts, joint;
    double wrong() const;  ///< Estimated number of wrong labels: the joint off its diagonal.
};
ConfidentJoint confident_joint(const GivenLabels& labels);

/// How plausible each given label is, in [0, 1], least plausible first when sorted.
enum class LabelScore {
    margin,           ///< (p(given) - p(best other) + 1) / 2: the best ranking measured.
    self_confidence,  ///< p(given)
    /// Confidence-weighted entropy as cleanlab scales it, ln(1 + x) / x, x: the row's entropy over
    /// its most, divided by p(given). The limit 1 where x is below 1e-6; cleanlab, which bounds
    /// only the divisor, has x / 1e-6 there, so that the surest rows seem the worst.
    weighted_entropy
};
std::vector<double> label_scores(const GivenLabels& labels, LabelScore score = LabelScore::margin);

/// The rows with each class's threshold taken off, the greatest threshold added, sum 1: classes
/// that the model is seldom sure of weigh as much as others. Not the default: it ranked worse on
/// three of four sets (REFERENCE.md section 4.1).
std::vector<double> adjusted_rows(const GivenLabels& labels);

/// Which labels to look at, the least plausible first.
enum class ErrorFilter {
    noise_rate,    ///< As many of each pair of classes as the joint estimates.
    confident,     ///< Counted for another class than the given one.
    disagreement,  ///< The model's first choice is another class.
    count          ///< The lowest scores, as many as `confident` has (cleanlab's estimate).
};
/// In `noise_rate` and `count` items whose given label is the model's first choice are left out.
std::vector<std::size_t> suspects(const GivenLabels& labels,
                                  ErrorFilter filter = ErrorFilter::noise_rate,
                                  LabelScore order = LabelScore::margin);

/// Sentences by their tokens' scores: a sentence is as good as its worst token (Wang and Mueller
/// 2022). `begin` holds each sentence's first token and one past the last; an empty sentence has 1.
std::vector<double> worst_token(std::span<const double> token_score,
                                std::span<const std::size_t> begin);

/// Area under the ROC curve of `score` for finding `wrong` items, low scores first; ties count
/// half; 0.5 when there is only one kind. And the share of wrong items among the k lowest (ties in
/// the items' order).
double auroc_of_low(std::span<const double> score, std::span<const std::uint8_t> wrong);
/// Mean of the precision at each wrong item, low scores first; tied items come at once.
double average_precision_of_low(std::span<const double> score, std::span<const std::uint8_t> wrong);
double precision_at(std::span<const double> score, std::span<const std::uint8_t> wrong,
                    std::size_t k);

}  // namespace countersign
