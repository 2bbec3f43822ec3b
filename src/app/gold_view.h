// What people below the supervisor may see where gold tasks are used. Nothing they can list, count,
// look up or follow in the history tells a gold task from work: lists are for supervisors, a task
// can be looked at by those who had it, and their own trials look like work.
#pragma once

#include <vector>

#include "app/world.h"
#include "core/event.h"
#include "core/people.h"
#include "core/project.h"
#include "store/trial_store.h"

namespace countersign {

/// Whether gold must stay hidden from this caller in this project.
bool gold_is_hidden(Session& s, const Caller& caller, const Project& project);
/// Gold is handed to annotators and specialists; supervisors see which tasks are gold.
bool may_be_tried(const Caller& caller);

/// The counters as this caller may see them: find_progress() for supervisors; where gold is hidden,
/// as if it were work, and without the counts of decisions, which would add up to what is gold.
Progress progress_for(Session& s, const Caller& caller, const Project& project);

/// Whether the caller had the task, as work or as a trial, or may decide it now.
bool had_task(Session& s, const Caller& caller, const Task& task);

/// As an author may see an answer of their own: a hidden draft stays hidden after the decision too.
Annotation seen_by_author(Annotation annotation);

/// Keeps what the caller may see of events of a project whose gold is hidden from them.
std::vector<Event> events_for(const Caller& caller, std::vector<Event> events);

}  // namespace countersign
