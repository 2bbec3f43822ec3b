// YOLO's four corners.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile("yolo-obb",
                 {{"data.yaml", "names: [cat]\n"},
                  {"labels/a.txt", std::string(input)},
                  {"images/a.jpg", ""}},
                 Modality::image);
    return 0;
}
