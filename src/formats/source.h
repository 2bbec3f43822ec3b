// Where imported bytes come from: a folder, a zip, single files, an upload. All hostile: names are
// checked (no absolute paths, no "..", no control characters), archives are held to limits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

struct SourceEntry {
    std::string name;  ///< Relative, forward slashes: "labels/img_1.txt".
    std::int64_t bytes = -1;  ///< -1: unknown before it is read.
};

/// Streams one entry: fills the buffer and returns bytes read, 0 at the end.
using ReadBytes = std::function<Result<std::size_t>(char* into, std::size_t room)>;

class Source {
public:
    virtual ~Source() = default;
    virtual const std::vector<SourceEntry>& entries() const = 0;  ///< Sorted by name.
    virtual Result<ReadBytes> open(std::string_view name) const = 0;
    /// The whole entry; refuses over `limit`.
    Result<std::string> read_all(std::string_view name, std::int64_t limit = 256 << 20) const;
};

struct SourceLimits {
    std::int64_t max_entries = 2'000'000;
    std::int64_t max_total = std::int64_t{200} << 30;   ///< Unpacked bytes.
    double max_ratio = 200;                              ///< Unpacked over packed, above 64 MiB unpacked.
};

Result<std::unique_ptr<Source>> open_folder(const std::string& path);
Result<std::unique_ptr<Source>> open_file(const std::string& path, std::string name = {});  ///< A zip or tar becomes its entries.
Result<std::unique_ptr<Source>> open_archive(const std::string& path, const SourceLimits& limits = {});
/// Several files that were uploaded together: names with the local paths of their bytes.
std::unique_ptr<Source> open_files(std::vector<std::pair<std::string, std::string>> name_and_path);

}  // namespace countersign
