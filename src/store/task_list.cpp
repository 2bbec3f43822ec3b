#include "store/task_list.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <unordered_map>

#include "core/label_names.h"
#include "store/project_store.h"
#include "store/rows.h"
#include "store/sql.h"
#include "store/task_query.h"

namespace countersign {

namespace {

/// Tasks that one page looks at, at most; fewer where their rows or texts are read.
constexpr std::int64_t usual_looks = 20'000, row_looks = 8'000, text_looks = 5'000;
/// The same for a count.
constexpr std::int64_t count_looks = 60'000, count_text_looks = 10'000;
/// Tasks that an index may find for them to be looked at one by one.
constexpr std::int64_t few = most_matched;

// Every statement here is a walk of one index with a look into others; with so many tasks the
// planner of PostgreSQL would rather read whole tables.
constexpr Sql only_loops =
    "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', "
    "true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', "
    "true)";

/// How far a list has come: everything up to here in the order was looked at.
struct Place {
    int part = 0;        ///< 0: tasks with a value to sort by; 1: those without.
    Piece::Value value;  ///< To sort by; of `key` and `imported` nothing is kept but the id.
    Id task = 0;         ///< 0: the start of the part.
};

std::string hex_of(std::uint64_t bits) {
    char buffer[17];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, bits, 16).ptr;
    return {buffer, end};
}

bool has_parts(TaskOrder order) {
    return order == TaskOrder::probability || order == TaskOrder::decided;
}

/// The id, the sort, and of a sort with parts the part and the value: "z...-pu0-3fe0000000000000".
std::string cursor_of(const TaskSort& sort, const Place& at) {
    std::string out =
        wire_id('z', at.task) + "-" + name_of(sort.order).front() + (sort.down ? "d" : "u");
    if (!has_parts(sort.order)) return out;
    out += std::to_string(at.part);
    if (at.part == 1 || at.task == 0) return out;
    const auto bits = std::holds_alternative<double>(at.value)
                          ? std::bit_cast<std::uint64_t>(std::get<double>(at.value))
                          : static_cast<std::uint64_t>(std::get<std::int64_t>(at.value));
    return out + "-" + hex_of(bits);
}

Result<Place> place_from(const TaskSort& sort, std::string_view cursor) {
    const Refusal refused{Code::invalid,
                          "cursor must be the \"next\" of an earlier page with the same sort."};
    Place out;
    if (cursor.empty()) return out;
    const auto id = parse_id('z', cursor.substr(0, 11));
    if (!id) return refused;
    out.task = *id;
    if (has_parts(sort.order) && cursor.size() > 14) {
        out.part = cursor[14] == '1' ? 1 : 0;
        std::uint64_t bits = 0;
        if (cursor.size() > 16)
            std::from_chars(cursor.data() + 16, cursor.data() + cursor.size(), bits, 16);
        if (sort.order == TaskOrder::probability)
            out.value = std::bit_cast<double>(bits);
        else
            out.value = static_cast<std::int64_t>(bits);
    }
    if (cursor_of(sort, out) != cursor) return refused;
    return out;
}

/// One stretch of the order, walked by one index.
struct Part {
    TaskSource source;
    std::string value;  ///< Column of the source to sort by before the id; empty: by id alone.
    std::string seen;   ///< The same of the joined tables.
    Piece condition;    ///< " AND ..." that a task of the part meets.
    bool by_key = false;
    bool empty = false;
    bool down = false;

    std::string order(std::string_view alias) const {
        const std::string a(alias), way = down ? " DESC" : "";
        if (by_key) return " ORDER BY " + a + ".k" + way + ", " + a + ".d" + way;
        return " ORDER BY " + (value.empty() ? "" : a + ".v" + way + ", ") + a + ".task_id" + way;
    }
};

class Walk {
public:
    /// Of `candidates`, or of all tasks.
    Walk(Session& s, const TaskAsk& ask, TaskQuery query,
         std::optional<std::vector<Id>> candidates = {})
        : s_(s), ask_(ask), query_(std::move(query)), candidates_(std::move(candidates)) {
        if (s_.engine() == Engine::postgres) s_.run(only_loops);
        if (!candidates_) find_few();
        make_parts();
    }

