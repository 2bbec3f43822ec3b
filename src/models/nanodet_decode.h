// From NanoDet's numbers to boxes, without the network: pure and testable.
//
// NanoDet (github.com/RangiLyu/nanodet) looks at three grids over the 416 x 416 input, with cells
// of 8, 16 and 32 pixels. A cell has a score for each kind of object (sigmoid already applied) and,
// for each side of a box, 11 logits: a distribution over distances of 0 to 10 cells, whose
// expectation is the distance (Li et al., "Generalized Focal Loss", NeurIPS 2020). Distances count
// from the cell's centre.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "models/letterbox.h"
#include "models/tiles.h"

namespace countersign {

struct Detection {
    float x = 0, y = 0, width = 0, height = 0;  ///< Pixels of the image that was asked about.
    int object = 0;                             ///< Index in coco80().
    float score = 0;                            ///< In (0, 1]; not a probability.
    float right() const { return x + width; }
    float bottom() const { return y + height; }
};

/// Intersection over union, in [0, 1].
float overlap(const Detection& a, const Detection& b);

constexpr int nanodet_side = 416;  ///< Input width and height, pixels.
constexpr std::size_t nanodet_objects = 80, nanodet_bins = 11;
constexpr std::array<int, 3> nanodet_strides{8, 16, 32};

struct NanodetGrid {
    const float* scores;  ///< cells x 80
    const float* sides;   ///< cells x 4 x 11: left, top, right, bottom
};

struct DetectOptions {
    float least_score = 0.25f;
    /// Every kind over the score at a cell, as average precision is measured; else only its best
    /// kind.
    bool every_kind = false;
    float nms_overlap =
        0.6f;  ///< Of two boxes of one kind over this IoU the better scored one stays.
    std::size_t most = 100;  ///< Boxes a picture.
};

/// Boxes by falling score, clipped to the image. `grids` in the order of nanodet_strides.
std::vector<Detection> decode_nanodet(const std::array<NanodetGrid, 3>& grids, const Letterbox& box,
                                      const DetectOptions& options);

/// Adds what a view of a picture shows, from pixels of the view to those of the picture of this
/// size, without the boxes that a border of the view may have cut: another view has them whole.
void add_uncut(const std::vector<Detection>& found, const Cutout& view, int width, int height,
               std::vector<Detection>& seen);

/// One box an object: by falling score, of two of one kind on one place the better.
std::vector<Detection> one_each(std::vector<Detection> found, const DetectOptions& options);

/// Non-maximum suppression: `found` by falling score, without boxes that `same` says compete with a
/// better one that stays. Not more than `most`. Equal scores keep their order.
template <class Same>
std::vector<Detection> suppress(std::vector<Detection> found, std::size_t most, const Same& same) {
    std::stable_sort(found.begin(), found.end(),
                     [](const Detection& a, const Detection& b) { return a.score > b.score; });
    std::vector<Detection> kept;
    for (const Detection& candidate : found) {
        if (kept.size() == most) break;
        if (std::none_of(kept.begin(), kept.end(),
                         [&](const Detection& better) { return same(better, candidate); }))
            kept.push_back(candidate);
    }
    return kept;
}

}  // namespace countersign
