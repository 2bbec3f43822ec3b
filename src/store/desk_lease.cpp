// Leases: handing tasks to people and taking them back.
#include <limits>

#include "core/arm.h"
#include "store/desk_store.h"
#include "store/project_store.h"
#include "store/queue_rank.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql held_by =
    "SELECT task_id, lease_token FROM queue {by_holder} "
    "WHERE lease_person = $1 AND project_id = $2 AND state = 1 ORDER BY lease_token";
constexpr Sql renew_held =
    "UPDATE queue SET lease_until = $1 WHERE project_id = $2 AND task_id = $3 AND lease_token = $4 "
    "AND lease_until < $5";

// The places to look, in order: what is meant for this person, tasks that need another opinion,
// tasks nobody skipped, tasks others skipped, tasks this person skipped. Nobody gets a task again
// that they gave an answer to.
#define READY                                                                           \
    "SELECT task_id, rank, draft_id FROM queue q {in_order} WHERE project_id = $1 AND " \
    "state = 0 "
#define NOT_ANSWERED                                                                               \
    "AND NOT EXISTS (SELECT 1 FROM annotation a WHERE a.task_id = q.task_id AND a.person_id = $2 " \
    "AND a.withdrawn = 0 AND a.action < 4) "
constexpr Sql ready_assigned =
    "SELECT task_id, rank, draft_id FROM queue {assigned} WHERE for_person = $1 AND "
    "project_id = $2 AND state = 0 AND for_person <> 0 ORDER BY rank LIMIT $3 {skip_locked}";
constexpr Sql ready_opinions =
    READY NOT_ANSWERED "AND rank >= $3 AND rank < $4 ORDER BY rank LIMIT $5 {skip_locked}";
constexpr Sql opinions_end =
    "SELECT MAX(rank) FROM (SELECT rank FROM queue {in_order} WHERE project_id = $1 AND state = 0 "
    "AND rank >= $2 AND rank < 1125899906842624 ORDER BY rank LIMIT $3) AS head";
constexpr Sql ready_fresh =
    READY "AND rank >= $2 AND rank < 281474976710656 ORDER BY rank LIMIT $3 {skip_locked}";
constexpr Sql ready_skipped_by_others = READY NOT_ANSWERED
    "AND rank >= 281474976710656 AND rank < 562949953421312 AND NOT EXISTS (SELECT 1 FROM skip k "
    "WHERE k.person_id = $2 AND k.task_id = q.task_id) ORDER BY rank LIMIT $3 {skip_locked}";
constexpr Sql ready_skipped = READY NOT_ANSWERED
    "AND rank >= 281474976710656 AND rank < 562949953421312 ORDER BY rank LIMIT $3 {skip_locked}";
static_assert(tail_rank == 281474976710656 && opinion_rank == 562949953421312 &&
              assigned_rank == 1125899906842624);

constexpr Sql insert_assignment =
    "INSERT INTO assignment (project_id, task_id, person_id, arm, arm_probability, draft_id, "
    "leased) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
constexpr Sql mark_leased =
    "UPDATE queue SET state = 1, lease_person = $1, lease_until = $2, lease_token = $3 "
    "WHERE project_id = $4 AND task_id = $5";

constexpr Sql assignment_by_id =
    "SELECT id, task_id, person_id, arm, arm_probability, draft_id, leased FROM assignment "
    "WHERE id = $1";
constexpr Sql token_of_task =
    "SELECT q.lease_token FROM task t JOIN queue q ON q.project_id = t.project_id "
    "AND q.task_id = t.id WHERE t.id = $1 AND q.lease_token IS NOT NULL AND q.state <> 2";
constexpr Sql project_of_assignment =
    "SELECT project_id, task_id FROM assignment WHERE id = $1 AND person_id = $2";
constexpr Sql item_of_assignment =
    "SELECT " TASK_COLUMNS ", " MEDIA_COLUMNS
    ", w.body FROM task t JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id "
    "LEFT JOIN media m ON m.id = t.media_id "
    "LEFT JOIN work w ON w.task_id = t.id AND w.person_id = $1 WHERE t.id = $2";
constexpr Sql draft_of_task =
    "SELECT " DRAFT_COLUMNS " FROM draft d WHERE d.task_id = $1 AND d.id = $2";

constexpr Sql renew_sql =
    "UPDATE queue SET lease_until = $1 WHERE project_id = $2 AND task_id = $3 AND lease_token = $4";
constexpr Sql take_back_late =
    "UPDATE queue SET state = 1, lease_until = $1 WHERE project_id = $2 AND task_id = $3 "
    "AND lease_token = $4 AND state = 0";
