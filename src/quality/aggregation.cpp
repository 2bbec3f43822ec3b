#include "quality/aggregation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <unordered_map>

#include "base/rng.h"

namespace countersign {

namespace {

constexpr double least_probability = 1e-10;
constexpr double smoothing = 0.01;    // Of a confusion's cell.
constexpr double shrinking = 2;       // Labels that the pooled confusions count as.
constexpr double one_coin_prior = 4;  // Labels that the mean accuracy counts as.
constexpr int folds = 5;
constexpr std::array<double, 6> tempers{0.2, 0.35, 0.5, 0.7, 0.85, 1};

struct MethodName {
    Aggregation method;
    std::string_view name;
};
constexpr MethodName method_names[] = {
    {Aggregation::majority, "majority"}, {Aggregation::weighted_vote, "weighted-vote"},
    {Aggregation::one_coin, "one-coin"}, {Aggregation::dawid_skene, "dawid-skene"},
    {Aggregation::shrunk, "shrunk"},     {Aggregation::glad, "glad"},
    {Aggregation::mace, "mace"}};

double clamped_log(double p) {
    return std::log(std::max(p, least_probability));
}

/// The posteriors of all units, row by row.
struct Posteriors {
    std::size_t values = 0;
    std::vector<double> q;
    std::span<double> row(std::size_t u) { return std::span(q).subspan(u * values, values); }
    std::span<const double> row(std::size_t u) const {
        return std::span(q).subspan(u * values, values);
    }
};

void normalise_logs(std::span<double> row) {
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (auto& x : row) sum += x = std::exp(x - most);
    for (auto& x : row) x /= sum;
}

Posteriors votes(const Ratings& ratings, std::span<const double> weight_of_rater) {
    Posteriors out{ratings.values(), std::vector<double>(ratings.units() * ratings.values())};
    std::vector<double> shares(ratings.values(), 1e-9);
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        auto row = out.row(u);
        double sum = 0;
        for (const auto& e : ratings.of(u)) {
            const double w = weight_of_rater.empty() ? 1 : weight_of_rater[e.rater];
            row[e.value] += w, sum += w;
        }
        if (sum > 0)
            for (auto& x : row) x /= sum;
        for (std::size_t k = 0; k < row.size(); ++k) shares[k] += row[k];
    }
    const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (std::size_t u = 0; u < ratings.units(); ++u)
        if (const auto row = out.row(u); ratings.of(u).empty())
            for (std::size_t k = 0; k < row.size(); ++k) row[k] = shares[k] / all;
    return out;
}

void set_gold(Posteriors& q, std::span<const std::uint32_t> gold) {
    for (std::size_t u = 0; u < gold.size(); ++u) {
        if (gold[u] == AggregationOptions::no_gold) continue;
        auto row = q.row(u);
        std::fill(row.begin(), row.end(), 0.0);
        row[gold[u]] = 1;
    }
}

/// How people answer, learned from posteriors, and what an answer says about the truth.
class Model {
public:
    Model() = default;
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    virtual ~Model() = default;
    virtual void learn(const Ratings& ratings, const Posteriors& q) = 0;
    /// Adds ln p(the unit's labels | class k) to scores[k].
    virtual void weigh(const Ratings& ratings, std::size_t unit,
                       std::span<double> scores) const = 0;
    /// p(this label by this rater | class k) for every k; for labels never seen too.
    virtual void label_given_class(std::size_t unit, Ratings::Entry label,
                                   std::span<double> p) const = 0;
};

/// A confusion matrix a person; `strength`: labels' worth of everybody's confusions in it.
class Confusions : public Model {
public:
    Confusions(const Ratings& ratings, double strength, double smooth)
        : values_(ratings.values()), strength_(strength), smooth_(smooth) {
        for (std::size_t u = 0; u < ratings.units(); ++u)
            for (const auto& e : ratings.of(u)) {
                const auto [it, is_new] = row_of_.try_emplace(key(e), rows_);
                rows_ += is_new;
                row_of_entry_.push_back(it->second);
            }
        raters_of_row_.resize(rows_);
        for (const auto& [key, row] : row_of_)
            raters_of_row_[row] = {static_cast<std::uint32_t>(key >> 32),
                                   static_cast<std::uint32_t>(key)};
        first_entry_.reserve(ratings.units());
        std::size_t at = 0;
        for (std::size_t u = 0; u < ratings.units(); ++u)
            first_entry_.push_back(at), at += ratings.of(u).size();
    }

