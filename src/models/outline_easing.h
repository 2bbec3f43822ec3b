// Outlines of masks follow every pixel's edge: eased, so that a hand can mend them.
#pragma once

#include "core/region.h"

namespace countersign {

/// A polygon of more than 100 corners with those left out that move its line by less than a pixel
/// (Douglas and Peucker, 1973), and its further rings likewise; rings that lose their area go.
/// Anything else stays as it is.
void ease_outline(Region& region);

}  // namespace countersign
