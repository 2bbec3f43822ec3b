// Drafts into their tasks. SQLite writes one after the other by kept statements, which cost it
// nothing; PostgreSQL takes them together: the tasks are locked and their drafts retired, copied
// and pointed at by one statement each, however many there are.
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>

#include "core/routine.h"
#include "store/counters.h"
#include "store/dialect.h"
#include "store/model_store.h"
#include "store/project_store.h"
#include "store/rows.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql model_of_version = "SELECT model_id FROM model_version WHERE id = $1";

#define IS_GOLD                                                                         \
    ", (SELECT COUNT(*) FROM gold g WHERE g.project_id = q.project_id AND g.task_id = " \
    "q.task_id AND g.state = 0) "
constexpr Sql place_of_task =
    "SELECT q.task_id, q.state, q.draft_id, (SELECT COUNT(*) FROM work w WHERE w.task_id = "
    "q.task_id)" IS_GOLD "FROM queue q WHERE q.project_id = $1 AND q.task_id = $2";
constexpr Sql retire_drafts =
    "UPDATE draft SET current = 0 WHERE task_id = $1 AND model_id = $2 AND current = 1 "
    "RETURNING model_id, grounding, 1";
constexpr Sql insert_draft =
    "INSERT INTO draft (task_id, id, model_id, model_version_id, current, confidence, probability, "
    "grounding, regions, created, class, least) "
    "VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11)";
constexpr Sql point_at_draft =
    "UPDATE queue SET draft_id = $1, probability = $2 WHERE project_id = $3 AND task_id = $4";

// The same for many tasks, which come as the text of an array. Locked in the order of their ids, so
// that two who meet wait for each other instead of forming a ring.
constexpr Sql lock_places =
    "SELECT q.task_id, q.state, q.draft_id, (SELECT COUNT(*) FROM work w WHERE w.task_id = "
    "q.task_id)" IS_GOLD
    "FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[])) AS n(task_id) "
    "JOIN queue q ON q.task_id = n.task_id WHERE q.project_id = $2 "
    "ORDER BY q.task_id FOR UPDATE OF q";
constexpr Sql take_draft_ids = "SELECT nextval('draft_id_seq') FROM generate_series(1, $1)";
constexpr Sql retire_many =
    "WITH gone AS (UPDATE draft d SET current = 0 "
    "FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[])) AS "
    "n(task_id, model_id) "
    "WHERE d.task_id = n.task_id AND d.model_id = n.model_id AND d.current = 1 "
    "RETURNING d.model_id, d.grounding) "
    "SELECT model_id, grounding, COUNT(*) FROM gone GROUP BY model_id, grounding";
constexpr std::string_view draft_columns =
    "draft (task_id, id, model_id, model_version_id, current, confidence, probability, grounding, "
    "regions, created, class, least)";
constexpr Sql point_at_many =
    "UPDATE queue q SET draft_id = n.draft_id, probability = n.probability "
    "FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[]), "
    "CAST(CAST($3 AS TEXT) AS DOUBLE PRECISION[])) "
    "AS n(task_id, draft_id, probability) WHERE q.project_id = $4 AND q.task_id = n.task_id";

/// A task as its drafts find it.
struct Place {
    TaskState state;
    Id draft;
    bool work, gold;
};
Place place_from(const RowView& row) {
    return {static_cast<TaskState>(row.integer(1)), row.integer(2), row.integer(3) > 0,
            row.integer(4) > 0};
}
bool untouched(const Place& place) {
    return (place.state == TaskState::ready || place.gold) && !place.work;
}
/// routine_class() as it is stored.
std::string class_or_empty(const Draft& draft) {
    const auto found = routine_class(draft);
    return found ? class_text(*found) : std::string();
}
Arg text_or_null(const std::string& text) {
    if (text.empty()) return nullptr;
    return std::string_view(text);
}
Breakdown no_such_task() {
    return Breakdown("A draft names a task that the project does not have.");
}

