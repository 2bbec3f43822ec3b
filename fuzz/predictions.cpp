// Files of class probabilities: rows are as long as there are classes, whatever the file holds.
// Room: app
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/predictions.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto path =
        std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(getpid()) + ".csv");
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    Predictions predictions;
    const auto read = predictions.read(path.string(), {});
    if (!read && read.refusal().message.empty()) std::abort();
    for (const auto& table : predictions.tables())
        if (table.rows.size() != table.items.size() * table.classes.size()) std::abort();
    std::filesystem::remove(path);
    return 0;
}
