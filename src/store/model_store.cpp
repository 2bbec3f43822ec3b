#include "store/model_store.h"

#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql insert_model_sql =
    "INSERT INTO model (project_id, name, kind, config, enabled, created) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
constexpr Sql update_model_sql =
    "UPDATE model SET name = $1, kind = $2, config = $3, enabled = $4 WHERE id = $5";
constexpr Sql model_by_id =
    "SELECT id, project_id, name, kind, config, enabled, created FROM model WHERE id = $1";
constexpr Sql models_of_project =
    "SELECT id, project_id, name, kind, config, enabled, created FROM model WHERE project_id = $1 "
    "ORDER BY id";

constexpr Sql insert_version_sql =
    "INSERT INTO model_version (model_id, name, quality, state, learned_from, created) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
constexpr Sql version_by_id =
    "SELECT id, model_id, name, quality, state, learned_from, created FROM model_version "
    "WHERE id = $1";
constexpr Sql latest_version_sql =
    "SELECT id, model_id, name, quality, state, learned_from, created FROM model_version "
    "WHERE model_id = $1 ORDER BY id DESC LIMIT 1";
constexpr Sql versions_of_model =
    "SELECT id, model_id, name, quality, '', learned_from, created FROM model_version "
    "WHERE model_id = $1 ORDER BY id DESC";

constexpr Sql draft_by_id = "SELECT " DRAFT_COLUMNS " FROM draft d WHERE d.id = $1";
constexpr Sql drafts_of_task =
    "SELECT " DRAFT_COLUMNS " FROM draft d WHERE d.task_id = $1 ORDER BY d.id DESC";

constexpr Sql drafts_of_others_sql =
    "SELECT " DRAFT_COLUMNS
    ", d.model_id FROM draft d JOIN model m ON m.id = d.model_id "
    "WHERE d.task_id = $1 AND d.current = 1 AND m.enabled = 1 "
    "AND d.model_id <> (SELECT v.model_id FROM model_version v WHERE v.id = $2) "
    "ORDER BY d.id DESC";

/// Drafts that people brought along stay the ones that are shown, unless they switch them off.
#define WITHOUT_IMPORTED_DRAFT                                             \
    "NOT EXISTS (SELECT 1 FROM draft d JOIN model m ON m.id = d.model_id " \
    "WHERE d.task_id = q.task_id AND d.current = 1 AND m.kind = 'imported' AND m.enabled = 1)"

constexpr Sql to_draft =
    "SELECT " TASK_COLUMNS
    ", q.rank FROM queue q {in_order} JOIN task t ON t.id = q.task_id "
    "WHERE q.project_id = $1 AND q.state = 0 AND q.rank >= $2 "
    "AND (q.draft_id = 0 OR (NOT EXISTS (SELECT 1 FROM draft d WHERE d.task_id = q.task_id "
    "AND d.model_version_id = $3 AND d.current = 1) AND " WITHOUT_IMPORTED_DRAFT
    ")) "
    "AND NOT EXISTS (SELECT 1 FROM work w WHERE w.task_id = q.task_id) "
    "ORDER BY q.rank LIMIT $4";
constexpr Sql count_to_draft_sql =
    "SELECT COUNT(*) FROM queue q WHERE q.project_id = $1 AND q.state = 0 "
    "AND (q.draft_id = 0 OR (NOT EXISTS (SELECT 1 FROM draft d WHERE d.task_id = q.task_id "
    "AND d.model_version_id = $2 AND d.current = 1) AND " WITHOUT_IMPORTED_DRAFT
    ")) "
    "AND NOT EXISTS (SELECT 1 FROM work w WHERE w.task_id = q.task_id)";

