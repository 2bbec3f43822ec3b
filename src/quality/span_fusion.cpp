#include "quality/span_fusion.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/result.h"
#include "quality/bootstrap.h"

namespace countersign {

namespace {

constexpr double smoothing = 0.01;

struct MethodName {
    SpanFusion method;
    std::string_view name;
};
constexpr MethodName method_names[] = {{SpanFusion::vote, "vote"},
                                       {SpanFusion::token_vote, "token-vote"},
                                       {SpanFusion::dawid_skene, "dawid-skene"}};

/// Tags: 0 is O, 1 + 2 l is B of label l, 2 + 2 l is I.
using Tag = std::uint32_t;
Tag begin_tag(std::uint32_t label) {
    return 1 + 2 * label;
}
bool is_inside(Tag tag) {
    return tag > 0 && tag % 2 == 0;
}
bool may_follow(Tag before, Tag tag) {
    return !is_inside(tag) || before == tag || before + 1 == tag;
}

std::vector<Tag> tags_of(const SpanItem& item, const std::vector<TokenSpan>& spans) {
    std::vector<Tag> out(item.tokens);
    auto sorted = spans;
    std::sort(sorted.begin(), sorted.end());
    std::uint32_t free_from = 0;
    for (const auto& s : sorted) {
        if (s.begin < free_from) continue;
        out[s.begin] = begin_tag(s.label);
        for (auto t = s.begin + 1; t < s.end; ++t) out[t] = begin_tag(s.label) + 1;
        free_from = s.end;
    }
    return out;
}

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
    std::vector<std::vector<Tag>> given;
    for (const auto& answer : item.answers) given.push_back(tags_of(item, answer.spans));
    std::vector<FusedSpan> out;
    Tag before = 0;
    std::vector<std::size_t> votes(tags);
    for (std::uint32_t t = 0; t < item.tokens; ++t) {
        std::fill(votes.begin(), votes.end(), std::size_t{0});
        for (const auto& g : given) ++votes[g[t]];
        const auto best =
            static_cast<Tag>(std::max_element(votes.begin(), votes.end()) - votes.begin());
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

using Tags = std::vector<Tag>;

/// Dawid and Skene's model over sequences of tags. Rows of tokens x tags are flat.
class Model {
public:
    Model(std::span<const SpanItem> items, std::size_t people, std::size_t labels,
          const SpanFusionOptions& options)
        : items_(items), options_(options), tags_(1 + 2 * labels), people_(people) {
        for (const auto& item : items) {
            auto& given = given_.emplace_back();
            for (const auto& answer : item.answers) given.push_back(tags_of(item, answer.spans));
        }
    }

    int fit() {
        start_from_votes();
        maximise();
        int round = 1;
        for (; round < options_.most_rounds; ++round) {
            const double change = expect();
            maximise();
            if (change < options_.tolerance) break;
        }
        return round;
    }

    /// Every span that somebody gave, with its probability, and the expected number of spans.
    std::vector<FusedSpan> spans_of(std::size_t i, double& mass) {
        const auto& item = items_[i];
        std::vector<FusedSpan> out;
        if (item.answers.empty() || item.tokens == 0) return out;
        const Passes passes = pass(i, options_.temper);
        for (std::uint32_t t = 0; t < item.tokens; ++t)
            for (Tag b = 1; b < tags_; b += 2) mass += passes.posterior(t, b, tags_);
        std::vector<TokenSpan> candidates;
        for (const auto& answer : item.answers)
            candidates.insert(candidates.end(), answer.spans.begin(), answer.spans.end());
        std::sort(candidates.begin(), candidates.end());
        candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
        for (const auto& s : candidates) out.push_back({s, probability(passes, item, s)});
        return out;
    }

private:
    struct Passes {
        std::vector<double> emission, forward, backward, scale;
        double posterior(std::size_t token, Tag tag, std::size_t tags) const {
            return forward[token * tags + tag] * backward[token * tags + tag];
        }
    };

    void start_from_votes() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            auto& row = posterior_.emplace_back(items_[i].tokens * tags_);
            for (const auto& given : given_[i])
                for (std::size_t t = 0; t < given.size(); ++t)
                    row[t * tags_ + given[t]] += 1.0 / static_cast<double>(given_[i].size());
        }
    }

    void maximise() {
        find_confusions();
        std::vector<double> share(tags_, smoothing);
        for (const auto& row : posterior_)
            for (std::size_t at = 0; at < row.size(); ++at) share[at % tags_] += row[at];
        follow_.assign(tags_ * tags_, 0.0);
        first_.assign(tags_, 0.0);
        for (Tag j = 0; j < tags_; ++j)
            allow(std::span(follow_).subspan(j * tags_, tags_), share,
                  [&](Tag k) { return may_follow(j, k); });
        allow(first_, share, [](Tag k) { return !is_inside(k); });
    }

    /// The tags' shares, to sum 1 over what is allowed.
    template <class Allowed>
    static void allow(std::span<double> row, const std::vector<double>& share, Allowed allowed) {
        double sum = 0;
        for (Tag k = 0; k < row.size(); ++k) sum += row[k] = allowed(k) ? share[k] : 0;
        for (auto& x : row) x /= sum;
    }

