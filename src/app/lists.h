// Lists of tasks as people ask for them, and the views they keep. What a caller may ask by, and
// what they are shown, is one rule: core/task_filter.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/world.h"
#include "core/people.h"
#include "store/task_list.h"
#include "store/view_store.h"

namespace countersign {

class Lists {
public:
    explicit Lists(World& world) : world_(world) {}

    Result<TaskPage> tasks(const Caller& caller, Id project, const TaskFilter& filter,
                           const TaskSort& sort, std::string_view cursor, int limit);
    Result<TaskCount> count(const Caller& caller, Id project, const TaskFilter& filter);

    /// Everybody's views and the caller's own; without those that name what the caller may not ask.
    Result<std::vector<TaskView>> views(const Caller& caller, Id project);
    /// Refuses a name that is taken or not 1 to 80 bytes, and over 100 views; everybody's views are
    /// made, changed and deleted by supervisors.
    Result<TaskView> add_view(const Caller& caller, TaskView view);
    Result<TaskView> change_view(const Caller& caller, TaskView view);
    Result<TaskView> find_view(const Caller& caller, Id view);
    Result<> delete_view(const Caller& caller, Id view);

private:
    World& world_;
};

/// What `caller` asks of a project's tasks; refuses what they may not ask.
Result<TaskAsk> ask_for(const Caller& caller, Id project, const TaskFilter& filter,
                        const TaskSort& sort, Millis now);

/// Refuses who may not list the project's tasks: where gold is hidden a list would show which tasks
/// have a known answer.
Result<> check_may_list(Session& s, const Caller& caller, Id project);

/// Takes out of a row what only supervisors see.
void veil(TaskRow& row);

}  // namespace countersign
