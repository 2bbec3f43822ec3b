#include "quality/aggregation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/rng.h"
#include "quality/exact_share.h"
#include "quality/rater_models.h"

namespace countersign {

namespace {

constexpr int folds = 5;
constexpr double most_chance = 0.01;
constexpr std::array<double, 6> tempers{0.2, 0.35, 0.5, 0.7, 0.85, 1};

struct AggregationName {
    Aggregation method;
    std::string_view name;
};
constexpr AggregationName aggregation_names[] = {{Aggregation::majority, "majority"},
                                                 {Aggregation::weighted_vote, "weighted-vote"},
                                                 {Aggregation::one_coin, "one-coin"},
                                                 {Aggregation::shared_errors, "shared-errors"},
                                                 {Aggregation::dawid_skene, "dawid-skene"},
                                                 {Aggregation::shrunk, "shrunk"},
                                                 {Aggregation::glad, "glad"},
                                                 {Aggregation::mace, "mace"}};

void set_gold(Posteriors& q, std::span<const std::uint32_t> gold) {
    for (std::size_t u = 0; u < gold.size(); ++u) {
        if (gold[u] == AggregationOptions::no_gold) continue;
        auto row = q.row(u);
        std::fill(row.begin(), row.end(), 0.0);
        row[gold[u]] = 1;
    }
}

/// GLAD and MACE take all classes as equally frequent, as their papers do.
ClassShares class_shares(const Posteriors& q, const Ratings& ratings, Aggregation method) {
    const double start = method == Aggregation::dawid_skene ? 0 : 1;
    std::vector<double> shares(q.values, start);
    for (std::size_t u = 0; u < ratings.units(); ++u)
        if (!ratings.of(u).empty())
            for (std::size_t k = 0; k < q.values; ++k) shares[k] += q.row(u)[k];
    if (method == Aggregation::mace || method == Aggregation::glad)
        std::fill(shares.begin(), shares.end(), 1.0);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    ClassShares out;
    for (const double s : shares) {
        out.p.push_back(std::max(s / sum, least_probability));
        out.log_p.push_back(std::log(out.p.back()));
    }
    return out;
}

struct Fitted {
    std::unique_ptr<RaterModel> model;
    ClassShares shares;
    Posteriors q;
    int rounds = 0;
    bool converged = true;
};

Fitted fit(const Ratings& ratings, const AggregationOptions& options) {
    Fitted out;
    out.q = votes(ratings, {});
    set_gold(out.q, options.gold);
    out.model = rater_model(options.method, ratings);
    out.converged = false;
    std::vector<double> scores(ratings.values());
    while (out.rounds < options.most_rounds && !out.converged) {
        ++out.rounds;
        out.model->learn(ratings, out.q);
        out.shares = class_shares(out.q, ratings, options.method);
        double change = 0;
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            if (u < options.gold.size() && options.gold[u] != AggregationOptions::no_gold) continue;
            out.model->infer(ratings, u, out.shares, scores);
            auto row = out.q.row(u);
            for (std::size_t k = 0; k < row.size(); ++k) {
                change += std::abs(row[k] - scores[k]);
                row[k] = scores[k];
            }
        }
        out.converged =
            change / double(std::max<std::size_t>(1, out.q.q.size())) < options.tolerance;
    }
    return out;
}

/// Posteriors that claim less: of classes' shares and evidence together, so that what is most
/// probable stays so.
void temper(const Fitted& fitted, const Ratings& ratings, double weight, std::size_t unit,
            std::span<double> row) {
    std::fill(row.begin(), row.end(), 0.0);
    fitted.model->weigh(ratings, unit, row);
    for (std::size_t k = 0; k < row.size(); ++k)
        row[k] = (row[k] + fitted.shares.log_p[k]) * weight;
    normalise_logs(row);
}

/// One-sided p-value of a gain, by people: the sum over the root of the sum of squares, against
/// Student's t with as many people as they count for (Kish 1965) less one. `labels`: each person's.
double chance_of_gain(std::span<const double> gain, std::span<const double> labels) {
    double sum = 0, squares = 0, all = 0, squared_labels = 0;
    for (std::size_t r = 0; r < gain.size(); ++r) {
        sum += gain[r], squares += gain[r] * gain[r];
        all += labels[r], squared_labels += labels[r] * labels[r];
    }
    const double freedom = squared_labels > 0 ? all * all / squared_labels - 1 : 0;
    if (sum <= 0 || freedom <= 0) return 1;
    const double t = sum / std::sqrt(squares);
    return incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
}

/// The log scores of labels that were held out, by candidate, temper and person.
class HeldOut {
public:
    HeldOut(const Ratings& ratings, std::span<const Aggregation> candidates, std::uint64_t seed)
        : candidates_(candidates.begin(), candidates.end()),
          scores_(candidates.size() * tempers.size(), std::vector<double>(ratings.raters())),
          of_people_(ratings.raters()),
          best_temper_(candidates.size()) {
        for (std::uint64_t fold = 0; fold < folds; ++fold) hold_out(ratings, fold, seed);
        for (std::size_t c = 0; c < candidates_.size(); ++c)
            for (std::size_t t = 1; t < tempers.size(); ++t)
                if (total(scores(c, t)) > total(scores(c, best_temper_[c]))) best_temper_[c] = t;
    }
    const std::vector<double>& labels_of_people() const { return of_people_; }
    bool is_too_few() const { return labels_ < least_held; }
    const std::vector<double>& best_of(std::size_t candidate) const {
        return scores_[candidate * tempers.size() + best_temper_[candidate]];
    }
    double total_of(std::size_t candidate) const { return total(best_of(candidate)); }
    Choice choice(std::size_t candidate) const {
        return {candidates_[candidate], tempers[best_temper_[candidate]],
                total(best_of(candidate)) / static_cast<double>(labels_), 1};
    }

private:
    static constexpr std::size_t least_held = 30;
    struct Label {
        std::size_t unit;
        Ratings::Entry label;
    };
    static double total(const std::vector<double>& of) {
        return std::accumulate(of.begin(), of.end(), 0.0);
    }
    std::vector<double>& scores(std::size_t candidate, std::size_t temper) {
        return scores_[candidate * tempers.size() + temper];
    }

