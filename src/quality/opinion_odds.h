// How probable it is that each of several people's answers is right: the posterior of the fitted
// aggregation (quality/aggregation.h), calibrated before anybody is shown it.
//
// What people's posteriors claim too much is taken off by the power under which what is known is
// most probable: decided disputes where there are enough of them, else labels held out.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/fields.h"
#include "quality/aggregation.h"

namespace countersign {

/// What the probabilities were held against. few: nothing, they are a rough guess.
enum class OddsGround { few, held_out, verdicts };
inline std::span<const EnumName<OddsGround>> enum_names(OddsGround) {
    static constexpr EnumName<OddsGround> rows[] = {{OddsGround::few, "few"},
                                                    {OddsGround::held_out, "held_out"},
                                                    {OddsGround::verdicts, "verdicts"}};
    return rows;
}

struct OpinionOdds {
    Aggregated found;  ///< Tempered; known answers taught who is right how often.
    OddsGround ground = OddsGround::few;
    std::size_t verdicts = 0;  ///< Units whose answer is known.
};

/// So many decided units say how often such probabilities hold.
constexpr std::size_t least_verdicts = 20;

/// `known`: the decided value of each unit, AggregationOptions::no_gold where nobody decided.
/// `same_classes`: a value means the same in every unit (labels of a choice); else values only tell
/// a unit's answers apart, and people are modelled by one number each. Deterministic. O(labels *
/// values * rounds).
OpinionOdds opinion_odds(const Ratings& ratings, std::span<const std::uint32_t> known,
                         bool same_classes, std::uint64_t seed);

/// The power in (0, 1] under which the known values are most probable, by posteriors that did not
/// know them.
double temper_by_known(const Aggregated& raw, std::span<const std::uint32_t> known);

}  // namespace countersign
