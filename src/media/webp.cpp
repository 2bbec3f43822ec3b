#include <webp/decode.h>

#include "media/codecs.h"

namespace countersign {

namespace {

const std::uint8_t* raw(std::string_view bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

Result<WebPBitstreamFeatures> features(std::string_view bytes) {
    WebPBitstreamFeatures result;
    if (WebPGetFeatures(raw(bytes), bytes.size(), &result) != VP8_STATUS_OK)
        return Refusal{Code::invalid,
                       "The WebP is damaged (its header does not make sense): replace the file."};
    if (result.has_animation)
        return Refusal{Code::unsupported,
                       "The WebP is an animation: import its frames as single images."};
    return result;
}

Result<ImageInfo> info(std::string_view bytes) {
    const auto found = TRY(features(bytes));
    // A WebP's EXIF orientation is left alone: browsers show the pixels as stored (checked with
    // Chromium).
    return ImageInfo{"image/webp", found.width, found.height, 1};
}

bool decode_opaque(std::string_view bytes, Image& image) {
    image.bgr.resize(static_cast<std::size_t>(image.width) * image.height * 3);
    return WebPDecodeBGRInto(raw(bytes), bytes.size(), image.bgr.data(), image.bgr.size(),
                             image.width * 3);
}

bool decode_over_white(std::string_view bytes, Image& image) {
    std::vector<std::uint8_t> bgra(static_cast<std::size_t>(image.width) * image.height * 4);
    if (!WebPDecodeBGRAInto(raw(bytes), bytes.size(), bgra.data(), bgra.size(), image.width * 4))
        return false;
    image.bgr.reserve(bgra.size() / 4 * 3);
    for (std::size_t i = 0; i < bgra.size(); i += 4)
        for (std::size_t channel = 0; channel < 3; ++channel)
            image.bgr.push_back(over_white(bgra[i + channel], bgra[i + 3]));
    return true;
}

Result<Image> decode(std::string_view bytes, int /*at_least*/) {
    const auto found = TRY(features(bytes));
    Image image{found.width, found.height, {}};
    if (!(found.has_alpha ? decode_over_white(bytes, image) : decode_opaque(bytes, image)))
        return Refusal{Code::invalid, "The WebP is damaged or ends too early: replace the file."};
    return image;
}

bool recognizes(std::string_view bytes) {
    return bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP";
}

}  // namespace

const ImageCodec webp_codec{"image/webp", recognizes, info, decode};

}  // namespace countersign
