// One label from several people's, with how sure it is and how good each person seems.
//
// Strategy: every probabilistic method is expectation maximisation over one table of posteriors,
// one row a unit. What differs is the model of a person: a whole confusion matrix (Dawid and Skene
// 1979), one shrunk to what all people confuse, one number (one-coin), one number where all people
// mistake a class for the same others (shared errors), an ability and the item's
// difficulty (GLAD, Whitehill et al. 2009), or how often they answer without looking (MACE, Hovy et
// al. 2013). Confusions are stored only for labels a person gave, so that memory follows the
// labels: O(labels * values).
//
// People's mistakes are not independent of each other, so that raw posteriors claim too much. The
// posterior reported is tempered: the evidence's weight is the one that best predicts labels held
// out (`choose_by_held_out`), or what the caller says.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "quality/ratings.h"
#include "quality/scores.h"

namespace countersign {

enum class Aggregation {
    majority,
    weighted_vote,
    one_coin,
    shared_errors,
    dawid_skene,
    shrunk,
    glad,
    mace
};
std::string_view name_of(Aggregation method);                        ///< "dawid-skene"
std::optional<Aggregation> aggregation_from(std::string_view name);  ///< Nothing: no such method.

struct AggregationOptions {
    Aggregation method = Aggregation::shrunk;
    /// The power that reported posteriors are raised to, (0, 1]: labels stay what they are, and
    /// claim less. Fitting always uses 1.
    double temper = 1;
    int most_rounds = 100;
    double tolerance = 1e-6;  ///< Ends when the mean change of a posterior is below.
    std::uint64_t seed = 0;   ///< Breaks ties of votes.
    /// Trusted answers by unit, `no_gold` elsewhere; empty: none. They stay as they are and teach
    /// what people confuse.
    std::span<const std::uint32_t> gold;
    static constexpr std::uint32_t no_gold = 0xffffffffu;
};

struct RaterQuality {
    std::uint32_t rater = 0;
    std::size_t labels = 0;
    double accuracy = 0;  ///< Expected share of their labels that are right.
    Interval interval;    ///< 95 %, Wilson, of that share.
};

struct Aggregated {
    std::size_t values = 0;
    std::vector<double> posterior;  ///< units x values; a unit without labels: the classes' shares.
    std::vector<std::uint32_t> label;  ///< The most probable; of equals one drawn by the seed.
    std::vector<RaterQuality> raters;  ///< Those with labels.
    int rounds = 0;
    bool converged = true;
    std::span<const double> row(std::size_t unit) const {
        return std::span(posterior).subspan(unit * values, values);
    }
    double confidence(std::size_t unit) const { return row(unit)[label[unit]]; }
};

Aggregated aggregate(const Ratings& ratings, const AggregationOptions& options = {});

/// The method among one-coin, shared errors and shrunk confusions, and the weight of evidence under
/// which labels that were held out are most probable (log score, five folds): needs no truth. One
/// number a person is what holds unless matrices foretell labels better person by person: people,
/// not labels, are what was sampled, and five who gave nearly everything are five (docs/why/0038).
/// Where fewer than 30 labels can be held out (of units with three or more): the defaults.
struct Choice {
    Aggregation method = Aggregation::shrunk;
    double temper = 0.5;
    double log_score = 0;  ///< Mean ln p of a held-out label; 0 when nothing could be held out.
    double p = 1;          ///< One-sided, of matrices' gain over people; they are taken below .01.
};
Choice choose_by_held_out(const Ratings& ratings, std::uint64_t seed);

/// The weight of evidence for a method that is given; 1 for votes, whose shares claim nothing.
Choice choose_temper(const Ratings& ratings, Aggregation method, std::uint64_t seed);

/// CROWDLAB (Goh et al. 2022): people's labels and a model's probabilities (units x values, rows
/// that sum to 1, out of sample) in one weighted mean. People without agreement on record count as
/// the average person.
Aggregated crowdlab(const Ratings& ratings, std::span<const double> probabilities,
                    std::uint64_t seed);

/// Share of units where the method's label is not the majority's; above .3 one of both is wrong
/// about what the classes mean. Units without labels do not count.
double share_against_majority(const Ratings& ratings, const Aggregated& found);

}  // namespace countersign