constexpr Sql state_of_lease =
    "SELECT state FROM queue WHERE project_id = $1 AND task_id = $2 AND lease_token = $3 "
    "{for_update}";
constexpr Sql release_sql =
    "UPDATE queue {by_holder} SET state = 0 WHERE lease_person = $1 AND project_id = $2 AND state "
    "= 1 "
    "AND NOT EXISTS (SELECT 1 FROM work w WHERE w.task_id = queue.task_id AND w.person_id = $1)";
constexpr Sql expired_sql =
    "SELECT project_id, task_id FROM queue WHERE state = 1 AND lease_until < $1 "
    "ORDER BY lease_until LIMIT $2 {skip_locked}";
constexpr Sql expire_sql = "UPDATE queue SET state = 0 WHERE project_id = $1 AND task_id = $2";

/// Another process may hold the rows just below the last one handed out here.
constexpr std::int64_t floor_slack = 64;
/// Leases a sweep takes back at once, to keep its transaction short.
constexpr std::int64_t sweep_most = 500;

struct Found {
    Id task;
    std::int64_t rank;
    Id draft;
};

/// Tasks at the head of those that need another opinion that are looked at before fresh ones: a
/// person who gave the first opinion to very many must not wade through them each time.
constexpr std::int64_t opinions_looked_at = 200;

std::vector<Found> find_ready(Session& s, const Project& about, Id person, std::int64_t wanted) {
    const Id project = about.id;
    std::vector<Found> out;
    const auto take = [&](const RowView& row) {
        out.push_back({row.integer(0), row.integer(1), row.integer(2)});
    };
    const auto missing = [&] { return wanted - static_cast<std::int64_t>(out.size()); };
    s.run(ready_assigned, {person, project, wanted}, take);
    const bool several = about.policy.overlap > 1;
    const auto look_for_opinions = [&](std::int64_t below) {
        if (missing() > 0)
            s.run(ready_opinions, {project, person, opinion_rank, below, missing()}, take);
    };
    if (several && missing() > 0) {
        const auto last = s.one(opinions_end, {project, opinion_rank, opinions_looked_at},
                                [](const RowView& row) { return row.integer(0); });
        look_for_opinions(last.value_or(0) + 1);
    }
    if (missing() <= 0) return out;
    const bool hinted = s.engine() == Engine::postgres;
    const auto before = out.size();
    const auto floor = hinted ? s.hints().floor(project, 0) : 0;
    s.run(ready_fresh, {project, floor, missing()}, take);
    if (missing() > 0 && floor > 0) {
        out.resize(before);
        s.hints().forget(project, 0);
        s.run(ready_fresh, {project, std::int64_t{0}, missing()}, take);
    }
    if (hinted && out.size() > before) s.hints().raise(project, 0, out[before].rank - floor_slack);
    if (missing() > 0) s.run(ready_skipped_by_others, {project, person, missing()}, take);
    if (several && out.empty()) look_for_opinions(assigned_rank);
    if (out.empty()) s.run(ready_skipped, {project, person, wanted}, take);
    return out;
}

Assignment assign(Session& s, const Project& project, Id person, const Found& found, Millis now) {
    Assignment a;
    const auto drawn = draw_arm(project.policy, project.seed, found.task, person, found.draft != 0);
    a.task = found.task;
    a.person = person;
    a.arm = drawn.arm;
    a.arm_probability = drawn.probability;
    a.draft = found.draft;
    a.leased = now;
    a.until = now + project.policy.lease_minutes * Millis{60'000};
    a.id = write_assignment(s, project.id, a);
    s.post(mark_leased, {person, a.until, a.id, project.id, a.task});
    return a;
}

}  // namespace

