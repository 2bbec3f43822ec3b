#include "quality/span_fusion.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/result.h"
#include "quality/bootstrap.h"
#include "quality/span_tag_model.h"

namespace countersign {

namespace {

struct MethodName {
    SpanFusion method;
    std::string_view name;
};
constexpr MethodName method_names[] = {{SpanFusion::vote, "vote"},
                                       {SpanFusion::token_vote, "token-vote"},
                                       {SpanFusion::dawid_skene, "dawid-skene"}};

/// Candidates of an item that do not overlap, the more probable first; by rising begin.
std::vector<FusedSpan> without_overlaps(std::vector<FusedSpan> spans) {
    std::stable_sort(spans.begin(), spans.end(), [](const FusedSpan& a, const FusedSpan& b) {
        return a.probability > b.probability;
    });
    std::vector<FusedSpan> out;
    for (const auto& s : spans)
        if (std::none_of(out.begin(), out.end(), [&](const FusedSpan& kept) {
                return s.begin < kept.end && kept.begin < s.end;
            }))
            out.push_back(s);
    std::sort(out.begin(), out.end(),
              [](const FusedSpan& a, const FusedSpan& b) { return a.begin < b.begin; });
    return out;
}

struct Cut {
    double at = 0, expected_f1 = 0;
};

/// The cut with the highest 2 * sum of kept probabilities / (kept + sum of all probabilities).
Cut best_cut(const std::vector<std::vector<FusedSpan>>& items, double mass) {
    std::vector<double> falling;
    for (const auto& item : items)
        for (const auto& s : item) falling.push_back(s.probability);
    std::sort(falling.begin(), falling.end(), std::greater<>());
    Cut best{1, 0};
    double kept = 0;
    for (std::size_t i = 0; i < falling.size(); ++i) {
        kept += falling[i];
        if (i + 1 < falling.size() && falling[i + 1] > falling[i] - 1e-9) continue;
        const double f1 = 2 * kept / (static_cast<double>(i + 1) + mass);
        if (f1 > best.expected_f1) best = {falling[i], f1};
    }
    return best;
}

/// How often each distinct span was given, as a share of the item's answers.
std::vector<FusedSpan> voted(const SpanItem& item) {
    std::map<TokenSpan, std::size_t> votes;
    for (const auto& answer : item.answers) {
        auto distinct = answer.spans;
        std::sort(distinct.begin(), distinct.end());
        distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
        for (const auto& s : distinct) ++votes[s];
    }
    std::vector<FusedSpan> out;
    for (const auto& [span, n] : votes)
        out.push_back({span, static_cast<double>(n) / static_cast<double>(item.answers.size())});
    return out;
}

/// The most frequent tag of each token; an inside that nothing begins begins.
std::vector<FusedSpan> voted_by_token(const SpanItem& item, std::size_t tags) {
    if (item.answers.empty()) return {};
    std::vector<std::vector<SpanTag>> given;
    for (const auto& answer : item.answers) given.push_back(tags_of(item, answer.spans));
    std::vector<FusedSpan> out;
    SpanTag before = 0;
    std::vector<std::size_t> votes(tags);
    for (std::uint32_t t = 0; t < item.tokens; ++t) {
        std::fill(votes.begin(), votes.end(), std::size_t{0});
        for (const auto& g : given) ++votes[g[t]];
        const auto best =
            static_cast<SpanTag>(std::max_element(votes.begin(), votes.end()) - votes.begin());
        const double share = static_cast<double>(votes[best]) / static_cast<double>(given.size());
        if (is_inside(best) && may_follow(before, best)) {
            out.back().end = t + 1;
            out.back().probability = std::min(out.back().probability, share);
        } else if (best != 0) {
            out.push_back({{t, t + 1, (best - 1) / 2}, share});
        }
        before = best;
    }
    return out;
}

void check(std::span<const SpanItem> items, std::size_t people, std::size_t labels) {
    for (const auto& item : items)
        for (const auto& answer : item.answers) {
            if (answer.person >= people) throw Breakdown("A span is of a person out of range.");
            for (const auto& s : answer.spans)
                if (s.begin >= s.end || s.end > item.tokens || s.label >= labels)
                    throw Breakdown("A span lies outside its item or labels.");
        }
}

std::vector<SpannerQuality> qualities(std::span<const SpanItem> items, std::size_t people,
                                      const std::vector<std::vector<FusedSpan>>& fused,
                                      std::uint64_t seed) {
    struct Sums {
        std::vector<double> hits, sizes;
        double found = 0, there = 0, hit = 0;
    };
    std::vector<Sums> sums(people);
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::vector<TokenSpan> kept(fused[i].begin(), fused[i].end());
        std::sort(kept.begin(), kept.end());
        for (const auto& answer : items[i].answers) {
            auto& sum = sums[answer.person];
            const auto hits = static_cast<double>(
                std::count_if(answer.spans.begin(), answer.spans.end(), [&](const TokenSpan& s) {
                    return std::binary_search(kept.begin(), kept.end(), s);
                }));
            const auto found = static_cast<double>(answer.spans.size());
            const auto there = static_cast<double>(kept.size());
            sum.hits.push_back(2 * hits), sum.sizes.push_back(found + there);
            sum.hit += hits, sum.found += found, sum.there += there;
        }
    }
    const auto share = [](double a, double b) { return b > 0 ? a / b : 1.0; };
    std::vector<SpannerQuality> out;
    for (std::size_t p = 0; p < people; ++p) {
        const auto& s = sums[p];
        if (s.hits.empty()) continue;
        SpannerQuality q{static_cast<std::uint32_t>(p),
                         s.hits.size(),
                         static_cast<std::size_t>(s.found),
                         share(s.hit, s.found),
                         share(s.hit, s.there),
                         share(2 * s.hit, s.found + s.there),
                         {}};
        q.interval = ratio_interval(s.hits, s.sizes, seed + p);
        out.push_back(q);
    }
    return out;
}

}  // namespace

