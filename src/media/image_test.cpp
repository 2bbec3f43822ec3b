#include "media/image.h"

#include <doctest/doctest.h>
// jpeglib.h needs FILE declared before it.
#include <cstdio>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include <cstdlib>
#include <map>

#include "base/rng.h"
#include "media/codecs.h"

namespace countersign {
namespace {

using Colors = std::map<char, std::array<std::uint8_t, 3>>;  // B, G, R
const Colors colors{{'r', {0, 0, 255}},
                    {'g', {0, 255, 0}},
                    {'b', {255, 0, 0}},
                    {'w', {255, 255, 255}},
                    {'.', {0, 0, 0}}};

/// "rg/bw": every letter is a square of `scale` pixels, so that JPEG keeps its colour.
Image drawn(std::string_view picture, int scale = 16) {
    const auto width =
        static_cast<int>(picture.find('/') == picture.npos ? picture.size() : picture.find('/'));
    const int height = (static_cast<int>(picture.size()) + 1) / (width + 1);
    Image image{width * scale, height * scale, {}};
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            for (const auto value : colors.at(picture[(y / scale) * (width + 1) + x / scale]))
                image.bgr.push_back(value);
    return image;
}

std::string seen(const Image& image, int scale = 16) {
    std::string picture;
    for (int y = scale / 2; y < image.height; y += scale) {
        if (!picture.empty()) picture += '/';
        for (int x = scale / 2; x < image.width; x += scale) {
            const auto* pixel = &image.bgr[(static_cast<std::size_t>(y) * image.width + x) * 3];
            char best = '?';
            for (const auto& [letter, color] : colors)
                if (std::abs(pixel[0] - color[0]) + std::abs(pixel[1] - color[1]) +
                        std::abs(pixel[2] - color[2]) <
                    60)
                    best = letter;
            picture += best;
        }
    }
    return picture;
}

std::string tiff(int orientation) {
    const std::string head("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19);
    return head + static_cast<char>(orientation) + std::string(6, '\0');
}

std::string jpeg(const Image& image, int orientation = 1) {
    std::string bytes = *encode_jpeg(image, 95);
    const std::string body = std::string("Exif\0\0", 6) + tiff(orientation);
    const auto size = body.size() + 2;
    bytes.insert(2, std::string("\xff\xe1") + static_cast<char>(size >> 8) +
                        static_cast<char>(size & 255) + body);
    return bytes;
}

/// 16 x 16 pixels of one colour as Adobe writes CMYK: inverted.
std::string cmyk_jpeg(std::array<JSAMPLE, 4> ink) {
    jpeg_compress_struct codec{};
    jpeg_error_mgr errors{};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_compress(&codec);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&codec, &out, &size);
    codec.image_width = codec.image_height = 16;
    codec.input_components = 4;
    codec.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&codec);
    jpeg_start_compress(&codec, TRUE);
    std::vector<JSAMPLE> row;
    for (int i = 0; i < 16; ++i) row.insert(row.end(), ink.begin(), ink.end());
    for (JSAMPROW line = row.data(); codec.next_scanline < 16;)
        jpeg_write_scanlines(&codec, &line, 1);
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    std::string bytes(reinterpret_cast<char*>(out), size);
    std::free(out);
    return bytes;
}

struct PngKind {
    int type = PNG_COLOR_TYPE_RGB, depth = 8;
    bool interlaced = false;
    std::vector<std::uint8_t> row;  ///< One pixel row, repeated; palette: {red, transparent}.
    int width = 2, orientation = 1;
};

std::string png(const PngKind& kind) {
    std::string bytes;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &bytes,
        [](png_structp p, png_bytep data, std::size_t size) {
            static_cast<std::string*>(png_get_io_ptr(p))
                ->append(reinterpret_cast<char*>(data), size);
        },
        nullptr);
    png_set_IHDR(png, info, kind.width, 2, kind.depth, kind.type,
                 kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
    png_color palette[] = {{255, 0, 0}, {0, 0, 255}};
    png_byte alphas[] = {255, 0};
    if (kind.type == PNG_COLOR_TYPE_PALETTE) {
        png_set_PLTE(png, info, palette, 2);
        png_set_tRNS(png, info, alphas, 2, nullptr);
    }
    std::string exif = tiff(kind.orientation);
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()),
                   reinterpret_cast<png_bytep>(exif.data()));
    png_write_info(png, info);
    const int passes = png_set_interlace_handling(png);
    for (int i = 0; i < 2 * passes; ++i) png_write_row(png, kind.row.data());
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

