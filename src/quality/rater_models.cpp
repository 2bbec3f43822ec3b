#include "quality/rater_models.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace countersign {

namespace {

constexpr double cell_smoothing = 0.01;  // Of a confusion's cell.
constexpr double shrinking = 2;          // Labels that the pooled confusions count as.

/// A confusion matrix a person; `strength`: labels' worth of everybody's confusions in it.
class Confusions : public RaterModel {
public:
    Confusions(const Ratings& ratings, double strength, double smooth)
        : values_(ratings.values()), strength_(strength), smooth_(smooth) {
        number_rows(ratings);
        raters_of_row_.resize(rows_);
        for (const auto& [key, row] : row_of_)
            raters_of_row_[row] = {static_cast<std::uint32_t>(key >> 32),
                                   static_cast<std::uint32_t>(key)};
    }

    void learn(const Ratings& ratings, const Posteriors& q) override {
        const std::size_t k = values_;
        std::vector<double> counts(rows_ * k);
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            const auto row = q.row(u);
            for (const auto r : rows_of(ratings, u)) {
                double* to = counts.data() + r * k;
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
        p_.resize(rows_ * k);
        log_p_.resize(rows_ * k);
        total_.assign(of_rater.size(), 0);
        for (std::size_t i = 0; i < of_rater.size(); ++i)
            total_[i] = std::max(of_rater[i] + extra, least_probability);
        for (std::size_t r = 0; r < rows_; ++r) {
            const auto [rater, value] = raters_of_row_[r];
            for (std::size_t c = 0; c < k; ++c) {
                const double n = counts[r * k + c] + strength_ * pooled_[value * k + c] + smooth_;
                p_[r * k + c] = std::max(n / total_[rater * k + c], least_probability);
                log_p_[r * k + c] = std::log(p_[r * k + c]);
            }
        }
    }
    void infer(const Ratings& ratings, std::size_t unit, const ClassShares& shares,
               std::span<double> row) const override {
        const auto rows = rows_of(ratings, unit);
        if (rows.size() > most_factors) return RaterModel::infer(ratings, unit, shares, row);
        std::copy(shares.p.begin(), shares.p.end(), row.begin());
        for (const auto r : rows) {
            const double* from = p_.data() + r * values_;
            for (std::size_t c = 0; c < values_; ++c) row[c] *= from[c];
        }
        to_sum_one(row);
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        for (const auto r : rows_of(ratings, unit)) {
            const double* from = log_p_.data() + r * values_;
            for (std::size_t c = 0; c < values_; ++c) scores[c] += from[c];
        }
    }
    void label_given_class(std::size_t, Ratings::Entry label, std::span<double> p) const override {
        const auto it = row_of_.find(key(label));
        for (std::size_t c = 0; c < values_; ++c)
            p[c] = it != row_of_.end()
                       ? p_[it->second * values_ + c]
                       : (strength_ * pooled_[label.value * values_ + c] + smooth_) /
                             total_[label.rater * values_ + c];
    }

private:
    /// A row for each label that a person gave, in the order they are met.
    void number_rows(const Ratings& ratings) {
        row_of_entry_.reserve(ratings.size());
        // A table where it is not much larger than the labels; it is found in a tenth of the time.
        const std::size_t cells = ratings.raters() * values_;
        const bool is_small = cells <= 4 * ratings.size() + 1024;
        constexpr auto none = static_cast<std::uint32_t>(-1);
        std::vector<std::uint32_t> table(is_small ? cells : 0, none);
        for (std::size_t u = 0; u < ratings.units(); ++u)
            for (const auto& e : ratings.of(u)) {
                auto row = is_small ? table[e.rater * values_ + e.value] : none;
                if (row == none) {
                    const auto [it, is_new] = row_of_.try_emplace(key(e), rows_);
                    rows_ += is_new;
                    row = it->second;
                    if (is_small) table[e.rater * values_ + e.value] = row;
                }
                row_of_entry_.push_back(row);
            }
    }
    /// The rows of a unit's labels.
    std::span<const std::uint32_t> rows_of(const Ratings& ratings, std::size_t unit) const {
        return std::span(row_of_entry_).subspan(ratings.first(unit), ratings.of(unit).size());
    }
    static std::uint64_t key(Ratings::Entry e) { return std::uint64_t{e.rater} << 32 | e.value; }
    std::size_t values_;
    std::uint32_t rows_ = 0;
    double strength_, smooth_;
    std::unordered_map<std::uint64_t, std::uint32_t> row_of_;  ///< By rater and value.
    std::vector<std::uint32_t> row_of_entry_;
    std::vector<Ratings::Entry> raters_of_row_;
    std::vector<double> p_, log_p_;  ///< rows x classes
    std::vector<double> pooled_;     ///< label x class, everybody's
    std::vector<double> total_;      ///< rater x class
};

/// p(right) = 1 / (1 + exp(-ability * ease)), ease = exp(b). Gradient steps on both, with the
/// normal priors of the paper (ability about 1, b about 1, variance 1).
class Glad : public RaterModel {
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
class Mace : public RaterModel {
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

}  // namespace

void RaterModel::infer(const Ratings& ratings, std::size_t unit, const ClassShares& shares,
                       std::span<double> row) const {
    std::copy(shares.log_p.begin(), shares.log_p.end(), row.begin());
    weigh(ratings, unit, row);
    normalise_logs(row);
}

std::unique_ptr<RaterModel> rater_model(Aggregation method, const Ratings& ratings) {
    switch (method) {
        case Aggregation::one_coin:
            return one_coin_model(ratings);
        case Aggregation::shared_errors:
            return shared_errors_model(ratings);
        case Aggregation::dawid_skene:
            return std::make_unique<Confusions>(ratings, 0, 0);
        case Aggregation::shrunk:
            return std::make_unique<Confusions>(ratings, shrinking, cell_smoothing);
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

}  // namespace countersign
