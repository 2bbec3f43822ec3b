// A list of URLs of images.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    ReadContext context;
    context.fetch_media = true;
    read_hostile("urls", {{"a.txt", std::string(input)}}, Modality::image, context);
    return 0;
}
