// Answers: what people decide, and taking it back.
#include "core/label_names.h"
#include "core/opinions.h"
#include "store/counters.h"
#include "store/desk_store.h"
#include "store/dialect.h"
#include "store/label_store.h"
#include "store/live_store.h"
#include "store/notification_store.h"
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
constexpr Sql place_of_lease =
    "SELECT state, answers, for_person FROM queue WHERE project_id = $1 AND task_id = $2 "
    "AND lease_token = $3 {for_update}";
constexpr Sql queue_row =
    "SELECT state, answers, for_person, lease_person FROM queue "
    "WHERE project_id = $1 AND task_id = $2 {for_update}";
constexpr Sql ask_for_more =
    "UPDATE queue SET state = 0, rank = $1, answers = $2, for_person = 0, lease_person = NULL, "
    "lease_until = NULL, lease_token = NULL WHERE project_id = $3 AND task_id = $4";
constexpr Sql note_state =
    "UPDATE queue SET state = $1, answers = $2 WHERE project_id = $3 AND task_id = $4";
constexpr Sql close_imported =
    "UPDATE queue SET state = 2, lease_person = NULL, lease_until = NULL, lease_token = NULL "
    "WHERE project_id = $1 AND task_id = $2";
constexpr Sql hold_again =
    "UPDATE queue SET state = 1, rank = $1, lease_person = $2, lease_until = $3, lease_token = $4, "
    "answers = $5 WHERE project_id = $6 AND task_id = $7";

constexpr Sql insert_annotation =
    "INSERT INTO annotation (task_id, id, project_id, person_id, assignment_id, draft_id, arm, "
    "action, regions, edits, active_ms, flagged, comment, schema_version, guideline_version, "
    "created, "
    "withdrawn) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)";
constexpr Sql annotation_by_id = "SELECT " ANNOTATION_COLUMNS " FROM annotation a WHERE a.id = $1";
constexpr Sql opinions_of_task =
    "SELECT " ANNOTATION_COLUMNS
    " FROM annotation a WHERE a.task_id = $1 AND a.withdrawn = 0 AND a.action < 4 ORDER BY a.id";
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

constexpr Sql save_skip =
    "INSERT INTO skip (person_id, task_id, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
constexpr Sql delete_skip = "DELETE FROM skip WHERE person_id = $1 AND task_id = $2";
constexpr Sql save_work_sql =
    "INSERT INTO work (task_id, person_id, body, saved) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (task_id, person_id) DO UPDATE SET body = excluded.body, saved = excluded.saved";
constexpr Sql delete_work = "DELETE FROM work WHERE task_id = $1 AND person_id = $2";
constexpr Sql model_of_draft = "SELECT model_id FROM draft WHERE task_id = $1 AND id = $2";
constexpr Sql priority_of_task = "SELECT priority FROM task WHERE id = $1";
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
    s.post(
        insert_annotation,
        {a.task, a.id, project.id, a.person, a.assignment, a.draft,
         static_cast<std::int64_t>(a.arm), static_cast<std::int64_t>(a.action), regions,
         std::int64_t{a.edits}, a.active_ms, std::int64_t{a.flagged}, a.comment,
         std::int64_t{project.schema_version}, std::int64_t{project.guideline_version}, a.created});
}

/// Where a task stands in the queue.
struct QueuePlace {
    TaskState state = TaskState::ready;
    int answers = 0;  ///< That it has while it needs more.
    Id for_person = 0;
};
QueuePlace queue_place(const RowView& row) {
    return {static_cast<TaskState>(row.integer(0)), static_cast<int>(row.integer(1)),
            row.integer(2)};
}

std::int64_t& counter_of(Progress& p, TaskState state) {
    switch (state) {
        case TaskState::ready:
            return p.ready;
        case TaskState::leased:
            return p.leased;
        case TaskState::done:
            return p.done;
        case TaskState::disputed:
            break;
    }
    return p.disputed;
}

