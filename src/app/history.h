// The signed history of a project, as people read and check it.
#pragma once

#include <vector>

#include "app/world.h"
#include "core/event.h"

namespace countersign {

/// Events behind cursor `after`, oldest first.
Result<std::vector<Event>> project_events(World& world, Id project, Id after, int limit);

/// Checks every hash, signature and number of the project's events: how many are good, or a refusal
/// (conflict) that names the first fault.
Result<std::int64_t> verify_history(World& world, Id project);

}  // namespace countersign
