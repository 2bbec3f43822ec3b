#include <algorithm>
#include <cmath>

#include "quality/rater_models.h"

namespace countersign {

namespace {

constexpr double one_coin_prior = 4;  // Labels that the mean accuracy counts as.

/// How often each person is right, a few labels' worth of everybody's share in it.
std::vector<double> accuracies(const Ratings& ratings, const Posteriors& q) {
    std::vector<double> hits(ratings.raters()), labels(ratings.raters());
    double all_hits = 0, all = 0;
    for (std::size_t u = 0; u < ratings.units(); ++u)
        for (const auto& e : ratings.of(u)) {
            const double hit = q.row(u)[e.value];
            hits[e.rater] += hit, labels[e.rater] += 1;
            all_hits += hit, all += 1;
        }
    const double mean = all > 0 ? all_hits / all : 0.5;
    for (std::size_t r = 0; r < hits.size(); ++r)
        hits[r] = std::clamp((hits[r] + one_coin_prior * mean) / (labels[r] + one_coin_prior),
                             least_probability, 1 - least_probability);
    return hits;
}

class OneCoin : public RaterModel {
public:
    explicit OneCoin(const Ratings& ratings)
        : values_(ratings.values()),
          accuracy_(ratings.raters()),
          odds_(ratings.raters()),
          log_odds_(ratings.raters()) {}
    void learn(const Ratings& ratings, const Posteriors& q) override {
        accuracy_ = accuracies(ratings, q);
        for (std::uint32_t r = 0; r < accuracy_.size(); ++r) {
            odds_[r] = accuracy_[r] / std::max(error(r), least_probability);
            log_odds_[r] = std::log(odds_[r]);
        }
    }
    void infer(const Ratings& ratings, std::size_t unit, const ClassShares& shares,
               std::span<double> row) const override {
        const auto entries = ratings.of(unit);
        if (entries.size() > most_factors) return RaterModel::infer(ratings, unit, shares, row);
        std::copy(shares.p.begin(), shares.p.end(), row.begin());
        for (const auto& e : entries) row[e.value] *= odds_[e.rater];
        to_sum_one(row);
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        for (const auto& e : ratings.of(unit)) scores[e.value] += log_odds_[e.rater];
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
    /// Of the label that a person gave being right, against each other class.
    std::vector<double> odds_, log_odds_;
};

/// One number a person, and one table for all of what is said where somebody is wrong: p(label l |
/// class k) = 1 - accuracy, times the share of l among everybody's wrong labels of class k. With
/// two classes it is one-coin.
class SharedErrors : public RaterModel {
public:
    explicit SharedErrors(const Ratings& ratings) : values_(ratings.values()) {}
    void learn(const Ratings& ratings, const Posteriors& q) override {
        const std::size_t k = values_;
        accuracy_ = accuracies(ratings, q);
        share_.assign(k * k, wrong_prior / std::max(1.0, double(k) - 1));
        for (std::size_t u = 0; u < ratings.units(); ++u) {
            const auto row = q.row(u);
            for (const auto& e : ratings.of(u))
                for (std::size_t c = 0; c < k; ++c) share_[e.value * k + c] += row[c];
        }
        for (std::size_t c = 0; c < k; ++c) {
            share_[c * k + c] = 0;
            double sum = 0;
            for (std::size_t l = 0; l < k; ++l) sum += share_[l * k + c];
            for (std::size_t l = 0; l < k; ++l)
                share_[l * k + c] = std::max(share_[l * k + c] / std::max(sum, least_probability),
                                             least_probability);
        }
        log_share_ = share_;
        for (auto& x : log_share_) x = std::log(x);
    }
    void infer(const Ratings& ratings, std::size_t unit, const ClassShares& shares,
               std::span<double> row) const override {
        const auto entries = ratings.of(unit);
        // Each label is a product of two.
        if (2 * entries.size() > most_factors) return RaterModel::infer(ratings, unit, shares, row);
        std::copy(shares.p.begin(), shares.p.end(), row.begin());
        for (const auto& e : entries) {
            const double right = accuracy_[e.rater], wrong = 1 - right;
            const double* share = share_.data() + e.value * values_;
            for (std::size_t c = 0; c < values_; ++c)
                row[c] *= c == e.value ? right : wrong * share[c];
        }
        to_sum_one(row);
    }
    void weigh(const Ratings& ratings, std::size_t unit, std::span<double> scores) const override {
        for (const auto& e : ratings.of(unit)) {
            const double right = std::log(accuracy_[e.rater]);
            const double wrong = std::log(1 - accuracy_[e.rater]);
            const double* share = log_share_.data() + e.value * values_;
            for (std::size_t c = 0; c < values_; ++c)
                scores[c] += c == e.value ? right : wrong + share[c];
        }
    }
    void label_given_class(std::size_t, Ratings::Entry e, std::span<double> p) const override {
        for (std::size_t c = 0; c < values_; ++c)
            p[c] = c == e.value ? accuracy_[e.rater]
                                : (1 - accuracy_[e.rater]) * share_[e.value * values_ + c];
    }

private:
    static constexpr double wrong_prior = 10;  // Labels of each class that are wrong evenly.
    std::size_t values_;
    std::vector<double> accuracy_;
    std::vector<double> share_, log_share_;  ///< label x class; 1e-10 where both are the same.
};

}  // namespace

std::unique_ptr<RaterModel> one_coin_model(const Ratings& ratings) {
    return std::make_unique<OneCoin>(ratings);
}
std::unique_ptr<RaterModel> shared_errors_model(const Ratings& ratings) {
    return std::make_unique<SharedErrors>(ratings);
}

}  // namespace countersign
