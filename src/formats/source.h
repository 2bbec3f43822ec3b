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
    std::string name;         ///< Relative, forward slashes: "labels/img_1.txt".
    std::int64_t bytes = -1;  ///< -1: unknown before it is read.
};

/// What was in the source and is not an entry, and why: a symbolic link, a name that leaves the
/// folder.
struct LeftOut {
    std::string name, reason;
};

/// Streams one entry: fills the buffer and returns bytes read, 0 at the end.
using ReadBytes = std::function<Result<std::size_t>(char* into, std::size_t room)>;

class Source {
public:
    virtual ~Source() = default;
    virtual const std::vector<SourceEntry>& entries() const = 0;  ///< Sorted by name.
    virtual Result<ReadBytes> open(std::string_view name) const = 0;
    /// Whether each open() asks another machine, which is worth doing ahead and side by side;
    /// open() may then be called by several threads at once.
    virtual bool remote() const { return false; }
    const std::vector<LeftOut>& left_out() const { return left_out_; }
    /// The whole entry; refuses over `limit`.
    Result<std::string> read_all(std::string_view name, std::int64_t limit = 256 << 20) const;

protected:
    std::vector<LeftOut> left_out_;  ///< At most 1,000; more are counted in the last one.
};

struct SourceLimits {
    std::int64_t max_entries = 2'000'000;
    std::int64_t max_total = std::int64_t{200} << 30;  ///< Unpacked bytes.
    double max_ratio = 200;  ///< Unpacked over packed, above 64 MiB unpacked.
};

Result<std::unique_ptr<Source>> open_folder(const std::string& path);
Result<std::unique_ptr<Source>> open_file(
    const std::string& path, std::string name = {});  ///< A zip or tar becomes its entries.
Result<std::unique_ptr<Source>> open_archive(const std::string& path,
                                             const SourceLimits& limits = {});
/// Several files that were uploaded together: names with the local paths of their bytes.
std::unique_ptr<Source> open_files(std::vector<std::pair<std::string, std::string>> name_and_path);
/// Bytes in memory under a name: tests, fuzzers, small bodies.
std::unique_ptr<Source> open_bytes(std::vector<std::pair<std::string, std::string>> name_and_bytes);

/// Why `name` cannot be an entry's name; empty when it can. Relative, forward slashes, no "..", no
/// control characters, UTF-8, at most 1,024 bytes.
std::string_view fault_of_name(std::string_view name);
/// Files that operating systems leave behind (.DS_Store, Thumbs.db, __MACOSX/, ._x, hidden files):
/// never entries.
bool is_system_file(std::string_view name);

}  // namespace countersign
