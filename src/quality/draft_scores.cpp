#include "quality/draft_scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/rng.h"
#include "base/text.h"
#include "quality/word_alignment.h"

namespace countersign {

namespace {

constexpr double enough_overlap = 0.5;

DraftMeasure measure_of(ControlKind kind) {
    switch (kind) {
        case ControlKind::choices:
        case ControlKind::rating:
            return DraftMeasure::accuracy;
        case ControlKind::boxes:
            return DraftMeasure::ap50;
        case ControlKind::text:
            return DraftMeasure::words_right;
        default:
            return DraftMeasure::f1;
    }
}

double sureness(const Region& region) {
    return region.probability.value_or(region.confidence.value_or(1));
}

std::vector<std::string> sorted(std::vector<std::string> labels) {
    std::sort(labels.begin(), labels.end());
    return labels;
}

bool same_piece(const Region& a, const Region& b) {
    return a.kind == ControlKind::spans ? a.start == b.start && a.end == b.end
                                        : iou(a, b) >= enough_overlap;
}

/// Which of the label's pieces each draft piece takes, the surest first: the free one of its label
/// that it overlaps most. -1: none.
std::vector<int> matched(const std::vector<const Region*>& label,
                         const std::vector<const Region*>& draft) {
    std::vector<std::size_t> order(draft.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return sureness(*draft[a]) > sureness(*draft[b]);
    });
    std::vector<int> out(draft.size(), -1);
    std::vector<bool> taken(label.size());
    for (const auto at : order) {
        double best = 0;
        for (std::size_t i = 0; i < label.size(); ++i) {
            if (taken[i] || label[i]->labels != draft[at]->labels ||
                !same_piece(*label[i], *draft[at]))
                continue;
            const double overlap = iou(*label[i], *draft[at]);
            if (out[at] >= 0 && overlap <= best) continue;
            best = overlap;
            out[at] = static_cast<int>(i);
        }
        if (out[at] >= 0) taken[static_cast<std::size_t>(out[at])] = true;
    }
    return out;
}

std::string joined_text(const std::vector<const Region*>& regions) {
    std::string out;
    for (const auto* region : regions) out += (out.empty() ? "" : "\n") + region->text;
    return normalised_transcript(out);
}

double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

/// COCO's average precision: precision made falling, read at 101 recalls. `judged`: weight of a
/// piece and whether it is right, the surest first.
double average_precision(const std::vector<std::pair<double, bool>>& judged, double present) {
    std::vector<double> precision, recall;
    double right = 0, all = 0;
    for (const auto& [weight, is_right] : judged) {
        if (weight == 0) continue;
        all += weight;
        right += is_right ? weight : 0;
        precision.push_back(right / all);
        recall.push_back(right / present);
    }
    for (std::size_t i = precision.size(); i-- > 1;)
        precision[i - 1] = std::max(precision[i - 1], precision[i]);
    double sum = 0;
    for (int step = 0; step <= 100; ++step) {
        const auto at = std::lower_bound(recall.begin(), recall.end(), step / 100.0 - 1e-12);
        if (at != recall.end()) sum += precision[static_cast<std::size_t>(at - recall.begin())];
    }
    return sum / 101;
}

}  // namespace

void DraftScores::add(const Regions& label, const Regions& draft) {
    for (const auto& control : schema_.controls)
        if (!control.per_region && control.kind != ControlKind::relations)
            compare(control, label, draft);
    ++tasks_;
}

void DraftScores::compare(const Control& control, const Regions& label, const Regions& draft) {
    std::vector<const Region*> given, drafted;
    for (const auto& region : label)
        if (region.control == control.name) given.push_back(&region);
    for (const auto& region : draft)
        if (region.control == control.name) drafted.push_back(&region);
    if (given.empty() && drafted.empty()) return;
    auto& answers = answers_[control.name];
    const auto task = static_cast<std::uint32_t>(tasks_);
    const auto claim = [&](const Region& region, bool right) {
        if (!region.probability && !region.confidence) return;
        claimed_.push_back(sureness(region));
        came_true_.push_back(right ? 1 : 0);
    };
    switch (measure_of(control.kind)) {
        case DraftMeasure::accuracy: {
            const bool right = !given.empty() && !drafted.empty() &&
                               sorted(given[0]->labels) == sorted(drafted[0]->labels);
            answers.counts.push_back(
                {task, right ? 1.0 : 0.0, given.empty() ? 0.0 : 1.0, drafted.empty() ? 0.0 : 1.0});
            if (!drafted.empty()) claim(*drafted[0], right);
            return;
        }
        case DraftMeasure::words_right: {
            const auto counts = word_errors(joined_text(given), joined_text(drafted));
            const auto words = static_cast<double>(counts.reference());
            answers.counts.push_back(
                {task, words - static_cast<double>(counts.errors()), words,
                 static_cast<double>(counts.hits + counts.substitutions + counts.insertions)});
            return;
        }
        default:
            break;
    }
    const auto takes = matched(given, drafted);
    double right = 0;
    for (std::size_t i = 0; i < drafted.size(); ++i) {
        const bool is_right = takes[i] >= 0;
        right += is_right ? 1 : 0;
        claim(*drafted[i], is_right);
    }
    answers.counts.push_back(
        {task, right, static_cast<double>(given.size()), static_cast<double>(drafted.size())});
    if (control.kind != ControlKind::boxes) return;
    const auto number = [&](const Region& region) {
        const auto& name = region.labels.empty() ? std::string() : region.labels[0];
        const auto next = static_cast<std::uint32_t>(answers.names.size());
        const auto at = answers.names.try_emplace(name, next).first->second;
        if (answers.present.size() <= at) answers.present.resize(at + 1);
        return at;
    };
    for (const auto* region : given) ++answers.present[number(*region)][task];
    for (std::size_t i = 0; i < drafted.size(); ++i)
        answers.pieces.push_back({task, number(*drafted[i]), sureness(*drafted[i]), takes[i] >= 0});
}

