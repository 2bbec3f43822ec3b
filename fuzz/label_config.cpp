// Label Studio's XML configuration.
// Room: formats
#include <cstdlib>

#include "base/text.h"
#include "formats/label_config.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto read = schema_from_label_config(input);
    if (!read) {
        if (!is_utf8(read.refusal().message)) std::abort();
        return 0;
    }
    for (const auto& what : read->not_understood)
        if (!is_utf8(what)) std::abort();
    if (!check_schema(read->schema)) std::abort();
    if (!schema_from_label_config(label_config_of(read->schema))) std::abort();
    return 0;
}
