// Who may see what of a task.
#pragma once

#include "core/people.h"
#include "core/task.h"

namespace countersign {

inline bool sees_everything(Role role) {
    return may(role, Permission::manage_project);
}

/// Nobody sees others' answers before giving their own; whoever decides a dispute sees them then.
/// `answered`: an answer of their own stands.
inline bool sees_opinions(Role role, TaskState state, bool answered) {
    if (sees_everything(role) || answered || state == TaskState::done) return true;
    return state == TaskState::disputed && may(role, Permission::decide);
}

}  // namespace countersign
