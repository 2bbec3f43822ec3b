// A mask that was painted with Label Studio's brush, as rings.
//
// Its "rle" is a stream of bits, highest first: the number of values (32 bits), the bits of a value
// less one (5), and four widths of lengths less one (4 each). Then run by run: whether one value
// repeats (1), which of the four widths the length has (2), the length less one, and the value, or
// that many values. The values are the image's rows of red, green, blue and alpha; what is painted
// has alpha.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "formats/rle.h"

namespace countersign {

/// The outlines as rings_of(const Mask&) gives them; empty when nothing is painted. Refuses a
/// stream that ends early or is not of an image of width x height pixels. Costs what the stream
/// does, whatever the size of the image.
Result<std::vector<Ring>> rings_of_brush(std::span<const std::uint8_t> rle, int width, int height);

}  // namespace countersign
