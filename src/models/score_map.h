// A detector's score is no probability: NanoDet's 0.40 is right four times in ten, its 0.60 nearly
// nine times. A ScoreMap says how often a score has been right, as a rising line through measured
// points.
#pragma once

#include <vector>

#include "base/json.h"

namespace countersign {

class ScoreMap {
public:
    struct Point {
        double score, probability;  ///< Both in [0, 1].
    };
    /// `points` by rising score; probabilities must not fall. At least one.
    explicit ScoreMap(std::vector<Point> points);

    /// In [0, 1]; between points linear, below the first down to 0 at score 0, above the last
    /// level.
    double operator()(double score) const;

private:
    std::vector<Point> points_;
};

/// A map as a model's config states it: [[score, probability], ...]. Refuses, saying what is wrong.
Result<ScoreMap> score_map_from(const Json& list);

/// What NanoDet-g starts with: share of boxes that match a labelled object of the same kind with
/// IoU >= 0.5, for score bins of 0.05, over 128 images of COCO val2017 and 100 of PASCAL VOC
/// 2007-2012, one kind a place (boxes over IoU 0.7 with a better one left out). A point stands in
/// its bin's middle.
const ScoreMap& nanodet_score_map();

/// What BlazeFace starts with: share of its boxes that hold a person's face, for score bins of 0.05
/// (0.1 where few fell into one), over 64 images of COCO val2017 and 100 of PASCAL VOC, tiles
/// "auto", each box judged by eye (bench/faces).
const ScoreMap& blazeface_score_map();

}  // namespace countersign
