#include "store/batch_store.h"

#include "core/arm.h"
#include "store/desk_store.h"
#include "store/project_store.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

// A batch is opened now and then, a task leased all the time: this reads the waiting tasks rather
// than ask the queue to keep one more index.
// What the whole draft claims when nothing is calibrated: its least sure region, null where no
// region claims anything, and how many there are. A quote inside a JSON text is escaped, so that
// this counts regions.
#define CLAIM                                                                       \
    "d.model_id, d.probability, COALESCE(d.confidence, CASE WHEN d.regions "        \
    "LIKE '%\"confidence\":%' OR d.regions LIKE '%\"probability\":%' THEN d.least " \
    "END), "                                                                        \
    "CASE WHEN d.probability IS NULL AND d.confidence IS NULL "                     \
    "THEN (LENGTH(d.regions) - LENGTH(REPLACE(d.regions, '\"kind\":', ''))) / "     \
    "7 ELSE 1 END "
#define CANDIDATES                                                                             \
    "SELECT q.task_id, q.draft_id, " CLAIM                                                     \
    ", d.class FROM queue q JOIN draft d ON d.task_id = q.task_id AND d.id = q.draft_id "      \
    "WHERE q.project_id = $1 AND q.state IN (0, 1) AND (q.state = 0 OR q.lease_person = $2) "  \
    "AND (q.for_person = 0 OR q.for_person = $2) AND d.least >= $3 "                           \
    "AND NOT EXISTS (SELECT 1 FROM annotation a WHERE a.task_id = q.task_id AND a.person_id "  \
    "= $2 AND a.withdrawn = 0 AND a.action < 4) "                                              \
    "AND NOT EXISTS (SELECT 1 FROM skip k WHERE k.person_id = $2 AND k.task_id = q.task_id) "  \
    "AND NOT EXISTS (SELECT 1 FROM batch_task b WHERE b.task_id = q.task_id AND b.draft_id = " \
    "q.draft_id AND b.state = 2) "
constexpr Sql candidates_of_class = CANDIDATES "AND d.class = $4";
constexpr Sql candidates = CANDIDATES "AND d.class IS NOT NULL";

constexpr Sql candidate_by_draft =
    "SELECT d.task_id, d.id, " CLAIM "FROM draft d WHERE d.task_id = $1 AND d.id = $2";
constexpr Sql newest_answer = "SELECT MAX(id) FROM annotation";
// Accepted, edited or rejected, in some time.
constexpr Sql kept_lately_sql =
    "SELECT d.task_id, d.id, " CLAIM
    ", a.action FROM annotation a JOIN draft d ON d.task_id = a.task_id AND d.id = a.draft_id "
    "WHERE a.id > $1 AND a.project_id = $2 AND a.action <= 2 AND a.withdrawn = 0 AND a.active_ms > "
    "0 AND d.class IS NOT NULL AND d.probability IS NULL AND d.least >= $3 "
    "ORDER BY a.id DESC LIMIT 2000";

constexpr Sql insert_batch_sql =
    "INSERT INTO batch (project_id, person_id, control, label, population, sample, alpha, delta, "
    "errors, most_wrong, created, undone) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0) RETURNING id";
#define BATCH_COLUMNS                                                                       \
    "id, project_id, person_id, control, label, population, sample, alpha, delta, errors, " \
    "most_wrong, created, undone"
constexpr Sql batch_by_id = "SELECT " BATCH_COLUMNS " FROM batch WHERE id = $1";
constexpr Sql open_sample_sql =
    "SELECT " BATCH_COLUMNS
    " FROM batch WHERE project_id = $1 AND person_id = $2 AND control = $3 AND label = $4 "
    "AND population > 0 AND undone = 0 ORDER BY id DESC LIMIT 1";
constexpr Sql note_bound_sql = "UPDATE batch SET errors = $1, most_wrong = $2 WHERE id = $3";
constexpr Sql note_undone_sql = "UPDATE batch SET undone = $1 WHERE id = $2";

