// One file format into another, on files alone: no project, no database.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/format.h"

namespace countersign {

struct ConvertOptions {
    std::vector<std::string> from_paths;
    std::string from, to;          ///< Formats; `from` empty: recognised.
    std::string images;            ///< A folder with the images that the files name; or empty.
    std::optional<Schema> schema;  ///< Left out: inferred from what the files hold.
    bool with_images = false;      ///< Formats in a zip: the images too.
    bool as_written = false;       ///< Regions keep the faults they have (ReadContext).
    /// Changes each row before it is written, on every pass; false: it is left out. May be null.
    std::function<bool(ImportedRow&)> edit;
};

struct ConvertReport {
    std::string from;
    Schema schema;
    std::int64_t accepted = 0, repaired = 0, rejected = 0, written = 0;
    std::vector<std::string> left_out;  ///< What the format that was written cannot carry.
};

/// `put` takes the bytes of the new file; `verdict` every row that was repaired or rejected. A row
/// without an answer goes out with its drafts only, where the format has drafts.
Result<ConvertReport> convert_files(const ConvertOptions& options,
                                    const std::function<void(const std::string&)>& put,
                                    const std::function<void(const ImportedRow&)>& verdict);

}  // namespace countersign
