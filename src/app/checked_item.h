// A task with everything that is said of it, as the checks read it.
#pragma once

#include <deque>
#include <string>

#include "app/media_looks.h"
#include "core/label_names.h"
#include "core/schema.h"
#include "quality/dataset_check.h"
#include "quality/finding.h"
#include "store/task_store.h"

namespace countersign {

/// Holds what `given` points into. People and drafts by the names of today.
class CheckedItem {
public:
    /// `look`: what its medium shows; null: nobody has looked.
    CheckedItem(const ExportRow& row, const Schema& schema, const LabelNames& names,
                const MediaLook* look);
    CheckedItem(const CheckedItem&) = delete;
    const GivenItem& given() const { return given_; }
    Id task() const { return task_; }
    Id annotation() const { return annotation_; }  ///< Its label now; 0: it has none.

private:
    Id task_ = 0, annotation_ = 0;
    std::string key_, text_, split_;
    std::deque<std::string> names_;
    std::deque<Regions> regions_;
    GivenItem given_;
};

/// What a project is checked for. People who differ are not among it: that is what the Disputes are
/// for. `schema` must outlive it.
CheckOptions project_checks(const Schema& schema);

}  // namespace countersign
