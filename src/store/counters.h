// Counters that are kept in the transaction of what they count. A subject (a project, a model) has
// one or more rows in its table and its count is their sum: SQLite's one writer changes the one
// row; on PostgreSQL every transaction adds a row of differences, so that no row is hot, and now
// and then folds old rows into one.
#pragma once

#include "core/project.h"
#include "store/db.h"
#include "store/model_store.h"

namespace countersign {

void add_model_count(Session& s, const ModelStats& by);

}  // namespace countersign
