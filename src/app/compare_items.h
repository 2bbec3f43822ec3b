// How far a project's items are from the ones most like them, for its check: by the embeddings that
// are kept for "more like this" (app/similar.h), else, of texts, by ones made while it is checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/job_work.h"
#include "core/project.h"
#include "quality/dataset_check.h"

namespace countersign {

struct ComparedItems {
    std::optional<ItemDistances> distances;
    std::string left_out;           ///< What was not compared, and why; empty: nothing.
    bool wants_embeddings = false;  ///< The embeddings that are missing can be made.
};

/// `tasks`: of the corpus's items, rising. Refuses when stopped.
Result<ComparedItems> compare_items(JobContext& context, const Project& project,
                                    const Corpus& corpus, const std::vector<Id>& tasks);

}  // namespace countersign