constexpr std::string_view batch_task_columns =
    "batch_task (batch_id, place, task_id, draft_id, annotation_id, state)";
constexpr Sql tasks_of_batch =
    "SELECT place, task_id, draft_id, annotation_id, state FROM batch_task WHERE batch_id = $1 "
    "AND state = $2 AND place >= $3 AND place < $4 ORDER BY place LIMIT $5";
constexpr Sql count_of_batch =
    "SELECT COUNT(*) FROM batch_task WHERE batch_id = $1 AND state = $2 AND place >= $3 "
    "AND place < $4";
constexpr Sql note_task_sql =
    "UPDATE batch_task SET state = $1, annotation_id = $2 WHERE batch_id = $3 AND place = $4";
constexpr Sql moved_on_sql =
    "SELECT 1 FROM batch_task b JOIN annotation a ON a.task_id = b.task_id AND a.id > "
    "b.annotation_id AND a.withdrawn = 0 WHERE b.batch_id = $1 AND b.state IN (1, 3) LIMIT 1";

constexpr Sql place_in_queue =
    "SELECT state, draft_id, lease_person, lease_token FROM queue "
    "WHERE project_id = $1 AND task_id = $2 {for_update}";
constexpr Sql renew_one =
    "UPDATE queue SET lease_until = $1 WHERE project_id = $2 AND task_id = $3";
constexpr Sql release_held =
    "UPDATE queue SET state = 0, lease_person = NULL, lease_until = NULL, lease_token = NULL "
    "WHERE project_id = $1 AND task_id = $2 AND lease_token = $3 AND state = 1";
constexpr Sql drop_work = "DELETE FROM work WHERE task_id = $1 AND person_id = $2";

std::int64_t code(BatchState state) {
    return static_cast<std::int64_t>(state);
}

Batch batch_from(const RowView& row) {
    Batch b;
    b.id = row.integer(0);
    b.project = row.integer(1);
    b.person = row.integer(2);
    b.what = {std::string(row.text(3)), std::string(row.text(4))};
    b.population = row.integer(5);
    b.sample = row.integer(6);
    b.alpha = row.real(7);
    b.delta = row.real(8);
    b.errors = row.integer(9);
    b.most_wrong = row.integer(10);
    b.created = row.integer(11);
    b.undone = row.integer(12);
    return b;
}

Candidate candidate_from(const RowView& row) {
    Candidate out{row.integer(0), row.integer(1), row.integer(2), row.real(3), !row.is_null(3)};
    if (!out.calibrated)
        out.probability =
            row.is_null(4) ? claims_nothing : claims_whole(row.real(4), row.integer(5));
    return out;
}

bool hidden_from(const Project& project, Id task, Id person) {
    return draw_arm(project.policy, project.seed, task, person, true).arm != Arm::assisted;
}

}  // namespace

void each_candidate(
    Session& s, const Project& project, Id person, const std::optional<ItemClass>& one,
    const std::function<void(const Candidate&, std::string_view class_text)>& each) {
    const auto take = [&](const RowView& row) {
        const auto found = candidate_from(row);
        if (!hidden_from(project, found.task, person)) each(found, row.text(6));
    };
    if (one)
        s.run(candidates_of_class, {project.id, person, project.policy.show_from, class_text(*one)},
              take);
    else
        s.run(candidates, {project.id, person, project.policy.show_from}, take);
}

std::optional<Candidate> find_candidate(Session& s, Id task, Id draft) {
    return s.one(candidate_by_draft, {task, draft}, candidate_from);
}

std::vector<Kept> kept_lately(Session& s, const Project& project) {
    constexpr Id look_back = 20'000;
    const auto newest = s.one(newest_answer, {}, [](const RowView& row) { return row.integer(0); });
    std::vector<Kept> out;
    s.run(kept_lately_sql, {newest.value_or(0) - look_back, project.id, project.policy.show_from},
          [&](const RowView& row) {
              const auto one = candidate_from(row);
              out.push_back({one.model, one.probability,
                             static_cast<Action>(row.integer(6)) == Action::accepted});
          });
    return out;
}

