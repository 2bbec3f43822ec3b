// CVAT XML, with the image of a video's first frame beside it.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile("cvat",
                 {{"a.xml", std::string(input)},
                  {"b.xml", "<annotations><image name=\"a.jpg\">" + std::string(input) +
                                "</image></annotations>"},
                  {"images/frame_000000.png", ""}},
                 Modality::image);
    return 0;
}