/// Answer and assignment as an annotation that is not written yet, if the lease still holds. Its
/// place is `ready` when the lease had ended, but nobody else got the task.
struct Checked {
    Annotation annotation;
    QueuePlace place;
};
Result<Checked> check_lease(Session& s, const Project& project, const Answer& answer, Millis now) {
    const auto held = find_assignment(s, answer.assignment);
    if (!held || held->person != answer.person || held->task != answer.task)
        return lease_passed_on();
    const auto place =
        s.one(place_of_lease, {project.id, answer.task, answer.assignment}, queue_place);
    if (!place) return lease_passed_on();
    Checked out;
    out.place = *place;
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
    QueuePlace place;
    bool held = false;
};
Result<Undoable> check_undo(Session& s, Id project, Id annotation, Id person) {
    const auto found = find_annotation(s, annotation);
    if (!found || found->person != person || found->assignment == 0)
        return Refusal{Code::not_found, "You have no decision " + wire_id('a', annotation) + "."};
    Id holder = 0;
    const auto at = s.one(queue_row, {project, found->task}, [&](const RowView& row) {
        holder = row.integer(3);
        return queue_place(row);
    });
    if (!at) return decision_moved_on();
    const bool skipped = found->action == Action::skipped;
    const bool held = skipped && at->state == TaskState::leased && holder == person;
    const bool waits = at->state == TaskState::ready && (skipped || at->answers > 0);
    const bool decided =
        !skipped && (at->state == TaskState::done || at->state == TaskState::disputed);
    if (!held && !waits && !decided) return decision_moved_on();
    if (s.one(later_annotation, {found->task, found->id}, [](const RowView&) { return true; }))
        return decision_moved_on();
    const auto label = find_label(s, project, found->task);
    if (label && label->origin != LabelOrigin::human) return decision_moved_on();
    return Undoable{*found, *at, held};
}

/// The rank of a task that is on its way to the queue.
std::int64_t rank_of(Session& s, Id task, int answers, Id for_person) {
    const auto priority =
        *s.one(priority_of_task, {task}, [](const RowView& row) { return row.integer(0); });
    return queue_rank(static_cast<int>(priority), task) + (for_person != 0 ? assigned_rank
                                                           : answers > 0   ? opinion_rank
                                                                           : 0);
}

/// A fresh lease for the person who decided, in the arm and with the draft they had.
Assignment hold_as_before(Session& s, const Project& project, const Annotation& a,
                          const QueuePlace& place, Millis now) {
    auto held = *find_assignment(s, a.assignment);
    held.leased = now;
    held.until = now + project.policy.lease_minutes * Millis{60'000};
    held.id = write_assignment(s, project.id, held);
    s.post(hold_again, {rank_of(s, a.task, place.answers, place.for_person), held.person,
                        held.until, held.id, std::int64_t{place.answers}, project.id, a.task});
    return held;
}

/// The answer was the last that the task needed, or not yet: label, dispute, or back to the queue.
TaskState settle(Session& s, const Project& project, const Annotation& a, int answers) {
    const int needed = annotations_needed(project.policy, project.seed, a.task);
    if (answers < needed) {
        s.post(ask_for_more,
               {rank_of(s, a.task, answers, 0), std::int64_t{answers}, project.id, a.task});
        return TaskState::ready;
    }
    if (answers == 1) {
        write_label(s, project.id, a, a.person, LabelOrigin::human);
        return TaskState::done;
    }
    std::vector<Annotation> given;
    std::vector<Regions> opinions;
    const LabelNames names(project.schema);
    s.run(opinions_of_task, {a.task}, [&](const RowView& row) {
        given.push_back(annotation_from(row));
        opinions.push_back(names.now(given.back().regions));
    });
    const auto found = consensus(opinions);
    const auto people = static_cast<int>(opinions.size());
    const auto state = 2 * found.in_favour > people ? TaskState::done : TaskState::disputed;
    s.post(note_state,
           {static_cast<std::int64_t>(state), std::int64_t{answers}, project.id, a.task});
    if (state == TaskState::done) {
        const auto& chosen = given[found.opinion];
        write_label(s, project.id, chosen, chosen.person, LabelOrigin::human,
                    static_cast<double>(found.in_favour) / people);
    } else {
        tell_of_dispute(s, project.id, a.task, a.created);
    }
    return state;
}

}  // namespace

