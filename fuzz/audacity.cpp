// Audacity's label tracks.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    read_hostile("audacity", {{"a.txt", input}}, Modality::audio);
    return 0;
}
