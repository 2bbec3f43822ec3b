#include "store/label_store.h"

#include <set>

#include "store/desk_store.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql save_label =
    "INSERT INTO label (project_id, task_id, annotation_id, person_id, action, origin, flagged, "
    "names, decided, posterior) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (project_id, task_id) DO UPDATE SET annotation_id = excluded.annotation_id, "
    "person_id = excluded.person_id, action = excluded.action, origin = excluded.origin, "
    "flagged = excluded.flagged, names = excluded.names, decided = excluded.decided, "
    "posterior = excluded.posterior";
constexpr Sql label_of_task =
    "SELECT annotation_id, origin FROM label WHERE project_id = $1 AND task_id = $2";
constexpr Sql delete_label = "DELETE FROM label WHERE project_id = $1 AND task_id = $2";
constexpr Sql save_label_name =
    "INSERT INTO label_name (project_id, name, task_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
constexpr Sql delete_label_name =
    "DELETE FROM label_name WHERE project_id = $1 AND name = $2 AND task_id = $3";

constexpr Sql count_named_sql =
    "SELECT COUNT(*) FROM (SELECT 1 FROM label_name WHERE project_id = $1 AND name = $2 LIMIT $3) "
    "AS named";

std::set<std::string> label_names(const Regions& regions) {
    std::set<std::string> out;
    for (const auto& region : regions) out.insert(region.labels.begin(), region.labels.end());
    return out;
}

}  // namespace

void write_label(Session& s, Id project, const Annotation& a, Id person, LabelOrigin origin,
                 std::optional<double> posterior) {
    std::string names;
    for (const auto& name : label_names(a.regions)) {
        if (!names.empty()) names += ',';
        names += name;
        s.post(save_label_name, {project, name, a.task});
    }
    s.post(save_label, {project, a.task, a.id, person, static_cast<std::int64_t>(a.action),
                        static_cast<std::int64_t>(origin), std::int64_t{a.flagged}, names,
                        a.created, real_or_null(posterior)});
}

std::optional<TaskLabel> find_label(Session& s, Id project, Id task) {
    return s.one(label_of_task, {project, task}, [](const RowView& row) {
        return TaskLabel{row.integer(0), static_cast<LabelOrigin>(row.integer(1))};
    });
}

std::int64_t count_named(Session& s, Id project, std::string_view name, std::int64_t most) {
    return *s.one(count_named_sql, {project, name, most},
                  [](const RowView& row) { return row.integer(0); });
}

bool drop_label(Session& s, Id project, Id task) {
    const auto label = find_label(s, project, task);
    if (!label) return false;
    if (const auto annotation = find_annotation(s, label->annotation))
        for (const auto& name : label_names(annotation->regions))
            s.post(delete_label_name, {project, name, task});
    return s.run(delete_label, {project, task}) == 1;
}

}  // namespace countersign