    void learn(const Ratings& ratings, const Posteriors& q) override {
        const std::size_t k = values_;
        std::vector<double> counts(rows_ * k);
        for (std::size_t u = 0, at = 0; u < ratings.units(); ++u) {
            const auto row = q.row(u);
            for (std::size_t i = 0; i < ratings.of(u).size(); ++i, ++at) {
                double* to = counts.data() + row_of_entry_[at] * k;
                for (std::size_t c = 0; c < k; ++c) to[c] += row[c];
            }
        }
        std::vector<double> of_rater(ratings.raters() * k), of_class(k, smooth_ * double(k));
        pooled_.assign(k * k, smooth_);  // [label][class]
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t c = 0; c < k; ++c) {
                const double n = counts[r * k + c];
                of_rater[raters_of_row_[r].rater * k + c] += n;
                pooled_[raters_of_row_[r].value * k + c] += n;
                of_class[c] += n;
            }
        for (std::size_t l = 0; l < k; ++l)
            for (std::size_t c = 0; c < k; ++c)
                pooled_[l * k + c] /= std::max(of_class[c], least_probability);
        const double extra = strength_ + smooth_ * double(k);
        log_p_.resize(rows_ * k);
        total_.assign(of_rater.size(), 0);
        for (std::size_t i = 0; i < of_rater.size(); ++i)
            total_[i] = std::max(of_rater[i] + extra, least_probability);
        for (std::size_t r = 0; r < rows_; ++r) {
            const auto [rater, value] = raters_of_row_[r];
            for (std::size_t c = 0; c < k; ++c)
                log_p_[r * k + c] =
                    clamped_log((counts[r * k + c] + strength_ * pooled_[value * k + c] + smooth_) /
                                total_[rater * k + c]);
        }
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        const std::size_t first = first_entry_[unit];
        for (std::size_t i = 0; i < ratings.of(unit).size(); ++i) {
            const double* from = log_p_.data() + row_of_entry_[first + i] * values_;
            for (std::size_t c = 0; c < values_; ++c) scores[c] += from[c];
        }
    }
    void label_given_class(std::size_t, Ratings::Entry label, std::span<double> p) const override {
        const auto it = row_of_.find(key(label));
        for (std::size_t c = 0; c < values_; ++c)
            p[c] = it != row_of_.end()
                       ? std::exp(log_p_[it->second * values_ + c])
                       : (strength_ * pooled_[label.value * values_ + c] + smooth_) /
                             total_[label.rater * values_ + c];
    }

private:
    static std::uint64_t key(Ratings::Entry e) { return std::uint64_t{e.rater} << 32 | e.value; }
    std::size_t values_, rows_ = 0;
    double strength_, smooth_;
    std::unordered_map<std::uint64_t, std::size_t> row_of_;  ///< By rater and value.
    std::vector<std::size_t> row_of_entry_, first_entry_;
    std::vector<Ratings::Entry> raters_of_row_;
    std::vector<double> log_p_;   ///< rows x classes
    std::vector<double> pooled_;  ///< label x class, everybody's
    std::vector<double> total_;   ///< rater x class
};

