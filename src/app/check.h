// `countersign check`: files in, findings out. It reads every import format, crowd tables and
// prediction files, looks at pictures, lets the text learner judge labels, and feeds it all to
// quality/dataset_check.h. Nothing is written.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "quality/dataset_check.h"

namespace countersign {

struct CheckRequest {
    std::vector<std::string> paths;
    std::string from;                      ///< The format; empty: recognised.
    std::vector<std::string> predictions;  ///< Files whose labels are a model's, by item.
    std::string images;                    ///< A folder with the images that the files name.
    std::optional<Schema> schema;
    CheckOptions options;
    bool learn_all = false;  ///< However many items there are.
    std::string models_dir;  ///< Converted weights; empty: what needs them is not looked for.
};

struct CheckReport {
    std::string from;  ///< The format, or "crowd table".
    std::int64_t rows = 0, labels = 0, drafts = 0;
    std::vector<Finding> findings;      ///< The worst first.
    std::vector<std::string> not_done;  ///< What was not looked for, and why.
    std::shared_ptr<const DatasetCheck> check;
    /// An item's picture as a JPEG of 320 pixels at most.
    std::function<Result<std::string>(std::uint32_t item)> picture;

    const CorpusItem* item(std::uint32_t number) const {
        return number == no_item ? nullptr : &check->corpus().items()[number];
    }
    /// The item's name, else where it stands; of a row that is no item where that stands.
    std::string_view name_of_item(const Finding& finding) const;
    /// "tasks.jsonl:17", or empty.
    std::string_view where(const Finding& finding) const;
    std::size_t count(Check of) const { return check->count(of); }
};

Result<CheckReport> check_files(CheckRequest request);

}  // namespace countersign
