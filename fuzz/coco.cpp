// COCO ground truth and results.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile(
        "coco",
        {{"a.json", std::string(input)},
         {"b.json",
          R"({"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"cat"}]})"}},
        Modality::image);
    return 0;
}
