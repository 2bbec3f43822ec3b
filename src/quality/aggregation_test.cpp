#include "quality/aggregation.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/rng.h"

using namespace countersign;

namespace {

struct Crowd {
    Ratings ratings;
    std::vector<std::uint32_t> truth;
};

/// `labels` people of `raters` answer each unit; `answer(rater, truth)` is what one says.
template <class Answer>
Crowd crowd(std::size_t units, std::uint32_t raters, std::uint32_t values, int labels,
            std::uint64_t seed, Answer answer) {
    Rng rng(seed);
    std::vector<Rating> rows;
    std::vector<std::uint32_t> truth;
    for (std::uint32_t u = 0; u < units; ++u) {
        truth.push_back(rng.below(values));
        for (int i = 0; i < labels; ++i) {
            const auto rater = rng.below(raters);
            rows.push_back({u, rater, answer(rater, truth.back(), rng)});
        }
    }
    return {Ratings(rows, units, raters, values), truth};
}

/// Right with a probability of the rater's own; else any other class.
Crowd coins(std::uint64_t seed, std::uint32_t values = 4) {
    return crowd(400, 30, values, 5, seed, [values](auto rater, auto truth, Rng& rng) {
        const double right = 0.35 + 0.6 * rater / 29.0;
        if (rng.uniform() < right) return truth;
        return (truth + 1 + rng.below(values - 1)) % values;
    });
}

/// Everybody takes class 1 for class 0, each to a degree of their own.
Crowd confusers(std::uint64_t seed) {
    return crowd(600, 20, 3, 5, seed, [](auto rater, auto truth, Rng& rng) {
        if (truth == 1 && rng.uniform() < 0.85 * rater / 19.0) return 0u;
        return rng.uniform() < 0.08 ? rng.below(3) : truth;
    });
}

double right(const Crowd& c, const Aggregated& found) {
    double n = 0;
    for (std::size_t u = 0; u < c.truth.size(); ++u) n += found.label[u] == c.truth[u];
    return n / double(c.truth.size());
}
double right(const Crowd& c, Aggregation method) {
    AggregationOptions options;
    options.method = method;
    return right(c, aggregate(c.ratings, options));
}
double loss(const Crowd& c, const Aggregated& found) {
    double sum = 0;
    for (std::size_t u = 0; u < c.truth.size(); ++u)
        sum -= std::log(std::max(found.row(u)[c.truth[u]], 1e-9));
    return sum / double(c.truth.size());
}

constexpr Aggregation all_methods[] = {Aggregation::majority,    Aggregation::weighted_vote,
                                       Aggregation::one_coin,    Aggregation::shared_errors,
                                       Aggregation::dawid_skene, Aggregation::shrunk,
                                       Aggregation::glad,        Aggregation::mace};

/// Dawid and Skene by the formulas of their paper, without logs or sharing.
std::vector<double> slow_dawid_skene(const Ratings& r, int rounds) {
    const std::size_t k = r.values();
    std::vector<double> q(r.units() * k);
    for (std::size_t u = 0; u < r.units(); ++u)
        for (const auto& e : r.of(u)) q[u * k + e.value] += 1.0 / double(r.of(u).size());
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> pi(r.raters() * k * k), total(r.raters() * k), p(k);
        for (std::size_t u = 0; u < r.units(); ++u)
            for (std::size_t c = 0; c < k; ++c) {
                p[c] += q[u * k + c] / double(r.units());
                for (const auto& e : r.of(u)) {
                    pi[(e.rater * k + c) * k + e.value] += q[u * k + c];
                    total[e.rater * k + c] += q[u * k + c];
                }
            }
        for (std::size_t u = 0; u < r.units(); ++u) {
            double sum = 0;
            for (std::size_t c = 0; c < k; ++c) {
                double x = p[c];
                for (const auto& e : r.of(u)) {
                    const double all = total[e.rater * k + c];
                    const double share = pi[(e.rater * k + c) * k + e.value] / std::max(all, 1e-10);
                    x *= std::max(share, 1e-10);
                }
                sum += q[u * k + c] = x;
            }
            for (std::size_t c = 0; c < k; ++c) q[u * k + c] /= sum;
        }
    }
    return q;
}

}  // namespace