// Gold tasks are drafted like those that wait, or their old drafts would tell them from work.
#define GOLD_TO_DRAFT                                                                        \
    "FROM gold g JOIN queue q ON q.project_id = g.project_id AND q.task_id = g.task_id "     \
    "AND q.state = 2 "                                                                       \
    "JOIN task t ON t.id = q.task_id WHERE g.project_id = $1 AND g.state = 0 "               \
    "AND (q.draft_id = 0 OR (NOT EXISTS (SELECT 1 FROM draft d WHERE d.task_id = q.task_id " \
    "AND d.model_version_id = $2 AND d.current = 1) AND " WITHOUT_IMPORTED_DRAFT             \
    ")) AND NOT EXISTS (SELECT 1 FROM work w WHERE w.task_id = q.task_id) "
constexpr Sql gold_to_draft =
    "SELECT " TASK_COLUMNS ", q.rank " GOLD_TO_DRAFT "ORDER BY g.task_id LIMIT $3";
constexpr Sql count_gold_to_draft = "SELECT COUNT(*) " GOLD_TO_DRAFT;

// Learned from gold, a model would hand people the trusted answers as its drafts.
constexpr Sql to_learn =
    "SELECT l.task_id, t.data, t.media_id, a.regions, a.action, a.arm FROM label l "
    "JOIN task t ON t.id = l.task_id "
    "JOIN annotation a ON a.task_id = l.task_id AND a.id = l.annotation_id "
    "WHERE l.project_id = $1 AND l.task_id > $2 AND l.origin <> 3 ORDER BY l.task_id LIMIT $3";
// 1 of arm: blind. 5 of action: imported. 1 and 3 of origin: a verdict, gold.
constexpr Sql judged =
    "SELECT l.task_id, a.regions, d.regions FROM label l "
    "JOIN annotation a ON a.task_id = l.task_id AND a.id = l.annotation_id "
    "JOIN draft d ON d.task_id = l.task_id AND d.model_id = $1 AND d.current = 1 "
    "WHERE l.project_id = $2 AND l.task_id > $3 AND l.task_id % $4 = 0 "
    "AND ($5 = 0 OR a.arm = 1 OR a.action = 5 OR a.draft_id = 0 OR l.origin = 1 OR l.origin = 3) "
    "ORDER BY l.task_id LIMIT $6";
constexpr Sql count_labels_sql =
    "SELECT (SELECT COUNT(*) FROM label WHERE project_id = $1) - "
    "(SELECT COUNT(*) FROM gold WHERE project_id = $1 AND state = 0)";

Json stored_json(std::string_view text) {
    auto value = parse_json(text);
    if (!value) throw Breakdown("Stored JSON does not read back: " + value.refusal().message);
    return *std::move(value);
}

Model model_from(const RowView& row) {
    Model m;
    m.id = row.integer(0);
    m.project = row.integer(1);
    m.name = row.text(2);
    m.kind = row.text(3);
    m.config = stored_json(row.text(4));
    m.enabled = row.integer(5) != 0;
    m.created = row.integer(6);
    return m;
}

ModelVersion version_from(const RowView& row) {
    ModelVersion v;
    v.id = row.integer(0);
    v.model = row.integer(1);
    v.name = row.text(2);
    v.quality = stored_json(row.text(3));
    v.state = row.text(4);
    v.learned_from = row.integer(5);
    v.created = row.integer(6);
    return v;
}

}  // namespace

Id insert_model(Session& s, const Model& m) {
    const auto config = to_text(m.config);
    return *s.one(insert_model_sql,
                  {m.project, m.name, m.kind, config, std::int64_t{m.enabled}, m.created},
                  [](const RowView& row) { return row.integer(0); });
}

void update_model(Session& s, const Model& m) {
    const auto config = to_text(m.config);
    s.run(update_model_sql, {m.name, m.kind, config, std::int64_t{m.enabled}, m.id});
}

std::optional<Model> find_model(Session& s, Id id) {
    return s.one(model_by_id, {id}, model_from);
}

std::vector<Model> list_models(Session& s, Id project) {
    std::vector<Model> out;
    s.run(models_of_project, {project},
          [&](const RowView& row) { out.push_back(model_from(row)); });
    return out;
}

