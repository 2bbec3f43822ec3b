#include "store/take_store.h"

#include "store/sql.h"

namespace countersign {

namespace {

// A row that another transaction has in hand is being given to somebody at this moment.
constexpr Sql place_of_named =
    "SELECT q.state, q.lease_person, q.lease_token, q.for_person, q.draft_id, "
    "CASE WHEN EXISTS (SELECT 1 FROM annotation a WHERE a.task_id = q.task_id AND a.person_id = $1 "
    "AND a.withdrawn = 0 AND a.action < 4) THEN 1 ELSE 0 END "
    "FROM queue q WHERE q.project_id = $2 AND q.task_id = $3 {skip_locked}";
constexpr Sql is_named_task = "SELECT 1 FROM queue WHERE project_id = $1 AND task_id = $2";
constexpr Sql count_held_sql =
    "SELECT COUNT(*) FROM queue {by_holder} WHERE lease_person = $1 AND project_id = $2 AND state "
    "= 1";

struct NamedPlace {
    TaskState state = TaskState::ready;
    Id holder = 0, token = 0, for_person = 0, draft = 0;
    bool answered = false;
};

NamedPlace named_place(const RowView& row) {
    NamedPlace out;
    out.state = static_cast<TaskState>(row.integer(0));
    out.holder = row.integer(1);
    out.token = row.integer(2);
    out.for_person = row.integer(3);
    out.draft = row.integer(4);
    out.answered = row.integer(5) != 0;
    return out;
}

std::optional<PassedOver> why_not(const NamedPlace& at, Id person) {
    if (at.state == TaskState::done) return PassedOver::decided;
    if (at.state == TaskState::disputed) return PassedOver::disputed;
    if (at.state == TaskState::leased && at.holder == person) return std::nullopt;
    if (at.answered) return PassedOver::answered;
    const bool waits_for_another = at.for_person != 0 && at.for_person != person;
    if (at.state == TaskState::leased || waits_for_another) return PassedOver::with_another;
    return std::nullopt;
}

}  // namespace

Taken take_tasks(Session& s, const Project& project, Id person, const std::vector<Id>& tasks,
                 Millis now) {
    Taken out;
    const Millis until = now + project.policy.lease_minutes * Millis{60'000};
    for (const Id task : tasks) {
        const auto at = s.one(place_of_named, {person, project.id, task}, named_place);
        if (!at) {
            const bool exists = s.one(is_named_task, {project.id, task}, [](const RowView&) {
                                     return true;
                                 }).has_value();
            out.passed.push_back({task, exists ? PassedOver::with_another : PassedOver::missing});
            continue;
        }
        if (const auto why = why_not(*at, person)) {
            out.passed.push_back({task, *why});
            continue;
        }
        if (at->state == TaskState::ready) {
            out.tasks.push_back(
                load_leased(s, lease_ready(s, project, person, task, at->draft, now)));
            continue;
        }
        renew_lease(s, at->token, person, until);
        auto held = find_assignment(s, at->token).value();
        held.until = until;
        out.tasks.push_back(load_leased(s, held));
    }
    return out;
}

std::int64_t count_held(Session& s, Id project, Id person) {
    return s
        .one(count_held_sql, {person, project}, [](const RowView& row) { return row.integer(0); })
        .value_or(0);
}

}  // namespace countersign
