// Drafts that people can judge by the grid: everything in them says one thing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/task.h"

namespace countersign {

/// One class: a control and one of its labels.
struct ItemClass {
    std::string control, label;
    bool operator==(const ItemClass&) const = default;
};
/// As one text and back; a control's name holds no line break.
std::string class_text(const ItemClass& one);
ItemClass class_from(std::string_view text);

/// The class of a draft that is one choice, or boxes or spans that all have the same label; nothing
/// of any other, and of one that is weakly grounded in any part.
std::optional<ItemClass> routine_class(const Draft& draft);

/// How sure the least sure region is, in [0, 1]: by its calibrated probability, else by what the
/// model claims, else 1.
double least_sure(const Draft& draft);

/// That all of a draft's regions are right, when the least sure of them claims `least`.
double claims_whole(double least, std::int64_t regions);

/// What a draft is taken to claim whose model says nothing of how sure it is: even odds.
constexpr double claims_nothing = 0.5;

/// Whether such a draft answers all that the schema asks: no other control must be answered.
bool answers_all(const Schema& schema, std::string_view control);

}  // namespace countersign