Id write_assignment(Session& s, Id project, const Assignment& a) {
    return *s.one(insert_assignment,
                  {project, a.task, a.person, static_cast<std::int64_t>(a.arm), a.arm_probability,
                   a.draft, a.leased},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<Assignment> find_assignment(Session& s, Id id) {
    return s.one(assignment_by_id, {id}, [](const RowView& row) {
        Assignment a;
        a.id = row.integer(0);
        a.task = row.integer(1);
        a.person = row.integer(2);
        a.arm = static_cast<Arm>(row.integer(3));
        a.arm_probability = row.real(4);
        a.draft = row.integer(5);
        a.leased = row.integer(6);
        return a;
    });
}

std::optional<Assignment> holding_assignment(Session& s, Id task) {
    const auto token =
        s.one(token_of_task, {task}, [](const RowView& row) { return row.integer(0); });
    return token ? find_assignment(s, *token) : std::nullopt;
}

std::vector<Assignment> lease_tasks(Session& s, const Project& project, Id person, int count,
                                    Millis now, const Besides& besides) {
    const Millis until = now + project.policy.lease_minutes * Millis{60'000};
    std::vector<Assignment> out;
    std::vector<Id> tokens;
    s.run(held_by, {person, project.id},
          [&](const RowView& row) { tokens.push_back(row.integer(1)); });
    auto beside = besides.held.begin();
    const auto full = [&] { return static_cast<int>(out.size()) >= count; };
    const auto take_besides = [&](Id before) {
        for (; beside != besides.held.end() && beside->id < before && !full(); ++beside)
            out.push_back(*beside);
    };
    for (const Id token : tokens) {
        take_besides(token);
        if (full()) break;
        auto held = find_assignment(s, token);
        if (!held) throw Breakdown("A lease names an assignment that does not exist.");
        held->until = until;
        constexpr Millis worth_writing = 5'000;
        s.run(renew_held, {until, project.id, held->task, held->id, until - worth_writing});
        out.push_back(*held);
    }
    take_besides(std::numeric_limits<Id>::max());
    const auto missing = count - static_cast<std::int64_t>(out.size());
    if (missing <= 0) return out;
    Progress moved;
    for (const auto& found : find_ready(s, project, person, missing)) {
        if (besides.in_place_of)
            if (auto other = besides.in_place_of(found.task)) {
                out.push_back(*other);
                continue;
            }
        out.push_back(assign(s, project, person, found, now));
        ++moved.leased;
    }
    moved.ready = -moved.leased;
    if (moved.leased > 0) add_progress(s, project.id, moved);
    return out;
}

Assignment lease_ready(Session& s, const Project& project, Id person, Id task, Id draft,
                       Millis now) {
    Progress moved;
    moved.leased = 1;
    moved.ready = -1;
    add_progress(s, project.id, moved);
    return assign(s, project, person, {task, 0, draft}, now);
}

Leased load_leased(Session& s, const Assignment& assignment) {
    Leased out;
    out.assignment = assignment;
    s.run(item_of_assignment, {assignment.person, assignment.task}, [&](const RowView& row) {
        out.task = task_from(row);
        out.media = media_from(row, task_columns);
        out.work = row.text(task_columns + media_columns);
    });
    if (assignment.draft != 0)
        out.draft = s.one(draft_of_task, {assignment.task, assignment.draft},
                          [](const RowView& row) { return draft_from(row); });
    return out;
}

std::vector<Leased> lease(Session& s, const Project& project, Id person, int count, Millis now) {
    std::vector<Leased> out;
    for (const auto& assignment : lease_tasks(s, project, person, count, now))
        out.push_back(load_leased(s, assignment));
    return out;
}

bool renew_lease(Session& s, Id assignment, Id person, Millis until) {
    const auto of = s.one(project_of_assignment, {assignment, person}, [](const RowView& row) {
        return std::pair{row.integer(0), row.integer(1)};
    });
    if (!of) return false;
    const auto [project, task] = *of;
    const auto state = s.one(state_of_lease, {project, task, assignment},
                             [](const RowView& row) { return row.integer(0); });
    if (!state) return false;
    if (*state == 1) return s.run(renew_sql, {until, project, task, assignment}) == 1;
    if (s.run(take_back_late, {until, project, task, assignment}) != 1) return false;
    Progress moved;
    moved.leased = 1;
    moved.ready = -1;
    add_progress(s, project, moved);
    return true;
}

void release_leases(Session& s, Id project, Id person) {
    Progress moved;
    moved.ready = s.run(release_sql, {person, project});
    moved.leased = -moved.ready;
    if (moved.ready == 0) return;
    add_progress(s, project, moved);
    s.hints().forget(project, 0);
}

std::int64_t sweep_leases(Session& s, Millis now) {
    std::vector<std::pair<Id, Id>> expired;
    s.run(expired_sql, {now, sweep_most},
          [&](const RowView& row) { expired.emplace_back(row.integer(0), row.integer(1)); });
    for (const auto& [project, task] : expired) {
        s.run(expire_sql, {project, task});
        Progress moved;
        moved.ready = 1;
        moved.leased = -1;
        add_progress(s, project, moved);
        s.hints().forget(project, 0);
    }
    return static_cast<std::int64_t>(expired.size());
}

}  // namespace countersign