Id insert_model_version(Session& s, const ModelVersion& v) {
    const auto quality = to_text(v.quality);
    return *s.one(insert_version_sql,
                  {v.model, v.name, quality, Bytes{v.state}, v.learned_from, v.created},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<ModelVersion> find_model_version(Session& s, Id id) {
    return s.one(version_by_id, {id}, version_from);
}
std::optional<ModelVersion> latest_version(Session& s, Id model) {
    return s.one(latest_version_sql, {model}, version_from);
}
std::vector<ModelVersion> list_versions(Session& s, Id model) {
    std::vector<ModelVersion> out;
    s.run(versions_of_model, {model},
          [&](const RowView& row) { out.push_back(version_from(row)); });
    return out;
}

std::optional<Draft> find_draft(Session& s, Id id) {
    return s.one(draft_by_id, {id}, [](const RowView& row) { return draft_from(row); });
}

std::vector<Draft> drafts_of(Session& s, Id task) {
    std::vector<Draft> out;
    s.run(drafts_of_task, {task}, [&](const RowView& row) { out.push_back(draft_from(row)); });
    return out;
}

std::vector<DraftOfModel> drafts_of_others(Session& s, Id task, Id version) {
    std::vector<DraftOfModel> out;
    s.run(drafts_of_others_sql, {task, version}, [&](const RowView& row) {
        out.push_back({draft_from(row), row.integer(columns_of_draft)});
    });
    return out;
}

std::vector<Task> tasks_to_draft(Session& s, Id project, Id, Id version, int limit) {
    std::vector<Task> out;
    s.run(gold_to_draft, {project, version, std::int64_t{limit}},
          [&](const RowView& row) { out.push_back(task_from(row)); });
    const auto gold = out.size();
    const auto missing = limit - static_cast<std::int64_t>(gold);
    if (missing <= 0) return out;
    std::int64_t first = 0;
    const auto take = [&](const RowView& row) {
        if (out.size() == gold) first = row.integer(task_columns);
        out.push_back(task_from(row));
    };
    const auto floor = s.hints().floor(project, version);
    s.run(to_draft, {project, floor, version, missing}, take);
    if (static_cast<int>(out.size()) < limit && floor > 0) {
        out.resize(gold);
        s.hints().forget(project, version);
        s.run(to_draft, {project, std::int64_t{0}, version, missing}, take);
    }
    if (out.size() > gold) s.hints().raise(project, version, first);
    return out;
}

std::int64_t count_to_draft(Session& s, Id project, Id, Id version) {
    const auto count = [](const RowView& row) { return row.integer(0); };
    return *s.one(count_to_draft_sql, {project, version}, count) +
           *s.one(count_gold_to_draft, {project, version}, count);
}

std::vector<LearnRow> labels_to_learn(Session& s, Id project, Id after_task, int limit) {
    std::vector<LearnRow> out;
    s.run(to_learn, {project, after_task, std::int64_t{limit}}, [&](const RowView& row) {
        out.push_back({row.integer(0), row.string(1), row.integer(2), stored_regions(row.text(3)),
                       static_cast<Action>(row.integer(4)), static_cast<Arm>(row.integer(5))});
    });
    return out;
}

std::vector<JudgedDraft> judged_drafts(Session& s, Id project, Id model, bool trusted,
                                       std::int64_t step, Id after_task, int limit) {
    std::vector<JudgedDraft> out;
    s.run(judged,
          {model, project, after_task, step, std::int64_t{trusted ? 1 : 0}, std::int64_t{limit}},
          [&](const RowView& row) {
              out.push_back(
                  {row.integer(0), stored_regions(row.text(1)), stored_regions(row.text(2))});
          });
    return out;
}

std::int64_t count_labels(Session& s, Id project) {
    return *s.one(count_labels_sql, {project}, [](const RowView& row) { return row.integer(0); });
}

}  // namespace countersign
