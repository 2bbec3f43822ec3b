// Answers: what people decide, and taking it back.
#include <set>

#include "store/counters.h"
#include "store/desk_store.h"
#include "store/dialect.h"
#include "store/project_store.h"
#include "store/queue_rank.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

// Guarded by the token alone: with `AND state = 1` PostgreSQL picks the small index of held rows
// and gets slower with every row that left it.
constexpr Sql close_lease =
    "UPDATE queue SET state = 2, lease_person = NULL, lease_until = NULL, lease_token = NULL "
    "WHERE project_id = $1 AND task_id = $2 AND lease_token = $3";
constexpr Sql send_to_tail =
    "UPDATE queue SET state = 0, rank = $1, lease_person = NULL, lease_until = NULL, "
    "lease_token = NULL WHERE project_id = $2 AND task_id = $3 AND lease_token = $4";
constexpr Sql state_of_lease =
    "SELECT state FROM queue WHERE project_id = $1 AND task_id = $2 AND lease_token = $3 "
    "{for_update}";
constexpr Sql queue_row =
    "SELECT state, lease_person FROM queue WHERE project_id = $1 AND task_id = $2 {for_update}";
constexpr Sql close_imported =
    "UPDATE queue SET state = 2, lease_person = NULL, lease_until = NULL, lease_token = NULL "
    "WHERE project_id = $1 AND task_id = $2";
constexpr Sql hold_again =
    "UPDATE queue SET state = 1, rank = $1, lease_person = $2, lease_until = $3, lease_token = $4 "
    "WHERE project_id = $5 AND task_id = $6";

constexpr Sql insert_annotation =
    "INSERT INTO annotation (task_id, id, project_id, person_id, assignment_id, draft_id, arm, "
    "action, regions, edits, active_ms, flagged, comment, schema_version, guideline_version, "
    "created, "
    "withdrawn) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)";
constexpr Sql annotation_by_id = "SELECT " ANNOTATION_COLUMNS " FROM annotation a WHERE a.id = $1";
constexpr Sql annotations_of_task =
    "SELECT " ANNOTATION_COLUMNS " FROM annotation a WHERE a.task_id = $1 ORDER BY a.id DESC";
constexpr Sql recent_of_person =
    "SELECT " ANNOTATION_COLUMNS
    " FROM annotation a WHERE a.project_id = $1 AND a.person_id = $2 AND a.action <> 5 "
    "AND a.withdrawn = 0 ORDER BY a.id DESC LIMIT $3";
constexpr Sql later_annotation =
    "SELECT id FROM annotation WHERE task_id = $1 AND id > $2 AND withdrawn = 0 LIMIT 1";
constexpr Sql withdraw_sql =
    "UPDATE annotation SET withdrawn = $1 WHERE task_id = $2 AND id = $3 AND withdrawn = 0";

constexpr Sql save_label =
    "INSERT INTO label (project_id, task_id, annotation_id, person_id, action, origin, flagged, "
    "names, decided) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8) "
    "ON CONFLICT (project_id, task_id) DO UPDATE SET annotation_id = excluded.annotation_id, "
    "person_id = excluded.person_id, action = excluded.action, origin = excluded.origin, "
    "flagged = excluded.flagged, names = excluded.names, decided = excluded.decided";
constexpr Sql delete_label =
    "DELETE FROM label WHERE project_id = $1 AND task_id = $2 AND annotation_id = $3";
constexpr Sql save_label_name =
    "INSERT INTO label_name (project_id, name, task_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
constexpr Sql delete_label_name =
    "DELETE FROM label_name WHERE project_id = $1 AND name = $2 AND task_id = $3";

constexpr Sql save_skip =
    "INSERT INTO skip (person_id, task_id, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
constexpr Sql delete_skip = "DELETE FROM skip WHERE person_id = $1 AND task_id = $2";
constexpr Sql save_work_sql =
    "INSERT INTO work (task_id, person_id, body, saved) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (task_id, person_id) DO UPDATE SET body = excluded.body, saved = excluded.saved";
constexpr Sql delete_work = "DELETE FROM work WHERE task_id = $1 AND person_id = $2";
constexpr Sql model_of_draft = "SELECT model_id FROM draft WHERE task_id = $1 AND id = $2";
constexpr Sql priority_of_task = "SELECT priority FROM task WHERE id = $1";
constexpr Sql copy_assignment =
    "INSERT INTO assignment (project_id, task_id, person_id, arm, arm_probability, draft_id, "
    "leased) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";

Refusal passed_on() {
    return {Code::conflict,
            "This task was passed on to somebody else because its lease had ended. Go to the next "
            "one."};
}

Refusal moved_on() {
    return {Code::conflict, "This decision can no longer be undone: the task has moved on since."};
}

