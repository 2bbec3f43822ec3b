#include "store/live_store.h"

#include "store/project_store.h"
#include "store/queue_rank.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Millis minute_ms = 60'000;

constexpr Sql add_pace =
    "INSERT INTO pace (minute, project_id, person_id, accepted, edited, rejected, created, "
    "skipped) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (minute, project_id, person_id) "
    "DO UPDATE SET accepted = pace.accepted + excluded.accepted, edited = pace.edited + "
    "excluded.edited, rejected = pace.rejected + excluded.rejected, created = pace.created + "
    "excluded.created, skipped = pace.skipped + excluded.skipped";
constexpr Sql drop_pace = "DELETE FROM pace WHERE minute < $1";
#define DECISIONS "k.accepted + k.edited + k.rejected + k.created"
constexpr Sql pace_of_people =
    "SELECT k.person_id, p.display, "
    "SUM(CASE WHEN k.minute >= $1 THEN " DECISIONS
    " ELSE 0 END), "
    "SUM(CASE WHEN k.minute >= $2 THEN " DECISIONS
    " ELSE 0 END), "
    "SUM(k.accepted), SUM(k.edited), SUM(k.rejected), SUM(k.created), SUM(k.skipped), "
    "MAX(k.minute) FROM pace k JOIN person p ON p.id = k.person_id WHERE k.minute >= $3 "
    "AND k.project_id = $4 AND (CAST($5 AS BIGINT) = 0 OR k.person_id = $5) "
    "GROUP BY k.person_id, p.display ORDER BY p.display, k.person_id";
constexpr Sql pace_of_time =
    "SELECT (k.minute - CAST($1 AS BIGINT)) / CAST($2 AS BIGINT), SUM(" DECISIONS
    ") FROM pace k WHERE k.minute >= $1 AND k.project_id = $3 AND (CAST($4 AS BIGINT) = 0 OR "
    "k.person_id = $4) GROUP BY 1";

constexpr Sql held_sql =
    "SELECT q.lease_person, q.task_id, p.display, t.key, a.leased, q.lease_until, w.saved "
    "FROM queue q {by_state} JOIN task t ON t.id = q.task_id JOIN assignment a ON a.id = "
    "q.lease_token JOIN person p ON p.id = q.lease_person LEFT JOIN work w ON w.task_id = "
    "q.task_id "
    "AND w.person_id = q.lease_person WHERE q.project_id = $1 AND q.state = 1 AND (CAST($2 AS "
    "BIGINT) = 0 OR q.lease_person = $2) ORDER BY p.display, q.lease_person, a.id LIMIT $3";
constexpr Sql lanes_sql =
    "SELECT t.lane, q.state, COUNT(*) FROM task t {by_lane} JOIN queue q ON q.project_id = "
    "t.project_id AND q.task_id = t.id WHERE t.project_id = $1 AND t.lane <> 0 GROUP BY t.lane, "
    "q.state ORDER BY t.lane, q.state";

constexpr Sql held_by_person =
    "SELECT task_id FROM queue {by_holder} WHERE lease_person = $1 AND project_id = $2 AND state = "
    "1 AND (CAST($3 AS BIGINT) = 0 OR task_id = $3) ORDER BY task_id {for_update}";
constexpr Sql take_one =
    "UPDATE queue SET state = 0, lease_person = NULL, lease_until = NULL, lease_token = NULL, "
    "rank = rank - CASE WHEN for_person <> 0 THEN CAST($1 AS BIGINT) ELSE 0 END, for_person = 0 "
    "WHERE project_id = $2 AND task_id = $3";

}  // namespace

void count_pace(Session& s, Id project, Id person, Action action, Millis at, int by) {
    const auto of = [&](Action one) { return std::int64_t{action == one ? by : 0}; };
    s.post(add_pace, {at / minute_ms, project, person, of(Action::accepted), of(Action::edited),
                      of(Action::rejected), of(Action::created), of(Action::skipped)});
}

void prune_pace(Session& s, Millis before) {
    s.run(drop_pace, {before / minute_ms});
}

std::vector<PersonPace> pace_by_person(Session& s, Id project, Id person, Millis from, Millis now) {
    const Millis minute = now / minute_ms;
    std::vector<PersonPace> out;
    s.run(pace_of_people, {minute - 4, minute - 59, from / minute_ms, project, person},
          [&](const RowView& row) {
              PersonPace p;
              p.person = row.integer(0);
              p.display = row.text(1);
              p.last_5 = row.integer(2);
              p.last_60 = row.integer(3);
              p.accepted = row.integer(4);
              p.edited = row.integer(5);
              p.rejected = row.integer(6);
              p.created = row.integer(7);
              p.skipped = row.integer(8);
              p.last = row.integer(9) * minute_ms;
              out.push_back(std::move(p));
          });
    return out;
}

std::vector<std::int64_t> pace_in_time(Session& s, Id project, Id person, Millis from, Millis width,
                                       int n) {
    std::vector<std::int64_t> out(static_cast<std::size_t>(n));
    s.run(pace_of_time, {from / minute_ms, width / minute_ms, project, person},
          [&](const RowView& row) {
              const auto at = static_cast<std::size_t>(row.integer(0));
              if (at < out.size()) out[at] = row.integer(1);
          });
    return out;
}

std::vector<HeldTask> held_tasks(Session& s, Id project, Id person, int limit) {
    std::vector<HeldTask> out;
    s.run(held_sql, {project, person, std::int64_t{limit}}, [&](const RowView& row) {
        HeldTask h;
        h.person = row.integer(0);
        h.task = row.integer(1);
        h.display = row.text(2);
        h.key = row.text(3);
        h.since = row.integer(4);
        h.until = row.integer(5);
        h.saved = row.integer(6);
        out.push_back(std::move(h));
    });
    return out;
}

std::vector<LaneCount> count_lanes(Session& s, Id project) {
    std::vector<LaneCount> out;
    s.run(lanes_sql, {project}, [&](const RowView& row) {
        out.push_back({static_cast<Lane>(row.integer(0)), static_cast<TaskState>(row.integer(1)),
                       row.integer(2)});
    });
    return out;
}

std::vector<Id> take_from(Session& s, Id project, Id person, Id task) {
    std::vector<Id> out;
    s.run(held_by_person, {person, project, task},
          [&](const RowView& row) { out.push_back(row.integer(0)); });
    for (const Id one : out) s.run(take_one, {assigned_rank, project, one});
    if (out.empty()) return out;
    Progress moved;
    moved.ready = static_cast<std::int64_t>(out.size());
    moved.leased = -moved.ready;
    add_progress(s, project, moved);
    s.hints().forget(project, 0);
    return out;
}

}  // namespace countersign
