#include "store/trial_store.h"

#include "core/arm.h"
#include "core/label_names.h"
#include "core/opinions.h"
#include "store/dialect.h"
#include "store/gold_store.h"
#include "store/project_store.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

#define TRIAL_COLUMNS                                                                         \
    "r.annotation_id, r.task_id, r.person_id, r.assignment_id, r.draft_id, r.arm, r.action, " \
    "r.regions, r.edits, r.active_ms, r.flagged, r.comment, r.answered, 0, r.project_id, "    \
    "r.purpose, r.round, r.state, r.score, r.agreed, r.shown"
constexpr Sql trial_by_assignment =
    "SELECT " TRIAL_COLUMNS " FROM trial r WHERE r.assignment_id = $1";
constexpr Sql lock_by_assignment =
    "SELECT " TRIAL_COLUMNS " FROM trial r WHERE r.assignment_id = $1 {for_update}";
constexpr Sql trial_by_annotation =
    "SELECT " TRIAL_COLUMNS " FROM trial r WHERE r.annotation_id = $1 AND r.annotation_id <> 0";
constexpr Sql lock_by_annotation =
    "SELECT " TRIAL_COLUMNS
    " FROM trial r WHERE r.annotation_id = $1 AND r.annotation_id <> 0 {for_update}";
constexpr Sql trial_by_task =
    "SELECT " TRIAL_COLUMNS
    " FROM trial r WHERE r.project_id = $1 AND r.person_id = $2 AND r.task_id = $3";
constexpr Sql trials_given =
    "SELECT " TRIAL_COLUMNS
    " FROM trial r WHERE r.project_id = $1 AND r.person_id = $2 AND r.state <> 0 "
    "ORDER BY r.annotation_id DESC LIMIT $3";
constexpr Sql count_own =
    "SELECT state, action, flagged, task_id FROM trial WHERE project_id = $1 AND person_id = $2";
constexpr Sql assignments_held =
    "SELECT assignment_id FROM trial WHERE project_id = $1 AND person_id = $2 AND state = 0 "
    "ORDER BY assignment_id";
constexpr Sql held_assignment_of =
    "SELECT r.assignment_id FROM task t JOIN trial r ON r.project_id = t.project_id "
    "AND r.person_id = $1 AND r.task_id = t.id WHERE t.id = $2 AND r.state = 0";

constexpr Sql insert_trial =
    "INSERT INTO trial (project_id, person_id, task_id, purpose, round, state, assignment_id, "
    "draft_id, arm, annotation_id, action, regions, edits, active_ms, flagged, comment, score, "
    "agreed, answered, shown) "
    "VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, 0, 3, '[]', 0, 0, 0, '', NULL, 0, 0, 0) "
    "ON CONFLICT (project_id, person_id, task_id) DO UPDATE SET state = 0, "
    "round = excluded.round, purpose = excluded.purpose, assignment_id = excluded.assignment_id, "
    "draft_id = excluded.draft_id, arm = excluded.arm WHERE trial.state = 2 "
    "RETURNING assignment_id";
constexpr Sql close_trial =
    "UPDATE trial SET state = $1, annotation_id = $2, action = $3, regions = $4, edits = $5, "
    "active_ms = $6, flagged = $7, comment = $8, score = $9, agreed = $10, answered = $11 "
    "WHERE assignment_id = $12";
constexpr Sql reopen_trial =
    "UPDATE trial SET state = 0, assignment_id = $1, score = NULL, agreed = 0 "
    "WHERE project_id = $2 AND person_id = $3 AND task_id = $4";
constexpr Sql drop_untouched =
    "DELETE FROM trial WHERE project_id = $1 AND person_id = $2 AND state = 0 "
    "AND annotation_id = 0 AND NOT EXISTS (SELECT 1 FROM work w WHERE w.task_id = trial.task_id "
    "AND w.person_id = $2)";
constexpr Sql delete_work = "DELETE FROM work WHERE task_id = $1 AND person_id = $2";
constexpr Sql lines_of_project =
    "SELECT person_id, purpose, score, agreed, answered FROM trial "
    "WHERE project_id = $1 AND state = 1 ORDER BY person_id, answered, annotation_id";

