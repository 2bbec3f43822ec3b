#include "quality/span_fusion.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/result.h"
#include "base/rng.h"

using namespace countersign;

namespace {

double f1(const std::vector<std::vector<TokenSpan>>& truth, const FusedSpans& found) {
    double hits = 0, sizes = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const std::set<TokenSpan> right(truth[i].begin(), truth[i].end());
        for (const auto& s : found.items[i]) hits += right.contains(s) ? 1 : 0;
        sizes += double(truth[i].size() + found.items[i].size());
    }
    return 2 * hits / sizes;
}

struct Simulation {
    std::vector<std::vector<TokenSpan>> truth;
    std::vector<SpanItem> items;
};

/// `people` of falling skill of whom `each` answer an item of twenty tokens: they miss spans, cut
/// or stretch them, take labels for others, and see what is not there.
Simulation simulated(std::size_t items, std::uint32_t people, std::uint32_t each,
                     std::uint64_t seed) {
    Rng rng(seed);
    Simulation out;
    for (std::size_t i = 0; i < items; ++i) {
        std::vector<TokenSpan> truth;
        for (std::uint32_t at = rng.below(5); at + 4 < 20; at += 3 + rng.below(6)) {
            const auto length = 1 + rng.below(3);
            truth.push_back({at, at + length, rng.below(3)});
            at += length;
        }
        SpanItem item;
        item.tokens = 20;
        const auto first = rng.below(people);
        for (std::uint32_t a = 0; a < each; ++a) {
            const auto person = (first + a * 7) % people;
            const double error = 0.1 + 0.6 * person / people;
            SpanItem::Answer answer{person, {}};
            for (auto s : truth) {
                if (rng.uniform() < error * 0.4) continue;
                if (rng.uniform() < error * 0.3 && s.end < 20) ++s.end;
                if (rng.uniform() < error * 0.3) s.label = (s.label + 1) % 3;
                answer.spans.push_back(s);
            }
            const auto at = rng.below(20);
            const bool is_free =
                std::none_of(answer.spans.begin(), answer.spans.end(),
                             [&](const TokenSpan& s) { return s.begin <= at && at < s.end; });
            if (is_free && rng.uniform() < error)
                answer.spans.push_back({at, at + 1, rng.below(3)});
            item.answers.push_back(answer);
        }
        out.truth.push_back(truth);
        out.items.push_back(item);
    }
    return out;
}

FusedSpans fused(const Simulation& s, std::size_t people, SpanFusion method) {
    SpanFusionOptions options;
    options.method = method;
    return fuse_spans(s.items, people, 3, options);
}

}  // namespace

TEST_CASE("a vote counts whole spans, and of those that overlap the one with more votes stays") {
    const std::vector<SpanItem> items{
        {6, {{0, {{0, 2, 0}}}, {1, {{0, 2, 0}, {4, 5, 1}}}, {2, {{1, 3, 0}}}}}};
    SpanFusionOptions options;
    options.method = SpanFusion::vote;
    options.cut = 0.5;
    const auto found = fuse_spans(items, 3, 2, options);
    REQUIRE(found.items[0].size() == 1);
    CHECK(found.items[0][0].end == 2);
    CHECK(found.items[0][0].probability == doctest::Approx(2.0 / 3));
    REQUIRE(found.people.size() == 3);
    CHECK(found.people[0].f1 == 1);
    CHECK(found.people[1].f1 == doctest::Approx(2.0 / 3));
    CHECK(found.people[1].precision == doctest::Approx(0.5));
    CHECK(found.people[2].f1 == 0);
}

TEST_CASE("the cut is the one of which most F1 is to be expected") {
    const auto s = simulated(60, 5, 5, 2);
    const auto found = fused(s, 5, SpanFusion::vote);
    double best = 0;
    for (int votes = 1; votes <= 5; ++votes) {
        SpanFusionOptions options;
        options.method = SpanFusion::vote;
        options.cut = votes / 5.0;
        const auto at = fuse_spans(s.items, 5, 3, options);
        double kept = 0, mass = 0, n = 0;
        for (std::size_t i = 0; i < s.items.size(); ++i) {
            for (const auto& one : at.items[i]) kept += one.probability, n += 1;
            for (const auto& answer : s.items[i].answers) mass += double(answer.spans.size()) / 5;
        }
        best = std::max(best, 2 * kept / (n + mass));
    }
    CHECK(found.expected_f1 == doctest::Approx(best).epsilon(1e-9));
}

TEST_CASE("who learns how people err finds more of the truth than who counts") {
    const auto s = simulated(500, 20, 4, 1);
    const double tokens = f1(s.truth, fused(s, 20, SpanFusion::token_vote));
    const double votes = f1(s.truth, fused(s, 20, SpanFusion::vote));
    const double ds = f1(s.truth, fused(s, 20, SpanFusion::dawid_skene));
    MESSAGE("token vote ", tokens, ", vote ", votes, ", Dawid-Skene ", ds);
    CHECK(ds > tokens + 0.01);
    CHECK(ds > votes + 0.004);
    CHECK(suitable_span_fusion(s.items, 20) == SpanFusion::dawid_skene);
}

TEST_CASE("a good person is known by their interval, and probabilities lie in [0, 1]") {
    const auto s = simulated(300, 10, 5, 3);
    const auto found = fused(s, 10, SpanFusion::dawid_skene);
    REQUIRE(found.people.size() == 10);
    CHECK(found.people[0].interval.low > found.people[9].interval.high);
    for (const auto& item : found.items)
        for (std::size_t i = 0; i < item.size(); ++i) {
            CHECK(item[i].probability > 0);
            CHECK(item[i].probability <= 1);
            if (i > 0) CHECK(item[i].begin >= item[i - 1].end);
        }
}

TEST_CASE("nothing to fuse is nothing, and a span outside its item is a mistake of the caller") {
    CHECK(fuse_spans({}, 0, 0).items.empty());
    const std::vector<SpanItem> silent{{0, {}}, {5, {{0, {}}}}};
    CHECK(fuse_spans(silent, 1, 2).items[1].empty());
    CHECK(fuse_spans(silent, 1, 0).items[1].empty());
    const std::vector<SpanItem> outside{{5, {{0, {{4, 6, 0}}}}}};
    CHECK_THROWS_AS((void)fuse_spans(outside, 1, 1), Breakdown);
    for (const auto method : {SpanFusion::vote, SpanFusion::token_vote, SpanFusion::dawid_skene})
        CHECK(span_fusion_from(name_of(method)) == method);
    CHECK_FALSE(span_fusion_from("guess"));
}
