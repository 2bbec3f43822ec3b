// Images: hostile bytes in, upright pixels out. JPEG (libjpeg-turbo), PNG (libpng), WebP (libwebp);
// what a file is, is decided by its first bytes, never by its name. EXIF orientation is applied
// where browsers apply it (JPEG and PNG, not WebP), so that width, height and every coordinate
// refer to what a person sees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

/// Limits that a decoder holds before it allocates: a decompression bomb is refused, not tried.
struct ImageLimits {
    int max_side = 30'000;
    std::int64_t max_pixels = 120'000'000;
};

struct ImageInfo {
    std::string type;           ///< "image/jpeg", "image/png", "image/webp"
    int width = 0, height = 0;  ///< Upright, pixels.
    int orientation = 1;        ///< EXIF 1-8 as stored; 1 for WebP.
};

struct Image {
    int width = 0, height = 0;
    std::vector<std::uint8_t> bgr;  ///< Rows top to bottom, 3 bytes a pixel, no padding.
};

/// Reads headers only. Refuses what is not a JPEG, PNG or WebP, and what is over the limits.
Result<ImageInfo> image_info(std::string_view bytes, const ImageLimits& limits = {});

/// Decodes upright. `at_least` > 0 lets a JPEG be decoded at 1/2, 1/4 or 1/8 of its size as long as
/// both sides stay >= at_least (coordinates then need scaling by the caller); 0: full size.
Result<Image> decode_image(std::string_view bytes, int at_least = 0,
                           const ImageLimits& limits = {});

/// Encodes a JPEG no larger than `side` on its longer side (thumbnails).
Result<std::string> thumbnail_jpeg(std::string_view bytes, int side, int quality = 80);

}  // namespace countersign
