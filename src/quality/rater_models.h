// How people answer: the models that expectation maximisation fits (aggregation.h says which).
#pragma once

#include <memory>

#include "quality/posteriors.h"

namespace countersign {

/// How frequent each class is, at least `least_probability`.
struct ClassShares {
    std::vector<double> p, log_p;
};

/// How people answer, learned from posteriors, and what an answer says about the truth.
class RaterModel {
public:
    RaterModel() = default;
    RaterModel(const RaterModel&) = delete;
    RaterModel& operator=(const RaterModel&) = delete;
    virtual ~RaterModel() = default;
    virtual void learn(const Ratings& ratings, const Posteriors& q) = 0;
    /// The posterior of the unit's class into `row`; by `weigh` where a model does not know better.
    virtual void infer(const Ratings& ratings, std::size_t unit, const ClassShares& shares,
                       std::span<double> row) const;
    /// Adds ln p(the unit's labels | class k) to scores[k], but for what is the same for every k.
    virtual void weigh(const Ratings& ratings, std::size_t unit,
                       std::span<double> scores) const = 0;
    /// p(this label by this rater | class k) for every k; for labels never seen too.
    virtual void label_given_class(std::size_t unit, Ratings::Entry label,
                                   std::span<double> p) const = 0;
};

/// One number a person (one_number_models.cpp).
std::unique_ptr<RaterModel> one_coin_model(const Ratings& ratings);
std::unique_ptr<RaterModel> shared_errors_model(const Ratings& ratings);

/// Null for votes, which have no model.
std::unique_ptr<RaterModel> rater_model(Aggregation method, const Ratings& ratings);

}  // namespace countersign
