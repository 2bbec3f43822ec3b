// A mask of an image as runs, and its outline as rings. Runs are COCO's: down the columns, left to
// right, in turn outside and inside the mask, outside first. Everything works on the runs, so that
// a mask costs what its outline does and not what its image does.
//
// Rings run along the edges of pixels; filled by the even-odd rule they give the same mask again.
// The string form is that of COCO's mask API: six bits a character from '0' on, each count beyond
// the second less the one two before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

struct Mask {
    int width = 0, height = 0;          ///< Pixels; each at most `longest_mask_side`.
    std::vector<std::uint32_t> counts;  ///< Add up to width * height.
    bool operator==(const Mask&) const = default;
};

constexpr int longest_mask_side = 65'535;

using Ring = std::vector<double>;  ///< x0, y0, x1, y1, ... pixels; closed without saying so.

/// Refuses sides that are not in 1..longest_mask_side, and counts that do not add up to the area.
Result<Mask> mask_of(std::vector<std::uint32_t> counts, int width, int height);
/// From the string form; refuses what is not one, too.
Result<Mask> decode_mask(std::string_view text, int width, int height);
std::string encode_mask(const Mask& mask);

/// Pixels inside.
std::int64_t area(const Mask& mask);
/// The outlines, the one around the largest area first; empty for an empty mask. Outer rings run
/// clockwise as seen on a screen, holes the other way; pixels that touch at a corner only are
/// apart. O(n log n) for n runs and columns.
std::vector<Ring> rings_of(const Mask& mask);
/// The pixels whose centres lie inside the rings by the even-odd rule. Refuses sides as mask_of()
/// does, and rings that cross more than 20 million columns in all.
Result<Mask> mask_of(const std::vector<Ring>& rings, int width, int height);

/// Twice the signed area of a ring, pixels squared; positive when it runs clockwise on a screen.
double twice_ring_area(const Ring& ring);
/// The area inside rings that do not cross each other, by the even-odd rule.
double area_of_rings(const std::vector<Ring>& rings);
/// Whether a ring lies inside an odd number of the others: a hole.
bool is_hole(const std::vector<Ring>& rings, std::size_t which);
/// Rings of our own kind joined to one by bridges of no width, from the first one's first corner:
/// filled by the even-odd rule it is the same area.
Ring joined(const std::vector<Ring>& rings);

}  // namespace countersign