TEST_CASE("every method's posteriors are distributions, and beat guessing") {
    const auto c = coins(1);
    for (const auto method : all_methods) {
        AggregationOptions options;
        options.method = method;
        const auto found = aggregate(c.ratings, options);
        CAPTURE(name_of(method));
        for (std::size_t u = 0; u < c.truth.size(); ++u) {
            const auto row = found.row(u);
            CHECK(std::accumulate(row.begin(), row.end(), 0.0) == doctest::Approx(1));
            CHECK(*std::min_element(row.begin(), row.end()) >= 0);
        }
        CHECK(right(c, found) > 0.7);
        CHECK(aggregation_from(name_of(method)) == method);
    }
    CHECK_FALSE(aggregation_from("oracle"));
}

TEST_CASE("Dawid and Skene's posteriors are those of the paper's formulas") {
    const auto c = confusers(5);
    AggregationOptions options;
    options.method = Aggregation::dawid_skene;
    options.most_rounds = 7;
    options.tolerance = 0;
    const auto found = aggregate(c.ratings, options);
    const auto slow = slow_dawid_skene(c.ratings, 7);
    double far = 0;
    for (std::size_t i = 0; i < slow.size(); ++i)
        far = std::max(far, std::abs(slow[i] - found.posterior[i]));
    CHECK(far < 1e-9);
}

TEST_CASE("a unit with very many labels has the posterior of the paper's formulas too") {
    Rng rng(12);
    std::vector<Rating> rows;
    for (std::uint32_t u = 0; u < 60; ++u)
        for (std::uint32_t r = 0; r < (u % 2 ? 5u : 70u); ++r)
            rows.push_back({u, r, rng.uniform() < 0.6 ? u % 3 : rng.below(3)});
    const Ratings ratings(rows, 60, 70, 3);
    AggregationOptions options;
    options.method = Aggregation::dawid_skene;
    options.most_rounds = 2;
    options.tolerance = 0;
    const auto found = aggregate(ratings, options).posterior;
    const auto slow = slow_dawid_skene(ratings, 2);
    double far = 0;
    for (std::size_t i = 0; i < slow.size(); ++i) far = std::max(far, std::abs(slow[i] - found[i]));
    CHECK(far < 1e-9);
}

TEST_CASE("weighing people by how good they are beats counting heads") {
    double votes = 0, coin = 0, mace = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto c = coins(seed);
        votes += right(c, Aggregation::majority);
        coin += right(c, Aggregation::one_coin);
        mace += right(c, Aggregation::mace);
    }
    CHECK(coin > votes);
    CHECK(mace > votes);
}

TEST_CASE("a confusion that people share is undone by matrices and not by votes") {
    const auto c = confusers(2);
    CHECK(right(c, Aggregation::shrunk) > right(c, Aggregation::majority) + 0.02);
    CHECK(right(c, Aggregation::shrunk) > right(c, Aggregation::one_coin));
}

TEST_CASE("the method is chosen without the truth: one number for coins, matrices for confusers") {
    CHECK(choose_by_held_out(coins(3).ratings, 1).method == Aggregation::one_coin);
    CHECK(choose_by_held_out(confusers(3).ratings, 1).method == Aggregation::shrunk);
    const std::vector<Rating> few{{0, 0, 1}, {1, 0, 0}};
    CHECK(choose_by_held_out(Ratings(few, 2, 1, 2), 1).log_score == 0);
}

TEST_CASE("where everybody mistakes a class for the same other one, errors are shared") {
    // Ten classes in pairs; four mistakes in five are for the pair's other class.
    double shared = 0, coin = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const auto c = crowd(500, 40, 10, 4, seed, [](auto rater, auto truth, Rng& rng) {
            if (rng.uniform() < 0.35 + 0.55 * rater / 39.0) return truth;
            return rng.uniform() < 0.8 ? truth ^ 1u : rng.below(10);
        });
        CHECK(choose_by_held_out(c.ratings, 1).method == Aggregation::shared_errors);
        shared += right(c, Aggregation::shared_errors);
        coin += right(c, Aggregation::one_coin);
    }
    CHECK(shared > coin);
}

