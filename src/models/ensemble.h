// One draft from the drafts of several models on one task.
//
// Boxes by weighted box fusion (quality/box_fusion.h), spans by vote (span_fusion.h), segments by
// DOVER-Lap's vote (segment_fusion.h), texts by ROVER (rover.h), choices and ratings by vote
// weighted by confidence. Polygons, keypoints, relations and answers about a region stay their
// models' own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/drafter.h"

namespace countersign {

/// What another model drafted for the same task, in pixels of the whole picture.
struct MemberDraft {
    std::string model;  ///< "k7"
    std::string kind;   ///< A row of model_kinds().
    Regions regions;
};

struct EnsembleOptions {
    double least_share = 0.5;     ///< Of the models, from which a span or box is kept. (0, 1]
    double least_overlap = 0.55;  ///< IoU from which boxes of a label are one.
};

/// Of at least one member. As sure as its least sure region.
DraftAnswer fuse_drafts(const Schema& schema, std::string_view text,
                        std::span<const MemberDraft> members, const EnsembleOptions& options);

/// The row "ensemble" of model_kinds(). Config: "models" (ids; empty: all others that are on),
/// "least_share", "least_overlap". Refuses an item that fewer than two of them have drafted.
ModelKind ensemble_kind();

}  // namespace countersign
