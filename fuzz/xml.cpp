// The XML parser without the rows around it: what a VOC file may hold besides an annotation.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    std::string object = "<annotation><object><name>cat</name><bndbox>" + std::string(input) +
                         "</bndbox></object></annotation>";
    read_hostile("voc", {{"a.xml", std::move(object)}, {"b.xml", std::string(input)}},
                 Modality::image);
    return 0;
}
