#include "models/span_learner_state.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "models/state_bytes.h"

namespace countersign {

namespace {

constexpr std::string_view span_magic = "CSSL\x01\n";
constexpr std::uint64_t most_types = 500, most_splits = 1'000;
constexpr float least_row = 1e-3f;  ///< Logarithms of odds: rows below it change nothing.

bool counts(std::span<const float> row) {
    return std::any_of(row.begin(), row.end(), [](float w) { return std::abs(w) >= least_row; });
}

void write_rows(StateWriter& out, const Crf& crf) {
    auto features = crf.words.features();
    std::erase_if(features, [&](auto f) { return !counts(crf.words.row(crf.words.find(f))); });
    std::sort(features.begin(), features.end());
    out.varint(features.size());
    std::uint32_t next = 0;
    for (const auto f : features) {
        out.varint(f - next);
        out.row(crf.words.row(crf.words.find(f)));
        next = f + 1;
    }
}

void read_rows_of(StateReader& in, Crf& crf) {
    const auto tags = static_cast<std::size_t>(crf.tags());
    constexpr std::uint64_t all = std::uint64_t{1} << span_feature_bits;
    const auto rows = in.varint(all);
    // A row takes at least a feature, a scale and a byte for each tag.
    if (!in.require(rows <= in.left() / (tags + 5))) return;
    std::uint64_t next = 0;
    for (std::uint64_t r = 0; r < rows && in.good; ++r) {
        const auto feature = next + in.varint(all);
        if (!in.require(feature < all)) return;
        in.row(crf.words.row(crf.words.row_for(static_cast<std::uint32_t>(feature))));
        next = feature + 1;
    }
}

void write_platt(StateWriter& out, const Platt& map) {
    out.number(static_cast<float>(map.slope));
    out.number(static_cast<float>(map.shift));
}

Platt read_platt(StateReader& in) {
    Platt map;
    map.slope = static_cast<double>(in.number(1e3f));
    map.shift = static_cast<double>(in.number(1e3f));
    in.require(map.slope > 0);
    return map;
}

void read_labels_of(StateReader& in, SpanLearnerState& state) {
    const auto types = in.varint(most_types);
    if (!in.require(types >= 1 && types <= in.left())) return;
    std::set<std::string> seen;
    for (std::uint64_t t = 0; t < types && in.good; ++t) {
        state.labels.push_back(in.text());
        in.require(seen.insert(state.labels.back()).second);
    }
}

void read_features(StateReader& in, SpanFeatures& features, std::size_t types) {
    const auto splits = in.varint(most_splits);
    if (!in.require(splits <= in.left())) return;
    for (std::uint64_t i = 0; i < splits; ++i)
        features.splits += static_cast<char32_t>(in.varint(0x10FFFF));
    const auto phrases = in.varint(in.left() / 3);
    std::uint64_t next = 0;
    for (std::uint64_t i = 0; i < phrases && in.good; ++i) {
        const auto hash = next + in.varint(UINT32_MAX);
        const auto type = static_cast<int>(in.varint(types - 1));
        const auto texts = static_cast<std::uint32_t>(in.varint(UINT32_MAX));
        if (!in.require(hash <= UINT32_MAX)) return;
        features.phrases.emplace_hint(features.phrases.end(), static_cast<std::uint32_t>(hash),
                                      SpanFeatures::Phrase{type, texts});
        next = hash + 1;
    }
}

}  // namespace

std::string span_learner_bytes(const SpanLearnerState& state) {
    StateWriter out(span_magic);
    out.text(state.control);
    out.varint(state.texts);
    out.number(static_cast<float>(state.least));
    write_platt(out, state.span);
    write_platt(out, state.whole);
    out.varint(state.labels.size());
    for (const auto& label : state.labels) out.text(label);
    out.varint(state.features.splits.size());
    for (const auto c : state.features.splits) out.varint(c);
    out.varint(state.features.phrases.size());
    std::uint64_t next = 0;
    for (const auto& [hash, phrase] : state.features.phrases) {
        out.varint(hash - next);
        out.varint(static_cast<std::uint64_t>(phrase.type));
        out.varint(phrase.texts);
        next = std::uint64_t{hash} + 1;
    }
    for (const float w : state.crf.transitions) out.number(w);
    write_rows(out, state.crf);
    return std::move(out).sealed();
}

Result<SpanLearnerState> span_learner_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, span_magic)));
    SpanLearnerState state;
    state.control = in.text();
    state.texts = static_cast<std::uint32_t>(in.varint(UINT32_MAX));
    state.least = static_cast<double>(in.number(1));
    in.require(state.least >= 0);
    state.span = read_platt(in);
    state.whole = read_platt(in);
    read_labels_of(in, state);
    if (in.good) read_features(in, state.features, state.labels.size());
    const auto tags = 1 + 2 * state.labels.size();
    if (!in.require(in.left() / sizeof(float) >= tags * (tags + 1)))
        return damaged_state("has values out of range");
    state.crf = Crf(static_cast<int>(state.labels.size()), span_feature_bits);
    for (float& w : state.crf.transitions) w = in.number(30);
    read_rows_of(in, state.crf);
    if (!in.require(in.left() == 0)) return damaged_state("has values out of range");
    return state;
}

}  // namespace countersign
