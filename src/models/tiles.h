// Cutouts of a picture: the whole of it, and overlapping tiles in which a network sees small
// things large.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace countersign {

struct Cutout {
    int x = 0, y = 0, width = 0, height = 0;  ///< Pixels of the picture.
};

/// Neighbours share this part of a tile, so that what one border cuts another tile has whole.
constexpr double tile_overlap = 0.25;
constexpr int most_tiles_across = 8;

/// Square tiles, `across` of them along the longer side and as many as it takes along the shorter
/// one; clipped to the picture. One tile across is the whole picture.
std::vector<Cutout> tiles_of(int width, int height, int across);

/// The whole picture, then tiles: `across` of them, half as many, and so on down to two.
std::vector<Cutout> views_of(int width, int height, int across);

/// Whether a box, in pixels of the cutout, lies at a border of it that is no border of the picture:
/// something may have been cut there.
bool is_cut(const Cutout& cutout, int width, int height, float left, float top, float right,
            float bottom);

/// How many tiles across a model's config asks for under "tiles": "off" (or nothing), "auto", or a
/// number from 2 to 8.
struct Tiling {
    bool automatic = false;
    int across = 1;

    /// For a picture of this longer side, when the network's input has `side` pixels: "auto" cuts
    /// no finer than the pixels the picture has, and not finer than `most`.
    int for_picture(int longer, int side, int most) const;
    /// Pixels on the shorter side with which a picture loses nothing by being shrunk.
    int enough_side(int side, int most) const;
};
Result<Tiling> tiling_from(const Json& config);

}  // namespace countersign
