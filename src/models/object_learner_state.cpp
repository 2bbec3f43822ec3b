#include <algorithm>
#include <cmath>

#include "models/object_learner.h"
#include "models/object_learner_parts.h"
#include "models/state_bytes.h"

namespace countersign {

namespace {

constexpr std::string_view object_magic = "CSOL\x01\n";
constexpr std::size_t most_object_numbers = 4'096;

double logistic(double z) {
    return 1 / (1 + std::exp(-z));
}

}  // namespace

void take_roots(std::span<const float> seen, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = i < seen.size() ? std::copysign(std::sqrt(std::abs(seen[i])), seen[i]) : 0.0f;
}

void standardise(const ObjectLearnerState& state, std::span<float> numbers) {
    double length = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = (numbers[i] - state.centre[i]) * state.scale[i];
        length += static_cast<double>(numbers[i]) * static_cast<double>(numbers[i]);
    }
    const double by = length > 0 ? 1 / std::sqrt(length) : 0;
    for (float& number : numbers) number = static_cast<float>(static_cast<double>(number) * by);
}

double score_logit(float score) {
    constexpr float least = 1e-3f;
    return std::log(static_cast<double>(std::max(score, least)));
}

std::vector<FoundObject> find_objects(const ObjectLearnerState& state,
                                      std::span<const SeenBox> proposals) {
    constexpr float same_place = 0.5f;
    std::vector<float> x(state.centre.size());
    std::vector<Detection> found;
    for (const auto& proposal : proposals) {
        take_roots(proposal.seen, x);
        standardise(state, x);
        Detection best = proposal.box;
        best.score = -1;
        for (std::size_t k = 0; k < state.kinds.size(); ++k) {
            const auto& kind = state.kinds[k];
            double z = static_cast<double>(kind.bias) + score_logit(proposal.box.score);
            for (std::size_t i = 0; i < x.size(); ++i)
                z += static_cast<double>(x[i]) * static_cast<double>(kind.weights[i]);
            const auto p = static_cast<float>(logistic(z));
            if (p <= best.score) continue;
            best.score = p;
            best.object = static_cast<int>(k);
        }
        found.push_back(best);
    }
    std::vector<FoundObject> out;
    for (const auto& box : suppress(std::move(found), proposals.size(),
                                    [](const Detection&better, const Detection&candidate) {
                                        return overlap(better, candidate) > same_place;
                                    }))
        out.push_back({box, state.top(static_cast<double>(box.score))});
    return out;
}

std::string object_learner_bytes(const ObjectLearnerState& state) {
    StateWriter out(object_magic);
    out.text(state.control);
    out.varint(state.pictures);
    out.number(static_cast<float>(state.top.slope));
    out.number(static_cast<float>(state.top.shift));
    out.varint(state.kinds.size());
    out.varint(state.centre.size());
    for (std::size_t i = 0; i < state.centre.size(); ++i) {
        out.number(state.centre[i]);
        out.number(state.scale[i]);
    }
    for (const auto& kind : state.kinds) {
        out.text(kind.label);
        out.number(kind.bias);
        out.row(kind.weights);
    }
    return std::move(out).sealed();
}

Result<ObjectLearnerState> object_learner_from(std::string_view bytes) {
    StateReader in(TRY(opened_state(bytes, object_magic)));
    ObjectLearnerState state;
    state.control = in.text();
    state.pictures = static_cast<std::uint32_t>(in.varint(UINT32_MAX));
    state.top.slope = static_cast<double>(in.number(1e3f));
    state.top.shift = static_cast<double>(in.number(1e3f));
    const auto kinds = in.varint(10'000);
    const auto numbers = in.varint(most_object_numbers);
    if (!in.require(state.top.slope > 0 && kinds >= 1 && numbers >= 1 &&
                    numbers * 8 + kinds * (numbers + 9) <= in.left()))
        return damaged_state("has values out of range");
    for (std::uint64_t i = 0; i < numbers; ++i) {
        state.centre.push_back(in.number(1e6f));
        state.scale.push_back(in.number(1e6f));
    }
    for (std::uint64_t k = 0; k < kinds && in.good; ++k) {
        auto& kind = state.kinds.emplace_back();
        kind.label = in.text();
        kind.bias = in.number(1e6f);
        kind.weights.resize(numbers);
        in.row(kind.weights);
    }
    if (!in.require(in.left() == 0)) return damaged_state("has values out of range");
    return state;
}

}  // namespace countersign
