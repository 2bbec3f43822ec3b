// Open Images tables, and their class names.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile(
        "open-images",
        {{"a.csv", "ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax\n" + std::string(input)},
         {"b.csv", std::string(input)}},
        Modality::image);
    return 0;
}
