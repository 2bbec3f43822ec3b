// How far people agree beyond chance. Agreement in percent is reported beside these, never alone:
// on skewed classes it is high by accident.
//
// Strategy: a unit's labels become counts of its distinct values; every coefficient is a function
// of those counts' sums, so that a bootstrap over units adds numbers instead of reading labels
// again. O(labels + values^2).
//
// Undefined is nothing (std::nullopt), not 0 or 1: no unit with two labels, or no variation at all.
#pragma once

#include <optional>
#include <string_view>

#include "quality/ratings.h"
#include "quality/scores.h"

namespace countersign {

/// How far two values are from each other, as the square that Krippendorff's alpha weighs.
class Distance {
public:
    static Distance nominal();
    /// Values are ranks, in their order; the distance counts how many labels lie between.
    static Distance ordinal();
    /// `numbers[v]` is what value v stands for.
    static Distance interval(std::vector<double> numbers);
    /// `sets[v]` are the labels of value v, each a rising list. MASI (Passonneau 2006): one less
    /// Jaccard times 1 (equal), 2/3 (one holds the other), 1/3 (they share some), 0. Jaccard alone:
    /// one less shared / all. Two empty sets are equal.
    static Distance masi(std::span<const std::vector<std::uint32_t>> sets);
    static Distance jaccard(std::span<const std::vector<std::uint32_t>> sets);

    enum class Kind { nominal, ordinal, interval, table };
    Kind kind() const { return kind_; }
    const std::vector<double>& numbers() const { return numbers_; }
    std::size_t width() const { return width_; }  ///< table: values in a row.

private:
    Distance(Kind kind, std::vector<double> numbers, std::size_t width)
        : kind_(kind), numbers_(std::move(numbers)), width_(width) {}
    Kind kind_;
    std::vector<double> numbers_;  ///< interval: of each value; table: values x values.
    std::size_t width_;
};

struct Alpha {
    double alpha = 0;                   ///< 1: perfect; 0: as chance; below: systematic.
    double observed = 0, expected = 0;  ///< Disagreement, in the distance's squares.
    std::size_t units = 0, labels = 0;  ///< Units with two labels or more, and their labels.
};

/// Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"): any
/// number of raters, missing labels, any distance. Units with one label do not count.
std::optional<Alpha> krippendorff_alpha(const Ratings& ratings, const Distance& distance);

/// 95 % percentile bootstrap over units of the above, seeded; nothing where alpha is undefined.
/// Resamples in which it is undefined are left out. O(resamples * labels).
std::optional<Interval> alpha_interval(const Ratings& ratings, const Distance& distance,
                                       std::uint64_t seed, int resamples = 1000);

/// Coefficients of nominal labels. Each is (agreement - chance) / (1 - chance).
struct NominalAgreement {
    double percent = 0;            ///< Mean over units of the share of pairs that agree, [0, 1].
    std::optional<double> fleiss;  ///< Fleiss 1971; unequal numbers of raters as Gwet 2014, ch. 2.
    std::optional<double> ac1;     ///< Gwet 2008: steady where one class is nearly everything.
    std::size_t units = 0;
};
std::optional<NominalAgreement> nominal_agreement(const Ratings& ratings);

/// Two raters on the units that both labelled.
struct PairAgreement {
    std::uint32_t a = 0, b = 0;  ///< a < b
    std::size_t units = 0;
    double percent = 0;
    std::optional<double> kappa;  ///< Cohen 1960; with weights 1 - distance: Cohen 1968.
};
/// Every pair with at least `least_units` units in common, most units first. O(sum over units of
/// labels^2).
std::vector<PairAgreement> pair_agreements(const Ratings& ratings, const Distance& distance,
                                           std::size_t least_units = 1);

/// A rater against all others who labelled the same units.
struct RaterAgreement {
    std::uint32_t rater = 0;
    std::size_t units = 0, labels = 0;  ///< Shared with others; all of theirs.
    double percent = 0;           ///< Mean over shared units of the share of others who agree.
    std::optional<double> alpha;  ///< 1 - their mean distance to the others / what chance expects.
};
std::vector<RaterAgreement> rater_agreements(const Ratings& ratings, const Distance& distance);

/// One class against all others: which label is unclear.
struct ClassAgreement {
    std::uint32_t value = 0;
    std::size_t labels = 0;
    std::optional<Alpha> alpha;
};
std::vector<ClassAgreement> class_agreements(const Ratings& ratings);

}  // namespace countersign