double DraftScores::value_of(DraftMeasure measure, const Answers& answers, const Weights& weights) {
    if (measure != DraftMeasure::ap50) {
        double right = 0, labelled = 0, drafted = 0, tasks = 0;
        for (const auto& one : answers.counts) {
            const double w = weights[one.task];
            right += w * one.right;
            labelled += w * one.labelled;
            drafted += w * one.drafted;
            tasks += w;
        }
        if (measure == DraftMeasure::accuracy) return share(right, tasks);
        if (measure == DraftMeasure::words_right) return std::max(0.0, share(right, labelled));
        return share(2 * right, labelled + drafted);
    }
    std::vector<std::vector<std::pair<double, bool>>> judged(answers.present.size());
    for (const auto& piece : answers.pieces)
        judged[piece.label].emplace_back(weights[piece.task], piece.right);
    double sum = 0;
    int labels = 0;
    for (std::size_t label = 0; label < judged.size(); ++label) {
        double present = 0;
        for (const auto& [task, count] : answers.present[label]) present += weights[task] * count;
        if (present == 0) continue;
        sum += average_precision(judged[label], present);
        ++labels;
    }
    return labels > 0 ? sum / labels : 0;
}

std::vector<ControlScore> DraftScores::scores(std::uint64_t seed, int resamples) const {
    std::vector<ControlScore> out;
    for (const auto& control : schema_.controls) {
        const auto found = answers_.find(control.name);
        if (found == answers_.end()) continue;
        Answers answers = found->second;
        std::stable_sort(answers.pieces.begin(), answers.pieces.end(),
                         [](const Piece& a, const Piece& b) { return a.sure > b.sure; });
        ControlScore score;
        score.control = control.name;
        score.measure = measure_of(control.kind);
        score.tasks = answers.counts.size();
        double right = 0;
        for (const auto& one : answers.counts) {
            right += one.right;
            score.labelled += static_cast<std::size_t>(one.labelled);
            score.drafted += static_cast<std::size_t>(one.drafted);
        }
        if (facts_of(control.kind).drawn) {
            score.precision = share(right, static_cast<double>(score.drafted));
            score.recall = share(right, static_cast<double>(score.labelled));
        }
        score.value = value_of(score.measure, answers, Weights(tasks_, 1));
        Rng rng(seed);
        std::vector<double> seen;
        Weights weights(tasks_);
        for (int i = 0; i < resamples; ++i) {
            std::fill(weights.begin(), weights.end(), 0.0);
            for (std::size_t k = 0; k < answers.counts.size(); ++k)
                ++weights[answers
                              .counts[rng.below(static_cast<std::uint32_t>(answers.counts.size()))]
                              .task];
            seen.push_back(value_of(score.measure, answers, weights));
        }
        std::sort(seen.begin(), seen.end());
        const auto quantile = [&](double q) {
            return seen[static_cast<std::size_t>(
                std::lround(q * static_cast<double>(seen.size() - 1)))];
        };
        score.interval = seen.empty() ? Interval{score.value, score.value}
                                      : Interval{std::min(score.value, quantile(0.025)),
                                                 std::max(score.value, quantile(0.975))};
        out.push_back(std::move(score));
    }
    return out;
}

std::optional<ClaimScore> DraftScores::claims(std::uint64_t seed) const {
    if (claimed_.empty()) return std::nullopt;
    ClaimScore out;
    out.claims = claimed_.size();
    out.error = expected_calibration_error(claimed_, came_true_);
    out.interval = calibration_error_interval(claimed_, came_true_, seed);
    for (std::size_t i = 0; i < claimed_.size(); ++i) {
        const double off = claimed_[i] - came_true_[i];
        out.brier += off * off / static_cast<double>(claimed_.size());
    }
    return out;
}

double overall(const std::vector<ControlScore>& scores) {
    double sum = 0;
    for (const auto& score : scores) sum += score.value;
    return scores.empty() ? 0 : sum / static_cast<double>(scores.size());
}

}  // namespace countersign
