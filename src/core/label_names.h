// What people decided is kept under the names that labels had then: annotations are never
// rewritten. An alias that a label took over when it was renamed, or when another was merged into
// it, says how what lies under the older name reads now. A name that is a label itself always means
// that label.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/region.h"
#include "core/schema.h"

namespace countersign {

class LabelNames {
public:
    explicit LabelNames(const Schema& schema);

    /// Whether every name reads as it stands.
    bool plain() const { return older_.empty(); }
    /// Regions whose labels have the names of today.
    Regions now(Regions regions) const;
    /// The same of stored text; `room` holds it if it changed.
    std::string_view now(std::string_view regions, std::string& room) const;
    /// The same of label names with commas between them, whatever their control.
    std::string list_now(std::string_view names) const;

private:
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>
        older_;                         ///< Control -> older name -> name.
    std::vector<std::string> as_json_;  ///< The older names as they stand in stored text.
};

/// Every name under which answers that read as `label` may lie, in `control` or (empty) in any.
std::vector<std::string> names_of_label(const Schema& schema, std::string_view control,
                                        std::string_view label);

/// A stored name that reads otherwise after a change of the schema. `to` is empty where nothing
/// stands for it any more.
struct NameChange {
    std::string control, name, from, to;
};
std::vector<NameChange> name_changes(const Schema& before, const Schema& after);

}  // namespace countersign
