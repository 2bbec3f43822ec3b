// Drafts of faces by BlazeFace: boxes of the label that means a face, and where the schema has
// keypoints for faces their points too.
//
// Config: {"map": {"face": "Face"}, "points": {"control": "landmarks", "label": "Face", "map":
// {"left eye": "Left eye", ...}}, "threshold": 0.4, "tiles": "auto", "calibration": [[score,
// probability], ...]}. "map", "points" or both; "threshold" is the least raw score that is kept,
// "tiles" (tiles.h) how small a face in a large picture may be. Left and right are the person's
// own. A point of the control that BlazeFace does not know is left unlabelled.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "blazeface" of model_kinds().
ModelKind blazeface_kind();

/// The label that means a face in the first control of boxes that has one; empty: there is none.
std::string face_label(const Schema& schema);

}  // namespace countersign
