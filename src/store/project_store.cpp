#include "store/project_store.h"

#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql insert_project_sql =
    "INSERT INTO project (name, description, schema_version, guideline_version, policy, seed, "
    "created, archived) VALUES ($1, $2, 1, 1, $3, $4, $5, $6) RETURNING id";
constexpr Sql project_by_id =
    "SELECT p.id, p.name, p.description, p.schema_version, p.guideline_version, p.policy, p.seed, "
    "p.created, p.archived, c.body, g.body FROM project p "
    "JOIN schema_version c ON c.project_id = p.id AND c.version = p.schema_version "
    "JOIN guideline_version g ON g.project_id = p.id AND g.version = p.guideline_version "
    "WHERE p.id = $1";
constexpr Sql projects_after =
    "SELECT p.id, p.name, p.description, p.schema_version, p.guideline_version, p.policy, p.seed, "
    "p.created, p.archived, c.body, g.body FROM project p "
    "JOIN schema_version c ON c.project_id = p.id AND c.version = p.schema_version "
    "JOIN guideline_version g ON g.project_id = p.id AND g.version = p.guideline_version "
    "WHERE p.id > $1 ORDER BY p.id LIMIT $2";
constexpr Sql rename_sql = "UPDATE project SET name = $1, description = $2 WHERE id = $3";
constexpr Sql archive_sql = "UPDATE project SET archived = $1 WHERE id = $2";
constexpr Sql policy_sql = "UPDATE project SET policy = $1 WHERE id = $2";
constexpr Sql next_schema =
    "UPDATE project SET schema_version = schema_version + 1 WHERE id = $1 RETURNING schema_version";
constexpr Sql next_guideline =
    "UPDATE project SET guideline_version = guideline_version + 1 WHERE id = $1 "
    "RETURNING guideline_version";
constexpr Sql insert_schema =
    "INSERT INTO schema_version (project_id, version, body, person_id, created) "
    "VALUES ($1, $2, $3, $4, $5)";
constexpr Sql insert_guideline =
    "INSERT INTO guideline_version (project_id, version, body, person_id, created) "
    "VALUES ($1, $2, $3, $4, $5)";
constexpr Sql guideline_body =
    "SELECT body FROM guideline_version WHERE project_id = $1 AND version = $2";
constexpr Sql guideline_followed =
    "SELECT guideline_version FROM annotation WHERE project_id = $1 AND person_id = $2 "
    "AND action <> 5 ORDER BY id DESC LIMIT 1";

/// What this program wrote reads back, or the database is damaged.
template <class T>
T stored(std::string_view text, std::string_view what) {
    auto value = from_text<T>(text);
    if (!value)
        throw Breakdown("A stored " + std::string(what) +
                        " does not read back: " + value.refusal().message);
    return *std::move(value);
}

Project project_from(const RowView& row) {
    Project p;
    p.id = row.integer(0);
    p.name = row.text(1);
    p.description = row.text(2);
    p.schema_version = static_cast<int>(row.integer(3));
    p.guideline_version = static_cast<int>(row.integer(4));
    p.policy = stored<Policy>(row.text(5), "policy");
    p.seed = static_cast<std::uint64_t>(row.integer(6));
    p.created = row.integer(7);
    p.archived = row.integer(8) != 0;
    p.schema = stored<Schema>(row.text(9), "schema");
    p.guideline = row.text(10);
    return p;
}

int save_version(Session& s, const Sql& next, const Sql& insert, Id project, std::string_view body,
                 Id person, Millis now) {
    const auto version = s.one(next, {project}, [](const RowView& row) { return row.integer(0); });
    if (!version) throw Breakdown("There is no project " + std::to_string(project) + ".");
    s.run(insert, {project, *version, body, person, now});
    return static_cast<int>(*version);
}

}  // namespace

Id insert_project(Session& s, const Project& p) {
    const auto policy = to_text(to_json(p.policy));
    const auto schema = to_text(to_json(p.schema));
    const Id id = *s.one(insert_project_sql,
                         {p.name, p.description, policy, static_cast<std::int64_t>(p.seed),
                          p.created, std::int64_t{p.archived}},
                         [](const RowView& row) { return row.integer(0); });
    s.run(insert_schema, {id, std::int64_t{1}, schema, Id{0}, p.created});
    s.run(insert_guideline, {id, std::int64_t{1}, p.guideline, Id{0}, p.created});
    add_progress(s, id, {});
    return id;
}

std::optional<Project> find_project(Session& s, Id id) {
    return s.one(project_by_id, {id}, project_from);
}

std::vector<Project> list_projects(Session& s, Id after, int limit) {
    std::vector<Project> out;
    s.run(projects_after, {after, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(project_from(row)); });
    return out;
}

void rename_project(Session& s, Id id, std::string_view name, std::string_view description) {
    s.run(rename_sql, {name, description, id});
}
void archive_project(Session& s, Id id, bool archived) {
    s.run(archive_sql, {std::int64_t{archived}, id});
}
void save_policy(Session& s, Id project, const Policy& policy) {
    s.run(policy_sql, {to_text(to_json(policy)), project});
}

int save_schema(Session& s, Id project, const Schema& schema, Id person, Millis now) {
    return save_version(s, next_schema, insert_schema, project, to_text(to_json(schema)), person,
                        now);
}
int save_guideline(Session& s, Id project, std::string_view markdown, Id person, Millis now) {
    return save_version(s, next_guideline, insert_guideline, project, markdown, person, now);
}
std::optional<std::string> find_guideline(Session& s, Id project, int version) {
    return s.one(guideline_body, {project, std::int64_t{version}},
                 [](const RowView& row) { return std::string(row.text(0)); });
}
std::optional<int> last_guideline_version(Session& s, Id project, Id person) {
    return s.one(guideline_followed, {project, person},
                 [](const RowView& row) { return static_cast<int>(row.integer(0)); });
}

}  // namespace countersign
