// What tasks were answered before they were sent back.
#pragma once

#include <map>
#include <vector>

#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// Of each of `tasks` that has one: the newest answer of this person's that stands, or else of
/// anybody's. Skips are no answers. Whoever asks must know whether it may be shown.
std::map<Id, Annotation> former_answers(Session& s, Id person, const std::vector<Id>& tasks);

}  // namespace countersign