class OneCoin : public Model {
public:
    explicit OneCoin(const Ratings& ratings)
        : values_(ratings.values()), accuracy_(ratings.raters()) {}
    void learn(const Ratings& ratings, const Posteriors& q) override {
        std::vector<double> hits(accuracy_.size()), labels(accuracy_.size());
        double all_hits = 0, all = 0;
        for (std::size_t u = 0; u < ratings.units(); ++u)
            for (const auto& e : ratings.of(u)) {
                const double hit = q.row(u)[e.value];
                hits[e.rater] += hit, labels[e.rater] += 1;
                all_hits += hit, all += 1;
            }
        const double mean = all > 0 ? all_hits / all : 0.5;
        for (std::size_t r = 0; r < accuracy_.size(); ++r)
            accuracy_[r] =
                std::clamp((hits[r] + one_coin_prior * mean) / (labels[r] + one_coin_prior),
                           least_probability, 1 - least_probability);
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        for (const auto& e : ratings.of(unit)) {
            const double wrong = clamped_log(error(e.rater));
            for (auto& s : scores) s += wrong;
            scores[e.value] += std::log(accuracy_[e.rater]) - wrong;
        }
    }
    void label_given_class(std::size_t, Ratings::Entry label, std::span<double> p) const override {
        std::fill(p.begin(), p.end(), error(label.rater));
        p[label.value] = accuracy_[label.rater];
    }

private:
    double error(std::uint32_t rater) const {
        return (1 - accuracy_[rater]) / std::max(1.0, double(values_) - 1);
    }
    std::size_t values_;
    std::vector<double> accuracy_;
};

/// p(right) = 1 / (1 + exp(-ability * ease)), ease = exp(b). Gradient steps on both, with the
/// normal priors of the paper (ability about 1, b about 1, variance 1).
class Glad : public Model {
public:
    explicit Glad(const Ratings& ratings)
        : values_(ratings.values()), ability_(ratings.raters(), 1.0), ease_(ratings.units(), 1.0) {}
    void learn(const Ratings& ratings, const Posteriors& q) override {
        constexpr int steps = 25;
        std::vector<double> labels_of(ability_.size());
        for (std::size_t u = 0; u < ratings.units(); ++u)
            for (const auto& e : ratings.of(u)) labels_of[e.rater] += 1;
        std::vector<double> by_ability(ability_.size()), by_ease(ease_.size());
        for (int step = 0; step < steps; ++step) {
            for (std::size_t r = 0; r < ability_.size(); ++r) by_ability[r] = 1 - ability_[r];
            for (std::size_t u = 0; u < ratings.units(); ++u) {
                by_ease[u] = 1 - ease_[u];
                const double ease = std::exp(ease_[u]);
                for (const auto& e : ratings.of(u)) {
                    const double miss = q.row(u)[e.value] - right(ability_[e.rater] * ease);
                    by_ability[e.rater] += miss * ease;
                    by_ease[u] += miss * ability_[e.rater] * ease;
                }
            }
            // Each step as long as the curvature of its own sum allows.
            for (std::size_t r = 0; r < ability_.size(); ++r)
                ability_[r] += std::clamp(by_ability[r] / (1 + labels_of[r]), -0.5, 0.5);
            for (std::size_t u = 0; u < ease_.size(); ++u)
                ease_[u] = std::clamp(
                    ease_[u] +
                        std::clamp(by_ease[u] / (1 + double(ratings.of(u).size())), -0.5, 0.5),
                    -4.0, 4.0);
        }
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        const double ease = std::exp(ease_[unit]);
        for (const auto& e : ratings.of(unit)) {
            const double p = right(ability_[e.rater] * ease);
            const double wrong = clamped_log((1 - p) / std::max(1.0, double(values_) - 1));
            for (auto& s : scores) s += wrong;
            scores[e.value] += clamped_log(p) - wrong;
        }
    }
    void label_given_class(std::size_t unit, Ratings::Entry label,
                           std::span<double> p) const override {
        const double hit = right(ability_[label.rater] * std::exp(ease_[unit]));
        std::fill(p.begin(), p.end(), (1 - hit) / std::max(1.0, double(values_) - 1));
        p[label.value] = hit;
    }

private:
    static double right(double x) { return 1 / (1 + std::exp(-x)); }
    std::size_t values_;
    std::vector<double> ability_, ease_;
};

