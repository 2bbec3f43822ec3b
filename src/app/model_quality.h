// Models of a project held against what people and gold say: the ranking on the Models page.
#pragma once

#include <optional>
#include <vector>

#include "app/world.h"
#include "core/model.h"
#include "quality/draft_scores.h"

namespace countersign {

struct ModelQuality {
    Model model;
    std::size_t tasks = 0;  ///< With a label that counts and a current draft of it.
    std::vector<ControlScore> controls;
    double overall = 0;  ///< Mean of the controls' values; what the list is sorted by.
    std::optional<ClaimScore> claims;
};

/// Every model of the project that drafted a labelled task, the best first. `trusted`: only labels
/// that no draft can have influenced count; assisted ones flatter the model that was shown
/// (TRUST.md section 3). Of more than 20,000 labels an even sample is read.
Result<std::vector<ModelQuality>> model_quality(World& world, Id project, bool trusted);

}  // namespace countersign
