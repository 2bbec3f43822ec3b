#include "store/task_store.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <unordered_map>

#include "base/crypto.h"
#include "store/project_store.h"
#include "store/queue_rank.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql insert_media_sql =
    "INSERT INTO media (sha256, type, bytes, width, height, orientation, seconds) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id";
constexpr Sql media_by_id = "SELECT " MEDIA_COLUMNS " FROM media m WHERE m.id = $1";
constexpr Sql media_by_hash = "SELECT " MEDIA_COLUMNS " FROM media m WHERE m.sha256 = $1";
constexpr Sql project_of_media_sql =
    "SELECT project_id FROM task WHERE media_id = $1 AND media_id <> 0 LIMIT 1";

constexpr Sql newest_task = "SELECT COALESCE(MAX(id), 0) FROM task";
constexpr Sql insert_task_sql =
    "INSERT INTO task (id, project_id, key, key_digest, file, data, meta, media_id, lane, "
    "priority, "
    "import_id, import_row, created) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
constexpr Sql insert_queue_sql =
    "INSERT INTO queue (project_id, task_id, rank, state, draft_id) VALUES ($1, $2, $3, 0, 0)";
constexpr Sql content_by_key =
    "SELECT id, data, meta, media_id FROM task "
    "WHERE project_id = $1 AND substr(key, 1, 400) = substr($2, 1, 400) AND key_digest = $3";

constexpr Sql staging_sql =
    "CREATE TEMP TABLE IF NOT EXISTS staging (n BIGINT, key TEXT, key_digest BIGINT, file TEXT, "
    "data TEXT, meta TEXT, media_id BIGINT, priority BIGINT, import_id BIGINT, import_row BIGINT) "
    "ON COMMIT DELETE ROWS";
constexpr std::string_view staging_columns =
    "staging (n, key, key_digest, file, data, meta, media_id, priority, import_id, import_row)";
constexpr Sql clear_staging = "DELETE FROM staging";
constexpr Sql insert_staged =
    "WITH added AS (INSERT INTO task (project_id, key, key_digest, file, data, meta, media_id, "
    "lane, "
    "priority, import_id, import_row, created) "
    "SELECT CAST($1 AS BIGINT), key, key_digest, file, data, meta, media_id, 0, priority, "
    "import_id, "
    "import_row, CAST($2 AS BIGINT) FROM staging ORDER BY n ON CONFLICT DO NOTHING "
    "RETURNING id, key, priority), "
    "queued AS (INSERT INTO queue (project_id, task_id, rank, state, draft_id) "
    "SELECT CAST($1 AS BIGINT), id, (CAST(255 - priority AS BIGINT) << 40) | id, 0, 0 FROM added) "
    "SELECT id, key FROM added";
constexpr Sql compare_staged =
    "SELECT s.n, t.id, t.data = s.data AND t.meta = s.meta AND t.media_id = s.media_id "
    "FROM staging s JOIN task t ON t.project_id = $1 "
    "AND substr(t.key, 1, 400) = substr(s.key, 1, 400) AND t.key_digest = s.key_digest";

constexpr Sql insert_span =
    "INSERT INTO task_span (project_id, import_id, created, first_task, last_task) "
    "VALUES ($1, $2, $3, $4, $5)";

constexpr Sql task_by_id =
    "SELECT " TASK_COLUMNS
    " FROM task t JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id WHERE t.id = $1";
constexpr Sql task_by_key =
    "SELECT " TASK_COLUMNS
    " FROM task t JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id "
    "WHERE t.project_id = $1 AND substr(t.key, 1, 400) = substr($2, 1, 400) AND t.key_digest = $3";
constexpr Sql tasks_by_file =
    "SELECT " TASK_COLUMNS
    " FROM task t JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id "
    "WHERE t.project_id = $1 AND t.file = $2 ORDER BY t.id LIMIT 2";

/// Keys are told apart by their first 400 characters; a longer one by this as well.
std::int64_t key_digest(std::string_view key) {
    if (key.size() <= 400) return 0;
    const auto digest = sha256(key);
    std::int64_t out;
    std::memcpy(&out, digest.data(), sizeof out);
    return out;
}

/// What stands behind the last slash, or null for a key without one.
Arg file_of(std::string_view key) {
    const auto slash = key.rfind('/');
    if (slash == key.npos) return nullptr;
    return key.substr(slash + 1);
}

/// Where the tasks that were added lie in the order of ids, an import a row.
void note_spans(Session& s, Id project, const std::vector<NewTask>& tasks,
                const std::vector<InsertOutcome>& outcomes, Millis now) {
    std::map<Id, std::pair<Id, Id>> spans;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (outcomes[i].outcome != Inserted::added) continue;
        const Id task = outcomes[i].task;
        auto& span = spans.try_emplace(tasks[i].import, task, task).first->second;
        span = {std::min(span.first, task), std::max(span.second, task)};
    }
    for (const auto& [import, span] : spans)
        s.run(insert_span, {project, import, now, span.first, span.second});
}

