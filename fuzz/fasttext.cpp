// fastText lines.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile("fasttext", {{"a.txt", std::string(input)}}, Modality::text);
    return 0;
}
