#include "store/view_store.h"

#include "base/text.h"
#include "store/sql.h"

namespace countersign {

namespace {

#define VIEW_COLUMNS "id, project_id, person_id, name, filter, sort, columns, created_by, created"
constexpr Sql views_of_project =
    "SELECT " VIEW_COLUMNS
    " FROM task_view WHERE project_id = $1 AND (person_id = 0 OR person_id = $2) "
    "ORDER BY person_id, name";
constexpr Sql view_by_id = "SELECT " VIEW_COLUMNS " FROM task_view WHERE id = $1";
constexpr Sql insert_view_sql =
    "INSERT INTO task_view (project_id, person_id, name, filter, sort, columns, created_by, "
    "created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id";
constexpr Sql same_name =
    "SELECT id FROM task_view WHERE project_id = $1 AND person_id = $2 AND name = $3";
constexpr Sql update_view_sql =
    "UPDATE task_view SET person_id = $1, name = $2, filter = $3, sort = $4, columns = $5 "
    "WHERE id = $6";
constexpr Sql delete_view_sql = "DELETE FROM task_view WHERE id = $1";

/// Texts that this program wrote; a filter of a later version that this one cannot read is empty.
TaskView view_from(const RowView& row) {
    TaskView out;
    out.id = row.integer(0);
    out.project = row.integer(1);
    out.person = row.integer(2);
    out.name = row.text(3);
    if (auto filter = parse_task_filter(row.text(4))) out.filter = *std::move(filter);
    if (const auto sort = parse_task_sort(row.text(5))) out.sort = *sort;
    if (!row.text(6).empty())
        for (const auto column : split(row.text(6), ',')) out.columns.emplace_back(column);
    out.created_by = row.integer(7);
    out.created = row.integer(8);
    return out;
}

std::string joined(const std::vector<std::string>& columns) {
    std::string out;
    for (const auto& column : columns) out += (out.empty() ? "" : ",") + column;
    return out;
}

}  // namespace

std::vector<TaskView> list_views(Session& s, Id project, Id person) {
    std::vector<TaskView> out;
    s.run(views_of_project, {project, person},
          [&](const RowView& row) { out.push_back(view_from(row)); });
    return out;
}

std::optional<TaskView> find_view(Session& s, Id id) {
    return s.one(view_by_id, {id}, [](const RowView& row) { return view_from(row); });
}

std::optional<Id> insert_view(Session& s, const TaskView& v) {
    const auto filter = filter_text(v.filter), sort = sort_text(v.sort),
               columns = joined(v.columns);
    return s.one(insert_view_sql,
                 {v.project, v.person, v.name, filter, sort, columns, v.created_by, v.created},
                 [](const RowView& row) { return row.integer(0); });
}

bool update_view(Session& s, const TaskView& v) {
    const auto taken = s.one(same_name, {v.project, v.person, v.name},
                             [](const RowView& row) { return row.integer(0); });
    if (taken && *taken != v.id) return false;
    const auto filter = filter_text(v.filter), sort = sort_text(v.sort),
               columns = joined(v.columns);
    s.run(update_view_sql, {v.person, v.name, filter, sort, columns, v.id});
    return true;
}

void delete_view(Session& s, Id id) {
    s.run(delete_view_sql, {id});
}

}  // namespace countersign
