// The signed history of a project, as people read and check it.
#pragma once

#include <vector>

#include "app/world.h"
#include "core/event.h"
#include "core/people.h"

namespace countersign {

/// Events behind cursor `after`, oldest first, as the caller may see them (app/gold_view.h).
struct EventPage {
    std::vector<Event> events;
    Id next = 0;  ///< The cursor to go on with; 0: that was all.
};
Result<EventPage> project_events(World& world, const Caller& caller, Id project, Id after,
                                 int limit);

/// Checks every hash, signature and number of the project's events: how many are good, or a refusal
/// (conflict) that names the first fault.
Result<std::int64_t> verify_history(World& world, Id project);

}  // namespace countersign
