// Which tasks show what people do without help. Where drafts are hidden now and then to measure
// what they do (Policy::blind_share), a task that shows none gets no other help either: no model
// answers there and no former answer is laid out. It looks like a task without a draft, so that
// nobody can tell which ones are blind.
#pragma once

#include "core/project.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// Whether this task, as it was handed out, is for the person alone.
bool is_measured(Session& s, const Project& project, const Assignment& held);

}  // namespace countersign
