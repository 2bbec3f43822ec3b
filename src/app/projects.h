// Projects: make, change, list; schema, guideline and policy versions; templates to start from.
#pragma once

#include <vector>

#include "app/world.h"
#include "core/label_names.h"
#include "core/people.h"
#include "core/project.h"

namespace countersign {

struct ProjectTemplate {
    std::string_view name, title, description;
    Schema schema;
    std::string_view guideline;
};
const std::vector<ProjectTemplate>& project_templates();

class Projects {
public:
    explicit Projects(World& world) : world_(world) {}

    /// Checks schema and policy. Drafting::add_defaults then gives it the models that fit.
    Result<Project> create(const Caller& caller, Project project);
    Result<Project> find(Id id);
    struct Listed {
        Project project;
        Progress progress;
    };
    std::vector<Listed> list(Id after, int limit, bool archived);
    /// The counters of these as the caller may see them.
    Progress progress_seen(const Caller& caller, const Project& project);
    struct Change {
        std::optional<std::string> name = {}, description = {}, guideline = {};
        std::optional<Policy> policy = {};
        std::optional<Schema> schema = {};
        std::optional<bool> archived = {};
    };
    /// A schema change that would orphan labels in use is refused with the count of what it would
    /// break, a policy that asks for more onboarding than there is gold with the count of that.
    Result<Project> change(const Caller& caller, Id id, const Change& change);
    /// What lies under one name and would read as another label once the schema is this one.
    struct Renaming {
        NameChange change;
        std::int64_t tasks = 0;
        bool more = false;  ///< At least so many.
    };
    /// Refuses as change() would.
    Result<std::vector<Renaming>> renamings(Id id, const Schema& schema);
    Result<Progress> progress(const Caller& caller, Id id);
    /// Whether the caller has no lists here, because they would show which tasks are gold.
    bool hides_lists(const Caller& caller, const Project& project);

private:
    World& world_;
};

}  // namespace countersign
