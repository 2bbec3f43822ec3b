#include "quality/label_errors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "quality/many_logs.h"

namespace countersign {

namespace {

constexpr double threshold_slack = 1e-6;
constexpr double out_of_reach = 2;
constexpr double least_weight = 1e-6;
constexpr std::size_t no_class = static_cast<std::size_t>(-1);

/// Whether the given label is the model's first choice; of equals the first is. Without branches,
/// since which class is the greatest cannot be foretold.
bool is_first_choice(std::span<const double> row, std::size_t given) {
    const double own = row[given];
    unsigned beaten = 0;
    for (std::size_t k = 0; k < row.size(); ++k)
        beaten |= unsigned(row[k] > own) | (unsigned(row[k] == own) & unsigned(k < given));
    return beaten == 0;
}

/// The class an item counts for, or `no_class` when it reaches no threshold.
std::size_t counted_class(std::span<const double> row, std::span<const double> thresholds) {
    std::size_t best = no_class;
    double most = -1;
    for (std::size_t k = 0; k < row.size(); ++k) {
        // Without a branch between the two: which of them holds is hard to foretell.
        const int counts = static_cast<int>(row[k] >= thresholds[k] - threshold_slack) &
                           static_cast<int>(row[k] > most);
        best = counts != 0 ? k : best;
        most = counts != 0 ? row[k] : most;
    }
    return best;
}

double plausibility(std::span<const double> row, std::size_t given, LabelScore score) {
    const double own = row[given];
    if (score == LabelScore::self_confidence) return own;
    double other = 0;
    for (std::size_t k = 0; k < row.size(); ++k)
        if (k != given) other = std::max(other, row[k]);
    return (own - other + 1) / 2;
}

/// Of many rows at a time, whose logarithms are what costs.
std::vector<double> weighted_entropies(const GivenLabels& labels) {
    constexpr std::size_t at_once = 1024;
    const std::size_t classes = labels.classes;
    const std::size_t most_rows =
        std::max<std::size_t>(1, at_once / std::max<std::size_t>(1, classes));
    const double most_entropy = classes > 1 ? std::log(static_cast<double>(classes))
                                            : std::numeric_limits<double>::infinity();
    std::vector<double> terms(most_rows * classes), out(labels.size());
    for (std::size_t from = 0; from < labels.size(); from += most_rows) {
        const auto rows = std::min(most_rows, labels.size() - from);
        x_log_x(labels.probability.subspan(from * classes, rows * classes), terms);
        for (std::size_t i = 0; i < rows; ++i) {
            double sum = 0;
            for (std::size_t k = 0; k < classes; ++k) sum -= terms[i * classes + k];
            const double own = labels.row(from + i)[labels.given[from + i]];
            out[from + i] =
                std::max(sum / most_entropy / std::max(own, least_weight), least_weight);
        }
    }
    log1p_over_x(out, out);
    return out;
}

/// Rounds a row so that its sum stays (largest remainders).
std::vector<std::size_t> rounded(std::span<const double> row) {
    std::vector<std::size_t> out(row.size()), order(row.size());
    std::size_t sum = 0;
    for (std::size_t k = 0; k < row.size(); ++k)
        sum += out[k] = static_cast<std::size_t>(std::max(0.0, row[k]));
    const double all = std::accumulate(row.begin(), row.end(), 0.0);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return row[a] - std::floor(row[a]) > row[b] - std::floor(row[b]);
    });
    const auto wanted = static_cast<std::size_t>(std::lround(all));
    for (std::size_t i = 0; i < order.size() && sum < wanted; ++i) ++out[order[i]], ++sum;
    return out;
}

struct Margin {
    double margin = 0;  ///< p(given) - p(other): the least is the most like the other.
    std::size_t item = 0;
    bool operator<(const Margin& other) const {
        return margin != other.margin ? margin < other.margin : item < other.item;
    }
};

std::vector<std::size_t> by_score(std::span<const std::size_t> items, const GivenLabels& labels,
                                  LabelScore order) {
    std::vector<Margin> scored;
    if (order == LabelScore::weighted_entropy) {
        const auto scores = weighted_entropies(labels);
        for (const auto i : items) scored.push_back({scores[i], i});
    } else {
        for (const auto i : items)
            scored.push_back({plausibility(labels.row(i), labels.given[i], order), i});
    }
    std::sort(scored.begin(), scored.end());
    std::vector<std::size_t> out;
    for (const auto& one : scored) out.push_back(one.item);
    return out;
}

