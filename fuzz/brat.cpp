// brat standoff, the .ann beside a text and the text itself.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_hostile("brat", {{"a.txt", "Ada 😀 of Paris"}, {"a.ann", std::string(input)}},
                 Modality::text);
    read_hostile("brat", {{"a.txt", std::string(input)}, {"a.ann", "T1\tcat 0 3\tAda"}},
                 Modality::text);
    return 0;
}
