// Archives: whatever the bytes, an archive opens or is refused, and its entries have safe names.
// Room: formats
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto path =
        (std::filesystem::temp_directory_path() / ("fuzz-zip-" + std::to_string(getpid())))
            .string();
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    SourceLimits limits;
    limits.max_total = 1 << 20;
    const auto source = open_archive(path, limits);
    if (!source) return 0;
    for (const auto& entry : (*source)->entries()) {
        if (!fault_of_name(entry.name).empty()) std::abort();
        const auto bytes = (*source)->read_all(entry.name);
        if (!bytes || static_cast<std::int64_t>(bytes->size()) != entry.bytes) std::abort();
    }
    return 0;
}
