// Room: media
// Any bytes as an image: whatever comes out has the size it says, or is refused.
#include "media/image.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const ImageLimits small{.max_side = 4096, .max_pixels = 1'000'000};
    const auto info = image_info(bytes, small);
    const auto image = decode_image(bytes, 0, small);
    if (image && (!info || image->width != info->width || image->height != info->height))
        std::abort();
    if (image && image->bgr.size() != static_cast<std::size_t>(image->width) * image->height * 3)
        std::abort();
    if (info) (void)thumbnail_jpeg(bytes, 64);
    return 0;
}