Id insert_batch(Session& s, const Batch& b) {
    return *s.one(insert_batch_sql,
                  {b.project, b.person, b.what.control, b.what.label, b.population, b.sample,
                   b.alpha, b.delta, b.errors, b.most_wrong, b.created},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<Batch> find_batch(Session& s, Id id) {
    return s.one(batch_by_id, {id}, batch_from);
}

std::optional<Batch> open_sample(Session& s, Id project, Id person, const ItemClass& what) {
    return s.one(open_sample_sql, {project, person, what.control, what.label}, batch_from);
}

void note_bound(Session& s, Id batch, std::int64_t errors, std::int64_t most_wrong) {
    s.run(note_bound_sql, {errors, most_wrong, batch});
}

void note_undone(Session& s, Id batch, Millis now) {
    s.run(note_undone_sql, {now, batch});
}

void insert_batch_tasks(Session& s, Id batch, const std::vector<BatchTask>& tasks) {
    std::vector<Arg> values;
    values.reserve(tasks.size() * 6);
    for (const auto& t : tasks)
        for (const std::int64_t value :
             {batch, t.place, t.task, t.draft, t.annotation, code(t.state)})
            values.push_back(value);
    if (!values.empty()) s.bulk(batch_task_columns, values);
}

std::vector<BatchTask> batch_tasks(Session& s, Id batch, BatchState state, std::int64_t from,
                                   std::int64_t below, int limit) {
    std::vector<BatchTask> out;
    s.run(tasks_of_batch, {batch, code(state), from, below, std::int64_t{limit}},
          [&](const RowView& row) {
              out.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                             static_cast<BatchState>(row.integer(4))});
          });
    return out;
}

std::int64_t count_batch_tasks(Session& s, Id batch, BatchState state, std::int64_t from,
                               std::int64_t below) {
    return *s.one(count_of_batch, {batch, code(state), from, below},
                  [](const RowView& row) { return row.integer(0); });
}

void note_batch_task(Session& s, Id batch, std::int64_t place, BatchState state, Id annotation) {
    s.run(note_task_sql, {code(state), annotation, batch, place});
}

bool batch_moved_on(Session& s, Id batch) {
    return s.one(moved_on_sql, {batch}, [](const RowView&) { return true; }).has_value();
}

std::vector<Assignment> lease_drafted(Session& s, const Project& project, Id person,
                                      const std::vector<BatchTask>& tasks, Millis now) {
    const Millis until = now + project.policy.lease_minutes * Millis{60'000};
    std::vector<Assignment> out;
    for (const auto& wanted : tasks) {
        if (hidden_from(project, wanted.task, person)) continue;
        Id token = 0;
        TaskState state = TaskState::done;
        Id draft = 0, holder = 0;
        s.run(place_in_queue, {project.id, wanted.task}, [&](const RowView& row) {
            state = static_cast<TaskState>(row.integer(0));
            draft = row.integer(1);
            holder = row.integer(2);
            token = row.integer(3);
        });
        if (draft != wanted.draft) continue;
        if (state == TaskState::leased && holder == person) {
            auto held = find_assignment(s, token);
            if (!held || held->draft != draft || held->arm != Arm::assisted) continue;
            held->until = until;
            s.run(renew_one, {until, project.id, wanted.task});
            out.push_back(*held);
        } else if (state == TaskState::ready) {
            out.push_back(lease_ready(s, project, person, wanted.task, draft, now));
        }
    }
    return out;
}

void release_one(Session& s, Id project, const Assignment& held) {
    s.run(drop_work, {held.task, held.person});
    if (s.run(release_held, {project, held.task, held.id}) != 1) return;
    Progress moved;
    moved.ready = 1;
    moved.leased = -1;
    add_progress(s, project, moved);
    s.hints().forget(project, 0);
}

}  // namespace countersign