Trial trial_from(const RowView& row) {
    Trial out;
    out.annotation = annotation_from(row);
    constexpr int n = annotation_columns;
    out.project = row.integer(n);
    out.purpose = static_cast<TrialPurpose>(row.integer(n + 1));
    out.round = static_cast<int>(row.integer(n + 2));
    out.state = static_cast<TrialState>(row.integer(n + 3));
    out.score = real_or_none(row, n + 4);
    out.agreed = row.integer(n + 5) != 0;
    out.shown = row.integer(n + 6);
    if (out.state == TrialState::held && out.annotation.id != 0)
        out.annotation.withdrawn = out.annotation.created;
    return out;
}

Millis lease_end(const Project& project, Millis now) {
    return now + project.policy.lease_minutes * Millis{60'000};
}

}  // namespace

std::optional<Trial> find_trial(Session& s, Id assignment) {
    return s.one(trial_by_assignment, {assignment}, trial_from);
}

std::optional<Trial> find_trial_of_annotation(Session& s, Id annotation) {
    return s.one(trial_by_annotation, {annotation}, trial_from);
}

std::optional<Trial> find_trial_of_task(Session& s, Id project, Id person, Id task) {
    return s.one(trial_by_task, {project, person, task}, trial_from);
}

std::vector<Annotation> recent_trials(Session& s, Id project, Id person, int limit) {
    std::vector<Annotation> out;
    s.run(trials_given, {project, person, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(annotation_from(row)); });
    return out;
}

OwnTrials own_trials(Session& s, const Project& project, Id person) {
    OwnTrials out;
    s.run(count_own, {project.id, person}, [&](const RowView& row) {
        ++out.all;
        const auto state = static_cast<TrialState>(row.integer(0));
        if (state == TrialState::held) {
            ++out.held;
            ++out.moved.leased;
            --out.moved.ready;
            return;
        }
        count_action(out.moved, static_cast<Action>(row.integer(1)), 1);
        out.moved.flagged += row.integer(2);
        if (state == TrialState::answered &&
            annotations_needed(project.policy, project.seed, row.integer(3)) == 1) {
            ++out.moved.done;
            --out.moved.ready;
        }
    });
    return out;
}

Progress seen_progress(Session& s, const Project& project, Id person, Progress progress) {
    if (progress.gold == 0 && !uses_gold(project.policy)) return progress;
    const auto moved = own_trials(s, project, person).moved;
    progress.ready += progress.gold + moved.ready;
    progress.gold = 0;
    progress.leased += moved.leased;
    progress.done += moved.done;
    progress.accepted += moved.accepted;
    progress.edited += moved.edited;
    progress.rejected += moved.rejected;
    progress.created += moved.created;
    progress.skipped += moved.skipped;
    progress.flagged += moved.flagged;
    return progress;
}

std::optional<Assignment> start_trial(Session& s, const Project& project, Id person, Id task,
                                      Id draft, TrialPurpose purpose, int round, Millis now) {
    Assignment a;
    const auto drawn = draw_arm(project.policy, project.seed, task, person, draft != 0);
    a.task = task;
    a.person = person;
    a.arm = drawn.arm;
    a.arm_probability = drawn.probability;
    a.draft = draft;
    a.leased = now;
    a.until = lease_end(project, now);
    a.id = write_assignment(s, project.id, a);
    a.trial = true;
    const auto kept = s.one(insert_trial,
                            {project.id, person, task, static_cast<std::int64_t>(purpose),
                             std::int64_t{round}, a.id, draft, static_cast<std::int64_t>(a.arm)},
                            [](const RowView& row) { return row.integer(0); });
    if (!kept) return std::nullopt;
    return a;
}

std::vector<Assignment> held_trials(Session& s, const Project& project, Id person, Millis now) {
    std::vector<Id> ids;
    s.run(assignments_held, {project.id, person},
          [&](const RowView& row) { ids.push_back(row.integer(0)); });
    std::vector<Assignment> out;
    for (const Id id : ids) {
        auto a = find_assignment(s, id).value();
        a.until = lease_end(project, now);
        a.trial = true;
        out.push_back(a);
    }
    return out;
}

Leased load_trial(Session& s, const Assignment& assignment) {
    auto out = load_leased(s, assignment);
    out.task.state = TaskState::leased;
    return out;
}

