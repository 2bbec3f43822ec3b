// Masks in COCO's string form: what is taken comes back from its own string and from its outline.
// Room: formats
#include "formats/rle.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace countersign;
    if (size < 2) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto mask = decode_mask(text, data[0], data[1]);
    if (!mask) return 0;
    const auto again = decode_mask(encode_mask(*mask), mask->width, mask->height);
    if (!again || *again != *mask) std::abort();
    const auto filled = mask_of(rings_of(*mask), mask->width, mask->height);
    if (!filled || area(*filled) != area(*mask)) std::abort();
    return 0;
}