void take_least(std::vector<Margin>& margins, std::size_t n, std::vector<std::uint8_t>& taken) {
    n = std::min(n, margins.size());
    const auto middle = margins.begin() + static_cast<std::ptrdiff_t>(n);
    std::nth_element(margins.begin(), middle, margins.end());
    for (auto it = margins.begin(); it != middle; ++it) taken[it->item] = 1;
}

std::vector<std::size_t> counted_for_another(const GivenLabels& labels) {
    std::vector<std::size_t> out;
    const auto thresholds = confident_joint(labels).thresholds;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto row = labels.row(i);
        const auto k = counted_class(row, thresholds);
        if (k != no_class && k != labels.given[i] && !is_first_choice(row, labels.given[i]))
            out.push_back(i);
    }
    return out;
}

std::vector<std::uint8_t> by_noise_rate(const GivenLabels& labels) {
    const auto found = confident_joint(labels);
    const std::size_t classes = labels.classes;
    // Only what is likelier of another class than its own can be a suspect; mostly that is enough.
    std::vector<std::vector<std::size_t>> doubted(classes);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (!is_first_choice(labels.row(i), labels.given[i])) doubted[labels.given[i]].push_back(i);
    std::vector<std::uint8_t> taken(labels.size());
    std::vector<std::vector<Margin>> likelier(classes);
    for (std::size_t j = 0; j < classes; ++j) {
        const auto wanted = rounded(std::span(found.joint).subspan(j * classes, classes));
        for (auto& margins : likelier) margins.clear();
        for (const auto i : doubted[j]) {
            const auto row = labels.row(i);
            for (std::size_t k = 0; k < classes; ++k)
                if (row[k] > row[j]) likelier[k].push_back({row[j] - row[k], i});
        }
        for (std::size_t k = 0; k < classes; ++k) {
            if (k == j || wanted[k] == 0) continue;
            auto& margins = likelier[k];
            if (margins.size() < wanted[k]) {
                margins.clear();
                for (std::size_t i = 0; i < labels.size(); ++i)
                    if (labels.given[i] == j)
                        margins.push_back({labels.row(i)[j] - labels.row(i)[k], i});
            }
            take_least(margins, wanted[k], taken);
        }
    }
    return taken;
}

}  // namespace

std::size_t normalise_rows(std::span<double> probability, std::size_t classes) {
    constexpr double slack = 1e-3;
    std::size_t mended = 0;
    for (std::size_t at = 0; at + classes <= probability.size(); at += classes) {
        const auto row = probability.subspan(at, classes);
        double sum = 0;
        bool outside = false;
        for (auto& p : row) {
            if (!(p >= 0 && p <= 1)) {
                p = p > 1 ? 1 : 0;  // NaN too.
                outside = true;
            }
            sum += p;
        }
        mended += outside || std::abs(sum - 1) > slack;
        for (auto& p : row) p = sum > 0 ? p / sum : 1 / static_cast<double>(classes);
    }
    return mended;
}

double ConfidentJoint::wrong() const {
    double sum = 0;
    for (std::size_t j = 0; j < classes; ++j)
        for (std::size_t k = 0; k < classes; ++k)
            if (j != k) sum += joint[j * classes + k];
    return sum;
}

ConfidentJoint confident_joint(const GivenLabels& labels) {
    const std::size_t classes = labels.classes;
    ConfidentJoint out;
    out.classes = classes;
    out.thresholds.assign(classes, 0);
    std::vector<double> given(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        out.thresholds[labels.given[i]] += labels.row(i)[labels.given[i]];
        given[labels.given[i]] += 1;
    }
    for (std::size_t k = 0; k < classes; ++k)
        out.thresholds[k] = given[k] > 0 ? out.thresholds[k] / given[k] : out_of_reach;
    out.counts.assign(classes * classes, 0);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (const auto k = counted_class(labels.row(i), out.thresholds); k != no_class)
            out.counts[labels.given[i] * classes + k] += 1;
    out.joint = out.counts;
    for (std::size_t j = 0; j < classes; ++j) {
        const auto row = std::span(out.joint).subspan(j * classes, classes);
        row[j] = std::max(row[j], 1.0);  // Some item of each class is right.
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (auto& x : row) x *= given[j] / sum;
    }
    return out;
}

