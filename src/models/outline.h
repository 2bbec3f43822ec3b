// Box -> polygon: the outline of the thing in a box, by GrabCut (Rother, Kolmogorov and Blake,
// "GrabCut: interactive foreground extraction using iterated graph cuts", SIGGRAPH 2004) as OpenCV
// has it. Interactive: clicks say where the thing is, and where it is not.
//
// Strategy: the work is bounded before it begins. The box with a margin is cut out and shrunk to a
// fixed number of pixels, so that an iteration costs the same on every photo; the clock is looked
// at between iterations, and the last mask is the answer. The mask's larger pieces become rings,
// simplified to about a pixel of the shrunk picture.
#pragma once

#include <chrono>
#include <vector>

#include "base/result.h"
#include "media/image.h"

namespace countersign {

/// Pixels of the upright medium.
struct Spot {
    double x = 0, y = 0;
};

struct OutlineAsk {
    double x = 0, y = 0, width = 0, height = 0;  ///< The thing lies in this box.
    std::vector<Spot> include;                   ///< These are on the thing...
    std::vector<Spot> exclude;                   ///< ...and these are not.
};

struct OutlineRings {
    std::vector<double> points;              ///< x0, y0, x1, y1, ... of the largest piece.
    std::vector<std::vector<double>> rings;  ///< Holes and other pieces (even-odd rule).
};

/// Rings in pixels of the medium, inside it. `scale`: pixels of the medium for one of `image`,
/// >= 1. Takes at most `patience` and one iteration (some 40 ms). Refuses (invalid) a box that lies
/// outside the image or is smaller than 4 pixels a side, and when nothing stands out in it.
/// The same question has the same answer, unless time ran out.
Result<OutlineRings> find_outline(const Image& image, double scale, const OutlineAsk& ask,
                                  std::chrono::milliseconds patience = std::chrono::milliseconds{
                                      180});

}  // namespace countersign