    void hold_out(const Ratings& ratings, std::uint64_t fold, std::uint64_t seed) {
        std::vector<Rating> kept;
        std::vector<Label> held;
        std::uint64_t number = 0;
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            const auto entries = ratings.of(u);
            for (const auto& e : entries) {
                const auto turn = philox(
                    {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32),
                     0, 0},
                    {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)})[0];
                ++number;
                if (entries.size() >= 3 && turn % folds == fold)
                    held.push_back({u, e});
                else
                    kept.push_back({static_cast<std::uint32_t>(u), e.rater, e.value});
            }
        }
        if (held.empty()) return;
        labels_ += held.size();
        for (const auto& one : held) of_people_[one.label.rater] += 1;
        const Ratings rest(kept, ratings.units(), ratings.raters(), ratings.values());
        std::vector<double> row(ratings.values()), given(ratings.values());
        for (std::size_t c = 0; c < candidates_.size(); ++c) {
            AggregationOptions options;
            options.method = candidates_[c];
            options.tolerance = 1e-4;
            const auto fitted = fit(rest, options);
            for (const auto& [unit, label] : held) {
                fitted.model->label_given_class(unit, label, given);
                for (std::size_t t = 0; t < tempers.size(); ++t) {
                    temper(fitted, rest, tempers[t], unit, row);
                    scores(c, t)[label.rater] +=
                        clamped_log(std::inner_product(row.begin(), row.end(), given.begin(), 0.0));
                }
            }
        }
    }

    std::vector<Aggregation> candidates_;
    std::vector<std::vector<double>> scores_;
    std::vector<double> of_people_;  ///< Labels that were held out.
    std::vector<std::size_t> best_temper_;
    std::size_t labels_ = 0;
};

