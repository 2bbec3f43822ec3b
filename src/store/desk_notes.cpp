// Comments on tasks, and the responses of requests that must not happen twice.
#include <algorithm>

#include "store/desk_store.h"
#include "store/sql.h"

namespace countersign {

namespace {
constexpr Sql find_response = "SELECT response FROM idempotency WHERE person_id = $1 AND key = $2";
constexpr Sql lock_key =
    "SELECT pg_advisory_xact_lock(hashtextextended(CAST($1 AS TEXT), CAST($2 AS BIGINT)))";
constexpr Sql save_response =
    "INSERT INTO idempotency (person_id, key, response, created) VALUES ($1, $2, $3, $4)";
constexpr Sql forget_responses = "DELETE FROM idempotency WHERE created < $1";
constexpr Sql insert_comment_sql =
    "INSERT INTO comment (task_id, person_id, body, created) VALUES ($1, $2, $3, $4) RETURNING id";
constexpr Sql insert_mention =
    "INSERT INTO mention (comment_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
constexpr Sql mentions_under_task =
    "SELECT m.comment_id, m.person_id, p.name, p.display FROM comment c "
    "JOIN mention m ON m.comment_id = c.id JOIN person p ON p.id = m.person_id "
    "WHERE c.task_id = $1";
constexpr Sql comments_of_task =
    "SELECT c.id, c.task_id, c.person_id, p.display, c.body, c.created FROM comment c "
    "LEFT JOIN person p ON p.id = c.person_id WHERE c.task_id = $1 ORDER BY c.id";
}  // namespace

std::optional<std::string> find_idempotent(Session& s, Id person, std::string_view key) {
    // Two requests with one key at the same moment: the second waits here for the first.
    if (s.engine() == Engine::postgres) s.post(lock_key, {key, person});
    return s.one(find_response, {person, key}, [](const RowView& row) { return row.string(0); });
}

void save_idempotent(Session& s, Id person, std::string_view key, std::string_view response,
                     Millis now) {
    s.post(save_response, {person, key, response, now});
}

void forget_idempotent(Session& s, Millis before) {
    s.run(forget_responses, {before});
}

Id insert_comment(Session& s, const Comment& c) {
    const Id id = *s.one(insert_comment_sql, {c.task, c.person, c.text, c.created},
                         [](const RowView& row) { return row.integer(0); });
    for (const auto& one : c.mentions) s.post(insert_mention, {id, one.person});
    return id;
}

std::vector<Comment> comments_of(Session& s, Id task) {
    std::vector<Comment> out;
    s.run(comments_of_task, {task}, [&](const RowView& row) {
        out.push_back({row.integer(0), row.integer(1), row.integer(2), row.string(3), row.string(4),
                       row.integer(5)});
    });
    s.run(mentions_under_task, {task}, [&](const RowView& row) {
        const auto comment =
            std::lower_bound(out.begin(), out.end(), row.integer(0),
                             [](const Comment& one, Id id) { return one.id < id; });
        if (comment != out.end() && comment->id == row.integer(0))
            comment->mentions.push_back({row.integer(1), row.string(2), row.string(3)});
    });
    return out;
}

}  // namespace countersign
