#include <png.h>

#include <cstring>
#include <string>

#include "media/codecs.h"
#include "media/exif.h"
#include "media/unwind.h"

namespace countersign {

namespace {

constexpr png_alloc_size_t max_chunk_bytes = 8u
                                             << 20;  ///< Text, profiles and other ancillary chunks.
constexpr png_uint_32 max_stored_side = 1'000'000;   ///< image.cpp holds the real limit.

/// A decoder that lives as long as this object, whatever jumps in between.
class Decoder {
public:
    explicit Decoder(std::string_view bytes) : rest_(bytes) {
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (!png_) throw std::bad_alloc();
        step([&] {
            info_ = png_create_info_struct(png_);
            png_set_user_limits(png_, max_stored_side, max_stored_side);
            png_set_chunk_malloc_max(png_, max_chunk_bytes);
            png_set_read_fn(png_, this, on_read);
            png_read_info(png_, info_);
        });
    }
    ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    template <class Step>
    void step(const Step& work) {
        ok_ = ok_ && survives(out_, work);
    }
    bool ok() const { return ok_; }
    Refusal refusal() const {
        return {Code::invalid,
                "The PNG is damaged (" + std::string(message_) + "): replace the file."};
    }
    png_structp png() { return png_; }
    png_infop info() { return info_; }

private:
    static void on_error(png_structp png, png_const_charp message) {
        auto* self = static_cast<Decoder*>(png_get_error_ptr(png));
        std::strncpy(self->message_, message, sizeof self->message_ - 1);
        std::longjmp(self->out_, 1);
    }
    static void on_warning(png_structp, png_const_charp) {}
    static void on_read(png_structp png, png_bytep target, std::size_t size) {
        auto* self = static_cast<Decoder*>(png_get_io_ptr(png));
        if (size > self->rest_.size()) png_error(png, "it ends before the picture does");
        std::memcpy(target, self->rest_.data(), size);
        self->rest_.remove_prefix(size);
    }

    std::string_view rest_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    std::jmp_buf out_;
    char message_[200] = {};
    bool ok_ = true;
};

int orientation_in(Decoder& decoder) {
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (!png_get_eXIf_1(decoder.png(), decoder.info(), &size, &data)) return 1;
    return exif_orientation({reinterpret_cast<const char*>(data), size});
}

Result<ImageInfo> info(std::string_view bytes) {
    Decoder decoder(bytes);
    if (!decoder.ok()) return decoder.refusal();
    return ImageInfo{"image/png",
                     static_cast<int>(png_get_image_width(decoder.png(), decoder.info())),
                     static_cast<int>(png_get_image_height(decoder.png(), decoder.info())),
                     orientation_in(decoder)};
}

/// Asks libpng for 8-bit BGR over white, whatever the file holds.
void want_bgr(png_structp png, png_infop info) {
    const png_uint_16 white = png_get_bit_depth(png, info) == 16 ? 65535 : 255;
    png_color_16 paper{0, white, white, white, white};
    const bool transparent = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                             png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    png_set_expand(png);
    if (transparent)
        png_set_background_fixed(png, &paper, PNG_BACKGROUND_GAMMA_SCREEN, 0, PNG_FP_1);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_bgr(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

Result<Image> decode(std::string_view bytes, int /*at_least*/) {
    Decoder decoder(bytes);
    if (!decoder.ok()) return decoder.refusal();
    const png_structp png = decoder.png();
    decoder.step([&] { want_bgr(png, decoder.info()); });
    if (!decoder.ok()) return decoder.refusal();

    Image image{static_cast<int>(png_get_image_width(png, decoder.info())),
                static_cast<int>(png_get_image_height(png, decoder.info())),
                {}};
    const std::size_t stride = static_cast<std::size_t>(image.width) * 3;
    if (png_get_rowbytes(png, decoder.info()) != stride)
        return Refusal{Code::unsupported, "This kind of PNG cannot be read: save it as 8-bit RGB."};
    image.bgr.resize(stride * image.height);
    std::vector<png_bytep> rows(image.height);
    for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = &image.bgr[y * stride];
    decoder.step([&] { png_read_image(png, rows.data()); });
    if (!decoder.ok()) return decoder.refusal();
    return image;
}

bool recognizes(std::string_view bytes) {
    return bytes.starts_with("\x89PNG\r\n\x1a\n");
}

}  // namespace

const ImageCodec png_codec{"image/png", recognizes, info, decode};

}  // namespace countersign
