// Which of a project's labels is meant by each name a model knows. People call a car "Car",
// "automobile" or just "vehicle"; the guesses here are a start that they see and can change.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.h"
#include "models/coco80.h"

namespace countersign {

struct LabelMap {
    std::map<std::string, std::string> labels;  ///< The model's name -> the project's label.
    std::vector<std::string> dropped;           ///< Names of the model that no label stands for.
    std::vector<std::string> undrafted;         ///< Labels that the model cannot draft.
};

/// For each object the first that holds: a label of that name (or alias; case, spaces, hyphens and
/// a plural ending do not matter), a label that is a synonym, the narrowest label that names a
/// group the object belongs to ("vehicle" takes cars and buses, but not buses where there is a
/// label "bus").
LabelMap guess_labels(const Control& control, std::span<const ObjectWords> objects);

}  // namespace countersign
