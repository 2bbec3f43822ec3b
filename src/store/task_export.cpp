// Export by pages of short transactions: drafts and annotations of the page are gathered first,
// then its tasks stream past them. All three come in task order.
#include <map>

#include "store/label_store.h"
#include "store/rows.h"
#include "store/sql.h"
#include "store/task_query.h"
#include "store/task_store.h"

namespace countersign {

namespace {

/// The statements of a page. All tasks: driven by the queue; decided ones: by their labels, so that
/// few labels among many tasks cost what the labels cost.
struct PageSql {
    Sql end, tasks, drafts, annotations;
};
#define TASK_PART TASK_COLUMNS ", " MEDIA_COLUMNS ", l.annotation_id, l.origin "
#define DRAFT_PART                                                                  \
    "d.task_id, d.id, d.model_version_id, d.regions, d.confidence, d.probability, " \
    "d.grounding, d.created "
#define ANNOTATION_PART                                                                 \
    "a.task_id, a.id, a.person_id, a.regions, a.action, a.arm, a.comment, a.draft_id, " \
    "a.edits, a.active_ms, a.flagged, a.created, a.schema_version, a.guideline_version "
constexpr PageSql all_tasks = {
    "SELECT MAX(task_id) FROM (SELECT task_id FROM queue WHERE project_id = $1 AND task_id > $2 "
    "ORDER BY task_id LIMIT $3) AS page",
    "SELECT " TASK_PART
    "FROM queue q JOIN task t ON t.id = q.task_id LEFT JOIN media m ON m.id = t.media_id "
    "LEFT JOIN label l ON l.project_id = q.project_id AND l.task_id = q.task_id "
    "WHERE q.project_id = $1 AND q.task_id > $2 AND q.task_id <= $3 ORDER BY q.task_id",
    "SELECT " DRAFT_PART
    "FROM queue q JOIN draft d ON d.task_id = q.task_id AND d.current = 1 "
    "WHERE q.project_id = $1 AND q.task_id > $2 AND q.task_id <= $3 AND q.draft_id <> 0 "
    "ORDER BY q.task_id, d.id",
    "SELECT " ANNOTATION_PART
    "FROM annotation a WHERE a.project_id = $1 AND a.task_id > $2 AND a.task_id <= $3 "
    "AND a.withdrawn = 0 ORDER BY a.task_id, a.id"};
constexpr PageSql decided_tasks = {
    "SELECT MAX(task_id) FROM (SELECT task_id FROM label WHERE project_id = $1 AND task_id > $2 "
    "ORDER BY task_id LIMIT $3) AS page",
    "SELECT " TASK_PART
    "FROM label l JOIN queue q ON q.project_id = l.project_id AND q.task_id = l.task_id "
    "JOIN task t ON t.id = l.task_id LEFT JOIN media m ON m.id = t.media_id "
    "WHERE l.project_id = $1 AND l.task_id > $2 AND l.task_id <= $3 ORDER BY l.task_id",
    "SELECT " DRAFT_PART
    "FROM label l JOIN draft d ON d.task_id = l.task_id AND d.current = 1 "
    "WHERE l.project_id = $1 AND l.task_id > $2 AND l.task_id <= $3 ORDER BY l.task_id, d.id",
    "SELECT " ANNOTATION_PART
    "FROM label l JOIN annotation a ON a.task_id = l.task_id AND a.withdrawn = 0 "
    "WHERE l.project_id = $1 AND l.task_id > $2 AND l.task_id <= $3 ORDER BY l.task_id, a.id"};
constexpr Sql versions_of_project =
    "SELECT v.id, m.name, v.name FROM model_version v JOIN model m ON m.id = v.model_id "
    "WHERE m.project_id = $1";
constexpr Sql name_of_person = "SELECT name FROM person WHERE id = $1";

/// The statements of a page, ready to run.
using RunEach = std::function<void(const std::function<void(const RowView&)>&)>;
struct PageRuns {
    RunEach tasks, drafts, annotations;
};

PageRuns runs_between(Session& s, const PageSql& sql, Id project, Id after, Id last) {
    const auto run = [&s, project, after, last](const Sql& one) -> RunEach {
        return [&s, &one, project, after, last](const auto& each) {
            s.run(one, {project, after, last}, each);
        };
    };
    return {run(sql.tasks), run(sql.drafts), run(sql.annotations)};
}

PageRuns runs_of(Session& s, Id project, const std::vector<Id>& tasks) {
    const auto run = [&s](Piece piece) -> RunEach {
        return [&s, piece = std::move(piece)](const auto& each) { piece.run(s, each); };
    };
    const auto those = among(s, tasks);
    Piece rows("SELECT " TASK_PART
               "FROM queue q JOIN task t ON t.id = q.task_id LEFT JOIN media m ON m.id = "
               "t.media_id LEFT JOIN label l ON l.project_id = q.project_id AND "
               "l.task_id = q.task_id WHERE q.project_id = ? AND q.task_id",
               {project});
    Piece drafts("SELECT " DRAFT_PART "FROM draft d WHERE d.current = 1 AND d.task_id");
    Piece annotations("SELECT " ANNOTATION_PART
                      "FROM annotation a WHERE a.project_id = ? AND a.withdrawn = 0 AND a.task_id",
                      {project});
    return {run(rows.add(those).add(" ORDER BY q.task_id")),
            run(drafts.add(those).add(" ORDER BY d.task_id, d.id")),
            run(annotations.add(those).add(" ORDER BY a.task_id, a.id"))};
}

struct HeldDraft {
    Id task, id, version;
    std::string regions;
    std::optional<double> confidence, probability;
    Grounding grounding;
    Millis created;
};
struct HeldAnnotation {
    Id task;
    const std::string* person;
    std::string regions, comment;
    ExportRow::AnnotationText rest;
};

/// What surrounds the tasks of one page.
struct Page {
    std::map<Id, std::pair<std::string, std::string>> versions;  // id -> model, version
    std::map<Id, std::string> people;
    std::vector<HeldDraft> drafts;
    std::vector<HeldAnnotation> annotations;

