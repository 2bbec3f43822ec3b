#include "quality/piece_agreement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/rng.h"
#include "quality/assignment.h"
#include "quality/bootstrap.h"
#include "quality/word_alignment.h"

namespace countersign {

namespace {

constexpr std::size_t most_pairs = 20'000;
constexpr double tail_share = 0.025;

constexpr std::string_view measure_names[] = {"span F1 (boundaries and label)",
                                              "span overlap",
                                              "token F1",
                                              "IoU under the best matching",
                                              "F1 at IoU 0.5",
                                              "F1 at IoU 0.75",
                                              "words (1 - WER)",
                                              "characters (1 - CER)",
                                              "time, by label",
                                              "time, whatever speakers are called"};

/// 1 - 2 shared / (sizes of both), of things that are equal or not.
template <class T>
double one_less_f1(std::vector<T> a, std::vector<T> b) {
    for (auto* side : {&a, &b}) {
        std::sort(side->begin(), side->end());
        side->erase(std::unique(side->begin(), side->end()), side->end());
    }
    if (a.empty() && b.empty()) return 0;
    std::vector<T> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return 1 - 2 * static_cast<double>(both.size()) / static_cast<double>(a.size() + b.size());
}

using SpanKey = std::tuple<double, double, std::uint32_t>;
std::vector<SpanKey> keys_of(const PieceAnswer& answer) {
    std::vector<SpanKey> out;
    for (const auto& p : answer.pieces) out.emplace_back(p.start, p.end, p.label);
    return out;
}

using TokenKey = std::pair<std::uint32_t, std::uint32_t>;
std::vector<TokenKey> tokens_of(const PieceAnswer& answer) {
    std::vector<TokenKey> out;
    for (const auto& p : answer.pieces)
        for (auto t = p.first; t < p.past; ++t) out.emplace_back(t, p.label);
    return out;
}

double length_iou(const MarkedPiece& a, const MarkedPiece& b) {
    const double both = std::min(a.end, b.end) - std::max(a.start, b.start);
    return both > 0 ? both / (a.end - a.start + b.end - b.start - both) : 0;
}

/// Sum of what the best matching of equally labelled pieces gains, and how many it pairs.
struct Matched {
    double sum = 0;
    std::size_t pairs = 0;
};
template <class Gain>
Matched match(const PieceAnswer& a, const PieceAnswer& b, Gain gain) {
    std::vector<Pairing> pairs;
    for (std::uint32_t i = 0; i < a.pieces.size(); ++i)
        for (std::uint32_t j = 0; j < b.pieces.size(); ++j)
            if (a.pieces[i].label == b.pieces[j].label)
                if (const double g = gain(a.pieces[i], b.pieces[j]); g > 0)
                    pairs.push_back({i, j, g});
    Matched out;
    for (const auto& p : best_matching(pairs)) out.sum += p.weight, ++out.pairs;
    return out;
}

double share_of_both(double shared, const PieceAnswer& a, const PieceAnswer& b) {
    const auto all = static_cast<double>(a.pieces.size() + b.pieces.size());
    return all > 0 ? std::clamp(1 - 2 * shared / all, 0.0, 1.0) : 0;
}

double shape_distance(const PieceAnswer& a, const PieceAnswer& b) {
    const auto found = match(a, b, [](const MarkedPiece& x, const MarkedPiece& y) {
        return shape_iou(x.shape, y.shape);
    });
    const auto places = static_cast<double>(a.pieces.size() + b.pieces.size() - found.pairs);
    return places > 0 ? std::clamp(1 - found.sum / places, 0.0, 1.0) : 0;
}

double shape_f1(const PieceAnswer& a, const PieceAnswer& b, double least) {
    const auto found = match(a, b, [&](const MarkedPiece& x, const MarkedPiece& y) {
        return shape_iou(x.shape, y.shape) >= least ? 1.0 : 0.0;
    });
    return share_of_both(static_cast<double>(found.pairs), a, b);
}

double mean_rate(const EditCounts& counts) {
    const auto per = [&](std::size_t length) {
        return static_cast<double>(counts.errors()) /
               static_cast<double>(std::max<std::size_t>(length, 1));
    };
    const auto other = counts.hits + counts.substitutions + counts.insertions;
    return std::min((per(counts.reference()) + per(other)) / 2, 1.0);
}

std::vector<Turn> turns_of(const PieceAnswer& answer) {
    std::vector<Turn> out;
    for (const auto& p : answer.pieces) out.push_back({p.start, p.end, p.label});
    return out;
}

PieceAnswer only(const PieceAnswer& answer, std::uint32_t label) {
    PieceAnswer out = answer;
    std::erase_if(out.pieces, [&](const MarkedPiece& p) { return p.label != label; });
    return out;
}

bool has_labels(PieceMeasure measure) {
    return measure != PieceMeasure::words && measure != PieceMeasure::characters &&
           measure != PieceMeasure::speakers;
}

/// Two answers to one item.
struct Near {
    std::uint32_t unit = 0;  ///< Among those with two answers.
    std::uint32_t a = 0, b = 0;
    double distance = 0;
};
/// Two answers to any items, with how often such a pair counts.
struct Any {
    std::uint32_t unit_a = 0, unit_b = 0;
    double distance = 0;
};

class Measuring {
public:
    Measuring(std::span<const PieceAnswer> answers, PieceMeasure measure, std::uint64_t seed)
        : measure_(measure), seed_(seed) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, const PieceAnswer*> last;
        for (const auto& answer : answers) last[{answer.unit, answer.rater}] = &answer;
        std::map<std::uint32_t, std::vector<const PieceAnswer*>> by_unit;
        for (const auto& [key, answer] : last) {
            by_unit[key.first].push_back(answer);
            ++answered_[key.second];
        }
        for (auto& [unit, of] : by_unit)
            if (of.size() > 1) units_.push_back(std::move(of));
        for (std::uint32_t u = 0; u < units_.size(); ++u)
            for (const auto* answer : units_[u]) all_.push_back({u, answer});
        measure_near();
        if (!units_.empty()) measure_any();
    }

