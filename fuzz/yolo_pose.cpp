// YOLO's poses; the input is data.yaml's shape and the lines.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile("yolo-pose",
                 {{"data.yaml", "names: [cat]\nkpt_shape: [2, 3]\n"},
                  {"labels/a.txt", std::string(input)},
                  {"images/a.jpg", ""},
                  {"b.yaml", std::string(input)}},
                 Modality::image);
    return 0;
}
