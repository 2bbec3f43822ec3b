// The current truth of a task: one row in `label`, with where it comes from, and its label names
// apart so that tasks are found by them.
#pragma once

#include <optional>

#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// human: one person's decision, or what most of several said; adjudicated: a specialist's verdict
/// on a dispute; automatic: accepted by the machine under a stated guarantee; gold: known from
/// elsewhere.
enum class LabelOrigin { human, adjudicated, automatic, gold };

struct TaskLabel {
    Id annotation = 0;
    LabelOrigin origin = LabelOrigin::human;
};

/// Makes `annotation` the label of its task, in place of what was. `person` stands for it: its
/// author, or who decided the dispute. `posterior` in [0, 1]: the share of people behind it.
void write_label(Session& s, Id project, const Annotation& annotation, Id person,
                 LabelOrigin origin, std::optional<double> posterior = {});
std::optional<TaskLabel> find_label(Session& s, Id project, Id task);
/// Tasks whose current label has this very name, counted up to a bound.
std::int64_t count_named(Session& s, Id project, std::string_view name, std::int64_t most);
/// False when the task has none.
bool drop_label(Session& s, Id project, Id task);

}  // namespace countersign