    std::optional<PieceAgreement> result(int resamples) {
        if (units_.empty()) return {};
        PieceAgreement out;
        out.units = units_.size();
        const std::vector<double> once(units_.size(), 1.0);
        for (const auto d : mean_distance_) out.likeness += 1 - d;
        out.likeness /= static_cast<double>(units_.size());
        out.alpha = alpha(once);
        if (out.alpha) {
            expected_ = out.alpha->expected;
            out.interval = interval(resamples);
        }
        pairs(out);
        raters(out);
        if (has_labels(measure_)) classes(out);
        return out;
    }

private:
    struct Placed {
        std::uint32_t unit = 0;
        const PieceAnswer* answer = nullptr;
    };

    void measure_near() {
        for (std::uint32_t u = 0; u < units_.size(); ++u) {
            const auto& of = units_[u];
            double sum = 0;
            for (std::size_t i = 0; i < of.size(); ++i)
                for (std::size_t j = i + 1; j < of.size(); ++j) {
                    const double d = distance(measure_, *of[i], *of[j]);
                    near_.push_back({u, of[i]->rater, of[j]->rater, d});
                    sum += d;
                }
            const auto m = static_cast<double>(of.size());
            mean_distance_.push_back(sum / (m * (m - 1) / 2));
        }
    }

    void measure_any() {
        const auto n = all_.size();
        const auto add = [&](std::size_t i, std::size_t j) {
            any_.push_back(
                {all_[i].unit, all_[j].unit, distance(measure_, *all_[i].answer, *all_[j].answer)});
        };
        if (n * (n - 1) / 2 <= most_pairs) {
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = i + 1; j < n; ++j) add(i, j);
            return;
        }
        Rng rng(seed_);
        while (any_.size() < most_pairs) {
            const auto i = rng.below(static_cast<std::uint32_t>(n));
            const auto j = rng.below(static_cast<std::uint32_t>(n));
            if (i != j) add(i, j);
        }
    }

    std::optional<Alpha> alpha(const std::vector<double>& times) const {
        double observed = 0, labels = 0, units = 0;
        for (std::size_t u = 0; u < units_.size(); ++u) {
            const double w = times[u] * static_cast<double>(units_[u].size());
            observed += w * mean_distance_[u], labels += w, units += times[u];
        }
        double expected = 0, sum = 0;
        for (const auto& p : any_) {
            const double w =
                p.unit_a == p.unit_b ? times[p.unit_a] : times[p.unit_a] * times[p.unit_b];
            expected += w * p.distance, sum += w;
        }
        if (!(expected > 0) || !(labels > 0)) return {};
        observed /= labels, expected /= sum;
        return Alpha{1 - observed / expected, observed, expected, static_cast<std::size_t>(units),
                     static_cast<std::size_t>(labels)};
    }

    std::optional<Interval> interval(int resamples) const {
        Rng rng(seed_ + 1);
        std::vector<double> alphas, times(units_.size());
        for (int r = 0; r < resamples; ++r) {
            std::fill(times.begin(), times.end(), 0.0);
            for (std::size_t i = 0; i < times.size(); ++i)
                times[rng.below(static_cast<std::uint32_t>(times.size()))] += 1;
            if (const auto a = alpha(times)) alphas.push_back(a->alpha);
        }
        if (alphas.empty()) return {};
        std::sort(alphas.begin(), alphas.end());
        const auto at = [&](double share) {
            return alphas[static_cast<std::size_t>(
                std::lround(share * static_cast<double>(alphas.size() - 1)))];
        };
        return Interval{at(tail_share), at(1 - tail_share)};
    }