/// Numbers as PostgreSQL reads an array of them.
class NumberArray {
public:
    template <class N>
    void add(N number) {
        std::array<char, 40> buffer;
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
        add_text({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
    }
    void add(const std::optional<double>& number) {
        if (number)
            add(*number);
        else
            add_text("NULL");
    }
    bool empty() const { return text_.size() == 1; }
    /// Ends the array.
    std::string_view close() { return text_ += '}'; }

private:
    void add_text(std::string_view number) {
        if (!empty()) text_ += ',';
        text_ += number;
    }
    std::string text_ = "{";
};

/// What insert_drafts() wrote, for the counters.
class Tally {
public:
    std::int64_t written = 0, drafted = 0;

    void add(Id model, Grounding grounding, std::int64_t by) {
        auto& stats = stats_[model];
        stats.model = model;
        stats.drafted += by;
        switch (grounding) {
            case Grounding::unchecked:
                break;
            case Grounding::grounded:
                stats.grounded += by;
                break;
            case Grounding::repaired:
                stats.repaired += by;
                break;
            case Grounding::weak:
                stats.weak += by;
                break;
            case Grounding::ungrounded:
                stats.ungrounded += by;
                break;
        }
    }
    /// From a row of retired drafts: model, grounding, how many.
    void retire(const RowView& row) {
        add(row.integer(0), static_cast<Grounding>(row.integer(1)), -row.integer(2));
    }
    void save(Session& s, Id project) const {
        for (const auto& [model, stats] : stats_) add_model_count(s, stats);
        Progress progress;
        progress.drafted = drafted;
        if (drafted != 0) add_progress(s, project, progress);
    }

private:
    std::map<Id, ModelStats> stats_;
};

/// A draft and the model that its version belongs to.
struct Placed {
    const Draft* draft;
    Id model;
};

std::vector<Placed> with_models(Session& s, const std::vector<Draft>& drafts) {
    std::map<Id, Id> model_of;
    std::vector<Placed> out;
    out.reserve(drafts.size());
    for (const auto& d : drafts) {
        auto known = model_of.find(d.model_version);
        if (known == model_of.end()) {
            const auto model = s.one(model_of_version, {d.model_version},
                                     [](const RowView& row) { return row.integer(0); });
            if (!model) throw Breakdown("A draft names a model version that does not exist.");
            known = model_of.emplace(d.model_version, *model).first;
        }
        out.push_back({&d, known->second});
    }
    return out;
}

void write_one_by_one(Session& s, Id project, const std::vector<Placed>& drafts,
                      bool only_untouched, Tally& tally) {
    for (const auto& [draft, model] : drafts) {
        const Draft& d = *draft;
        const auto place = s.one(place_of_task, {project, d.task}, place_from);
        if (!place) throw no_such_task();
        if (only_untouched && !untouched(*place)) continue;
        s.run(retire_drafts, {d.task, model}, [&](const RowView& row) { tally.retire(row); });
        const Id id = next_id(s, "draft");
        const auto regions = regions_text(d.regions);
        const auto routine = class_or_empty(d);
        s.run(insert_draft, {d.task, id, model, d.model_version, real_or_null(d.confidence),
                             real_or_null(d.probability), static_cast<std::int64_t>(d.grounding),
                             regions, d.created, text_or_null(routine), least_sure(d)});
        s.run(point_at_draft, {id, real_or_null(d.probability), project, d.task});
        tally.add(model, d.grounding, 1);
        if (place->draft == 0) ++tally.drafted;
        ++tally.written;
    }
}

using Places = std::unordered_map<Id, Place>;

Places lock_all(Session& s, Id project, const std::vector<Placed>& drafts) {
    NumberArray tasks;
    for (const auto& placed : drafts) tasks.add(placed.draft->task);
    Places out;
    s.run(lock_places, {tasks.close(), project},
          [&](const RowView& row) { out.emplace(row.integer(0), place_from(row)); });
    return out;
}

/// Retires what stands on the tasks already; of drafts that come together for one task and model
/// only the last is current: those.
std::set<const Draft*> retire_all(Session& s, const std::vector<Placed>& drafts,
                                  const Places& places, Tally& tally) {
    std::map<std::pair<Id, Id>, const Draft*> last;
    for (const auto& [draft, model] : drafts) last[{draft->task, model}] = draft;
    NumberArray tasks, models;
    std::set<const Draft*> current;
    for (const auto& [key, draft] : last) {
        current.insert(draft);
        if (places.at(key.first).draft == 0) continue;
        tasks.add(key.first);
        models.add(key.second);
    }
    if (!tasks.empty())
        s.run(retire_many, {tasks.close(), models.close()},
              [&](const RowView& row) { tally.retire(row); });
    return current;
}

void copy_all(Session& s, const std::vector<Placed>& drafts, const std::set<const Draft*>& current,
              const std::vector<Id>& ids) {
    std::vector<std::string> regions, classes;
    std::vector<Arg> values;
    regions.reserve(drafts.size());
    classes.reserve(drafts.size());
    values.reserve(drafts.size() * 12);
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const Draft& d = *drafts[i].draft;
        regions.push_back(regions_text(d.regions));
        classes.push_back(class_or_empty(d));
        for (const Arg& value : std::initializer_list<Arg>{
                 d.task, ids[i], drafts[i].model, d.model_version,
                 std::int64_t{current.contains(&d)}, real_or_null(d.confidence),
                 real_or_null(d.probability), static_cast<std::int64_t>(d.grounding),
                 regions.back(), d.created, text_or_null(classes.back()), least_sure(d)})
            values.push_back(value);
    }
    s.bulk(draft_columns, values);
}

void write_together(Session& s, Id project, std::vector<Placed> drafts, bool only_untouched,
                    Tally& tally) {
    auto places = lock_all(s, project, drafts);
    std::erase_if(drafts, [&](const Placed& placed) {
        const auto place = places.find(placed.draft->task);
        if (place == places.end()) throw no_such_task();
        return only_untouched && !untouched(place->second);
    });
    if (drafts.empty()) return;
    const auto current = retire_all(s, drafts, places, tally);
    std::vector<Id> ids;
    s.run(take_draft_ids, {static_cast<std::int64_t>(drafts.size())},
          [&](const RowView& row) { ids.push_back(row.integer(0)); });
    copy_all(s, drafts, current, ids);

    std::map<Id, std::size_t> newest;  // By task.
    for (std::size_t i = 0; i < drafts.size(); ++i) newest[drafts[i].draft->task] = i;
    NumberArray tasks, draft_ids, probabilities;
    for (const auto& [task, i] : newest) {
        tasks.add(task);
        draft_ids.add(ids[i]);
        probabilities.add(drafts[i].draft->probability);
        if (places.at(task).draft == 0) ++tally.drafted;
    }
    s.run(point_at_many, {tasks.close(), draft_ids.close(), probabilities.close(), project});
    for (const auto& [draft, model] : drafts)
        if (current.contains(draft)) tally.add(model, draft->grounding, 1);
    tally.written = static_cast<std::int64_t>(drafts.size());
}

}  // namespace

std::int64_t insert_drafts(Session& s, Id project, const std::vector<Draft>& drafts,
                           bool only_untouched) {
    if (drafts.empty()) return 0;
    Tally tally;
    const auto placed = with_models(s, drafts);
    if (s.engine() == Engine::sqlite)
        write_one_by_one(s, project, placed, only_untouched, tally);
    else
        write_together(s, project, placed, only_untouched, tally);
    tally.save(s, project);
    return tally.written;
}

}  // namespace countersign
