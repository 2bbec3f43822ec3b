// TRUST.md section 1: the arm is drawn when a task is handed to a person, from a counter-based
// generator keyed by (project seed, task, person): reproducible, auditable, not guessable.
#pragma once

#include "core/project.h"
#include "core/task.h"

namespace countersign {

struct ArmDraw {
    Arm arm;
    double probability;  ///< Of the arm that was drawn.
};

/// Without a draft to show the arm is `assisted` with probability 1.
ArmDraw draw_arm(const Policy& policy, std::uint64_t seed, Id task, Id person, bool has_draft);

}  // namespace countersign
