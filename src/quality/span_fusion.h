// One set of spans from several people's, on tokens.
//
// `vote` counts which whole spans enough people gave: steady where few answer and make the same
// mistakes (models). `dawid_skene` learns what each person takes for what, token by token (Dawid
// and Skene 1979 over the tags O, B-label, I-label), each person's confusions drawn towards
// everybody's, and excludes tags that cannot follow each other by forward and backward passes (the
// constraint decoding of sequence labels); expectation maximisation from a majority start.
// `token_vote` is the baseline. Learning how tags follow each other as well (Nguyen et al. 2017)
// did worse: people's mistakes crowd at the ends of spans, where such a model forgives them.
//
// What is reported are spans with their probability: how many say so, or the model's, of exactly
// these boundaries and this label. Which are kept is a choice: the cut that makes the F1 to be
// expected the highest (Lipton, Elkan and Naryanaswamy 2014), so that few who agree little still
// give spans, and many who agree well give only what most say.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "quality/scores.h"

namespace countersign {

/// Tokens [begin, end) of an item, `label` in [0, labels).
struct TokenSpan {
    std::uint32_t begin = 0, end = 0, label = 0;
    bool operator==(const TokenSpan&) const = default;
    bool operator<(const TokenSpan& other) const {
        return std::tie(begin, end, label) < std::tie(other.begin, other.end, other.label);
    }
};

struct SpanItem {
    struct Answer {
        std::uint32_t person = 0;      ///< In [0, people).
        std::vector<TokenSpan> spans;  ///< Any order; empty is an answer too: there is none.
    };
    std::uint32_t tokens = 0;
    std::vector<Answer> answers;  ///< Of different people.
};

enum class SpanFusion { vote, token_vote, dawid_skene };
std::string_view name_of(SpanFusion method);                        ///< "dawid-skene"
std::optional<SpanFusion> span_fusion_from(std::string_view name);  ///< Nothing: no such method.

struct SpanFusionOptions {
    SpanFusion method = SpanFusion::dawid_skene;
    /// Least probability of a span that is kept; nothing: the cut with the highest expected F1.
    std::optional<double> cut;
    double temper = 1;    ///< Weight of the evidence in the reported posterior, (0, 1].
    double strength = 4;  ///< How hard a person's confusions are drawn to everybody's.
    int most_rounds = 30;
    double tolerance = 1e-4;  ///< Ends when the mean change of a tag's probability is below.
    std::uint64_t seed = 0;
};

struct FusedSpan : TokenSpan {
    double probability = 0;  ///< [0, 1]
};

struct SpannerQuality {
    std::uint32_t person = 0;
    std::size_t items = 0, spans = 0;
    double precision = 0, recall = 0, f1 = 0;  ///< Exact, against the fused spans; 1 of nothing.
    Interval interval;                         ///< 95 % of F1, bootstrap over items, seeded.
};

struct FusedSpans {
    std::vector<std::vector<FusedSpan>> items;  ///< By rising begin; they do not overlap.
    std::vector<SpannerQuality> people;         ///< Those with answers.
    double cut = 0;
    double expected_f1 = 0;  ///< What the probabilities promise of the kept spans.
    int rounds = 0;
};

/// A span outside its item, without tokens or with a label not below `labels` is a Breakdown. A
/// person's spans that overlap one that begins earlier count in votes, but not as tags. O(rounds *
/// tokens * (answers + labels^2)).
FusedSpans fuse_spans(std::span<const SpanItem> items, std::size_t people, std::size_t labels,
                      const SpanFusionOptions& options = {});

/// Which method suits: `dawid_skene` for many people of whom each answered a part, `vote` where
/// fewer than ten (people or models) answered nearly everything, so that nothing is learned of how
/// they err together.
SpanFusion suitable_span_fusion(std::span<const SpanItem> items, std::size_t people);

}  // namespace countersign
