#include "quality/agreement.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "base/rng.h"

namespace countersign {

namespace {

constexpr double tail = 0.025;

struct ValueCount {
    std::uint32_t value = 0;
    std::uint32_t count = 0;
};

/// Of the units with two labels or more: how often each distinct value was given.
struct UnitCounts {
    std::vector<std::size_t> begin{0};
    std::vector<ValueCount> counts;
    std::vector<std::uint32_t> labels;  ///< A unit's number of labels.
    std::size_t units() const { return labels.size(); }
    std::span<const ValueCount> of(std::size_t unit) const {
        return std::span(counts).subspan(begin[unit], begin[unit + 1] - begin[unit]);
    }
};

UnitCounts count_units(const Ratings& ratings) {
    UnitCounts out;
    std::vector<std::uint32_t> values;
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto entries = ratings.of(u);
        if (entries.size() < 2) continue;
        values.clear();
        for (const auto& entry : entries) values.push_back(entry.value);
        std::sort(values.begin(), values.end());
        for (std::size_t i = 0; i < values.size();) {
            std::size_t j = i;
            while (j < values.size() && values[j] == values[i]) ++j;
            out.counts.push_back({values[i], static_cast<std::uint32_t>(j - i)});
            i = j;
        }
        out.begin.push_back(out.counts.size());
        out.labels.push_back(static_cast<std::uint32_t>(entries.size()));
    }
    return out;
}

/// Squared distances between values, given how often each occurs (which ordinal ones depend on).
class Squares {
public:
    Squares(const Distance& distance, std::span<const double> totals) : distance_(distance) {
        if (distance.kind() != Distance::Kind::ordinal) return;
        before_.resize(totals.size() + 1);
        for (std::size_t v = 0; v < totals.size(); ++v) before_[v + 1] = before_[v] + totals[v];
    }
    double operator()(std::size_t a, std::size_t b) const {
        if (a == b) return 0;
        switch (distance_.kind()) {
            case Distance::Kind::nominal:
                return 1;
            case Distance::Kind::ordinal: {
                const auto [low, high] = std::minmax(a, b);
                const double between = before_[high + 1] - before_[low];
                const double ends =
                    before_[low + 1] - before_[low] + before_[high + 1] - before_[high];
                return square(between - ends / 2);
            }
            case Distance::Kind::interval:
                return square(distance_.numbers()[a] - distance_.numbers()[b]);
            case Distance::Kind::table:
                break;
        }
        return distance_.numbers()[a * distance_.width() + b];
    }
    /// Sum over all ordered pairs of values of their totals' product times the square.
    double expected(std::span<const double> totals) const {
        const double n = std::accumulate(totals.begin(), totals.end(), 0.0);
        double sum = 0;
        switch (distance_.kind()) {
            case Distance::Kind::nominal:
                for (const double t : totals) sum += t * (n - t);
                return sum;
            case Distance::Kind::interval: {
                double first = 0;
                for (std::size_t v = 0; v < totals.size(); ++v)
                    first += totals[v] * distance_.numbers()[v];
                const double mean = n > 0 ? first / n : 0;
                for (std::size_t v = 0; v < totals.size(); ++v)
                    sum += totals[v] * square(distance_.numbers()[v] - mean);
                return 2 * n * sum;
            }
            case Distance::Kind::ordinal:
            case Distance::Kind::table:
                break;
        }
        for (std::size_t a = 0; a < totals.size(); ++a)
            for (std::size_t b = a + 1; b < totals.size() && totals[a] > 0; ++b)
                if (totals[b] > 0) sum += 2 * totals[a] * totals[b] * (*this)(a, b);
        return sum;
    }

private:
    static double square(double x) { return x * x; }
    const Distance& distance_;
    std::vector<double> before_;
};

/// What a unit adds to the observed disagreement: its ordered pairs' squares / (labels - 1).
double disagreement(std::span<const ValueCount> counts, double labels, const Squares& squares) {
    double sum = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        for (std::size_t j = i + 1; j < counts.size(); ++j)
            sum +=
                2.0 * counts[i].count * counts[j].count * squares(counts[i].value, counts[j].value);
    return sum / (labels - 1);
}

/// `times[u]`: how often each unit counts; empty: once.
std::optional<Alpha> alpha_of(const UnitCounts& units, std::size_t values, const Distance& distance,
                              std::span<const std::uint32_t> times) {
    const auto weight = [&](std::size_t u) { return times.empty() ? 1.0 : double(times[u]); };
    std::vector<double> totals(values);
    double n = 0;
    std::size_t used = 0;
    for (std::size_t u = 0; u < units.units(); ++u) {
        const double w = weight(u);
        if (w <= 0) continue;
        for (const auto& c : units.of(u)) totals[c.value] += w * c.count;
        n += w * units.labels[u];
        used += static_cast<std::size_t>(w);
    }
    const Squares squares(distance, totals);
    const double expected = n > 1 ? squares.expected(totals) / (n - 1) : 0;
    if (!(expected > 0)) return {};
    double observed = 0;
    for (std::size_t u = 0; u < units.units(); ++u)
        if (const double w = weight(u); w > 0)
            observed += w * disagreement(units.of(u), units.labels[u], squares);
    return Alpha{1 - observed / expected, observed / n, expected / n, used,
                 static_cast<std::size_t>(n)};
}

std::vector<double> set_table(std::span<const std::vector<std::uint32_t>> sets, bool masi) {
    std::vector<double> table(sets.size() * sets.size());
    for (std::size_t a = 0; a < sets.size(); ++a)
        for (std::size_t b = 0; b < sets.size(); ++b) {
            std::vector<std::uint32_t> common;
            std::set_intersection(sets[a].begin(), sets[a].end(), sets[b].begin(), sets[b].end(),
                                  std::back_inserter(common));
            const auto shared = double(common.size());
            const double all = double(sets[a].size() + sets[b].size()) - shared;
            const double jaccard = all > 0 ? shared / all : 1;
            double monotone = 1;
            if (masi && sets[a] != sets[b]) {
                const bool holds = shared == double(std::min(sets[a].size(), sets[b].size()));
                monotone = shared == 0 ? 0 : holds ? 2.0 / 3 : 1.0 / 3;
            }
            const double distance = 1 - jaccard * monotone;
            table[a * sets.size() + b] = a == b ? 0 : distance;
        }
    return table;
}

/// A measure that counts pairs of raters needs the totals of all labels for ordinal squares.
std::vector<double> totals_of(const Ratings& ratings, std::size_t least_labels) {
    std::vector<double> totals(ratings.values());
    for (std::size_t u = 0; u < ratings.units(); ++u)
        if (const auto entries = ratings.of(u); entries.size() >= least_labels)
            for (const auto& entry : entries) totals[entry.value] += 1;
    return totals;
}

}  // namespace

