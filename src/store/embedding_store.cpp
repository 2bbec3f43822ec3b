#include "store/embedding_store.h"

#include "store/rows.h"
#include "store/sql.h"
#include "store/task_query.h"

namespace countersign {

namespace {

constexpr std::size_t id_bytes = 8;

constexpr Sql insert_embedder_sql =
    "INSERT INTO embedder (project_id, features, dims, state, fitted, ready, created) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
#define EMBEDDER_COLUMNS "id, project_id, features, dims, fitted, ready, created"
constexpr Sql newest_embedder_sql =
    "SELECT " EMBEDDER_COLUMNS " FROM embedder WHERE project_id = $1 ORDER BY id DESC LIMIT 1";
constexpr Sql serving_embedder_sql =
    "SELECT " EMBEDDER_COLUMNS
    " FROM embedder WHERE project_id = $1 AND ready = 1 ORDER BY id DESC LIMIT 1";
constexpr Sql embedder_state_sql = "SELECT state FROM embedder WHERE id = $1";
constexpr Sql serve_sql = "UPDATE embedder SET ready = 1 WHERE id = $1";
constexpr Sql forget_embeddings_sql =
    "DELETE FROM embedding WHERE embedder_id IN "
    "(SELECT id FROM embedder WHERE project_id = $1 AND id <> $2)";
constexpr Sql forget_embedders_sql = "DELETE FROM embedder WHERE project_id = $1 AND id <> $2";
constexpr Sql insert_embeddings_sql =
    "INSERT INTO embedding (embedder_id, tasks, vectors) VALUES ($1, $2, $3)";
constexpr Sql embeddings_after_sql =
    "SELECT id, tasks, vectors FROM embedding WHERE embedder_id = $1 AND id > $2 "
    "ORDER BY id LIMIT $3";
constexpr Sql task_ids_sql =
    "SELECT task_id FROM queue WHERE project_id = $1 AND task_id > $2 ORDER BY task_id LIMIT $3";

Embedder embedder_from(const RowView& row) {
    Embedder out;
    out.id = row.integer(0);
    out.project = row.integer(1);
    out.features = row.text(2);
    out.dims = static_cast<std::size_t>(row.integer(3));
    out.fitted = row.integer(4);
    out.ready = row.integer(5) != 0;
    out.created = row.integer(6);
    return out;
}

std::string packed(std::span<const Id> ids) {
    std::string out;
    out.reserve(ids.size() * id_bytes);
    for (const Id id : ids)
        for (std::size_t byte = 0; byte < id_bytes; ++byte)
            out += static_cast<char>(static_cast<std::uint64_t>(id) >> (8 * byte));
    return out;
}

std::vector<Id> unpacked(std::string_view bytes) {
    std::vector<Id> out(bytes.size() / id_bytes);
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint64_t id = 0;
        for (std::size_t byte = id_bytes; byte-- > 0;)
            id = id << 8 | static_cast<unsigned char>(bytes[i * id_bytes + byte]);
        out[i] = static_cast<Id>(id);
    }
    return out;
}

}  // namespace

Id insert_embedder(Session& s, const Embedder& e) {
    return *s.one(insert_embedder_sql,
                  {e.project, e.features, static_cast<std::int64_t>(e.dims), Bytes{e.state},
                   e.fitted, std::int64_t{e.ready}, e.created},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<Embedder> newest_embedder(Session& s, Id project) {
    return s.one(newest_embedder_sql, {project}, embedder_from);
}
std::optional<Embedder> serving_embedder(Session& s, Id project) {
    return s.one(serving_embedder_sql, {project}, embedder_from);
}
std::string embedder_state(Session& s, Id embedder) {
    return s.one(embedder_state_sql, {embedder}, [](const RowView& row) { return row.string(0); })
        .value_or("");
}

void serve_embedder(Session& s, Id project, Id embedder) {
    s.run(serve_sql, {embedder});
    s.run(forget_embeddings_sql, {project, embedder});
    s.run(forget_embedders_sql, {project, embedder});
}

void insert_embeddings(Session& s, Id embedder, std::span<const Id> tasks,
                       std::string_view vectors) {
    const auto ids = packed(tasks);
    s.run(insert_embeddings_sql, {embedder, Bytes{ids}, Bytes{vectors}});
}

Id embeddings_after(Session& s, const Embedder& embedder, Id after, int blocks,
                    const std::function<void(std::span<const Id>, std::string_view)>& each) {
    Id last = 0;
    s.run(embeddings_after_sql, {embedder.id, after, std::int64_t{blocks}},
          [&](const RowView& row) {
              last = row.integer(0);
              const auto ids = unpacked(row.text(1));
              const auto vectors = row.text(2);
              if (ids.size() * embedder.dims != vectors.size())
                  throw Breakdown("A block of stored embeddings does not read back.");
              each(ids, vectors);
          });
    return last;
}

std::vector<Id> task_ids_after(Session& s, Id project, Id after, int limit) {
    std::vector<Id> out;
    s.run(task_ids_sql, {project, after, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(row.integer(0)); });
    return out;
}

std::vector<Task> tasks_by_id(Session& s, Id project, const std::vector<Id>& tasks) {
    std::vector<Task> out;
    if (tasks.empty()) return out;
    Piece sql("SELECT " TASK_COLUMNS
              " FROM task t JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id "
              "WHERE t.project_id = ? AND t.id",
              {project});
    sql.add(among(s, tasks)).add(" ORDER BY t.id");
    sql.run(s, [&](const RowView& row) { out.push_back(task_from(row)); });
    return out;
}

}  // namespace countersign
