// RTTM, and the UEM beside it.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    read_hostile("rttm", {{"a.rttm", input}, {"a.uem", input}}, Modality::audio);
    read_hostile("rttm", {{"a.rttm", input}, {"b.rttm", input.substr(size / 2)}}, Modality::audio);
    return 0;
}