Inserted compared(bool equal) {
    return equal ? Inserted::same : Inserted::differs;
}

std::vector<InsertOutcome> insert_one_by_one(Session& s, Id project,
                                             const std::vector<NewTask>& tasks, Millis now) {
    std::vector<InsertOutcome> out;
    out.reserve(tasks.size());
    Id next = 1 + *s.one(newest_task, {}, [](const RowView& row) { return row.integer(0); });
    std::vector<Arg> values(12), queued(3);
    for (const auto& t : tasks) {
        values = {next,   project, t.key,   key_digest(t.key),        file_of(t.key),
                  t.data, t.meta,  t.media, std::int64_t{t.priority}, t.import,
                  t.row,  now};
        if (s.run(insert_task_sql, values) == 1) {
            queued = {project, next, queue_rank(t.priority, next)};
            s.run(insert_queue_sql, queued);
            out.push_back({Inserted::added, next++});
            continue;
        }
        s.run(content_by_key, {project, t.key, key_digest(t.key)}, [&](const RowView& row) {
            const bool equal =
                row.text(1) == t.data && row.text(2) == t.meta && row.integer(3) == t.media;
            out.push_back({compared(equal), row.integer(0)});
        });
    }
    return out;
}

std::vector<InsertOutcome> insert_by_copy(Session& s, Id project, const std::vector<NewTask>& tasks,
                                          Millis now) {
    s.run(staging_sql);
    s.run(clear_staging);
    std::vector<Arg> values;
    values.reserve(tasks.size() * 10);
    std::int64_t n = 0;
    for (const auto& t : tasks)
        for (const Arg& value :
             std::initializer_list<Arg>{n++, t.key, key_digest(t.key), file_of(t.key), t.data,
                                        t.meta, t.media, std::int64_t{t.priority}, t.import, t.row})
            values.push_back(value);
    s.bulk(staging_columns, values);

    std::unordered_map<std::string, Id> added;
    s.run(insert_staged, {project, now},
          [&](const RowView& row) { added.emplace(row.string(1), row.integer(0)); });
    std::vector<InsertOutcome> out(tasks.size(), InsertOutcome{Inserted::added, 0});
    if (added.size() < tasks.size())
        s.run(compare_staged, {project}, [&](const RowView& row) {
            out[static_cast<std::size_t>(row.integer(0))] = {compared(row.text(2) == "t"),
                                                             row.integer(1)};
        });
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const auto fresh = added.find(std::string(tasks[i].key));
        if (fresh == added.end()) continue;
        out[i] = {Inserted::added, fresh->second};
        added.erase(fresh);
    }
    return out;
}

}  // namespace

Id insert_media(Session& s, const Media& m) {
    const auto fresh = s.one(insert_media_sql,
                             {m.sha256, m.type, m.bytes, std::int64_t{m.width},
                              std::int64_t{m.height}, std::int64_t{m.orientation}, m.seconds},
                             [](const RowView& row) { return row.integer(0); });
    return fresh ? *fresh : find_media_by_hash(s, m.sha256)->id;
}

std::optional<Media> find_media(Session& s, Id id) {
    return s.one(media_by_id, {id}, [](const RowView& row) { return media_from(row); });
}
std::optional<Media> find_media_by_hash(Session& s, std::string_view sha256) {
    return s.one(media_by_hash, {sha256}, [](const RowView& row) { return media_from(row); });
}
std::optional<Id> project_of_media(Session& s, Id media) {
    return s.one(project_of_media_sql, {media}, [](const RowView& row) { return row.integer(0); });
}

std::vector<InsertOutcome> insert_tasks(Session& s, Id project, const std::vector<NewTask>& tasks,
                                        Millis now) {
    if (tasks.empty()) return {};
    auto out = s.engine() == Engine::sqlite ? insert_one_by_one(s, project, tasks, now)
                                            : insert_by_copy(s, project, tasks, now);
    Progress fresh;
    fresh.total = std::count_if(out.begin(), out.end(), [](const InsertOutcome& o) {
        return o.outcome == Inserted::added;
    });
    fresh.ready = fresh.total;
    if (fresh.total > 0) {
        note_spans(s, project, tasks, out, now);
        add_progress(s, project, fresh);
        s.hints().forget(project, 0);
    }
    return out;
}

std::optional<Task> find_task(Session& s, Id id) {
    return s.one(task_by_id, {id}, [](const RowView& row) { return task_from(row); });
}

std::optional<Task> find_task_by_key(Session& s, Id project, std::string_view key) {
    return s.one(task_by_key, {project, key, key_digest(key)},
                 [](const RowView& row) { return task_from(row); });
}

std::vector<Task> find_tasks_by_file(Session& s, Id project, std::string_view name) {
    std::vector<Task> out;
    if (auto exact = find_task_by_key(s, project, name)) out.push_back(*std::move(exact));
    s.run(tasks_by_file, {project, name}, [&](const RowView& row) {
        if (out.size() < 2) out.push_back(task_from(row));
    });
    return out;
}

}  // namespace countersign