TEST_CASE("where mistakes are even, shared errors cost nothing") {
    double shared = 0, coin = 0;
    for (std::uint64_t seed = 30; seed < 36; ++seed) {
        const auto c = coins(seed, 6);
        shared += right(c, Aggregation::shared_errors);
        coin += right(c, Aggregation::one_coin);
    }
    CHECK(std::abs(shared - coin) / 6 < 0.01);
}

TEST_CASE("with two classes shared errors are one-coin") {
    const auto c = coins(4, 2);
    CHECK(choose_by_held_out(c.ratings, 1).method == Aggregation::one_coin);
    AggregationOptions one{.method = Aggregation::one_coin};
    AggregationOptions other{.method = Aggregation::shared_errors};
    const auto a = aggregate(c.ratings, one).posterior, b = aggregate(c.ratings, other).posterior;
    double far = 0;
    for (std::size_t i = 0; i < a.size(); ++i) far = std::max(far, std::abs(a[i] - b[i]));
    CHECK(far < 1e-6);
}

TEST_CASE("a few people who gave nearly everything are no evidence for matrices") {
    // Three answer all units, two of them with a bias of the same kind; thirty answer a few each.
    Rng rng(11);
    std::vector<Rating> rows;
    for (std::uint32_t u = 0; u < 600; ++u) {
        const auto truth = rng.below(2);
        for (std::uint32_t r = 0; r < 3; ++r) {
            const double wrong = truth == 0 && r < 2 ? 0.45 : 0.05;
            rows.push_back({u, r, rng.uniform() < wrong ? 1 - truth : truth});
        }
        const auto other = 3 + rng.below(30);
        rows.push_back({u, other, rng.uniform() < 0.2 ? 1 - truth : truth});
    }
    const auto choice = choose_by_held_out(Ratings(rows, 600, 33, 2), 1);
    CHECK(choice.method == Aggregation::one_coin);
    CHECK(choice.p > 0.01);
    CHECK(choose_by_held_out(confusers(3).ratings, 1).p < 0.01);
}

TEST_CASE(
    "where many people each confuse in their own way, matrices are taken and are right more "
    "often") {
    int taken = 0;
    double matrices = 0, coin = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        Rng rng(seed + 20);
        std::vector<double> of_class[2];
        for (int r = 0; r < 40; ++r)
            for (auto& p : of_class) p.push_back(0.35 + 0.63 * rng.uniform());
        const auto c = crowd(150, 40, 2, 30, seed, [&](auto rater, auto truth, Rng& draws) {
            return draws.uniform() < of_class[truth][rater] ? truth : 1 - truth;
        });
        taken += choose_by_held_out(c.ratings, 1).method == Aggregation::shrunk;
        matrices += right(c, Aggregation::shrunk);
        coin += right(c, Aggregation::one_coin);
    }
    CHECK(taken == 4);
    CHECK(matrices >= coin);
}

TEST_CASE("a tempered posterior claims less where people share their mistakes") {
    // One unit in five is one that nearly everybody gets wrong in the same way.
    Rng rng(4);
    std::vector<Rating> rows;
    std::vector<std::uint32_t> truth;
    for (std::uint32_t u = 0; u < 500; ++u) {
        truth.push_back(rng.below(3));
        const bool is_trap = rng.uniform() < 0.2;
        for (std::uint32_t r = 0; r < 7; ++r) {
            const bool wrong = rng.uniform() < (is_trap ? 0.75 : 0.1);
            rows.push_back({u, r, wrong ? (truth.back() + 1) % 3 : truth.back()});
        }
    }
    const Crowd c{Ratings(rows, 500, 7, 3), truth};
    const auto choice = choose_by_held_out(c.ratings, 1);
    AggregationOptions options;
    options.method = choice.method;
    const auto raw = aggregate(c.ratings, options);
    options.temper = choice.temper;
    const auto tempered = aggregate(c.ratings, options);
    CHECK(choice.temper < 1);
    CHECK(loss(c, tempered) < loss(c, raw));
    CHECK(tempered.confidence(0) <= raw.confidence(0));
}