std::string webp(const Image& image, int orientation) {
    std::uint8_t* out = nullptr;
    const std::size_t size =
        WebPEncodeLosslessBGR(image.bgr.data(), image.width, image.height, image.width * 3, &out);
    std::string simple(reinterpret_cast<char*>(out), size);
    WebPFree(out);
    const auto number = [](std::size_t n, int width) {
        std::string text;
        for (int i = 0; i < width; ++i) text += static_cast<char>(n >> (8 * i) & 255);
        return text;
    };
    const auto chunk = [&](const std::string& name, const std::string& body) {
        return name + number(body.size(), 4) + body;
    };
    const std::string extended =
        number(0x08, 4) + number(image.width - 1, 3) + number(image.height - 1, 3);
    const std::string body =
        "WEBP" + chunk("VP8X", extended) + simple.substr(12) + chunk("EXIF", tiff(orientation));
    return chunk("RIFF", body);
}

Code code_of(const auto& result) {
    return result ? Code{} : result.refusal().code;
}

TEST_CASE("every EXIF orientation comes out upright, with upright width and height") {
    // The stored picture that a camera would write so that people see "rg./bw.".
    const std::pair<int, const char*> stored[] = {{1, "rg./bw."},  {2, ".gr/.wb"},  {3, ".wb/.gr"},
                                                  {4, "bw./rg."},  {5, "rb/gw/.."}, {6, "../gw/rb"},
                                                  {7, "../wg/br"}, {8, "br/wg/.."}};
    for (const auto& row : stored) {
        const int orientation = row.first;
        const char* picture = row.second;
        CAPTURE(orientation);
        const std::string bytes = jpeg(drawn(picture), orientation);
        const auto info = image_info(bytes);
        REQUIRE(info);
        CHECK(info->width == 48);
        CHECK(info->height == 32);
        CHECK(info->orientation == orientation);
        const auto image = decode_image(bytes);
        REQUIRE(image);
        CHECK(image->width == 48);
        CHECK(seen(*image) == "rg./bw.");
    }
}

TEST_CASE("a WebP stays as it is stored, whatever its EXIF says, because browsers show it so") {
    const std::string bytes = webp(drawn("rg./bw."), 6);
    CHECK(image_info(bytes)->width == 48);
    CHECK(image_info(bytes)->orientation == 1);
    CHECK(seen(*decode_image(bytes)) == "rg./bw.");
}

TEST_CASE("a PNG of any colour type comes out as BGR, transparent parts white") {
    const auto picture = [](const PngKind& kind) {
        const auto image = decode_image(png(kind));
        return image ? seen(*image, 1) : image.refusal().message;
    };
    CHECK(picture({.row = {255, 0, 0, 0, 0, 255}}) == "rb/rb");
    CHECK(picture({.interlaced = true, .row = {255, 0, 0, 0, 0, 255}}) == "rb/rb");
    CHECK(picture({.type = PNG_COLOR_TYPE_RGBA, .row = {255, 0, 0, 255, 0, 0, 255, 0}}) == "rw/rw");
    CHECK(picture({.type = PNG_COLOR_TYPE_PALETTE, .depth = 1, .row = {0x40}}) == "rw/rw");
    CHECK(picture({.type = PNG_COLOR_TYPE_GRAY, .depth = 1, .row = {0x40}}) == ".w/.w");
    CHECK(picture({.type = PNG_COLOR_TYPE_GRAY_ALPHA, .row = {0, 255, 0, 0}}) == ".w/.w");
    CHECK(picture({.depth = 16, .row = {255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255}}) == "rb/rb");
    CHECK(picture({.type = PNG_COLOR_TYPE_RGBA,
                   .depth = 16,
                   .row = {255, 255, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0}}) == "rw/rw");
    CHECK(picture({.row = {255, 0, 0, 0, 0, 255}, .orientation = 6}) == "rr/bb");
}

TEST_CASE("a JPEG in printing inks comes out in its colours") {
    CHECK(seen(*decode_image(cmyk_jpeg({255, 0, 0, 255}))) == "r");
    CHECK(seen(*decode_image(cmyk_jpeg({0, 0, 255, 255}))) == "b");
    CHECK(seen(*decode_image(cmyk_jpeg({255, 255, 255, 0}))) == ".");
    CHECK(seen(*decode_image(cmyk_jpeg({255, 255, 255, 255}))) == "w");
}

