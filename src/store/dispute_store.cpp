#include "store/dispute_store.h"

#include "store/desk_store.h"
#include "store/dialect.h"
#include "store/label_store.h"
#include "store/project_store.h"
#include "store/queue_rank.h"
#include "store/rows.h"
#include "store/sql.h"
#include "store/task_query.h"

namespace countersign {

namespace {

constexpr Sql disputed_tasks =
    "SELECT " TASK_COLUMNS ", " MEDIA_COLUMNS
    " FROM queue q JOIN task t ON t.id = q.task_id LEFT JOIN media m ON m.id = t.media_id "
    "WHERE q.project_id = $1 AND q.state = 3 AND q.task_id > $2 ORDER BY q.task_id LIMIT $3";
constexpr Sql disputed_task =
    "SELECT " TASK_COLUMNS ", " MEDIA_COLUMNS
    " FROM task t JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id "
    "LEFT JOIN media m ON m.id = t.media_id WHERE t.id = $1 AND q.state = 3";
constexpr Sql opinions_of =
    "SELECT " ANNOTATION_COLUMNS
    " FROM annotation a WHERE a.task_id = $1 AND a.withdrawn = 0 AND a.action < 4 "
    "AND a.assignment_id <> 0 ORDER BY a.id";
constexpr Sql several_answers =
    "SELECT a.task_id, a.id, a.person_id, a.regions, v.annotation_id, a.assignment_id FROM "
    "(SELECT task_id FROM queue WHERE project_id = $1 AND state = 3 "
    "UNION SELECT task_id FROM label WHERE project_id = $2 AND posterior IS NOT NULL "
    "UNION SELECT task_id FROM verdict WHERE project_id = $3 ORDER BY task_id DESC LIMIT $4) AS m "
    "JOIN annotation a ON a.task_id = m.task_id LEFT JOIN verdict v ON v.task_id = m.task_id "
    "WHERE a.withdrawn = 0 AND a.action < 4 AND (a.assignment_id <> 0 OR a.id = v.annotation_id) "
    "ORDER BY a.task_id, a.id";
constexpr Sql change_state =
    "UPDATE queue SET state = $1 WHERE project_id = $2 AND task_id = $3 AND state = $4";
constexpr Sql back_to_queue =
    "UPDATE queue SET state = 0, rank = $1, lease_person = NULL, lease_until = NULL, "
    "lease_token = NULL WHERE project_id = $2 AND task_id = $3 AND state = 3";
constexpr Sql priority_of = "SELECT priority FROM task WHERE id = $1";
constexpr Sql insert_own =
    "INSERT INTO annotation (task_id, id, project_id, person_id, assignment_id, draft_id, arm, "
    "action, regions, edits, active_ms, flagged, comment, schema_version, guideline_version, "
    "created, withdrawn) VALUES ($1, $2, $3, $4, 0, 0, 0, $5, $6, 0, $7, 0, $8, $9, $10, $11, 0)";
constexpr Sql insert_verdict =
    "INSERT INTO verdict (project_id, task_id, person_id, annotation_id, reason, created) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
constexpr Sql delete_verdict = "DELETE FROM verdict WHERE task_id = $1";
constexpr Sql verdict_by = "SELECT 1 FROM verdict WHERE task_id = $1 AND person_id = $2";
constexpr Sql withdraw_own =
    "UPDATE annotation SET withdrawn = $1 WHERE task_id = $2 AND id = $3 AND assignment_id = 0";
Refusal not_disputed(Id task) {
    return {Code::conflict, "Task " + wire_id('t', task) +
                                " is not disputed any more: somebody else decided. Go to the next "
                                "one."};
}

std::int64_t number(TaskState state) {
    return static_cast<std::int64_t>(state);
}

Dispute dispute_from(const RowView& row) {
    Dispute out;
    out.task = task_from(row);
    out.media = media_from(row, task_columns);
    return out;
}

void add_opinions(Session& s, Dispute& dispute) {
    s.run(opinions_of, {dispute.task.id},
          [&](const RowView& row) { dispute.opinions.push_back(annotation_from(row)); });
}

/// `own`: answers that specialists wrote themselves, more or fewer.
void count_move(Session& s, Id project, std::int64_t Progress::*from, std::int64_t Progress::*into,
                std::int64_t own = 0) {
    Progress moved;
    moved.created = own;
    moved.*from -= 1;
    moved.*into += 1;
    add_progress(s, project, moved);
}

/// The opinion that was chosen, or the specialist's own answer, written.
Result<Annotation> decided(Session& s, const Project& project, const Verdict& v, Millis now) {
    if (v.chosen != 0) {
        const auto chosen = find_annotation(s, v.chosen);
        if (!chosen || chosen->task != v.task || chosen->withdrawn != 0)
            return Refusal{Code::conflict, "The answer " + wire_id('a', v.chosen) +
                                               " was taken back: look at the dispute again."};
        return *chosen;
    }
    Annotation own;
    own.task = v.task;
    own.person = v.person;
    own.regions = v.regions;
    own.active_ms = v.active_ms;
    own.comment = v.reason;
    own.created = now;
    return insert_own_answer(s, project, std::move(own));
}

}  // namespace

Annotation insert_own_answer(Session& s, const Project& project, Annotation own) {
    own.id = next_id(s, "annotation");
    const auto text = regions_text(own.regions);
    s.run(insert_own,
          {own.task, own.id, project.id, own.person, static_cast<std::int64_t>(own.action), text,
           own.active_ms, own.comment, std::int64_t{project.schema_version},
           std::int64_t{project.guideline_version}, own.created});
    return own;
}

bool withdraw_own_answer(Session& s, Id task, Id annotation, Millis now) {
    return s.run(withdraw_own, {now, task, annotation}) == 1;
}

std::vector<Dispute> list_disputes(Session& s, Id project, Id after, int limit) {
    std::vector<Dispute> out;
    s.run(disputed_tasks, {project, after, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(dispute_from(row)); });
    for (auto& dispute : out) add_opinions(s, dispute);
    return out;
}

std::vector<SeveralAnswers> answered_by_several(Session& s, Id project, int most) {
    std::vector<SeveralAnswers> out;
    s.run(
        several_answers, {project, project, project, std::int64_t{most}}, [&](const RowView& row) {
            if (out.empty() || out.back().task != row.integer(0)) {
                out.emplace_back().task = row.integer(0);
                out.back().verdict = row.integer(4);
            }
            auto regions = stored_regions(row.text(3));
            if (row.integer(5) == 0)
                out.back().own = std::move(regions);
            else
                out.back().answers.push_back({row.integer(1), row.integer(2), std::move(regions)});
        });
    std::erase_if(out, [](const SeveralAnswers& one) { return one.answers.size() < 2; });
    return out;
}

std::optional<Dispute> find_dispute(Session& s, Id task) {
    auto found = s.one(disputed_task, {task}, dispute_from);
    if (found) add_opinions(s, *found);
    return found;
}

Result<Annotation> record_verdict(Session& s, const Project& project, const Verdict& v,
                                  Millis now) {
    if (s.run(change_state,
              {number(TaskState::done), project.id, v.task, number(TaskState::disputed)}) != 1)
        return not_disputed(v.task);
    auto annotation = TRY(decided(s, project, v, now));
    write_label(s, project.id, annotation, v.person, LabelOrigin::adjudicated);
    s.run(insert_verdict, {project.id, v.task, v.person, annotation.id, v.reason, now});
    count_move(s, project.id, &Progress::disputed, &Progress::done, v.chosen == 0 ? 1 : 0);
    return annotation;
}

Result<> withdraw_verdict(Session& s, const Project& project, Id task, Millis now) {
    const auto label = find_label(s, project.id, task);
    if (!label || label->origin != LabelOrigin::adjudicated ||
        s.run(change_state,
              {number(TaskState::disputed), project.id, task, number(TaskState::done)}) != 1)
        return Refusal{Code::conflict,
                       "Task " + wire_id('t', task) + " has no verdict to take back."};
    drop_label(s, project.id, task);
    s.run(delete_verdict, {task});
    const bool own = withdraw_own_answer(s, task, label->annotation, now);
    count_move(s, project.id, &Progress::done, &Progress::disputed, own ? -1 : 0);
    return Done{};
}

bool verdict_is_by(Session& s, Id task, Id person) {
    return s.one(verdict_by, {task, person}, [](const RowView&) { return true; }).has_value();
}

Result<> send_back(Session& s, const Project& project, Id task) {
    const auto priority = s.one(
        priority_of, {task}, [](const RowView& row) { return static_cast<int>(row.integer(0)); });
    if (!priority ||
        s.run(back_to_queue, {queue_rank(*priority, task) + opinion_rank, project.id, task}) != 1)
        return not_disputed(task);
    count_move(s, project.id, &Progress::disputed, &Progress::ready);
    return Done{};
}

std::map<Id, std::vector<Id>> assign_tasks(Session& s, Id project, const std::vector<Id>& tasks,
                                           Id person) {
    std::map<Id, std::vector<Id>> before;
    std::vector<Id> changing;
    Piece found(
        "SELECT task_id, for_person FROM queue WHERE project_id = ? AND state = 0 AND "
        "for_person <> ? AND task_id",
        {project, person});
    found.add(among(s, tasks))
        .add(" ORDER BY task_id {for_update}")
        .run(s, [&](const RowView& row) {
            changing.push_back(row.integer(0));
            before[row.integer(1)].push_back(row.integer(0));
        });
    if (changing.empty()) return before;
    Piece change(
        "UPDATE queue SET for_person = ?, rank = rank + CASE WHEN for_person = 0 THEN "
        "CAST(? AS BIGINT) WHEN CAST(? AS BIGINT) = 0 THEN CAST(? AS BIGINT) ELSE 0 END "
        "WHERE project_id = ? AND task_id",
        {person, assigned_rank, person, -assigned_rank, project});
    change.add(among(s, changing)).run(s, [](const RowView&) {});
    s.hints().forget(project, 0);
    return before;
}

}  // namespace countersign
