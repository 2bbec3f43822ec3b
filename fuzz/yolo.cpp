// YOLO labels; the input is cut at the first NUL into data.yaml and a label file.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto cut = std::min(input.find('\0'), input.size());
    read_hostile("yolo",
                 {{"data.yaml", std::string(input.substr(0, cut))},
                  {"labels/a.txt", std::string(input.substr(std::min(cut + 1, input.size())))}},
                 Modality::image);
    return 0;
}
