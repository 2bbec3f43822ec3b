// Which models of a project read the drafts of others: a chain (config "reads": one) or an ensemble
// (config "models": these, or all others that are on).
#pragma once

#include <vector>

#include "base/result.h"
#include "core/model.h"
#include "store/db.h"

namespace countersign {

/// Those of `all` whose drafts `model` reads, by rising id.
std::vector<Id> models_read(const Model& model, const std::vector<Model>& all);

/// `models`, each behind those that it reads, else in their order.
std::vector<Model> in_drafting_order(std::vector<Model> models);

/// Refuses (invalid) a model that reads one that its project does not have, itself, or one that
/// reads it in turn. `all`: the project's models, with or without it.
Result<> check_chain(const Model& model, const std::vector<Model>& all);

/// The latest versions of the models that it reads: when they change, its drafts are of yesterday's
/// drafts.
struct VersionsRead {
    Json ids;                       ///< {"k...": version}; null when it reads none.
    std::int64_t learned_from = 0;  ///< The most labels that one of them learned from.
};
VersionsRead versions_read(Session& s, const Model& model);

}  // namespace countersign
