#include "media/image.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "media/codecs.h"
#include "media/shrink.h"

namespace countersign {

namespace {

const std::array codecs{&jpeg_codec, &png_codec, &webp_codec};

/// Files that people do try, so that the refusal can say what they have.
struct OtherFormat {
    std::size_t offset;
    std::string_view magic, name;
};
constexpr OtherFormat other_formats[] = {
    {0, "GIF8", "a GIF"},
    {0, "BM", "a BMP"},
    {0, std::string_view("II*\0", 4), "a TIFF"},
    {0, std::string_view("MM\0*", 4), "a TIFF"},
    {4, "ftypheic", "a HEIC photo"},
    {4, "ftypavif", "an AVIF"},
    {0, "%PDF", "a PDF"},
    {0, "<svg", "an SVG drawing"},
    {0, "<?xml", "an XML file"},
};

Result<const ImageCodec*> codec_of(std::string_view bytes) {
    for (const auto* codec : codecs)
        if (codec->recognizes(bytes)) return codec;
    std::string_view name = bytes.empty() ? "an empty file" : "no image that can be read here";
    for (const auto& other : other_formats)
        if (bytes.size() >= other.offset && bytes.substr(other.offset).starts_with(other.magic))
            name = other.name;
    return Refusal{Code::unsupported,
                   "This is " + std::string(name) + ": give a JPEG, PNG or WebP file."};
}

Result<Done> check_limits(const ImageInfo& info, const ImageLimits& limits) {
    const auto size = std::to_string(info.width) + " x " + std::to_string(info.height);
    if (info.width <= 0 || info.height <= 0)
        return Refusal{Code::invalid,
                       "The image says it is " + size + " pixels: replace the file."};
    if (std::max(info.width, info.height) > limits.max_side)
        return Refusal{Code::too_large, "The image is " + size +
                                            " pixels; the longest side allowed is " +
                                            std::to_string(limits.max_side) + "."};
    if (std::int64_t{info.width} * info.height > limits.max_pixels)
        return Refusal{Code::too_large, "The image is " + size + " pixels; at most " +
                                            std::to_string(limits.max_pixels / 1'000'000) +
                                            " million pixels are allowed."};
    return Done{};
}

/// EXIF 2.32 table 6, as "the upright picture's pixel (x, y) is the stored pixel ...".
struct Turn {
    bool swap;            ///< Upright x runs along stored y.
    bool flip_x, flip_y;  ///< Stored coordinates run backwards.
};
constexpr Turn turns[] = {
    {false, false, false}, {false, true, false}, {false, true, true}, {false, false, true},
    {true, false, false},  {true, false, true},  {true, true, true},  {true, true, false},
};

Image upright(Image stored, int orientation) {
    if (orientation == 1) return stored;
    const Turn turn = turns[orientation - 1];
    Image result{stored.width, stored.height, std::vector<std::uint8_t>(stored.bgr.size())};
    if (turn.swap) std::swap(result.width, result.height);
    std::uint8_t* target = result.bgr.data();
    for (int y = 0; y < result.height; ++y)
        for (int x = 0; x < result.width; ++x, target += 3) {
            int from_x = turn.swap ? y : x, from_y = turn.swap ? x : y;
            if (turn.flip_x) from_x = stored.width - 1 - from_x;
            if (turn.flip_y) from_y = stored.height - 1 - from_y;
            std::copy_n(&stored.bgr[(static_cast<std::size_t>(from_y) * stored.width + from_x) * 3],
                        3, target);
        }
    return result;
}

}  // namespace

Result<ImageInfo> image_info(std::string_view bytes, const ImageLimits& limits) {
    const ImageCodec* codec = TRY(codec_of(bytes));
    ImageInfo info = TRY(codec->info(bytes));
    TRY(check_limits(info, limits));
    if (turns[info.orientation - 1].swap) std::swap(info.width, info.height);
    return info;
}

Result<Image> decode_image(std::string_view bytes, int at_least, const ImageLimits& limits) {
    const ImageCodec* codec = TRY(codec_of(bytes));
    const ImageInfo info = TRY(codec->info(bytes));
    TRY(check_limits(info, limits));
    return upright(TRY(codec->decode(bytes, at_least)), info.orientation);
}

Result<std::string> thumbnail_jpeg(std::string_view bytes, int side, int quality) {
    const ImageInfo info = TRY(image_info(bytes));
    const double scale =
        std::min(1.0, static_cast<double>(side) / std::max(info.width, info.height));
    const auto scaled = [&](int n) {
        return std::max(1, static_cast<int>(std::lround(n * scale)));
    };
    const int width = scaled(info.width), height = scaled(info.height);
    Image image = TRY(decode_image(bytes, std::min(width, height)));
    if (image.width != width || image.height != height)
        image = shrink(image, std::min(width, image.width), std::min(height, image.height));
    return encode_jpeg(image, quality);
}

}  // namespace countersign
