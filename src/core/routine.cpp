#include "core/routine.h"

#include <algorithm>
#include <cmath>

namespace countersign {

std::string class_text(const ItemClass& one) {
    return one.control + '\n' + one.label;
}

ItemClass class_from(std::string_view text) {
    const auto cut = std::min(text.find('\n'), text.size());
    return {std::string(text.substr(0, cut)),
            std::string(text.substr(std::min(cut + 1, text.size())))};
}

std::optional<ItemClass> routine_class(const Draft& draft) {
    if (draft.regions.empty() || draft.grounding >= Grounding::weak) return std::nullopt;
    const Region& first = draft.regions.front();
    const bool choice = first.kind == ControlKind::choices && draft.regions.size() == 1;
    if (!choice && first.kind != ControlKind::boxes && first.kind != ControlKind::spans)
        return std::nullopt;
    const bool alike =
        std::all_of(draft.regions.begin(), draft.regions.end(), [&](const Region& r) {
            return r.control == first.control && r.labels == first.labels && r.parent.empty() &&
                   r.grounding < Grounding::weak;
        });
    if (!alike || first.labels.size() != 1) return std::nullopt;
    return ItemClass{first.control, first.labels.front()};
}

double least_sure(const Draft& draft) {
    double least = 1;
    for (const auto& region : draft.regions)
        least = std::min(least, region.probability.value_or(region.confidence.value_or(1)));
    return least;
}

double claims_whole(double least, std::int64_t regions) {
    return std::pow(least, static_cast<double>(std::max<std::int64_t>(1, regions)));
}

bool answers_all(const Schema& schema, std::string_view control) {
    return std::all_of(schema.controls.begin(), schema.controls.end(), [&](const Control& other) {
        return other.name == control || !other.required || !facts_of(other.kind).answers;
    });
}

}  // namespace countersign
