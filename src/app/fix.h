// `countersign check --fix`: safe repairs of files, shown first and written only when asked.
#pragma once

#include <functional>
#include <string>

#include "app/check.h"
#include "quality/repair.h"

namespace countersign {

struct FixReport {
    std::int64_t rows = 0, repairs = 0;
    std::int64_t rejected = 0;          ///< Rows that cannot be read, and would not be written.
    std::vector<std::string> left_out;  ///< What the format cannot carry back.
    std::string format, extension;
};

/// Mends every row's labels (quality/repair.h). `say` hears each repair with the row's place;
/// `put`, unless null, takes the bytes of the mended file in the format it came in.
Result<FixReport> fix_files(
    const CheckRequest& request,
    const std::function<void(const std::string& where, const Repair& repair)>& say,
    const std::function<void(const std::string&)>& put);

}  // namespace countersign