TEST_CASE("a JPEG is decoded smaller only while both sides stay at least as long as asked") {
    const std::string bytes = jpeg(drawn("rg/bw", 64));
    CHECK(decode_image(bytes, 128)->width == 128);
    CHECK(decode_image(bytes, 65)->width == 128);
    CHECK(decode_image(bytes, 64)->width == 64);
    CHECK(decode_image(bytes, 16)->width == 16);
    CHECK(seen(*decode_image(bytes, 16), 8) == "rg/bw");
}

TEST_CASE("a thumbnail is upright, keeps the proportions and never enlarges") {
    const auto large = thumbnail_jpeg(jpeg(drawn("../gw/rb", 100), 6), 60, 95);
    REQUIRE(large);
    CHECK(image_info(*large)->width == 60);
    CHECK(image_info(*large)->height == 40);
    CHECK(seen(*decode_image(*large), 20) == "rg./bw.");
    CHECK(image_info(*thumbnail_jpeg(jpeg(drawn("rg")), 600))->width == 32);
    CHECK(
        image_info(*thumbnail_jpeg(jpeg(drawn("rrrrrrrrrrrrrrrrrrrrrrrrrrrrrr", 8)), 10))->height ==
        1);
}

TEST_CASE("what is no JPEG, PNG or WebP is refused by name, whatever it is called") {
    CHECK(code_of(image_info("")) == Code::unsupported);
    CHECK(code_of(image_info("hello")) == Code::unsupported);
    CHECK(image_info("GIF89a...").refusal().message ==
          "This is a GIF: give a JPEG, PNG or WebP file.");
    CHECK(code_of(decode_image("\xff\xd8\xff")) == Code::invalid);
    CHECK(code_of(decode_image("\x89PNG\r\n\x1a\n")) == Code::invalid);
    CHECK(code_of(decode_image("RIFF\x04\x01\x01\x01WEBP")) == Code::invalid);
}

TEST_CASE("a file cut short is refused, not guessed") {
    Rng rng(7);
    Image noise{64, 64, std::vector<std::uint8_t>(12'288)};
    for (auto& value : noise.bgr) value = static_cast<std::uint8_t>(rng());
    std::vector<std::uint8_t> row(9000);
    for (auto& value : row) value = static_cast<std::uint8_t>(rng());
    const std::string files[] = {jpeg(noise), webp(noise, 1), png({.row = row, .width = 3000})};
    for (const std::string& whole : files) {
        CHECK(decode_image(whole));
        for (const double share : {0.1, 0.5, 0.9}) {
            const auto cut =
                decode_image(whole.substr(0, static_cast<std::size_t>(whole.size() * share)));
            CHECK(code_of(cut) == Code::invalid);
        }
    }
}

TEST_CASE("a JPEG that only lacks its end marker is shown, as browsers do") {
    const std::string whole = jpeg(drawn("rg/bw"));
    const auto image = decode_image(whole.substr(0, whole.size() - 2));
    REQUIRE(image);
    CHECK(seen(*image) == "rg/bw");
}

TEST_CASE("an image over the limits is refused before its pixels are decoded") {
    const std::string bytes = jpeg(drawn("rg./bw."));
    CHECK(code_of(decode_image(bytes, 0, {.max_side = 47})) == Code::too_large);
    CHECK(code_of(image_info(bytes, {.max_pixels = 1535})) == Code::too_large);
    CHECK(image_info(bytes, {.max_side = 48, .max_pixels = 1536}));
    // A PNG of some hundred bytes that claims 65535 x 65535 pixels.
    std::string bomb = png({.row = {255, 0, 0, 0, 0, 255}});
    bomb.replace(16, 8, std::string("\0\0\xff\xff\0\0\xff\xff", 8));
    CHECK_FALSE(decode_image(bomb));
}

TEST_CASE("no change of bytes makes a decoder do more than refuse") {
    Rng rng(11);
    const std::string files[] = {jpeg(drawn("rg/bw"), 6), webp(drawn("rg/bw"), 6),
                                 png({.row = {255, 0, 0, 0, 0, 255}})};
    for (const std::string& file : files)
        for (int trial = 0; trial < 300; ++trial) {
            std::string changed = file;
            for (std::uint32_t n = 1 + rng.below(4); n-- > 0;)
                changed[rng.below(static_cast<std::uint32_t>(changed.size()))] =
                    static_cast<char>(rng());
            const auto image = decode_image(changed, 0, {.max_pixels = 1'000'000});
            if (image)
                CHECK(image->bgr.size() ==
                      static_cast<std::size_t>(image->width) * image->height * 3);
        }
}

}  // namespace
}  // namespace countersign