Distance Distance::nominal() {
    return {Kind::nominal, {}, 0};
}
Distance Distance::ordinal() {
    return {Kind::ordinal, {}, 0};
}
Distance Distance::interval(std::vector<double> numbers) {
    return {Kind::interval, std::move(numbers), 0};
}
Distance Distance::masi(std::span<const std::vector<std::uint32_t>> sets) {
    return {Kind::table, set_table(sets, true), sets.size()};
}
Distance Distance::jaccard(std::span<const std::vector<std::uint32_t>> sets) {
    return {Kind::table, set_table(sets, false), sets.size()};
}

std::optional<Alpha> krippendorff_alpha(const Ratings& ratings, const Distance& distance) {
    return alpha_of(count_units(ratings), ratings.values(), distance, {});
}

std::optional<Interval> alpha_interval(const Ratings& ratings, const Distance& distance,
                                       std::uint64_t seed, int resamples) {
    const auto units = count_units(ratings);
    if (units.units() == 0) return {};
    Rng rng(seed);
    std::vector<double> alphas;
    std::vector<std::uint32_t> times(units.units());
    for (int r = 0; r < resamples; ++r) {
        std::fill(times.begin(), times.end(), 0u);
        for (std::size_t i = 0; i < times.size(); ++i)
            ++times[rng.below(static_cast<std::uint32_t>(times.size()))];
        if (const auto alpha = alpha_of(units, ratings.values(), distance, times))
            alphas.push_back(alpha->alpha);
    }
    if (alphas.empty()) return {};
    std::sort(alphas.begin(), alphas.end());
    const auto at = [&](double share) {
        return alphas[static_cast<std::size_t>(std::lround(share * double(alphas.size() - 1)))];
    };
    return Interval{at(tail), at(1 - tail)};
}

std::optional<NominalAgreement> nominal_agreement(const Ratings& ratings) {
    const auto units = count_units(ratings);
    if (units.units() == 0) return {};
    std::vector<double> shares(ratings.values());
    double agree = 0;
    for (std::size_t u = 0; u < units.units(); ++u) {
        const double m = units.labels[u];
        for (const auto& c : units.of(u)) {
            agree += double(c.count) * (c.count - 1.0) / (m * (m - 1));
            shares[c.value] += c.count / m;
        }
    }
    const auto n = double(units.units());
    NominalAgreement out{agree / n, {}, {}, units.units()};
    double by_chance = 0, gwet = 0;
    for (const double share : shares) {
        by_chance += share / n * (share / n);
        gwet += share / n * (1 - share / n);
    }
    const auto beyond = [&](double chance) -> std::optional<double> {
        if (!(chance < 1 - 1e-12)) return {};
        return (out.percent - chance) / (1 - chance);
    };
    out.fleiss = beyond(by_chance);
    if (ratings.values() > 1) out.ac1 = beyond(gwet / double(ratings.values() - 1));
    return out;
}

