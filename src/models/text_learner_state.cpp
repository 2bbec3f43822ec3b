#include "models/text_learner_state.h"

#include <algorithm>
#include <set>

#include "models/state_bytes.h"

namespace countersign {

namespace {

constexpr std::string_view magic = "CSTL\x01\n";
constexpr std::uint64_t most_classes = 10'000;

bool read_labels(StateReader& in, LearnerState& state) {
    const auto classes = in.varint(most_classes);
    if (!in.require(classes >= 2 && classes <= in.left())) return false;
    std::set<std::string> seen;
    for (std::uint64_t k = 0; k < classes && in.good; ++k) {
        state.labels.push_back(in.text());
        state.counts.push_back(static_cast<std::uint32_t>(in.varint(UINT32_MAX)));
        in.require(seen.insert(state.labels.back()).second);
    }
    return in.good;
}

bool read_rows(StateReader& in, LearnerState& state, int bits) {
    const auto classes = state.labels.size();
    const auto rows = in.varint(std::uint64_t{1} << bits);
    // A row takes at least a feature, a df, a scale and a byte for each class.
    if (!in.require(rows <= in.left() / (classes + 6))) return false;
    state.model = LinearModel(static_cast<int>(classes), bits);
    in.row(state.model.bias());
    std::uint64_t next = 0;
    for (std::uint64_t r = 0; r < rows && in.good; ++r) {
        const auto feature = next + in.varint(UINT32_MAX);
        const auto df = in.varint(state.features.documents());
        if (!in.require(feature < std::uint64_t{1} << bits)) return false;
        const auto f = static_cast<std::uint32_t>(feature);
        state.features.restore(f, static_cast<std::uint32_t>(df));
        in.row(state.model.row(state.model.row_for(f)));
        next = feature + 1;
    }
    return in.good;
}

}  // namespace

std::string learner_state_bytes(const LearnerState& state) {
    StateWriter out(magic);
    out.varint(static_cast<std::uint64_t>(state.method));
    out.varint(static_cast<std::uint64_t>(state.features.grams()));
    out.varint(static_cast<std::uint64_t>(state.features.bits()));
    out.varint(state.features.seed());
    out.varint(state.features.documents());
    out.number(static_cast<float>(state.temperature));
    out.number(static_cast<float>(state.top.slope));
    out.number(static_cast<float>(state.top.shift));
    out.text(state.control);
    out.varint(state.labels.size());
    for (std::size_t k = 0; k < state.labels.size(); ++k) {
        out.text(state.labels[k]);
        out.varint(state.counts[k]);
    }
    auto features = state.model.features();
    std::sort(features.begin(), features.end());
    out.varint(features.size());
    out.row(state.model.bias());
    std::uint32_t next = 0;
    for (const auto f : features) {
        out.varint(f - next);
        out.varint(state.features.document_frequency(f));
        out.row(state.model.row(state.model.find(f)));
        next = f + 1;
    }
    return std::move(out).sealed();
}

Result<LearnerState> learner_state_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, magic)));
    LearnerState state;
    state.method = static_cast<TextMethod>(in.varint(5));
    const auto grams = static_cast<TextGrams>(in.varint(1));
    const auto bits = static_cast<int>(in.varint(22));
    const auto seed = static_cast<std::uint32_t>(in.varint(UINT32_MAX));
    if (!in.require(bits >= 8)) return damaged_state("has values out of range");
    state.features = TextFeatures(grams, bits, seed);
    state.features.restore(static_cast<std::uint32_t>(in.varint(UINT32_MAX)));
    state.temperature = in.number(max_temperature + 1);
    state.top.slope = in.number(1e3f);
    state.top.shift = in.number(1e3f);
    in.require(state.temperature > 0 && state.top.slope > 0);
    state.control = in.text();
    if (!read_labels(in, state) || !read_rows(in, state, bits) || !in.require(in.left() == 0))
        return damaged_state("has values out of range");
    return state;
}

}  // namespace countersign
