#include "store/notification_store.h"

#include "core/people.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql next_number =
    "INSERT INTO notification_head (person_id, seq) VALUES ($1, 1) "
    "ON CONFLICT (person_id) DO UPDATE SET seq = notification_head.seq + 1";
// Behind next_number, whose row lock it relies on: whoever came first has committed by now.
#define WANTED                                                                               \
    "SELECT h.person_id, h.seq, $1, $2, $3, $4, $5, $6, $7, 0 FROM notification_head h "     \
    "JOIN person p ON p.id = h.person_id WHERE h.person_id = $8 AND p.active = 1 AND NOT "   \
    "EXISTS (SELECT 1 FROM notification_off o WHERE o.person_id = h.person_id AND o.kind = " \
    "$1)"
#define INTO                                                                                 \
    "INSERT INTO notification (person_id, seq, kind, project_id, task_id, by_id, about_id, " \
    "number, created, is_read) "
constexpr Sql insert_each = INTO WANTED;
constexpr Sql insert_once = INTO WANTED
    " AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.person_id = h.person_id AND "
    "n.kind = $1 AND n.project_id = $2 AND n.is_read = 0)";

// Who is told already is left out before any lock is taken: disputes come in swarms.
constexpr Sql deciders =
    "SELECT p.id FROM person p WHERE p.active = 1 AND p.role >= $1 AND NOT EXISTS (SELECT 1 FROM "
    "notification n WHERE n.person_id = p.id AND n.kind = $2 AND n.project_id = $3 AND n.is_read = "
    "0) AND NOT EXISTS (SELECT 1 FROM annotation a WHERE a.task_id = $4 AND a.person_id = p.id AND "
    "a.withdrawn = 0 AND a.action < 4)";
constexpr Sql drop_verdicts =
    "DELETE FROM notification WHERE person_id = $1 AND kind = $2 AND task_id = $3 AND is_read = 0";

#define NOTIFICATIONS                                                                             \
    "SELECT n.person_id, n.seq, n.kind, n.project_id, n.task_id, n.by_id, n.about_id, n.number, " \
    "n.created, n.is_read, p.name, t.key, b.display, q.state, CASE WHEN EXISTS (SELECT 1 FROM "   \
    "annotation a WHERE a.task_id = n.task_id AND a.person_id = n.person_id AND a.withdrawn = 0 " \
    "AND a.action < 4) THEN 1 ELSE 0 END, COALESCE(c.body, v.reason, j.error), j.kind, j.state "  \
    "FROM notification n LEFT JOIN project p ON p.id = n.project_id "                             \
    "LEFT JOIN task t ON t.id = n.task_id LEFT JOIN person b ON b.id = n.by_id "                  \
    "LEFT JOIN queue q ON q.project_id = n.project_id AND q.task_id = n.task_id "                 \
    "LEFT JOIN comment c ON c.id = n.about_id AND n.kind IN (0, 1, 4) "                           \
    "LEFT JOIN verdict v ON v.task_id = n.task_id AND v.annotation_id = n.about_id AND n.kind = " \
    "3 LEFT JOIN job j ON j.id = n.about_id AND n.kind = 7 "
constexpr Sql newest_told =
    NOTIFICATIONS "WHERE n.person_id = $1 AND n.seq < $2 ORDER BY n.seq DESC LIMIT $3";
constexpr Sql told_after =
    NOTIFICATIONS "WHERE n.person_id = $1 AND n.seq > $2 ORDER BY n.seq LIMIT $3";
static_assert(static_cast<int>(NotificationKind::mentioned) == 0 &&
              static_cast<int>(NotificationKind::replied) == 1 &&
              static_cast<int>(NotificationKind::decided_otherwise) == 3 &&
              static_cast<int>(NotificationKind::sent_back) == 4 &&
              static_cast<int>(NotificationKind::job_ended) == 7);

constexpr Sql list_version = "SELECT seq FROM notification_head WHERE person_id = $1";
constexpr Sql count_not_read =
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM notification WHERE person_id = $1 AND is_read = 0 "
    "LIMIT $2) AS head";
constexpr Sql mark_up_to =
    "UPDATE notification SET is_read = 1 WHERE person_id = $1 AND seq <= $2 AND is_read = 0";
constexpr Sql mark_one =
    "UPDATE notification SET is_read = 1 WHERE person_id = $1 AND seq = $2 AND is_read = 0";
constexpr Sql list_off = "SELECT kind FROM notification_off WHERE person_id = $1 ORDER BY kind";
constexpr Sql clear_off = "DELETE FROM notification_off WHERE person_id = $1";
constexpr Sql add_off =
    "INSERT INTO notification_off (person_id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING";
constexpr Sql prune_told =
    "DELETE FROM notification WHERE (person_id, seq) IN (SELECT person_id, seq FROM notification "
    "WHERE created < $1 AND (is_read = 1 OR created < $2) ORDER BY created LIMIT $3)";