std::vector<PairAgreement> pair_agreements(const Ratings& ratings, const Distance& distance,
                                           std::size_t least_units) {
    struct Common {
        std::uint32_t a = 0, b = 0;
    };
    std::unordered_map<std::uint64_t, std::vector<Common>> pairs;
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto entries = ratings.of(u);
        for (std::size_t i = 0; i < entries.size(); ++i)
            for (std::size_t j = i + 1; j < entries.size(); ++j)
                pairs[std::uint64_t{entries[i].rater} << 32 | entries[j].rater].push_back(
                    {entries[i].value, entries[j].value});
    }
    const auto totals = totals_of(ratings, 2);
    const Squares squares(distance, totals);
    std::vector<PairAgreement> out;
    std::vector<double> of_a(ratings.values()), of_b(ratings.values());
    for (const auto& [key, common] : pairs) {
        if (common.size() < least_units) continue;
        std::fill(of_a.begin(), of_a.end(), 0.0);
        std::fill(of_b.begin(), of_b.end(), 0.0);
        double same = 0, observed = 0, expected = 0;
        for (const auto& [a, b] : common) {
            of_a[a] += 1, of_b[b] += 1;
            same += a == b;
            observed += squares(a, b);
        }
        const auto n = double(common.size());
        for (std::size_t a = 0; a < of_a.size(); ++a)
            for (std::size_t b = 0; b < of_b.size() && of_a[a] > 0; ++b)
                if (of_b[b] > 0) expected += of_a[a] * of_b[b] / n * squares(a, b);
        PairAgreement pair{static_cast<std::uint32_t>(key >> 32),
                           static_cast<std::uint32_t>(key),
                           common.size(),
                           same / n,
                           {}};
        if (expected > 0) pair.kappa = 1 - observed / expected;
        out.push_back(pair);
    }
    std::sort(out.begin(), out.end(), [](const PairAgreement& x, const PairAgreement& y) {
        return x.units != y.units ? x.units > y.units : std::pair(x.a, x.b) < std::pair(y.a, y.b);
    });
    return out;
}

std::vector<RaterAgreement> rater_agreements(const Ratings& ratings, const Distance& distance) {
    const auto totals = totals_of(ratings, 2);
    const double n = std::accumulate(totals.begin(), totals.end(), 0.0);
    const Squares squares(distance, totals);
    const double expected = n > 1 ? squares.expected(totals) / (n * (n - 1)) : 0;
    struct Sums {
        double agree = 0, distance = 0;
        std::size_t units = 0, labels = 0;
    };
    std::vector<Sums> sums(ratings.raters());
    for (std::size_t u = 0; u < ratings.units(); ++u) {
        const auto entries = ratings.of(u);
        for (const auto& mine : entries) {
            auto& sum = sums[mine.rater];
            ++sum.labels;
            if (entries.size() < 2) continue;
            double agree = 0, far = 0;
            for (const auto& other : entries) {
                if (other.rater == mine.rater) continue;
                agree += other.value == mine.value;
                far += squares(mine.value, other.value);
            }
            const double others = double(entries.size()) - 1;
            sum.agree += agree / others, sum.distance += far / others;
            ++sum.units;
        }
    }
    std::vector<RaterAgreement> out;
    for (std::size_t r = 0; r < sums.size(); ++r) {
        const auto& sum = sums[r];
        if (sum.labels == 0) continue;
        RaterAgreement rater{static_cast<std::uint32_t>(r), sum.units, sum.labels, 0, {}};
        if (sum.units > 0) {
            rater.percent = sum.agree / double(sum.units);
            if (expected > 0) rater.alpha = 1 - sum.distance / double(sum.units) / expected;
        }
        out.push_back(rater);
    }
    return out;
}

std::vector<ClassAgreement> class_agreements(const Ratings& ratings) {
    const auto units = count_units(ratings);
    // With one class against the rest every sum follows from the class's own counts.
    struct Sums {
        double labels = 0, disagreement = 0;
    };
    std::vector<Sums> sums(ratings.values());
    double n = 0;
    for (std::size_t u = 0; u < units.units(); ++u) {
        const double m = units.labels[u];
        n += m;
        for (const auto& c : units.of(u)) {
            sums[c.value].labels += c.count;
            sums[c.value].disagreement += 2.0 * c.count * (m - c.count) / (m - 1);
        }
    }
    std::vector<ClassAgreement> out;
    for (std::size_t v = 0; v < sums.size(); ++v) {
        const auto& [labels, disagreement] = sums[v];
        if (labels <= 0) continue;
        ClassAgreement one{static_cast<std::uint32_t>(v), static_cast<std::size_t>(labels), {}};
        if (const double expected = 2 * labels * (n - labels) / (n - 1); expected > 0)
            one.alpha = Alpha{1 - disagreement / expected, disagreement / n, expected / n,
                              units.units(), static_cast<std::size_t>(n)};
        out.push_back(one);
    }
    return out;
}

}  // namespace countersign