/// With probability s a person does not look and answers by habit; else the answer is the truth.
/// Expected counts with the paper's priors (variational, digamma).
class Mace : public Model {
public:
    explicit Mace(const Ratings& ratings)
        : values_(ratings.values()),
          looks_(ratings.raters(), 0.7),
          habit_(ratings.raters() * ratings.values(), 1.0 / double(ratings.values())) {}
    void learn(const Ratings& ratings, const Posteriors& q) override {
        const std::size_t k = values_;
        std::vector<double> looked(looks_.size()), spammed(looks_.size());
        std::vector<double> by_habit(habit_.size());
        for (std::size_t u = 0; u < ratings.units(); ++u)
            for (const auto& e : ratings.of(u)) {
                const double habit = habit_[e.rater * k + e.value];
                const double look = looks_[e.rater];
                const double both = look + (1 - look) * habit;
                // A wrong label cannot come from looking.
                const double looking = q.row(u)[e.value] * look / both;
                looked[e.rater] += looking;
                spammed[e.rater] += 1 - looking;
                by_habit[e.rater * k + e.value] += 1 - looking;
            }
        for (std::size_t r = 0; r < looks_.size(); ++r) {
            const double yes = digamma(looked[r] + looking_prior);
            const double no = digamma(spammed[r] + looking_prior);
            const double all = digamma(looked[r] + spammed[r] + 2 * looking_prior);
            const double a = std::exp(yes - all), b = std::exp(no - all);
            looks_[r] = a / (a + b);
            double sum = 0;
            for (std::size_t v = 0; v < k; ++v)
                sum += habit_[r * k + v] = std::exp(digamma(by_habit[r * k + v] + habit_prior));
            for (std::size_t v = 0; v < k; ++v) habit_[r * k + v] /= sum;
        }
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        for (const auto& e : ratings.of(unit)) {
            const double habit = (1 - looks_[e.rater]) * habit_[e.rater * values_ + e.value];
            const double wrong = clamped_log(habit);
            for (auto& s : scores) s += wrong;
            scores[e.value] += clamped_log(habit + looks_[e.rater]) - wrong;
        }
    }
    void label_given_class(std::size_t, Ratings::Entry e, std::span<double> p) const override {
        const double habit = (1 - looks_[e.rater]) * habit_[e.rater * values_ + e.value];
        std::fill(p.begin(), p.end(), habit);
        p[e.value] += looks_[e.rater];
    }

private:
    static constexpr double looking_prior = 0.5, habit_prior = 10;
    /// Asymptotic series after raising the argument (Abramowitz and Stegun 6.3.5, 6.3.18).
    static double digamma(double x) {
        double sum = 0;
        for (; x < 6; x += 1) sum -= 1 / x;
        const double f = 1 / (x * x);
        return sum + std::log(x) - 0.5 / x - f * (1.0 / 12 - f * (1.0 / 120 - f / 252));
    }
    std::size_t values_;
    std::vector<double> looks_, habit_;
};

std::unique_ptr<Model> model_of(Aggregation method, const Ratings& ratings) {
    switch (method) {
        case Aggregation::one_coin:
            return std::make_unique<OneCoin>(ratings);
        case Aggregation::dawid_skene:
            return std::make_unique<Confusions>(ratings, 0, 0);
        case Aggregation::shrunk:
            return std::make_unique<Confusions>(ratings, shrinking, smoothing);
        case Aggregation::glad:
            return std::make_unique<Glad>(ratings);
        case Aggregation::mace:
            return std::make_unique<Mace>(ratings);
        case Aggregation::majority:
        case Aggregation::weighted_vote:
            break;
    }
    return nullptr;
}

/// ln of how frequent each class is; MACE takes all classes as equal, as its paper does.
std::vector<double> class_shares(const Posteriors& q, const Ratings& ratings, Aggregation method) {
    const double start = method == Aggregation::dawid_skene ? 0 : 1;
    std::vector<double> shares(q.values, start);
    for (std::size_t u = 0; u < ratings.units(); ++u)
        if (!ratings.of(u).empty())
            for (std::size_t k = 0; k < q.values; ++k) shares[k] += q.row(u)[k];
    if (method == Aggregation::mace || method == Aggregation::glad)
        std::fill(shares.begin(), shares.end(), 1.0);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (auto& s : shares) s = clamped_log(s / sum);
    return shares;
}

struct Fitted {
    std::unique_ptr<Model> model;
    std::vector<double> log_shares;
    Posteriors q;
    int rounds = 0;
    bool converged = true;
};

