// Views: a filter with a name, what is shown of each task, and in which order. A person's own, or
// everybody's of the project.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/task_filter.h"
#include "store/db.h"

namespace countersign {

struct TaskView {
    Id id = 0;
    Id project = 0;
    Id person = 0;  ///< Whose it is; 0: everybody's.
    std::string name;
    TaskFilter filter;
    TaskSort sort;
    std::vector<std::string> columns;  ///< As the desk names them; empty: its usual ones.
    Id created_by = 0;
    Millis created = 0;
};

/// Everybody's and those of `person`, by name.
std::vector<TaskView> list_views(Session& s, Id project, Id person);
std::optional<TaskView> find_view(Session& s, Id id);
/// False when the name is taken; on both.
std::optional<Id> insert_view(Session& s, const TaskView& view);
bool update_view(Session& s, const TaskView& view);
void delete_view(Session& s, Id id);

}  // namespace countersign