    std::optional<double> beyond_chance(double mean) const {
        return expected_ > 0 ? std::optional(1 - mean / expected_) : std::nullopt;
    }

    void pairs(PieceAgreement& out) const {
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<double>> of;
        for (const auto& n : near_) of[{n.a, n.b}].push_back(n.distance);
        for (const auto& [key, distances] : of) {
            double sum = 0;
            for (const double d : distances) sum += d;
            const double mean = sum / static_cast<double>(distances.size());
            out.pairs.push_back(
                {key.first, key.second, distances.size(), 1 - mean, beyond_chance(mean)});
        }
        std::stable_sort(out.pairs.begin(), out.pairs.end(),
                         [](const PiecePair& x, const PiecePair& y) { return x.units > y.units; });
    }

    void raters(PieceAgreement& out) const {
        struct Sum {
            double distance = 0, others = 0;
        };
        std::map<std::uint32_t, std::map<std::uint32_t, Sum>> of;
        for (const auto& n : near_)
            for (const auto rater : {n.a, n.b}) {
                auto& sum = of[rater][n.unit];
                sum.distance += n.distance, sum.others += 1;
            }
        for (const auto& [rater, answers] : answered_) {
            PieceRater one{rater, 0, answers, 0, {}, {}};
            std::vector<double> likeness;
            if (const auto it = of.find(rater); it != of.end())
                for (const auto& [unit, sum] : it->second)
                    likeness.push_back(1 - sum.distance / sum.others);
            if (!likeness.empty()) {
                const std::vector<double> ones(likeness.size(), 1.0);
                for (const double l : likeness) one.likeness += l;
                one.units = likeness.size();
                one.likeness /= static_cast<double>(one.units);
                one.alpha = beyond_chance(1 - one.likeness);
                one.interval = ratio_interval(likeness, ones, seed_ + rater);
            }
            out.raters.push_back(one);
        }
    }

    void classes(PieceAgreement& out) const {
        std::map<std::uint32_t, std::size_t> pieces;
        for (const auto& [unit, answer] : all_)
            for (const auto& p : answer->pieces) ++pieces[p.label];
        for (const auto& [label, n] : pieces) {
            double sum = 0, pairs = 0;
            for (const auto& of : units_) {
                std::vector<PieceAnswer> parts;
                for (const auto* answer : of) parts.push_back(only(*answer, label));
                for (std::size_t i = 0; i < parts.size(); ++i)
                    for (std::size_t j = i + 1; j < parts.size(); ++j) {
                        if (parts[i].pieces.empty() && parts[j].pieces.empty()) continue;
                        sum += 1 - distance(measure_, parts[i], parts[j]), pairs += 1;
                    }
            }
            out.classes.push_back(
                {label, n, pairs > 0 ? std::optional(sum / pairs) : std::nullopt});
        }
    }

    PieceMeasure measure_;
    std::uint64_t seed_;
    std::map<std::uint32_t, std::size_t> answered_;
    std::vector<std::vector<const PieceAnswer*>> units_;
    std::vector<Placed> all_;
    std::vector<double> mean_distance_;
    std::vector<Near> near_;
    std::vector<Any> any_;
    double expected_ = 0;
};

}  // namespace

std::string_view name_of(PieceMeasure measure) {
    return measure_names[static_cast<std::size_t>(measure)];
}

double distance(PieceMeasure measure, const PieceAnswer& a, const PieceAnswer& b) {
    switch (measure) {
        case PieceMeasure::span_exact:
            return one_less_f1(keys_of(a), keys_of(b));
        case PieceMeasure::span_overlap:
            return share_of_both(match(a, b, length_iou).sum, a, b);
        case PieceMeasure::span_tokens:
            return one_less_f1(tokens_of(a), tokens_of(b));
        case PieceMeasure::shape_iou:
            return shape_distance(a, b);
        case PieceMeasure::shape_f1_50:
            return shape_f1(a, b, 0.5);
        case PieceMeasure::shape_f1_75:
            return shape_f1(a, b, 0.75);
        case PieceMeasure::words:
            return mean_rate(word_errors(a.text, b.text));
        case PieceMeasure::characters:
            return mean_rate(character_errors(a.text, b.text));
        case PieceMeasure::turns:
            return turn_distance(turns_of(a), turns_of(b), false);
        case PieceMeasure::speakers:
            break;
    }
    return turn_distance(turns_of(a), turns_of(b), true);
}

std::optional<PieceAgreement> piece_agreement(std::span<const PieceAnswer> answers,
                                              PieceMeasure measure, std::uint64_t seed,
                                              int resamples) {
    return Measuring(answers, measure, seed).result(resamples);
}

}  // namespace countersign
