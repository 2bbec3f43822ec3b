// Who marks which token as what: Dawid and Skene's model on tokens, with tags that cannot follow
// each other excluded.
//
// Strategy: every token has a tag (outside, begin or inside of a label); people confuse tags, each
// in their own way, shrunk to what everybody confuses. Expectation maximisation, with the forward
// and backward passes of a chain whose steps are the tags' shares where they are allowed
// (docs/why/0029).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quality/span_fusion.h"

namespace countersign {

/// 0 is outside, 1 + 2 l begins label l, 2 + 2 l goes on with it.
using SpanTag = std::uint32_t;
inline SpanTag begin_tag(std::uint32_t label) {
    return 1 + 2 * label;
}
inline bool is_inside(SpanTag tag) {
    return tag > 0 && tag % 2 == 0;
}
inline bool may_follow(SpanTag before, SpanTag tag) {
    return !is_inside(tag) || before == tag || before + 1 == tag;
}
/// Of every token of the item; of spans that overlap the one that begins first.
std::vector<SpanTag> tags_of(const SpanItem& item, const std::vector<TokenSpan>& spans);

class SpanTagModel {
public:
    /// The items are not owned. Numbers as `fuse_spans` takes them.
    SpanTagModel(std::span<const SpanItem> items, std::size_t people, std::size_t labels,
                 const SpanFusionOptions& options);
    int fit();  ///< Rounds.
    /// Every span that somebody gave, with its probability; adds the expected number of spans.
    std::vector<FusedSpan> spans_of(std::size_t item, double& mass) const;

private:
    struct Passes {
        std::vector<double> emission, forward, backward, scale;
        double posterior(std::size_t token, SpanTag tag, std::size_t tags) const {
            return forward[token * tags + tag] * backward[token * tags + tag];
        }
    };

    void start_from_votes();
    void maximise();
    void find_confusions();
    Passes pass(std::size_t item, double temper) const;
    void find_emissions(Passes& p, std::size_t item, double temper) const;
    double expect();
    double probability(const Passes& p, const SpanItem& item, const TokenSpan& s) const;

    std::span<const SpanItem> items_;
    const SpanFusionOptions& options_;
    std::size_t tags_, people_;
    std::vector<std::vector<std::vector<SpanTag>>> given_;  ///< Items, answers, tokens.
    std::vector<std::vector<double>> posterior_;
    std::vector<double> follow_, first_;  ///< Shares of tags where they are allowed.
    std::vector<double> confusion_;  ///< people x tags (true) x tags (given), natural logarithms.
};

}  // namespace countersign
