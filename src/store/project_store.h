// Projects with the versions of their schema and guideline, and the counters of their progress.
#pragma once

#include <optional>
#include <vector>

#include "core/project.h"
#include "store/db.h"

namespace countersign {

Id insert_project(Session& s, const Project& project);  ///< Also schema and guideline version 1.
std::optional<Project> find_project(Session& s, Id id);
std::vector<Project> list_projects(Session& s, Id after, int limit);
void rename_project(Session& s, Id id, std::string_view name, std::string_view description);
void archive_project(Session& s, Id id, bool archived);
/// A new version; returns its number.
int save_schema(Session& s, Id project, const Schema& schema, Id person, Millis now);
int save_guideline(Session& s, Id project, std::string_view markdown, Id person, Millis now);
std::optional<std::string> find_guideline(Session& s, Id project, int version);
/// The guideline version under which `person` decided last in the project; nothing: never.
std::optional<int> last_guideline_version(Session& s, Id project, Id person);
void save_policy(Session& s, Id project, const Policy& policy);

Progress find_progress(Session& s, Id project);
/// Adds `by` (fields may be negative) in the transaction of what it counts.
void add_progress(Session& s, Id project, const Progress& by);

}  // namespace countersign