std::vector<double> label_scores(const GivenLabels& labels, LabelScore score) {
    if (score == LabelScore::weighted_entropy) return weighted_entropies(labels);
    std::vector<double> out(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
        out[i] = plausibility(labels.row(i), labels.given[i], score);
    return out;
}

std::vector<double> adjusted_rows(const GivenLabels& labels) {
    const auto thresholds = confident_joint(labels).thresholds;
    double most = 0;
    for (const double t : thresholds)
        if (t <= 1) most = std::max(most, t);
    std::vector<double> out(labels.probability.begin(), labels.probability.end());
    for (std::size_t at = 0; at + labels.classes <= out.size(); at += labels.classes) {
        const auto row = std::span(out).subspan(at, labels.classes);
        double sum = 0;
        for (std::size_t k = 0; k < row.size(); ++k)
            sum += row[k] = std::max(0.0, row[k] - std::min(thresholds[k], most) + most);
        for (auto& p : row) p /= sum;
    }
    return out;
}

std::vector<std::size_t> suspects(const GivenLabels& labels, ErrorFilter filter, LabelScore order) {
    std::vector<std::size_t> out;
    const auto agrees = [&](std::size_t i) {
        return is_first_choice(labels.row(i), labels.given[i]);
    };
    switch (filter) {
        case ErrorFilter::noise_rate: {
            const auto taken = by_noise_rate(labels);
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (taken[i] && !agrees(i)) out.push_back(i);
            break;
        }
        case ErrorFilter::confident:
            out = counted_for_another(labels);
            break;
        case ErrorFilter::disagreement:
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (!agrees(i)) out.push_back(i);
            break;
        case ErrorFilter::count: {
            const auto n = counted_for_another(labels).size();
            const auto scores = label_scores(labels, order);
            std::vector<Margin> all(labels.size());
            for (std::size_t i = 0; i < all.size(); ++i) all[i] = {scores[i], i};
            const auto middle = all.begin() + static_cast<std::ptrdiff_t>(std::min(n, all.size()));
            std::nth_element(all.begin(), middle, all.end());
            std::sort(all.begin(), middle);
            for (auto it = all.begin(); it != middle; ++it)
                if (!agrees(it->item)) out.push_back(it->item);
            return out;
        }
    }
    return by_score(out, labels, order);
}

std::vector<double> worst_token(std::span<const double> token_score,
                                std::span<const std::size_t> begin) {
    std::vector<double> out;
    for (std::size_t s = 0; s + 1 < begin.size(); ++s) {
        double worst = 1;
        for (std::size_t t = begin[s]; t < begin[s + 1]; ++t)
            worst = std::min(worst, token_score[t]);
        out.push_back(worst);
    }
    return out;
}

double auroc_of_low(std::span<const double> score, std::span<const std::uint8_t> wrong) {
    std::vector<std::size_t> order(score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
    double pairs = 0, wrong_before = 0, right = 0;
    for (std::size_t i = 0; i < order.size();) {
        std::size_t j = i;
        double wrong_here = 0, right_here = 0;
        for (; j < order.size() && score[order[j]] == score[order[i]]; ++j)
            (wrong[order[j]] ? wrong_here : right_here) += 1;
        pairs += right_here * (wrong_before + wrong_here / 2);
        wrong_before += wrong_here;
        right += right_here;
        i = j;
    }
    return wrong_before > 0 && right > 0 ? pairs / (wrong_before * right) : 0.5;
}

double average_precision_of_low(std::span<const double> score,
                                std::span<const std::uint8_t> wrong) {
    std::vector<std::size_t> order(score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
    double found = 0, sum = 0;
    for (std::size_t i = 0; i < order.size();) {
        std::size_t j = i;
        double here = 0;
        for (; j < order.size() && score[order[j]] == score[order[i]]; ++j)
            here += wrong[order[j]] != 0;
        found += here;
        sum += here * found / static_cast<double>(j);
        i = j;
    }
    return found > 0 ? sum / found : 0;
}

double precision_at(std::span<const double> score, std::span<const std::uint8_t> wrong,
                    std::size_t k) {
    std::vector<std::size_t> order(score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
    k = std::min(k, order.size());
    std::size_t found = 0;
    for (std::size_t i = 0; i < k; ++i) found += wrong[order[i]] != 0;
    return k > 0 ? static_cast<double>(found) / static_cast<double>(k) : 0;
}

}  // namespace countersign
