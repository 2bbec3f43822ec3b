// From BlazeFace's numbers to faces, without the network: pure and testable.
//
// BlazeFace (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
// CVPR workshop 2019), the 256 x 256 "back" model of MediaPipe: two anchors in each cell of a
// 16 x 16 grid, six in each of an 8 x 8 grid, all in their cell's middle. An anchor has a logit and
// 16 numbers in pixels of the input: the box's centre and six points, from the anchor, and between
// them the box's width and height.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "models/letterbox.h"

namespace countersign {

constexpr int blazeface_side = 256;  ///< Input width and height, pixels.
constexpr std::size_t blazeface_numbers = 16, face_points = 6;

struct FaceGrid {
    int columns, anchors;  ///< Anchors a cell.
    std::size_t size() const {
        return static_cast<std::size_t>(columns) * static_cast<std::size_t>(columns) *
               static_cast<std::size_t>(anchors);
    }
};
constexpr std::array<FaceGrid, 2> blazeface_grids{{{16, 2}, {8, 6}}};

struct Face {
    float x = 0, y = 0, width = 0, height = 0;  ///< Pixels of what was looked at.
    float score = 0;                            ///< In (0, 1); not a probability.
    /// x, y each: the person's right eye, left eye, tip of the nose, middle of the mouth, right
    /// ear, left ear.
    std::array<float, 2 * face_points> points{};
    float right() const { return x + width; }
    float bottom() const { return y + height; }
};

/// Intersection over union, in [0, 1].
float overlap(const Face& a, const Face& b);

struct FaceNumbers {
    const float* logits;  ///< One an anchor.
    const float* places;  ///< blazeface_numbers an anchor.
};

/// Every anchor over the score, in no order and not clipped to the image.
std::vector<Face> decode_blazeface(const std::array<FaceNumbers, 2>& grids, const Letterbox& box,
                                   float least_score);

/// The paper's blending: of candidates that overlap a better scored one by more than this IoU none
/// is kept, and each moves the better one by its score. By falling score, not more than `most`.
std::vector<Face> blend(std::vector<Face> candidates, float same, std::size_t most);

}  // namespace countersign
