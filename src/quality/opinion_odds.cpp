#include "quality/opinion_odds.h"

#include <algorithm>
#include <cmath>

#include "quality/posteriors.h"

namespace countersign {

double temper_by_known(const Aggregated& raw, std::span<const std::uint32_t> known) {
    constexpr int steps = 40;
    double best = 1, most = 0;
    for (int step = 1; step <= steps; ++step) {
        const double power = static_cast<double>(step) / steps;
        double sum = 0;
        for (std::size_t u = 0; u < known.size(); ++u) {
            if (known[u] == AggregationOptions::no_gold) continue;
            double all = 0;
            for (const double p : raw.row(u)) all += std::exp(power * clamped_log(p));
            sum += power * clamped_log(raw.row(u)[known[u]]) - std::log(all);
        }
        if (step == 1 || sum > most) best = power, most = sum;
    }
    return best;
}

OpinionOdds opinion_odds(const Ratings& ratings, std::span<const std::uint32_t> known,
                         bool same_classes, std::uint64_t seed) {
    OpinionOdds out;
    out.verdicts = known.size() - static_cast<std::size_t>(std::count(known.begin(), known.end(),
                                                                      AggregationOptions::no_gold));
    const auto choice = same_classes ? choose_by_held_out(ratings, seed)
                                     : choose_temper(ratings, Aggregation::one_coin, seed);
    AggregationOptions options;
    // Where nothing foretells anything the simpler model of people stands (docs/why/0038).
    const bool is_held_out = choice.log_score != 0;
    options.method = is_held_out ? choice.method : Aggregation::one_coin;
    options.seed = seed;
    options.temper = choice.temper;
    if (is_held_out) out.ground = OddsGround::held_out;
    if (out.verdicts >= least_verdicts) {
        options.temper = 1;
        options.temper = temper_by_known(aggregate(ratings, options), known);
        out.ground = OddsGround::verdicts;
    }
    options.gold = known;
    out.found = aggregate(ratings, options);
    return out;
}

}  // namespace countersign