std::string_view name_of(SpanFusion method) {
    return method_names[static_cast<std::size_t>(method)].name;
}
std::optional<SpanFusion> span_fusion_from(std::string_view name) {
    for (const auto& row : method_names)
        if (row.name == name) return row.method;
    return {};
}

FusedSpans fuse_spans(std::span<const SpanItem> items, std::size_t people, std::size_t labels,
                      const SpanFusionOptions& options) {
    check(items, people, labels);
    FusedSpans out;
    out.items.resize(items.size());
    double mass = 0;  // Expected number of true spans.
    if (options.method == SpanFusion::vote || options.method == SpanFusion::token_vote) {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (options.method == SpanFusion::token_vote) {
                out.items[i] = voted_by_token(items[i], 1 + 2 * labels);
                continue;
            }
            auto spans = voted(items[i]);
            for (const auto& s : spans) mass += s.probability;
            out.items[i] = without_overlaps(std::move(spans));
        }
    } else if (labels > 0) {
        SpanTagModel model(items, people, labels, options);
        out.rounds = model.fit();
        for (std::size_t i = 0; i < items.size(); ++i)
            out.items[i] = without_overlaps(model.spans_of(i, mass));
    }
    if (options.method != SpanFusion::token_vote) {
        const auto best = best_cut(out.items, mass);
        out.cut = options.cut.value_or(best.at);
        out.expected_f1 = best.expected_f1;
        for (auto& item : out.items)
            std::erase_if(item, [&](const FusedSpan& s) { return s.probability < out.cut - 1e-9; });
    }
    out.people = qualities(items, people, out.items, options.seed);
    return out;
}

SpanFusion suitable_span_fusion(std::span<const SpanItem> items, std::size_t people) {
    std::size_t answers = 0, answered = 0;
    for (const auto& item : items)
        answers += item.answers.size(), answered += !item.answers.empty();
    const bool all_answer_all =
        static_cast<double>(answers) >= 0.8 * static_cast<double>(answered * people);
    return people < 10 && all_answer_all ? SpanFusion::vote : SpanFusion::dawid_skene;
}

}  // namespace countersign