Fitted fit(const Ratings& ratings, const AggregationOptions& options) {
    Fitted out;
    out.q = votes(ratings, {});
    set_gold(out.q, options.gold);
    out.model = model_of(options.method, ratings);
    out.converged = false;
    std::vector<double> scores(ratings.values());
    while (out.rounds < options.most_rounds && !out.converged) {
        ++out.rounds;
        out.model->learn(ratings, out.q);
        out.log_shares = class_shares(out.q, ratings, options.method);
        double change = 0;
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            if (u < options.gold.size() && options.gold[u] != AggregationOptions::no_gold) continue;
            std::copy(out.log_shares.begin(), out.log_shares.end(), scores.begin());
            out.model->weigh(ratings, u, scores);
            normalise_logs(scores);
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

/// Posteriors with less weight on the evidence.
void temper(const Fitted& fitted, const Ratings& ratings, double weight, std::size_t unit,
            std::span<double> row) {
    std::fill(row.begin(), row.end(), 0.0);
    fitted.model->weigh(ratings, unit, row);
    for (std::size_t k = 0; k < row.size(); ++k) row[k] = row[k] * weight + fitted.log_shares[k];
    normalise_logs(row);
}

std::uint32_t most_probable(std::span<const double> row, std::uint64_t seed, std::size_t unit) {
    const double most = *std::max_element(row.begin(), row.end());
    std::vector<std::uint32_t> equals;
    for (std::size_t k = 0; k < row.size(); ++k)
        if (row[k] >= most - 1e-12) equals.push_back(static_cast<std::uint32_t>(k));
    if (equals.size() == 1) return equals.front();
    return equals[static_cast<std::size_t>(counter_uniform(seed, 0, unit) * double(equals.size()))];
}

/// Labels, and how often each person is expected to be right by `q`.
void conclude(Aggregated& out, const Ratings& ratings, const Posteriors& q, std::uint64_t seed) {
    out.label.resize(ratings.units());
    std::vector<double> hits(ratings.raters());
    std::vector<std::size_t> labels(ratings.raters());
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        out.label[u] = most_probable(out.row(u), seed, u);
        for (const auto& e : ratings.of(u)) hits[e.rater] += q.row(u)[e.value], ++labels[e.rater];
    }
    for (std::size_t r = 0; r < hits.size(); ++r)
        if (labels[r] > 0)
            out.raters.push_back(
                {static_cast<std::uint32_t>(r), labels[r], hits[r] / double(labels[r]),
                 wilson(static_cast<std::size_t>(std::lround(hits[r])), labels[r])});
}

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
    out.posterior = q.q;
    conclude(out, ratings, q, options.seed);
    return out;
}

}  // namespace

std::string_view name_of(Aggregation method) {
    for (const auto& row : method_names)
        if (row.method == method) return row.name;
    return "?";
}

std::optional<Aggregation> aggregation_from(std::string_view name) {
    for (const auto& row : method_names)
        if (row.name == name) return row.method;
    return {};
}

Aggregated aggregate(const Ratings& ratings, const AggregationOptions& options) {
    if (options.method == Aggregation::majority || options.method == Aggregation::weighted_vote)
        return voted(ratings, options);
    const auto fitted = fit(ratings, options);
    Aggregated out;
    out.values = ratings.values();
    out.rounds = fitted.rounds;
    out.converged = fitted.converged;
    out.posterior = fitted.q.q;
    if (options.temper < 1)
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            const bool is_gold =
                u < options.gold.size() && options.gold[u] != AggregationOptions::no_gold;
            if (!is_gold)
                temper(fitted, ratings, options.temper, u,
                       std::span(out.posterior).subspan(u * out.values, out.values));
        }
    conclude(out, ratings, fitted.q, options.seed);
    return out;
}

