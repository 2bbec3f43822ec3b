#include "store/gold_store.h"

#include "store/desk_store.h"
#include "store/label_store.h"
#include "store/project_store.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql lock_state =
    "SELECT state FROM queue WHERE project_id = $1 AND task_id = $2 {for_update}";
constexpr Sql save_gold =
    "INSERT INTO gold (project_id, task_id, person_id, regions, origin, state, reason, created, "
    "ended, ended_by) VALUES ($1, $2, $3, $4, $5, 0, '', $6, 0, 0) "
    "ON CONFLICT (project_id, task_id) DO UPDATE SET person_id = excluded.person_id, "
    "regions = excluded.regions, origin = excluded.origin, state = 0, reason = '', "
    "created = excluded.created, ended = 0, ended_by = 0";
constexpr Sql end_gold =
    "UPDATE gold SET state = 1, reason = $1, ended = $2, ended_by = $3 "
    "WHERE project_id = $4 AND task_id = $5 AND state = 0 RETURNING origin";
constexpr Sql change_origin = "UPDATE label SET origin = $1 WHERE project_id = $2 AND task_id = $3";
constexpr Sql forget_trials = "UPDATE trial SET state = 3 WHERE task_id = $1 AND state = 1";
constexpr Sql gold_of_task =
    "SELECT project_id, task_id, person_id, regions, state, reason, created FROM gold "
    "WHERE project_id = $1 AND task_id = $2";
constexpr Sql count_in_use = "SELECT COUNT(*) FROM gold WHERE project_id = $1 AND state = 0";
constexpr Sql list_in_use =
    "SELECT " TASK_COLUMNS
    ", p.display, l.names, g.created, "
    "(SELECT COUNT(*) FROM trial r WHERE r.task_id = g.task_id AND r.state = 1), "
    "(SELECT COALESCE(SUM(r.agreed), 0) FROM trial r WHERE r.task_id = g.task_id AND r.state = 1) "
    "FROM gold g JOIN task t ON t.id = g.task_id "
    "JOIN queue q ON q.project_id = g.project_id AND q.task_id = g.task_id "
    "LEFT JOIN label l ON l.project_id = g.project_id AND l.task_id = g.task_id "
    "LEFT JOIN person p ON p.id = g.person_id "
    "WHERE g.project_id = $1 AND g.state = 0 AND g.task_id > $2 ORDER BY g.task_id LIMIT $3";

#define GOLD_FOR                                                                                \
    "SELECT g.task_id, q.draft_id FROM gold g "                                                 \
    "JOIN queue q ON q.project_id = g.project_id AND q.task_id = g.task_id AND q.state = 2 "    \
    "WHERE g.project_id = $1 AND g.state = 0 AND g.person_id <> $2 "                            \
    "AND NOT EXISTS (SELECT 1 FROM trial r WHERE r.project_id = g.project_id "                  \
    "AND r.person_id = $2 AND r.task_id = g.task_id) "                                          \
    "AND NOT EXISTS (SELECT 1 FROM annotation a WHERE a.task_id = g.task_id AND a.person_id = " \
    "$2) "                                                                                      \
    "AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.task_id = g.task_id AND v.person_id = $2) "
constexpr Sql gold_below = GOLD_FOR "AND g.task_id < $3 ORDER BY g.task_id DESC LIMIT 1";
constexpr Sql gold_above = GOLD_FOR "AND g.task_id >= $3 ORDER BY g.task_id LIMIT 1";
constexpr Sql all_gold_for = GOLD_FOR "ORDER BY g.task_id";

GoldTask gold_task(const RowView& row) {
    return {row.integer(0), row.integer(1)};
}

void count_move(Session& s, Id project, std::int64_t into_gold) {
    Progress moved;
    moved.done = -into_gold;
    moved.gold = into_gold;
    add_progress(s, project, moved);
}

}  // namespace

Result<bool> mark_gold(Session& s, const Project& project, Id task, Id person, Millis now) {
    const auto state = s.one(lock_state, {project.id, task}, [](const RowView& row) {
        return static_cast<TaskState>(row.integer(0));
    });
    const auto label = find_label(s, project.id, task);
    if (label && label->origin == LabelOrigin::gold) return false;
    if (state != TaskState::done || !label)
        return Refusal{Code::conflict,
                       "Task " + wire_id('t', task) +
                           " has no decided answer in this project: only a decided task can be "
                           "gold."};
    const auto regions = regions_text(find_annotation(s, label->annotation).value().regions);
    s.run(save_gold,
          {project.id, task, person, regions, static_cast<std::int64_t>(label->origin), now});
    s.run(change_origin, {static_cast<std::int64_t>(LabelOrigin::gold), project.id, task});
    count_move(s, project.id, 1);
    return true;
}

Result<> withdraw_gold(Session& s, const Project& project, Id task, Id person,
                       std::string_view reason, Millis now) {
    const auto origin = s.one(end_gold, {reason, now, person, project.id, task},
                              [](const RowView& row) { return row.integer(0); });
    if (!origin)
        return Refusal{Code::conflict,
                       "Task " + wire_id('t', task) + " is not gold in this project."};
    s.run(change_origin, {*origin, project.id, task});
    s.run(forget_trials, {task});
    count_move(s, project.id, -1);
    return Done{};
}

std::optional<Gold> find_gold(Session& s, Id project, Id task) {
    return s.one(gold_of_task, {project, task}, [](const RowView& row) {
        Gold out;
        out.project = row.integer(0);
        out.task = row.integer(1);
        out.person = row.integer(2);
        out.regions = stored_regions(row.text(3));
        out.in_use = row.integer(4) == 0;
        out.reason = row.text(5);
        out.created = row.integer(6);
        return out;
    });
}

std::int64_t count_gold(Session& s, Id project) {
    return *s.one(count_in_use, {project}, [](const RowView& row) { return row.integer(0); });
}

std::vector<GoldRow> list_gold(Session& s, Id project, Id after, int limit) {
    std::vector<GoldRow> out;
    s.run(list_in_use, {project, after, std::int64_t{limit}}, [&](const RowView& row) {
        constexpr int n = task_columns;
        out.push_back({task_from(row), row.string(n), row.string(n + 1), row.integer(n + 2),
                       row.integer(n + 3), row.integer(n + 4)});
    });
    return out;
}

std::optional<GoldTask> nearest_gold(Session& s, Id project, Id person, Id place) {
    const auto below = s.one(gold_below, {project, person, place}, gold_task);
    const auto above = s.one(gold_above, {project, person, place}, gold_task);
    if (!below || !above) return below ? below : above;
    return place - below->task <= above->task - place ? below : above;
}

std::vector<GoldTask> gold_for(Session& s, Id project, Id person) {
    std::vector<GoldTask> out;
    s.run(all_gold_for, {project, person},
          [&](const RowView& row) { out.push_back(gold_task(row)); });
    return out;
}

}  // namespace countersign