Refusal lease_passed_on() {
    return {Code::conflict,
            "This task was passed on to somebody else because its lease had ended. Go to the next "
            "one."};
}

Refusal decision_moved_on() {
    return {Code::conflict, "This decision can no longer be undone: the task has moved on since."};
}

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

Result<Annotation> record_answer(Session& s, const Project& project, const Answer& answer,
                                 Millis now) {
    auto [a, place] = TRY(check_lease(s, project, answer, now));
    s.post(close_lease, {project.id, a.task, a.assignment});
    write_annotation(s, project, a);
    Progress moved;
    counter_of(moved, place.state) -= 1;
    counter_of(moved, settle(s, project, a, place.answers + 1)) += 1;
    s.post(delete_work, {a.task, a.person});
    moved.flagged = a.flagged ? 1 : 0;
    count_action(moved, a.action, 1);
    add_progress(s, project.id, moved);
    count_for_model(s, a, 1);
    count_pace(s, project.id, a.person, a.action, now, 1);
    return a;
}

Result<Annotation> record_skip(Session& s, const Project& project, const Answer& answer,
                               Millis now) {
    auto [a, place] = TRY(check_lease(s, project, answer, now));
    a.action = Action::skipped;
    a.regions.clear();
    const auto rank = (tail_rank | a.task) + (place.for_person != 0 ? assigned_rank : 0);
    s.post(send_to_tail, {rank, project.id, a.task, a.assignment});
    write_annotation(s, project, a);
    s.post(save_skip, {a.person, a.task, now});
    s.post(delete_work, {a.task, a.person});
    Progress moved;
    counter_of(moved, place.state) -= 1;
    moved.ready += 1;
    moved.skipped = 1;
    moved.flagged = a.flagged ? 1 : 0;
    add_progress(s, project.id, moved);
    count_pace(s, project.id, a.person, a.action, now, 1);
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
    const auto state = s.one(queue_row, {project.id, task},
                             [](const RowView& row) { return queue_place(row).state; });
    if (!state) throw Breakdown("A label was imported for a task that does not exist.");
    write_annotation(s, project, a);
    if (*state == TaskState::done) return a;
    s.post(close_imported, {project.id, task});
    write_label(s, project.id, a, a.person, LabelOrigin::human);
    Progress moved;
    counter_of(moved, *state) = -1;
    moved.done = 1;
    moved.imported = 1;
    add_progress(s, project.id, moved);
    return a;
}

Result<Leased> undo_answer(Session& s, const Project& project, Id annotation, Id person,
                           Millis now) {
    auto [a, place, held] = TRY(check_undo(s, project.id, annotation, person));
    if (s.run(withdraw_sql, {now, a.task, a.id}) != 1) return decision_moved_on();
    Progress moved;
    counter_of(moved, place.state) -= 1;
    moved.leased += 1;
    if (a.action == Action::skipped) {
        s.post(delete_skip, {person, a.task});
    } else {
        if (place.state == TaskState::done && !drop_label(s, project.id, a.task))
            return decision_moved_on();
        const auto said = LabelNames(project.schema).now(a.regions);
        save_work(s, a.task, a.person, R"({"regions":)" + regions_text(said) + "}", now);
        count_for_model(s, a, -1);
        place.answers = std::max(0, place.answers - 1);
    }
    moved.flagged = a.flagged ? -1 : 0;
    count_action(moved, a.action, -1);
    add_progress(s, project.id, moved);
    count_pace(s, project.id, person, a.action, a.created, -1);
    return load_leased(s, hold_as_before(s, project, a, place, now));
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