    /// Up to `limit` tasks behind `at`, which moves on; true when there may be more.
    bool page(Place& at, std::size_t limit, std::vector<Id>& out) {
        std::int64_t left = ask_.looks                    ? ask_.looks
                            : query_.texts                ? text_looks
                            : query_.task || query_.draft ? row_looks
                                                          : usual_looks;
        std::int64_t window = static_cast<std::int64_t>(limit) + 1;
        for (;;) {
            const Part& part = parts_[static_cast<std::size_t>(at.part)];
            if (!part.empty) {
                const auto take = candidates_ ? few : std::min(window, left);
                const auto last = collect(part, at, take, limit, out);
                if (out.size() == limit) {
                    at = last;
                    return true;
                }
                if (!candidates_ && move_past(part, at, take)) {
                    left -= take;
                    window *= 6;
                    if (left <= 0) return true;
                    continue;
                }
            }
            if (static_cast<std::size_t>(at.part) + 1 == parts_.size()) return false;
            at = Place{at.part + 1, {}, 0};
        }
    }

    TaskCount count(std::int64_t looks) {
        TaskCount out;
        const Part part = walked_by_id(ask_.sort.down);
        if (candidates_) {
            selecting("SELECT COUNT(*)", part, {}, few).run(s_, [&](const RowView& row) {
                out.count = row.integer(0);
            });
            return out;
        }
        Place at;
        const std::int64_t window = std::min<std::int64_t>(10'000, looks);
        for (; looks > 0; looks -= window) {
            selecting("SELECT COUNT(*)", part, at, window).run(s_, [&](const RowView& row) {
                out.count += row.integer(0);
            });
            if (!move_past(part, at, window)) return out;
        }
        out.more = move_past(part, at, 1);
        return out;
    }

private:
    /// Asks every index that the filter names for a few tasks; keeps the fewest.
    void find_few() {
        for (const auto& source : query_.sources) {
            if (candidates_ && candidates_->size() < 100) return;
            std::vector<Id> found;
            Piece sql("SELECT " + source.id + " FROM " + source.from + " WHERE ");
            sql.add(source.where).add(" LIMIT ?", {few + 1});
            sql.run(s_, [&](const RowView& row) { found.push_back(row.integer(0)); });
            if (static_cast<std::int64_t>(found.size()) > few) continue;
            std::sort(found.begin(), found.end());
            found.erase(std::unique(found.begin(), found.end()), found.end());
            if (!candidates_ || found.size() < candidates_->size()) candidates_ = std::move(found);
        }
    }

    Part walked_by_id(bool down) const {
        Part out;
        out.down = down;
        out.source = {query_.decided ? "label x" : "queue x", "x.task_id",
                      Piece("x.project_id = ?", {ask_.project}), query_.decided ? 6 : 9};
        for (const auto& source : query_.sources)
            if (source.in_order && source.rank < out.source.rank) out.source = source;
        if (query_.last_task != INT64_MAX)
            out.source.where.add(" AND ")
                .add(out.source.id)
                .add(" >= ? AND ", {query_.first_task})
                .add(out.source.id)
                .add(" <= ?", {query_.last_task});
        return out;
    }

    void make_parts() {
        const bool down = ask_.sort.down;
        switch (ask_.sort.order) {
            case TaskOrder::imported:
                parts_.push_back(walked_by_id(down));
                return;
            case TaskOrder::key:
                return parts_.push_back(walked_by_key(down));
            case TaskOrder::probability:
                parts_.push_back(walked_by_probability(down));
                parts_.push_back(walked_by_id(false));
                parts_[1].empty = query_.has_probability;
                parts_[1].condition.add(" AND (q.probability IS NULL OR (1 = 1" +
                                        query_.veil(true) + "))");
                return;
            case TaskOrder::decided:
                parts_.push_back(walked_by_decision(down));
                parts_.push_back(walked_by_id(false));
                parts_[1].empty = query_.decided;
                parts_[1].condition.add(" AND l.task_id IS NULL");
                return;
        }
    }

    Part walked_by_key(bool down) const {
        Part out;
        out.down = down;
        out.by_key = true;
        out.source = {"task x {by_key}", "x.id", Piece("x.project_id = ?", {ask_.project})};
        return out;
    }
    Part walked_by_probability(bool down) const {
        Part out;
        out.down = down;
        out.value = "x.probability";
        out.seen = "q.probability";
        out.source = {"queue x {by_probability}", "x.task_id",
                      Piece("x.project_id = ? AND x.probability IS NOT NULL", {ask_.project})};
        if (query_.probability)
            out.source.where.add(" AND x.probability >= ? AND x.probability <= ?",
                                 {query_.probability->low, query_.probability->high});
        out.condition.add(" AND q.probability IS NOT NULL" + query_.veil(false));
        return out;
    }
    Part walked_by_decision(bool down) const {
        Part out;
        out.down = down;
        out.value = "x.decided";
        out.seen = "l.decided";
        out.source = {"label x {by_decided}", "x.task_id",
                      Piece("x.project_id = ?", {ask_.project})};
        if (query_.when_decided) {
            out.source.where.add(" AND x.decided >= ?", {query_.when_decided->from.value_or(0)});
            if (query_.when_decided->before)
                out.source.where.add(" AND x.decided < ?", {*query_.when_decided->before});
        }
        out.condition.add(" AND l.task_id IS NOT NULL");
        return out;
    }

    /// The next `take` tasks of a part behind `at`, in order: task_id, and v or k and d.
    Piece window(const Part& part, const Place& at, std::int64_t take) const {
        const std::string beyond = part.down ? " < " : " > ";
        std::string columns = part.source.id + " AS task_id";
        if (part.by_key) columns += ", substr(x.key, 1, 400) AS k, x.key_digest AS d";
        if (!part.value.empty()) columns += ", " + part.value + " AS v";
        Piece out("SELECT " + columns + " FROM " + part.source.from + " WHERE ");
        out.add(part.source.where);
        if (at.task != 0 && part.by_key)
            out.add(" AND (substr(x.key, 1, 400), x.key_digest)" + beyond +
                        "((SELECT substr(y.key, 1, 400) FROM task y WHERE y.id = ?), "
                        "(SELECT y.key_digest FROM task y WHERE y.id = ?))",
                    {at.task, at.task});
        else if (at.task != 0 && !part.value.empty())
            out.add(" AND (" + part.value + ", " + part.source.id + ")" + beyond + "(?, ?)",
                    {at.value, at.task});
        else if (at.task != 0)
            out.add(" AND " + part.source.id + beyond + "?", {at.task});
        const std::string way = part.down ? " DESC" : "";
        if (part.by_key)
            out.add(" ORDER BY substr(x.key, 1, 400)" + way + ", x.key_digest" + way);
        else
            out.add(" ORDER BY " + (part.value.empty() ? "" : part.value + way + ", ") +
                    part.source.id + way);
        return out.add(" LIMIT ?", {take});
    }

    /// The candidates behind `at`, in the same shape.
    Piece candidates(const Part& part, const Place& at) const {
        const std::string beyond = part.down ? " < " : " > ";
        std::string columns = "x.task_id";
        if (part.by_key) columns += ", substr(y.key, 1, 400) AS k, y.key_digest AS d";
        if (!part.seen.empty()) columns += ", " + seen_in_candidate(part) + " AS v";
        Piece out("SELECT " + columns + " FROM queue x");
        if (part.by_key) out.add(" CROSS JOIN task y");
        if (part.seen == "l.decided")
            out.add(" LEFT JOIN label y ON y.project_id = x.project_id AND y.task_id = x.task_id");
        out.add(" WHERE x.project_id = ? AND x.task_id", {ask_.project})
            .add(among(s_, *candidates_));
        if (part.by_key) out.add(" AND y.id = x.task_id");
        if (at.task != 0 && part.by_key)
            out.add(" AND (substr(y.key, 1, 400), y.key_digest)" + beyond +
                        "((SELECT substr(z.key, 1, 400) FROM task z WHERE z.id = ?), "
                        "(SELECT z.key_digest FROM task z WHERE z.id = ?))",
                    {at.task, at.task});
        else if (at.task != 0 && !part.seen.empty())
            out.add(" AND (+" + seen_in_candidate(part) + ", +x.task_id)" + beyond + "(?, ?)",
                    {at.value, at.task});
        else if (at.task != 0)
            out.add(" AND +x.task_id" + beyond + "?", {at.task});
        // The plus signs, and a bound that is never reached, keep SQLite from walking all tasks in
        // the order asked for instead of finding the few by their ids.
        return out.add(" LIMIT ?", {few + 1});
    }
    static std::string seen_in_candidate(const Part& part) {
        return part.seen == "l.decided" ? "y.decided" : "x.probability";
    }

    Piece selecting(std::string_view what, const Part& part, const Place& at,
                    std::int64_t take) const {
        Piece out(what);
        out.add(" FROM (")
            .add(candidates_ ? candidates(part, at) : window(part, at, take))
            .add(") w CROSS JOIN queue q")
            .add(query_.joins())
            .add(" WHERE q.project_id = ? AND q.task_id = w.task_id", {ask_.project});
        if (query_.task) out.add(" AND t.id = q.task_id");
        return out.add(query_.where).add(part.condition);
    }

    /// Adds what matches in the window behind `at`; where the last of it stands.
    Place collect(const Part& part, const Place& at, std::int64_t take, std::size_t limit,
                  std::vector<Id>& out) {
        auto sql = selecting("SELECT w.task_id" + std::string(part.value.empty() ? "" : ", w.v"),
                             part, at, take);
        sql.add(part.order("w")).add(" LIMIT ?", {static_cast<std::int64_t>(limit - out.size())});
        Place last = at;
        sql.run(s_, [&](const RowView& row) {
            out.push_back(row.integer(0));
            last.task = row.integer(0);
            if (!part.value.empty()) last.value = value_of(row, 1);
        });
        return last;
    }
    Piece::Value value_of(const RowView& row, int column) const {
        if (ask_.sort.order == TaskOrder::probability) return row.real(column);
        return row.integer(column);
    }

    /// Moves `at` to the end of the window behind it; false when there is none.
    bool move_past(const Part& part, Place& at, std::int64_t take) {
        Part back = part;
        back.down = !part.down;
        Piece sql("SELECT w.task_id" + std::string(part.value.empty() ? "" : ", w.v") + " FROM (");
        sql.add(window(part, at, take)).add(") w").add(back.order("w")).add(" LIMIT 1");
        bool found = false;
        sql.run(s_, [&](const RowView& row) {
            found = true;
            at.task = row.integer(0);
            if (!part.value.empty()) at.value = value_of(row, 1);
        });
        return found;
    }

    Session& s_;
    const TaskAsk& ask_;
    TaskQuery query_;
    std::optional<std::vector<Id>> candidates_;
    std::vector<Part> parts_;
};

/// The number that the project's counters know already.
std::optional<std::int64_t> counted_already(Session& s, const TaskAsk& ask) {
    const auto& terms = ask.filter.terms;
    if (terms.size() > 1) return std::nullopt;
    if (!terms.empty() && (terms[0].field != FilterField::state || terms[0].none_of))
        return std::nullopt;
    const auto progress = find_progress(s, ask.project);
    if (terms.empty()) return progress.total;
    std::int64_t out = 0;
    for (const auto& row : enum_names(TaskState{})) {
        const auto& values = terms[0].values;
        if (std::none_of(values.begin(), values.end(),
                         [&](const FilterValue& value) { return value.text == row.name; }))
            continue;
        out += row.value == TaskState::ready    ? progress.ready
               : row.value == TaskState::leased ? progress.leased
               : row.value == TaskState::done   ? progress.done
                                                : progress.disputed;
    }
    return out;
}

}  // namespace

Result<TaskIdPage> match_tasks(Session& s, const TaskAsk& ask, std::string_view cursor, int limit) {
    auto at = TRY(place_from(ask.sort, cursor));
    Walk walk(s, ask, TRY(compile(s, ask)));
    TaskIdPage out;
    if (walk.page(at, static_cast<std::size_t>(limit), out.tasks))
        out.next = cursor_of(ask.sort, at);
    return out;
}

Result<std::vector<Id>> matching(Session& s, const TaskAsk& ask, std::vector<Id> tasks) {
    std::vector<Id> out;
    auto query = TRY(compile(s, ask));
    if (tasks.empty()) return out;
    const auto all = tasks.size();
    Place start;
    Walk(s, ask, std::move(query), std::move(tasks)).page(start, all, out);
    return out;
}

Result<TaskPage> list_tasks(Session& s, const TaskAsk& ask, std::string_view cursor, int limit) {
    auto found = TRY(match_tasks(s, ask, cursor, limit));
    TaskPage out;
    out.rows = task_rows(s, ask, found.tasks);
    out.next = std::move(found.next);
    return out;
}

Result<TaskCount> count_tasks(Session& s, const TaskAsk& ask) {
    if (const auto known = counted_already(s, ask)) return TaskCount{*known, false};
    auto query = TRY(compile(s, ask));
    const auto looks = ask.looks ? ask.looks : query.texts ? count_text_looks : count_looks;
    return Walk(s, ask, std::move(query)).count(looks);
}

std::vector<TaskRow> task_rows(Session& s, const TaskAsk& ask, const std::vector<Id>& tasks) {
    if (tasks.empty()) return {};
    std::unordered_map<Id, TaskRow> rows;
    const auto project = find_project(s, ask.project);
    const LabelNames names(project ? project->schema : Schema());
    Piece sql("SELECT " TASK_COLUMNS
              ", l.action, p.display, l.names, q.probability, l.flagged, l.decided, h.display, "
              "CASE WHEN q.state = 1 THEN q.lease_until END, f.display, a.arm FROM task t "
              "JOIN queue q ON q.project_id = t.project_id AND q.task_id = t.id "
              "LEFT JOIN label l ON l.project_id = q.project_id AND l.task_id = q.task_id");
    if (!ask.all) sql.add(" AND q.state = 2");
    sql.add(
           " LEFT JOIN person p ON p.id = l.person_id "
           "LEFT JOIN person h ON h.id = q.lease_person AND q.state = 1 "
           "LEFT JOIN assignment a ON a.id = q.lease_token AND q.state = 1 AND q.lease_person = ? "
           "LEFT JOIN person f ON f.id = q.for_person WHERE t.project_id = ? AND t.id",
           {ask.caller, ask.project})
        .add(among(s, tasks));
    sql.run(s, [&](const RowView& row) {
        TaskRow out;
        out.task = task_from(row);
        constexpr int n = task_columns;
        if (!row.is_null(n)) out.action = static_cast<Action>(row.integer(n));
        out.person = row.text(n + 1);
        out.labels = names.list_now(row.text(n + 2));
        const bool blind =
            !row.is_null(n + 9) && static_cast<Arm>(row.integer(n + 9)) == Arm::blind;
        if (!blind) out.probability = real_or_none(row, n + 3);
        out.flagged = row.integer(n + 4) != 0;
        out.decided = row.integer(n + 5);
        out.holder = row.text(n + 6);
        out.lease_until = row.integer(n + 7);
        out.for_person = row.text(n + 8);
        rows.emplace(out.task.id, std::move(out));
    });
    std::vector<TaskRow> out;
    for (const Id task : tasks)
        if (const auto found = rows.find(task); found != rows.end())
            out.push_back(std::move(found->second));
    return out;
}

}  // namespace countersign