constexpr Sql under_task =
    "SELECT person_id FROM comment WHERE task_id = $1 UNION SELECT person_id FROM annotation "
    "WHERE task_id = $1 AND withdrawn = 0 AND action < 4";
// A look into an index for each person, however many answers there are.
constexpr Sql at_work =
    "SELECT p.id FROM person p WHERE p.active = 1 AND (EXISTS (SELECT 1 FROM annotation a WHERE "
    "a.project_id = $1 AND a.person_id = p.id AND a.action <> 5) OR EXISTS (SELECT 1 FROM queue q "
    "WHERE q.for_person = p.id AND q.project_id = $1 AND q.for_person <> 0))";

std::int64_t number_of_kind(NotificationKind kind) {
    return static_cast<std::int64_t>(kind);
}

std::set<Id> people_of(Session& s, std::string_view sql, const std::vector<Arg>& args) {
    std::set<Id> out;
    s.run(sql, args, [&](const RowView& row) { out.insert(row.integer(0)); });
    return out;
}

NotificationRow notification_from(const RowView& row) {
    NotificationRow out;
    auto& n = out.what;
    n.person = row.integer(0);
    n.seq = row.integer(1);
    n.kind = static_cast<NotificationKind>(row.integer(2));
    n.project = row.integer(3);
    n.task = row.integer(4);
    n.by = row.integer(5);
    n.about = row.integer(6);
    n.number = row.integer(7);
    n.created = row.integer(8);
    n.read = row.integer(9) != 0;
    out.project = row.text(10);
    out.task_key = row.text(11);
    out.by = row.text(12);
    out.state = static_cast<TaskState>(row.integer(13));
    out.answered = row.integer(14) != 0;
    out.said = row.text(15);
    out.job_kind = row.text(16);
    if (!row.is_null(17)) out.job_state = static_cast<JobState>(row.integer(17));
    return out;
}

std::vector<NotificationRow> notifications(Session& s, std::string_view sql, Id person, Id from,
                                           int limit) {
    std::vector<NotificationRow> out;
    s.run(sql, {person, from, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(notification_from(row)); });
    return out;
}

}  // namespace

void tell(Session& s, const Notification& what) {
    if (what.person == 0 || what.person == what.by) return;
    s.post(next_number, {what.person});
    s.post(stands_for_all(what.kind) ? insert_once : insert_each,
           {number_of_kind(what.kind), what.project, what.task, what.by, what.about, what.number,
            what.created, what.person});
}

void tell_all(Session& s, Notification what, const std::set<Id>& people) {
    for (const Id person : people) {
        what.person = person;
        tell(s, what);
    }
}

void tell_of_dispute(Session& s, Id project, Id task, Millis now) {
    Notification what;
    what.kind = NotificationKind::dispute_waits;
    what.project = project;
    what.created = now;
    const auto least = static_cast<std::int64_t>(least_role(Permission::decide));
    tell_all(s, what, people_of(s, deciders, {least, number_of_kind(what.kind), project, task}));
}

void untell_verdict(Session& s, Id task, const std::set<Id>& people) {
    for (const Id person : people) {
        s.post(next_number, {person});
        s.post(drop_verdicts, {person, number_of_kind(NotificationKind::decided_otherwise), task});
    }
}

std::vector<NotificationRow> newest_notifications(Session& s, Id person, Id before, int limit) {
    return notifications(s, newest_told, person, before, limit);
}

std::vector<NotificationRow> notifications_after(Session& s, Id person, Id after, int limit) {
    return notifications(s, told_after, person, after, limit);
}

Id notification_version(Session& s, Id person) {
    return s.one(list_version, {person}, [](const RowView& row) { return row.integer(0); })
        .value_or(0);
}

std::int64_t count_unread(Session& s, Id person, std::int64_t most) {
    return *s.one(count_not_read, {person, most},
                  [](const RowView& row) { return row.integer(0); });
}

void mark_read(Session& s, Id person, Id seq, bool only) {
    s.post(next_number, {person});
    s.run(only ? mark_one : mark_up_to, {person, seq});
}

std::vector<NotificationKind> kinds_off(Session& s, Id person) {
    std::vector<NotificationKind> out;
    s.run(list_off, {person}, [&](const RowView& row) {
        out.push_back(static_cast<NotificationKind>(row.integer(0)));
    });
    return out;
}

void save_kinds_off(Session& s, Id person, const std::vector<NotificationKind>& off) {
    s.run(clear_off, {person});
    for (const auto kind : off) s.run(add_off, {person, number_of_kind(kind)});
}

void prune_notifications(Session& s, Millis before_read, Millis before_all) {
    constexpr std::int64_t at_once = 2'000;
    s.run(prune_told, {before_read, before_all, at_once});
}

std::set<Id> people_under(Session& s, Id task) {
    return people_of(s, under_task, {task});
}

std::set<Id> people_at_work(Session& s, Id project) {
    return people_of(s, at_work, {project});
}

}  // namespace countersign
