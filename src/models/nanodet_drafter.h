// Drafts of boxes by NanoDet: finds objects, says them in the project's labels, and gives each box
// the probability that a person would keep it.
//
// Config: {"map": {"car": "Vehicle", ...}, "threshold": 0.25, "calibration": [[score, probability],
// ...]}. Objects without a row in "map" are dropped. "threshold" is the least raw score that is
// kept; the desk hides what is improbable, so that it may be low. "tiles" (tiles.h): small objects
// are found too, for a look a tile; without it the whole picture only. "calibration" may be left
// out: then it is nanodet_score_map(). A config from guess() also lists "dropped" and "undrafted"
// for people to see.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "nanodet" of model_kinds(). Drafts the schema's first control of boxes.
ModelKind nanodet_kind();

}  // namespace countersign
