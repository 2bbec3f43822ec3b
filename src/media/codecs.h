// The formats that image.cpp knows: one row each, in the order they are tried. The libraries behind
// them are named in jpeg.cpp, png.cpp and webp.cpp only.
//
// A decoder returns pixels as stored, not yet upright; image.cpp turns them.
#pragma once

#include <span>

#include "media/image.h"

namespace countersign {

struct ImageCodec {
    std::string_view type;                       ///< "image/jpeg"
    bool (*recognizes)(std::string_view bytes);  ///< By the first bytes.
    Result<ImageInfo> (*info)(
        std::string_view bytes);  ///< Stored width and height, and orientation.
    /// Called after the limits have been checked. `at_least`: see decode_image().
    Result<Image> (*decode)(std::string_view bytes, int at_least);
};

extern const ImageCodec jpeg_codec, png_codec, webp_codec;

/// Encodes as baseline JPEG. `quality` 1-100.
Result<std::string> encode_jpeg(const Image& image, int quality);

/// One pixel over white: what a browser shows where an image is transparent.
constexpr std::uint8_t over_white(int value, int alpha) {
    return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

}  // namespace countersign