std::vector<Leased> lease_with_gold(Session& s, const Project& project, Id person, int count,
                                    Millis now) {
    const auto own = own_trials(s, project, person);
    Besides besides;
    if (own.held > 0) besides.held = held_trials(s, project, person, now);
    besides.in_place_of = [&s, &project, person, now,
                           had = own.all](Id task) mutable -> std::optional<Assignment> {
        if (!draw_gold(project.policy, project.seed, person, task, had)) return std::nullopt;
        const auto gold = nearest_gold(s, project.id, person, task);
        if (!gold) return std::nullopt;
        auto started =
            start_trial(s, project, person, gold->task, gold->draft, TrialPurpose::hidden, 0, now);
        if (started) ++had;
        return started;
    };
    std::vector<Leased> out;
    for (const auto& a : lease_tasks(s, project, person, count, now, besides))
        out.push_back(a.trial ? load_trial(s, a) : load_leased(s, a));
    return out;
}

std::optional<Assignment> assignment_held_by(Session& s, Id task, Id person) {
    auto work = holding_assignment(s, task);
    if (work && work->person == person) return work;
    const auto trial = s.one(held_assignment_of, {person, task},
                             [](const RowView& row) { return row.integer(0); });
    return trial ? find_assignment(s, *trial) : std::nullopt;
}

bool renew_trial(Session& s, Id assignment, Id person) {
    const auto trial = find_trial(s, assignment);
    return trial && trial->annotation.person == person && trial->state == TrialState::held;
}

void release_trials(Session& s, Id project, Id person) {
    s.run(drop_untouched, {project, person});
}

Result<Trial> record_trial(Session& s, const Project& project, const Answer& answer, Millis now) {
    auto found = s.one(lock_by_assignment, {answer.assignment}, trial_from);
    if (!found || found->state != TrialState::held || found->annotation.person != answer.person ||
        found->annotation.task != answer.task)
        return lease_passed_on();
    Trial& trial = *found;
    Annotation& a = trial.annotation;
    a.id = next_id(s, "annotation");
    a.action = answer.action;
    a.edits = answer.edits;
    a.active_ms = answer.active_ms;
    a.flagged = answer.flagged;
    a.comment = answer.comment;
    a.created = now;
    a.withdrawn = 0;
    a.regions.clear();
    if (a.action == Action::skipped) {
        trial.state = TrialState::skipped;
    } else {
        a.regions = answer.regions;
        const auto gold = find_gold(s, project.id, a.task);
        trial.state = gold && gold->in_use ? TrialState::answered : TrialState::withdrawn;
        if (trial.state == TrialState::answered) {
            const auto trusted = LabelNames(project.schema).now(gold->regions);
            const auto scored = score_answer(project.schema, trusted, a.regions);
            trial.score = scored.score;
            trial.agreed = scored.agreed;
        }
    }
    const auto regions = regions_text(a.regions);
    s.run(close_trial,
          {static_cast<std::int64_t>(trial.state), a.id, static_cast<std::int64_t>(a.action),
           regions, std::int64_t{a.edits}, a.active_ms, std::int64_t{a.flagged}, a.comment,
           real_or_null(trial.score), std::int64_t{trial.agreed}, now, answer.assignment});
    s.post(delete_work, {a.task, a.person});
    return trial;
}

Result<Leased> undo_trial(Session& s, const Project& project, Id annotation, Id person,
                          Millis now) {
    const auto trial = s.one(lock_by_annotation, {annotation}, trial_from);
    if (!trial || trial->annotation.person != person)
        return Refusal{Code::not_found, "You have no decision " + wire_id('a', annotation) + "."};
    if (trial->shown != 0)
        return Refusal{Code::conflict,
                       "You have seen the trusted answer to this task since, so your own stands: "
                       "go on with the next one."};
    if (trial->state != TrialState::answered && trial->state != TrialState::skipped)
        return decision_moved_on();
    const Annotation& a = trial->annotation;
    auto held = find_assignment(s, a.assignment).value();
    held.leased = now;
    held.until = lease_end(project, now);
    held.id = write_assignment(s, project.id, held);
    held.trial = true;
    s.run(reopen_trial, {held.id, project.id, person, a.task});
    if (a.action != Action::skipped)
        save_work(s, a.task, person, R"({"regions":)" + regions_text(a.regions) + "}", now);
    return load_trial(s, held);
}

std::vector<TrialLine> list_trials(Session& s, Id project) {
    std::vector<TrialLine> out;
    s.run(lines_of_project, {project}, [&](const RowView& row) {
        out.push_back({row.integer(0), static_cast<TrialPurpose>(row.integer(1)), row.real(2),
                       row.integer(3) != 0, row.integer(4)});
    });
    return out;
}

}  // namespace countersign