TEST_CASE("a person's estimated quality is near the true one, and its interval says how near") {
    const auto c = coins(6);
    AggregationOptions options;
    options.method = Aggregation::one_coin;
    const auto found = aggregate(c.ratings, options);
    std::vector<double> hits(30), labels(30);
    for (std::size_t u = 0; u < c.truth.size(); ++u)
        for (const auto& e : c.ratings.of(u))
            hits[e.rater] += e.value == c.truth[u], ++labels[e.rater];
    int held = 0;
    for (const auto& rater : found.raters) {
        const double share = hits[rater.rater] / labels[rater.rater];
        CHECK(std::abs(rater.accuracy - share) < 0.15);
        held += rater.interval.low <= share && share <= rater.interval.high;
    }
    CHECK(found.raters.size() == 30);
    CHECK(held >= 27);
}

TEST_CASE("gold stays as it is and teaches what people confuse") {
    const auto c = confusers(8);
    std::vector<std::uint32_t> gold(c.truth.size(), AggregationOptions::no_gold);
    for (std::size_t u = 0; u < 60; ++u) gold[u] = c.truth[u];
    AggregationOptions options;
    options.gold = gold;
    const auto found = aggregate(c.ratings, options);
    for (std::size_t u = 0; u < 60; ++u) CHECK(found.confidence(u) == doctest::Approx(1));
    CHECK(right(c, found) >= right(c, Aggregation::shrunk));
}

TEST_CASE("ties are drawn by the seed, not by the order of the classes") {
    std::vector<Rating> rows;
    for (std::uint32_t u = 0; u < 200; ++u) rows.push_back({u, 0, 0}), rows.push_back({u, 1, 1});
    const Ratings ratings(rows, 200, 2, 2);
    AggregationOptions options{.method = Aggregation::majority};
    const auto found = aggregate(ratings, options);
    const auto ones = std::accumulate(found.label.begin(), found.label.end(), 0u);
    CHECK(ones > 60);
    CHECK(ones < 140);
    CHECK(aggregate(ratings, options).label == found.label);
}

TEST_CASE("a unit nobody labelled has the classes' shares; nobody at all is no trouble") {
    const std::vector<Rating> rows{{0, 0, 1}, {0, 1, 1}, {1, 0, 1}};
    const Ratings ratings(rows, 3, 2, 2);
    for (const auto method : all_methods) {
        AggregationOptions options;
        options.method = method;
        const auto found = aggregate(ratings, options);
        CAPTURE(name_of(method));
        CHECK(found.label[0] == 1);
        CHECK(std::isfinite(found.confidence(2)));
    }
    CHECK(aggregate(Ratings({}, 0, 0, 1)).label.empty());
}

TEST_CASE("a model that is right counts beside people; one that guesses does not") {
    const auto c = coins(9);
    Rng rng(2);
    std::vector<double> good, noise;
    for (const auto truth : c.truth) {
        const bool is_right = rng.uniform() < 0.9;
        const auto says = is_right ? truth : rng.below(4);
        const auto guess = rng.below(4);
        for (std::uint32_t k = 0; k < 4; ++k) {
            good.push_back(k == says ? 0.85 : 0.05);
            noise.push_back(k == guess ? 0.85 : 0.05);
        }
    }
    const double people = right(c, Aggregation::majority);
    CHECK(right(c, crowdlab(c.ratings, good, 0)) > people + 0.03);
    CHECK(right(c, crowdlab(c.ratings, noise, 0)) > people - 0.03);
}

TEST_CASE("a method that contradicts the majority can be seen to") {
    const auto c = confusers(2);
    CHECK(share_against_majority(c.ratings,
                                 aggregate(c.ratings, {.method = Aggregation::majority})) == 0);
    const double share = share_against_majority(c.ratings, aggregate(c.ratings));
    CHECK(share > 0);
    CHECK(share < 0.3);
}
