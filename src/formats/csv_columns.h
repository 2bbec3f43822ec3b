// Which columns of a table hold the item, its id and its labels: said by the caller, or read from
// the header, or else from what stands in the first rows.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "formats/csv_rows.h"
#include "formats/format.h"

namespace countersign {

constexpr std::size_t no_column = static_cast<std::size_t>(-1);

struct LabelColumn {
    std::size_t at;
    const Control* control;  ///< The control called as the column is, or null.
};

struct Columns {
    std::vector<std::string> names;
    std::size_t item = no_column, id = no_column, meta = no_column;
    std::vector<LabelColumn> labels;
    bool header = true;
    bool ours = false;  ///< Written by CsvWriter: other columns are provenance, not data.
    bool is_label(std::size_t i) const {
        return std::any_of(labels.begin(), labels.end(),
                           [&](const LabelColumn& l) { return l.at == i; });
    }
};

/// From the first rows of the table, at least one. Refuses a column that was asked for and is not
/// there, and a table without a column for the item.
Result<Columns> guess_columns(const std::vector<CsvRecord>& rows, const ReadContext& context,
                              std::string_view source_key, Modality modality);

}  // namespace countersign
