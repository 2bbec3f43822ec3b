// What a person points at, as the `result` list of an interactive context: drawn regions of Label
// Studio, boxes and points with the label in the person's hand.
#pragma once

#include <string>

#include "core/cue.h"

namespace countersign {

constexpr std::string_view cue_box_name = "cue-box", cue_point_name = "cue-point";

/// Refuses boxes and points on an image of unknown size, and spans outside the text. What is not
/// meant is a point with `is_positive` 0.
Result<std::string> label_studio_cue(const Cue& cue, const Schema& schema, const ItemFacts& item);

}  // namespace countersign
