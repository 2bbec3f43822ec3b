// Making pictures smaller by averaging areas, which neither aliases nor rings.
#pragma once

#include "media/image.h"

namespace countersign {

/// `image` at `width` x `height`, both > 0 and no larger than the image's. Every pixel is the
/// average of the area it covers. O(pixels of `image`).
Image shrink(const Image& image, int width, int height);

}  // namespace countersign