Aggregated voted(const Ratings& ratings, const AggregationOptions& options) {
    auto q = votes(ratings, {});
    if (options.method == Aggregation::weighted_vote) {
        // Each vote counts as much as the voter agrees with the plain majority.
        std::vector<double> agreed(ratings.raters(), 0), labels(ratings.raters(), 0);
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            const auto winner = most_probable(q.row(u), options.seed, u);
            for (const auto& e : ratings.of(u))
                agreed[e.rater] += e.value == winner, labels[e.rater] += 1;
        }
        for (std::size_t r = 0; r < agreed.size(); ++r) agreed[r] /= std::max(1.0, labels[r]);
        q = votes(ratings, agreed);
    }
    set_gold(q, options.gold);
    Aggregated out;
    out.values = ratings.values();
    out.posterior = std::move(q.q);
    conclude(out, ratings, out.posterior, options.seed);
    return out;
}

}  // namespace

std::string_view name_of(Aggregation method) {
    for (const auto& row : aggregation_names)
        if (row.method == method) return row.name;
    return "?";
}

std::optional<Aggregation> aggregation_from(std::string_view name) {
    for (const auto& row : aggregation_names)
        if (row.name == name) return row.method;
    return {};
}

Aggregated aggregate(const Ratings& ratings, const AggregationOptions& options) {
    if (options.method == Aggregation::majority || options.method == Aggregation::weighted_vote)
        return voted(ratings, options);
    auto fitted = fit(ratings, options);
    Aggregated out;
    out.values = ratings.values();
    out.rounds = fitted.rounds;
    out.converged = fitted.converged;
    if (options.temper >= 1) {
        out.posterior = std::move(fitted.q.q);
        conclude(out, ratings, out.posterior, options.seed);
    } else {
        out.posterior = fitted.q.q;
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            const bool is_gold =
                u < options.gold.size() && options.gold[u] != AggregationOptions::no_gold;
            if (!is_gold && !ratings.of(u).empty())
                temper(fitted, ratings, options.temper, u,
                       std::span(out.posterior).subspan(u * out.values, out.values));
        }
        conclude(out, ratings, fitted.q.q, options.seed);
    }
    return out;
}

Choice choose_by_held_out(const Ratings& ratings, std::uint64_t seed) {
    constexpr Aggregation candidates[] = {Aggregation::one_coin, Aggregation::shared_errors,
                                          Aggregation::shrunk};
    const HeldOut held(ratings, candidates, seed);
    if (held.is_too_few()) return {};
    // Shared errors know nothing more of any person: all labels held out are evidence for them.
    // Of two classes they are the same model.
    const std::size_t simple = ratings.values() > 2 && held.total_of(1) > held.total_of(0) ? 1 : 0;
    std::vector<double> gain = held.best_of(2);
    for (std::size_t r = 0; r < gain.size(); ++r) gain[r] -= held.best_of(simple)[r];
    const double p = chance_of_gain(gain, held.labels_of_people());
    auto out = held.choice(p < most_chance ? 2 : simple);
    out.p = p;
    return out;
}

Choice choose_temper(const Ratings& ratings, Aggregation method, std::uint64_t seed) {
    if (method == Aggregation::majority || method == Aggregation::weighted_vote)
        return {method, 1, 0, 1};
    const HeldOut held(ratings, std::span(&method, 1), seed);
    if (!held.is_too_few()) return held.choice(0);
    Choice out;
    out.method = method;
    return out;
}

double share_against_majority(const Ratings& ratings, const Aggregated& found) {
    const auto majority = votes(ratings, {});
    std::size_t units = 0, against = 0;
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        if (ratings.of(u).empty()) continue;
        ++units;
        const auto row = majority.row(u);
        against += row[found.label[u]] < *std::max_element(row.begin(), row.end());
    }
    return units > 0 ? double(against) / double(units) : 0;
}

}  // namespace countersign