std::set<std::string> label_names(const Regions& regions) {
    std::set<std::string> out;
    for (const auto& region : regions) out.insert(region.labels.begin(), region.labels.end());
    return out;
}

/// +1 or -1 in the counter of an action.
void count_action(Progress& p, Action action, int by) {
    switch (action) {
        case Action::accepted:
            p.accepted += by;
            break;
        case Action::edited:
            p.edited += by;
            break;
        case Action::rejected:
            p.rejected += by;
            break;
        case Action::created:
            p.created += by;
            break;
        case Action::skipped:
            p.skipped += by;
            break;
        case Action::imported:
            p.imported += by;
            break;
    }
}

/// Counts a decision for the model whose draft was shown, if one was.
void count_for_model(Session& s, const Annotation& a, int by) {
    if (a.draft == 0 || a.arm != Arm::assisted || a.action == Action::skipped) return;
    const auto model =
        s.one(model_of_draft, {a.task, a.draft}, [](const RowView& row) { return row.integer(0); });
    if (!model) return;
    ModelStats change;
    change.model = *model;
    change.decided = by;
    change.accepted = a.action == Action::accepted ? by : 0;
    add_model_count(s, change);
}

void write_annotation(Session& s, const Project& project, Annotation& a) {
    a.id = next_id(s, "annotation");
    const auto regions = regions_text(a.regions);
    s.run(insert_annotation, {a.task, a.id, project.id, a.person, a.assignment, a.draft,
                              static_cast<std::int64_t>(a.arm), static_cast<std::int64_t>(a.action),
                              regions, std::int64_t{a.edits}, a.active_ms, std::int64_t{a.flagged},
                              a.comment, std::int64_t{project.schema_version},
                              std::int64_t{project.guideline_version}, a.created});
}

void write_label(Session& s, Id project, const Annotation& a) {
    std::string names;
    for (const auto& name : label_names(a.regions)) {
        if (!names.empty()) names += ',';
        names += name;
        s.run(save_label_name, {project, name, a.task});
    }
    s.run(save_label, {project, a.task, a.id, a.person, static_cast<std::int64_t>(a.action),
                       std::int64_t{a.flagged}, names, a.created});
}

/// Answer and assignment as an annotation that is not written yet, if the lease still holds.
/// `late`: its lease had ended, but nobody else got the task.
struct Checked {
    Annotation annotation;
    bool late = false;
};
Result<Checked> check_lease(Session& s, const Project& project, const Answer& answer, Millis now) {
    const auto held = find_assignment(s, answer.assignment);
    if (!held || held->person != answer.person || held->task != answer.task) return passed_on();
    const auto state = s.one(state_of_lease, {project.id, answer.task, answer.assignment},
                             [](const RowView& row) { return row.integer(0); });
    if (!state) return passed_on();
    Checked out;
    out.late = *state == 0;
    Annotation& a = out.annotation;
    a.task = answer.task;
    a.person = answer.person;
    a.assignment = answer.assignment;
    a.draft = held->draft;
    a.arm = held->arm;
    a.action = answer.action;
    a.regions = answer.regions;
    a.edits = answer.edits;
    a.active_ms = answer.active_ms;
    a.flagged = answer.flagged;
    a.comment = answer.comment;
    a.created = now;
    return out;
}

/// A decision that may be undone; `held`: the skipper has the task again already.
struct Undoable {
    Annotation annotation;
    bool held = false;
};
Result<Undoable> check_undo(Session& s, Id project, Id annotation, Id person) {
    const auto found = find_annotation(s, annotation);
    if (!found || found->person != person || found->assignment == 0)
        return Refusal{Code::not_found, "You have no decision " + wire_id('a', annotation) + "."};
    const bool skipped = found->action == Action::skipped;
    const auto at = s.one(queue_row, {project, found->task}, [](const RowView& row) {
        return std::pair{static_cast<TaskState>(row.integer(0)), row.integer(1)};
    });
    if (!at) return moved_on();
    const bool held = skipped && at->first == TaskState::leased && at->second == person;
    if (at->first != (skipped ? TaskState::ready : TaskState::done) && !held) return moved_on();
    if (s.one(later_annotation, {found->task, found->id}, [](const RowView&) { return true; }))
        return moved_on();
    return Undoable{*found, held};
}

/// Takes the label of an answer off its task and keeps its regions as saved work.
Result<> take_off_label(Session& s, Id project, const Annotation& a, Millis now) {
    if (s.run(delete_label, {project, a.task, a.id}) != 1) return moved_on();
    for (const auto& name : label_names(a.regions))
        s.run(delete_label_name, {project, name, a.task});
    save_work(s, a.task, a.person, R"({"regions":)" + regions_text(a.regions) + "}", now);
    count_for_model(s, a, -1);
    return Done{};
}