    void load(Session& s, const PageRuns& runs, Id project) {
        s.run(versions_of_project, {project}, [&](const RowView& row) {
            versions[row.integer(0)] = {row.string(1), row.string(2)};
        });
        runs.drafts([&](const RowView& row) {
            drafts.push_back({row.integer(0), row.integer(1), row.integer(2), row.string(3),
                              real_or_none(row, 4), real_or_none(row, 5),
                              static_cast<Grounding>(row.integer(6)), row.integer(7)});
        });
        runs.annotations([&](const RowView& row) {
            HeldAnnotation a;
            a.task = row.integer(0);
            a.person = &people[row.integer(2)];
            a.regions = row.text(3);
            a.comment = row.text(6);
            a.rest = {row.integer(1),
                      {},
                      {},
                      name_of(static_cast<Action>(row.integer(4))),
                      name_of(static_cast<Arm>(row.integer(5))),
                      {},
                      row.integer(7),
                      static_cast<int>(row.integer(8)),
                      row.integer(9),
                      row.integer(10) != 0,
                      false,
                      row.integer(11),
                      static_cast<int>(row.integer(12)),
                      static_cast<int>(row.integer(13))};
            annotations.push_back(std::move(a));
        });
        for (auto& person : people)
            s.run(name_of_person, {person.first},
                  [&](const RowView& row) { person.second = row.text(0); });
    }
};

void stream(Session& s, const PageRuns& runs, Id project,
            const std::function<void(const ExportRow&)>& each) {
    Page page;
    page.load(s, runs, project);
    auto draft = page.drafts.begin();
    auto annotation = page.annotations.begin();
    ExportRow out;
    runs.tasks([&](const RowView& row) {
        constexpr int label_column = task_columns + media_columns;
        const Task task = task_from(row);
        const Media media = media_from(row, task_columns);
        out.task = &task;
        out.media = media.id != 0 ? &media : nullptr;
        out.gold = static_cast<LabelOrigin>(row.integer(label_column + 1)) == LabelOrigin::gold;
        out.drafts.clear();
        out.annotations.clear();
        for (; draft != page.drafts.end() && draft->task == task.id; ++draft) {
            const auto& [model, version] = page.versions[draft->version];
            out.drafts.push_back({draft->id, model, version, draft->regions, draft->confidence,
                                  draft->probability, name_of(draft->grounding), draft->created});
        }
        for (; annotation != page.annotations.end() && annotation->task == task.id; ++annotation) {
            auto text = annotation->rest;
            text.person = *annotation->person;
            text.regions = annotation->regions;
            text.comment = annotation->comment;
            text.current = text.id == row.integer(label_column);
            out.annotations.push_back(text);
        }
        each(out);
    });
}

}  // namespace

Id export_page(Session& s, Id project, Id after, int limit, bool decided_only,
               const std::function<void(const ExportRow&)>& each) {
    const auto& sql = decided_only ? decided_tasks : all_tasks;
    const auto last = s.one(sql.end, {project, after, std::int64_t{limit}}, [](const RowView& row) {
                           return row.integer(0);
                       }).value_or(0);
    if (last != 0) stream(s, runs_between(s, sql, project, after, last), project, each);
    return last;
}

void export_tasks(Session& s, Id project, const std::vector<Id>& tasks,
                  const std::function<void(const ExportRow&)>& each) {
    if (!tasks.empty()) stream(s, runs_of(s, project, tasks), project, each);
}

}  // namespace countersign