    void find_confusions() {
        const auto cells = tags_ * tags_;
        std::vector<double> pooled(cells, smoothing);
        std::vector<double> own(people_ * cells);
        for (std::size_t i = 0; i < items_.size(); ++i)
            for (std::size_t a = 0; a < given_[i].size(); ++a) {
                const auto& given = given_[i][a];
                auto* of = own.data() + items_[i].answers[a].person * cells;
                for (std::size_t t = 0; t < given.size(); ++t)
                    for (Tag k = 0; k < tags_; ++k)
                        of[k * tags_ + given[t]] += posterior_[i][t * tags_ + k];
            }
        for (std::size_t at = 0; at < own.size(); ++at) pooled[at % cells] += own[at];
        for (Tag k = 0; k < tags_; ++k) {
            const auto row = std::span(pooled).subspan(k * tags_, tags_);
            const double sum = std::accumulate(row.begin(), row.end(), 0.0);
            for (auto& x : row) x /= sum;
        }
        confusion_.resize(own.size());
        for (std::size_t row = 0; row < people_ * tags_; ++row) {
            double sum = 0;
            for (Tag l = 0; l < tags_; ++l) {
                const auto at = row * tags_ + l;
                confusion_[at] = own[at] + options_.strength * pooled[at % cells] + smoothing;
                sum += confusion_[at];
            }
            for (Tag l = 0; l < tags_; ++l) {
                auto& x = confusion_[row * tags_ + l];
                x = std::log(x / sum);
            }
        }
    }

    Passes pass(std::size_t i, double temper) const {
        const std::size_t n = items_[i].tokens;
        Passes p;
        p.emission.assign(n * tags_, 0.0);
        p.forward.assign(n * tags_, 0.0);
        p.backward.assign(n * tags_, 1.0);
        p.scale.assign(n, 1.0);
        const auto cells = tags_ * tags_;
        for (std::size_t t = 0; t < n; ++t) {
            auto row = std::span(p.emission).subspan(t * tags_, tags_);
            for (std::size_t a = 0; a < given_[i].size(); ++a) {
                const auto* of = confusion_.data() + items_[i].answers[a].person * cells;
                for (Tag k = 0; k < tags_; ++k) row[k] += of[k * tags_ + given_[i][a][t]];
            }
            const double most = *std::max_element(row.begin(), row.end());
            // Floored, so that a tag nothing may precede cannot leave a token without any.
            for (auto& x : row) x = std::max(std::exp(temper * (x - most)), 1e-100);
        }
        for (std::size_t t = 0; t < n; ++t) {
            double sum = 0;
            for (Tag k = 0; k < tags_; ++k) {
                double in = 0;
                if (t == 0)
                    in = first_[k];
                else
                    for (Tag j = 0; j < tags_; ++j)
                        in += p.forward[(t - 1) * tags_ + j] * follow_[j * tags_ + k];
                sum += p.forward[t * tags_ + k] = in * p.emission[t * tags_ + k];
            }
            p.scale[t] = sum;
            for (Tag k = 0; k < tags_; ++k) p.forward[t * tags_ + k] /= sum;
        }
        for (std::size_t t = n - 1; t-- > 0;)
            for (Tag j = 0; j < tags_; ++j) {
                double out = 0;
                for (Tag k = 0; k < tags_; ++k)
                    out += follow_[j * tags_ + k] * p.emission[(t + 1) * tags_ + k] *
                           p.backward[(t + 1) * tags_ + k];
                p.backward[t * tags_ + j] = out / p.scale[t + 1];
            }
        return p;
    }

    /// New posteriors; the mean change of a token's most changed tag.
    double expect() {
        double change = 0;
        std::size_t tokens = 0;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const std::size_t n = items_[i].tokens;
            if (n == 0 || given_[i].empty()) continue;
            const auto p = pass(i, 1);
            for (std::size_t t = 0; t < n; ++t) {
                double most = 0;
                for (Tag k = 0; k < tags_; ++k) {
                    const double now = p.posterior(t, k, tags_);
                    auto& cell = posterior_[i][t * tags_ + k];
                    most = std::max(most, std::abs(now - cell));
                    cell = now;
                }
                change += most;
            }
            tokens += n;
        }
        return tokens > 0 ? change / static_cast<double>(tokens) : 0;
    }

    /// That exactly this span is there: it begins, goes on, and something else follows.
    double probability(const Passes& p, const SpanItem& item, const TokenSpan& s) const {
        auto tag = begin_tag(s.label);
        const auto inside = tag + 1;
        double out = p.forward[s.begin * tags_ + tag];
        for (auto t = s.begin + 1; t < s.end; ++t) {
            out *= follow_[tag * tags_ + inside] * p.emission[t * tags_ + inside] / p.scale[t];
            tag = inside;
        }
        if (s.end == item.tokens) return std::min(out, 1.0);
        double behind = 0;
        for (Tag k = 0; k < tags_; ++k)
            if (k != inside)
                behind += follow_[tag * tags_ + k] * p.emission[s.end * tags_ + k] *
                          p.backward[s.end * tags_ + k];
        return std::min(out * behind / p.scale[s.end], 1.0);
    }

    std::span<const SpanItem> items_;
    const SpanFusionOptions& options_;
    std::size_t tags_, people_;
    std::vector<std::vector<Tags>> given_;
    std::vector<std::vector<double>> posterior_;
    std::vector<double> follow_, first_;  ///< Shares of tags where they are allowed.
    std::vector<double> confusion_;  ///< people x tags (true) x tags (given), natural logarithms.
};

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
        Model model(items, people, labels, options);
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
