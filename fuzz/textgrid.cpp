// Praat's TextGrid, long and short, in UTF-8 and UTF-16.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    read_hostile("textgrid", {{"a.TextGrid", input}}, Modality::audio);
    return 0;
}