Choice choose_by_held_out(const Ratings& ratings, std::uint64_t seed) {
    constexpr Aggregation candidates[] = {Aggregation::one_coin, Aggregation::shrunk};
    constexpr std::size_t least_held = 30;
    struct Held {
        std::size_t unit;
        Ratings::Entry label;
    };
    double scores[std::size(candidates)][tempers.size()] = {};
    std::size_t held_out = 0;
    std::vector<double> row(ratings.values()), given(ratings.values());
    for (std::uint64_t fold = 0; fold < folds; ++fold) {
        std::vector<Rating> kept;
        std::vector<Held> held;
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
        if (held.empty()) continue;
        held_out += held.size();
        const Ratings rest(kept, ratings.units(), ratings.raters(), ratings.values());
        for (std::size_t c = 0; c < std::size(candidates); ++c) {
            AggregationOptions options;
            options.method = candidates[c];
            options.tolerance = 1e-4;
            const auto fitted = fit(rest, options);
            for (const auto& [unit, label] : held) {
                fitted.model->label_given_class(unit, label, given);
                for (std::size_t t = 0; t < tempers.size(); ++t) {
                    temper(fitted, rest, tempers[t], unit, row);
                    scores[c][t] +=
                        clamped_log(std::inner_product(row.begin(), row.end(), given.begin(), 0.0));
                }
            }
        }
    }
    Choice best;
    if (held_out < least_held) return best;
    best.log_score = -1e300;
    for (std::size_t c = 0; c < std::size(candidates); ++c)
        for (std::size_t t = 0; t < tempers.size(); ++t)
            if (const double score = scores[c][t] / double(held_out); score > best.log_score)
                best = {candidates[c], tempers[t], score};
    return best;
}

Aggregated crowdlab(const Ratings& ratings, std::span<const double> probabilities,
                    std::uint64_t seed) {
    const std::size_t k = ratings.values();
    // The consensus: the majority, ties by the model, then by the seed.
    const auto majority = votes(ratings, {});
    std::vector<std::uint32_t> consensus(ratings.units());
    std::vector<double> row(k);
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        for (std::size_t c = 0; c < k; ++c)
            row[c] = majority.row(u)[c] + 1e-6 * probabilities[u * k + c];
        consensus[u] = most_probable(row, seed, u);
    }
    std::vector<double> agree(ratings.raters()), shared(ratings.raters());
    std::vector<std::size_t> of_class(k);
    double model_right = 0, people_right = 0, labels = 0, several = 0;
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto entries = ratings.of(u);
        if (entries.size() < 2) continue;
        several += 1;
        ++of_class[consensus[u]];
        model_right += top_class(probabilities.subspan(u * k, k)) == int(consensus[u]);
        for (const auto& mine : entries) {
            people_right += mine.value == consensus[u], labels += 1;
            for (const auto& other : entries)
                if (other.rater != mine.rater)
                    agree[mine.rater] += mine.value == other.value, shared[mine.rater] += 1;
        }
    }
    const double guess =
        several > 0 ? double(*std::max_element(of_class.begin(), of_class.end())) / several : 0;
    const double baseline = std::max(1 - guess, 1e-6);
    const auto weight = [&](double right) { return std::max(1 - (1 - right) / baseline, 1e-6); };
    const double mean_agreement = std::accumulate(agree.begin(), agree.end(), 0.0) /
                                  std::max(1.0, std::accumulate(shared.begin(), shared.end(), 0.0));
    const double person = labels > 0 ? people_right / labels : 0.5;
    const double model_weight =
        weight(several > 0 ? model_right / several : 0.5) *
        std::sqrt(double(ratings.size()) / double(std::max<std::size_t>(1, ratings.units())));
    Aggregated out;
    out.values = k;
    out.posterior.resize(ratings.units() * k);
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto to = std::span(out.posterior).subspan(u * k, k);
        double all = model_weight;
        for (std::size_t c = 0; c < k; ++c) to[c] = model_weight * probabilities[u * k + c];
        for (const auto& e : ratings.of(u)) {
            const double w =
                weight(shared[e.rater] > 0 ? agree[e.rater] / shared[e.rater] : mean_agreement);
            for (std::size_t c = 0; c < k; ++c)
                to[c] += w * (c == e.value ? person : (1 - person) / std::max(1.0, double(k) - 1));
            all += w;
        }
        for (auto& p : to) p /= all;
    }
    conclude(out, ratings, {k, out.posterior}, seed);
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
