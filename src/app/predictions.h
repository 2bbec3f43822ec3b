// What models say about items, out of files of their own: labels or drafts of any import format, or
// a table of class probabilities.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "formats/format.h"

namespace countersign {

struct Prediction {
    std::string model;
    Regions regions;
};

/// A CSV whose first column names the item and whose other columns are classes.
struct ProbabilityTable {
    std::string by;
    std::vector<std::string> classes;
    std::vector<std::string> items;
    std::vector<double> rows;
};

class Predictions {
public:
    /// `path` may be a file or a folder. The model is called after the file when it has no name.
    Result<> read(const std::string& path, const ReadContext& context);
    bool empty() const { return by_name_.empty() && tables_.empty(); }
    /// By the item's name, its name without folder and extension, or its text.
    const std::vector<Prediction>* of(std::string_view name, std::string_view text) const;
    const std::vector<ProbabilityTable>& tables() const { return tables_; }
    std::int64_t rejected() const { return rejected_; }

private:
    Result<bool> read_table(const Source& source, const SourceEntry& entry);
    void add(const ImportedRow& row, std::string_view file);
    std::unordered_map<std::string, std::vector<Prediction>> by_name_;
    std::vector<ProbabilityTable> tables_;
    std::int64_t rejected_ = 0;
};

/// The name of an item for matching: without folder and extension, as files differ in both.
std::string bare_name(std::string_view name);

}  // namespace countersign
