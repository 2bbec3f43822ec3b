#include <cstdio>
#include <cstdlib>
#include <string>
// jpeglib.h needs FILE and size_t declared before it.
#include <jerror.h>
#include <jpeglib.h>

#include "media/codecs.h"
#include "media/exif.h"
#include "media/unwind.h"

namespace countersign {

namespace {

constexpr int max_scans = 500;  ///< A progressive file with more is an attack on the processor.
constexpr long max_decoder_bytes = 512L << 20;

/// Where libjpeg's complaints go. `manager` comes first: libjpeg hands back a pointer to it.
struct Complaints {
    jpeg_error_mgr manager;
    std::jmp_buf out;
    char message[JMSG_LENGTH_MAX];
    bool file_ended, data_ran_out;
};

Complaints& complaints_of(j_common_ptr codec) {
    return *reinterpret_cast<Complaints*>(codec->err);
}

void on_error(j_common_ptr codec) {
    Complaints& complaints = complaints_of(codec);
    codec->err->format_message(codec, complaints.message);
    std::longjmp(complaints.out, 1);
}

void on_warning(j_common_ptr codec, int level) {
    if (level >= 0) return;
    if (codec->err->msg_code == JWRN_JPEG_EOF) complaints_of(codec).file_ended = true;
    if (codec->err->msg_code == JWRN_HIT_MARKER) complaints_of(codec).data_ran_out = true;
}

void on_progress(j_common_ptr codec) {
    if (!codec->is_decompressor) return;
    if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= max_scans) return;
    std::snprintf(complaints_of(codec).message, JMSG_LENGTH_MAX, "more than %d scans", max_scans);
    std::longjmp(complaints_of(codec).out, 1);
}

jpeg_error_mgr* listen(Complaints& complaints) {
    jpeg_std_error(&complaints.manager);
    complaints.manager.error_exit = on_error;
    complaints.manager.emit_message = on_warning;
    return &complaints.manager;
}

Refusal damaged(const std::string& why) {
    return {Code::invalid, "The JPEG is damaged (" + why + "): replace the file."};
}

/// A decoder that lives as long as this object, whatever jumps in between.
class Decoder {
public:
    explicit Decoder(std::string_view bytes) {
        codec_.err = listen(complaints_);
        progress_.progress_monitor = on_progress;
        step([&] {
            jpeg_create_decompress(&codec_);
            codec_.progress = &progress_;
            codec_.mem->max_memory_to_use = max_decoder_bytes;
            jpeg_save_markers(&codec_, JPEG_APP0 + 1, 0xffff);
            jpeg_mem_src(&codec_, reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size());
            jpeg_read_header(&codec_, TRUE);
        });
    }
    ~Decoder() { jpeg_destroy_decompress(&codec_); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    template <class Step>
    void step(const Step& work) {
        ok_ = ok_ && survives(complaints_.out, work);
    }
    bool ok() const { return ok_; }
    bool truncated() const { return complaints_.file_ended && complaints_.data_ran_out; }
    Refusal refusal() const { return damaged(complaints_.message); }
    jpeg_decompress_struct& codec() { return codec_; }

private:
    Complaints complaints_{};
    jpeg_decompress_struct codec_{};
    jpeg_progress_mgr progress_{};
    bool ok_ = true;
};

int orientation_in(const jpeg_decompress_struct& codec) {
    constexpr std::string_view signature("Exif\0\0", 6);
    for (auto* marker = codec.marker_list; marker; marker = marker->next) {
        const std::string_view data(reinterpret_cast<const char*>(marker->data),
                                    marker->data_length);
        if (data.starts_with(signature)) return exif_orientation(data.substr(signature.size()));
    }
    return 1;
}

Result<ImageInfo> info(std::string_view bytes) {
    Decoder decoder(bytes);
    if (!decoder.ok()) return decoder.refusal();
    const auto& codec = decoder.codec();
    return ImageInfo{"image/jpeg", static_cast<int>(codec.image_width),
                     static_cast<int>(codec.image_height), orientation_in(codec)};
}

unsigned reduction(const jpeg_decompress_struct& codec, int at_least) {
    if (at_least <= 0) return 1;
    const unsigned least = static_cast<unsigned>(at_least);
    for (unsigned by : {8u, 4u, 2u})
        if (codec.image_width / by >= least && codec.image_height / by >= least) return by;
    return 1;
}

/// CMYK as Adobe writes it (inverted), or as the standard says.
void bgr_from_cmyk(const std::uint8_t* cmyk, std::uint8_t* bgr, int pixels, bool inverted) {
    for (int i = 0; i < pixels; ++i, cmyk += 4, bgr += 3)
        for (int channel = 0; channel < 3; ++channel) {
            const int ink = inverted ? cmyk[channel] : 255 - cmyk[channel];
            const int black = inverted ? cmyk[3] : 255 - cmyk[3];
            bgr[2 - channel] = static_cast<std::uint8_t>(ink * black / 255);
        }
}

Result<Image> decode(std::string_view bytes, int at_least) {
    Decoder decoder(bytes);
    if (!decoder.ok()) return decoder.refusal();
    auto& codec = decoder.codec();
    const bool cmyk = codec.num_components == 4;
    codec.out_color_space = cmyk ? JCS_CMYK : JCS_EXT_BGR;
    codec.scale_num = 1;
    codec.scale_denom = reduction(codec, at_least);
    decoder.step([&] { jpeg_start_decompress(&codec); });
    if (!decoder.ok()) return decoder.refusal();

    Image image{static_cast<int>(codec.output_width), static_cast<int>(codec.output_height), {}};
    const std::size_t stride = static_cast<std::size_t>(image.width) * 3;
    image.bgr.resize(stride * image.height);
    std::vector<std::uint8_t> inks(cmyk ? static_cast<std::size_t>(image.width) * 4 : 0);
    decoder.step([&] {
        while (codec.output_scanline < codec.output_height) {
            std::uint8_t* target = &image.bgr[codec.output_scanline * stride];
            JSAMPROW row = cmyk ? inks.data() : target;
            jpeg_read_scanlines(&codec, &row, 1);
            if (cmyk) bgr_from_cmyk(inks.data(), target, image.width, codec.saw_Adobe_marker);
        }
    });
    if (!decoder.ok()) return decoder.refusal();
    if (decoder.truncated()) return damaged("it ends before the picture does");
    return image;
}

bool recognizes(std::string_view bytes) {
    return bytes.starts_with("\xff\xd8\xff");
}

}  // namespace

const ImageCodec jpeg_codec{"image/jpeg", recognizes, info, decode};

Result<std::string> encode_jpeg(const Image& image, int quality) {
    Complaints complaints{};
    jpeg_compress_struct codec{};
    codec.err = listen(complaints);
    unsigned char* buffer = nullptr;
    unsigned long size = 0;
    const bool ok = survives(complaints.out, [&] {
        jpeg_create_compress(&codec);
        jpeg_mem_dest(&codec, &buffer, &size);
        codec.image_width = static_cast<JDIMENSION>(image.width);
        codec.image_height = static_cast<JDIMENSION>(image.height);
        codec.input_components = 3;
        codec.in_color_space = JCS_EXT_BGR;
        jpeg_set_defaults(&codec);
        jpeg_set_quality(&codec, quality, TRUE);
        jpeg_start_compress(&codec, TRUE);
        while (codec.next_scanline < codec.image_height) {
            const auto offset = static_cast<std::size_t>(codec.next_scanline) * image.width * 3;
            auto* row = const_cast<JSAMPROW>(&image.bgr[offset]);
            jpeg_write_scanlines(&codec, &row, 1);
        }
        jpeg_finish_compress(&codec);
    });
    jpeg_destroy_compress(&codec);
    std::string bytes;
    if (ok) bytes.assign(reinterpret_cast<const char*>(buffer), size);
    std::free(buffer);
    if (!ok)
        return Refusal{Code::invalid, "The picture cannot be written as JPEG (" +
                                          std::string(complaints.message) + ")."};
    return bytes;
}

}  // namespace countersign