/// A fresh lease for the person who decided, in the arm and with the draft they had.
Assignment hold_as_before(Session& s, const Project& project, const Annotation& a, Millis now) {
    auto held = *find_assignment(s, a.assignment);
    held.leased = now;
    held.until = now + project.policy.lease_minutes * Millis{60'000};
    held.id = *s.one(copy_assignment,
                     {project.id, held.task, held.person, static_cast<std::int64_t>(held.arm),
                      held.arm_probability, held.draft, now},
                     [](const RowView& row) { return row.integer(0); });
    const auto priority =
        *s.one(priority_of_task, {a.task}, [](const RowView& row) { return row.integer(0); });
    s.run(hold_again, {queue_rank(static_cast<int>(priority), a.task), held.person, held.until,
                       held.id, project.id, a.task});
    return held;
}

}  // namespace

Result<Annotation> record_answer(Session& s, const Project& project, const Answer& answer,
                                 Millis now) {
    auto [a, late] = TRY(check_lease(s, project, answer, now));
    if (s.run(close_lease, {project.id, a.task, a.assignment}) != 1) return passed_on();
    write_annotation(s, project, a);
    write_label(s, project.id, a);
    s.run(delete_work, {a.task, a.person});
    Progress moved;
    (late ? moved.ready : moved.leased) = -1;
    moved.done = 1;
    moved.flagged = a.flagged ? 1 : 0;
    count_action(moved, a.action, 1);
    add_progress(s, project.id, moved);
    count_for_model(s, a, 1);
    return a;
}

Result<Annotation> record_skip(Session& s, const Project& project, const Answer& answer,
                               Millis now) {
    auto [a, late] = TRY(check_lease(s, project, answer, now));
    a.action = Action::skipped;
    a.regions.clear();
    if (s.run(send_to_tail, {tail_rank | a.task, project.id, a.task, a.assignment}) != 1)
        return passed_on();
    write_annotation(s, project, a);
    s.run(save_skip, {a.person, a.task, now});
    s.run(delete_work, {a.task, a.person});
    Progress moved;
    moved.leased = late ? 0 : -1;
    moved.ready = late ? 0 : 1;
    moved.skipped = 1;
    moved.flagged = a.flagged ? 1 : 0;
    add_progress(s, project.id, moved);
    return a;
}

Annotation record_imported(Session& s, const Project& project, Id task, Id person,
                           const Regions& regions, Millis now) {
    Annotation a;
    a.task = task;
    a.person = person;
    a.action = Action::imported;
    a.regions = regions;
    a.created = now;
    const auto state = s.one(queue_row, {project.id, task}, [](const RowView& row) {
        return static_cast<TaskState>(row.integer(0));
    });
    if (!state) throw Breakdown("A label was imported for a task that does not exist.");
    write_annotation(s, project, a);
    if (*state == TaskState::done) return a;
    s.run(close_imported, {project.id, task});
    write_label(s, project.id, a);
    Progress moved;
    (*state == TaskState::leased ? moved.leased : moved.ready) = -1;
    moved.done = 1;
    moved.imported = 1;
    add_progress(s, project.id, moved);
    return a;
}

Result<Leased> undo_answer(Session& s, const Project& project, Id annotation, Id person,
                           Millis now) {
    const auto [a, held] = TRY(check_undo(s, project.id, annotation, person));
    if (s.run(withdraw_sql, {now, a.task, a.id}) != 1) return moved_on();
    Progress moved;
    if (a.action == Action::skipped) {
        s.run(delete_skip, {person, a.task});
        moved.ready = held ? 0 : -1;
        moved.leased = held ? 0 : 1;
    } else {
        TRY(take_off_label(s, project.id, a, now));
        moved.done = -1;
        moved.leased = 1;
    }
    moved.flagged = a.flagged ? -1 : 0;
    count_action(moved, a.action, -1);
    add_progress(s, project.id, moved);
    return load_leased(s, hold_as_before(s, project, a, now));
}

std::vector<Annotation> recent_answers(Session& s, Id project, Id person, int limit) {
    std::vector<Annotation> out;
    s.run(recent_of_person, {project, person, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(annotation_from(row)); });
    return out;
}

std::optional<Annotation> find_annotation(Session& s, Id id) {
    return s.one(annotation_by_id, {id}, [](const RowView& row) { return annotation_from(row); });
}

std::vector<Annotation> annotations_of(Session& s, Id task) {
    std::vector<Annotation> out;
    s.run(annotations_of_task, {task},
          [&](const RowView& row) { out.push_back(annotation_from(row)); });
    return out;
}

void save_work(Session& s, Id task, Id person, std::string_view work, Millis now) {
    s.run(save_work_sql, {task, person, work, now});
}

}  // namespace countersign
