#include "store/task_query.h"

#include <algorithm>

#include "base/json.h"
#include "core/label_names.h"
#include "store/project_store.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Sql person_by_name = "SELECT id FROM person WHERE name = $1";
constexpr Sql models_by_name = "SELECT id FROM model WHERE project_id = $1 AND name = $2";
constexpr Sql any_named = "SELECT 1 FROM label_name WHERE project_id = $1 AND name = $2 LIMIT 1";
constexpr Sql held_blind =
    "SELECT q.task_id FROM queue q {by_holder} JOIN assignment a ON a.id = q.lease_token "
    "WHERE q.lease_person = $1 AND q.project_id = $2 AND q.state = 1 AND a.arm = 1";
constexpr Sql spans_of_project =
    "SELECT import_id, created, first_task, last_task FROM task_span WHERE project_id = $1";

/// `%part%` for LIKE, with its own wildcards taken literally.
std::string like_pattern(std::string_view part) {
    std::string out = "%";
    for (const char c : part) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out += '%';
}

/// As it stands inside a JSON text.
std::string inside_json(std::string_view part) {
    std::string out;
    append_json_string(out, part);
    return out.substr(1, out.size() - 2);
}

template <class E>
std::vector<std::int64_t> numbers_of(const FilterTerm& term) {
    std::vector<std::int64_t> out;
    for (const auto& value : term.values)
        out.push_back(static_cast<std::int64_t>(*from_name<E>(value.text)));
    return out;
}

Refusal unknown(const FilterTerm& term, const FilterValue& value, std::string_view what) {
    const auto& field = row_of(term.field);
    return {Code::invalid, "The filter's part \"" + std::string(field.name) + ":" + value.text +
                               "\": there is no " + std::string(what) + " \"" + value.text + "\"."};
}

class Compiler {
public:
    Compiler(Session& s, const TaskAsk& ask) : s_(s), ask_(ask) {}

    Result<TaskQuery> compile() {
        out_.all = ask_.all;
        if (ask_.caller != 0)
            s_.run(held_blind, {ask_.caller, ask_.project},
                   [&](const RowView& row) { out_.veiled.push_back(row.integer(0)); });
        for (const auto& term : ask_.filter.terms) {
            const auto condition = TRY(condition_of(term));
            out_.where.add(" AND (").add(condition).add(term.none_of ? ") IS NOT TRUE" : ")");
        }
        narrow_by_spans();
        std::stable_sort(out_.sources.begin(), out_.sources.end(),
                         [](const auto& a, const auto& b) { return a.rank < b.rank; });
        return std::move(out_);
    }

private:
    Result<Piece> condition_of(const FilterTerm& term) {
        switch (term.field) {
            case FilterField::state:
                return state(term);
            case FilterField::lane:
                out_.task = true;
                return one_of("t.lane", numbers_of<Lane>(term));
            case FilterField::arm:
                return Piece(
                           "EXISTS (SELECT 1 FROM annotation a WHERE a.task_id = q.task_id AND "
                           "a.withdrawn = 0 AND a.action < 4 AND ")
                    .add(one_of("a.arm", numbers_of<Arm>(term)))
                    .add(")");
            case FilterField::action:
                return action(term);
            case FilterField::label:
                return label(term);
            case FilterField::by:
                return by(term);
            case FilterField::assigned:
                return assigned(term);
            case FilterField::flagged:
                return flagged(term);
            case FilterField::commented:
                return commented(term);
            case FilterField::drafted:
                return yes_or_no(term, "q.draft_id <> 0" + out_.veil(false));
            case FilterField::probability:
                return probability(term);
            case FilterField::confidence:
                out_.draft = true;
                return within(term, "d.confidence");
            case FilterField::model:
                return model(term);
            case FilterField::key:
            case FilterField::text:
                return containing(term);
            case FilterField::file:
                return file(term);
            case FilterField::import_job:
                out_.task = true;
                return one_of("t.import_id", imports_of(term));
            case FilterField::created:
                out_.task = true;
                return during(term, "t.created");
            case FilterField::decided:
                return decided(term);
        }
        throw Breakdown("a field of filters without a condition");
    }

    template <class T>
    static Piece one_of(std::string_view column, const std::vector<T>& values) {
        return Piece(column).add(" IN (").add(listed(values)).add(")");
    }
    /// `condition` when the term says yes, its opposite when it says no, anything when it says
    /// both.
    static Piece yes_or_no(const FilterTerm& term, const std::string& condition) {
        Piece out;
        for (const auto& value : term.values)
            out.add(out.empty() ? "(" : " OR (")
                .add(condition)
                .add(value.text == "yes" ? ") IS TRUE" : ") IS NOT TRUE");
        return out;
    }
    static bool only_yes(const FilterTerm& term) {
        return !term.none_of && term.values.size() == 1 && term.values[0].text == "yes";
    }
    static Piece within(const FilterTerm& term, std::string_view column) {
        Piece out;
        for (const auto& value : term.values) {
            const auto range = number_range(value);
            out.add(out.empty() ? "(" : " OR (")
                .add(column)
                .add(" >= ? AND ", {range.low})
                .add(column)
                .add(" <= ?)", {range.high});
        }
        return out;
    }
    Piece during(const FilterTerm& term, std::string_view column) const {
        Piece out;
        for (const auto& value : term.values) {
            const auto range = time_range(value, ask_.now);
            out.add(out.empty() ? "(" : " OR (").add(column).add(" >= ?", {range.from.value_or(0)});
            if (range.before) out.add(" AND ").add(column).add(" < ?", {*range.before});
            out.add(")");
        }
        return out;
    }
    /// The term names tasks that an index finds.
    void found_by(const FilterTerm& term, TaskSource source) {
        if (!term.none_of) out_.sources.push_back(std::move(source));
    }
    void implies_label(const FilterTerm& term) {
        if (!term.none_of) out_.decided = true;
    }

    Piece state(const FilterTerm& term) {
        const auto states = numbers_of<TaskState>(term);
        const bool rare = std::none_of(states.begin(), states.end(), [](std::int64_t state) {
            return state == static_cast<std::int64_t>(TaskState::ready) ||
                   state == static_cast<std::int64_t>(TaskState::done);
        });
        Piece where("x.project_id = ? AND ", {ask_.project});
        where.add(one_of("x.state", states));
        found_by(term,
                 {"queue x {by_state}", "x.task_id", where, rare ? 1 : 7, states.size() == 1});
        return one_of("q.state", states);
    }

    Piece action(const FilterTerm& term) {
        const auto actions = numbers_of<Action>(term);
        Piece where("x.project_id = ? AND ", {ask_.project});
        where.add(one_of("x.action", actions));
        found_by(term, {"label x {by_action}", "x.task_id", where, 5, actions.size() == 1});
        implies_label(term);
        return one_of("l.action", actions);
    }

    /// The names under which answers lie that read as this label; older ones only if there are any,
    /// so that one name stays one walk of its index.
    std::vector<std::string> stored_names(const FilterValue& value) {
        if (!schema_) {
            const auto project = find_project(s_, ask_.project);
            schema_ = project ? project->schema : Schema();
        }
        auto out = names_of_label(*schema_, value.control, value.text);
        std::erase_if(out, [&](const std::string& name) {
            return name != value.text && !s_.one(any_named, {ask_.project, std::string_view(name)},
                                                 [](const RowView&) { return true; });
        });
        return out;
    }

    Piece label(const FilterTerm& term) {
        Piece out;
        std::vector<std::string> names;
        for (const auto& value : term.values) {
            const auto any = stored_names(value);
            names.insert(names.end(), any.begin(), any.end());
            out.add(out.empty() ? "(" : " OR (")
                .add(
                    "l.task_id IS NOT NULL AND EXISTS (SELECT 1 FROM label_name n WHERE "
                    "n.project_id = q.project_id AND n.task_id = q.task_id AND ")
                .add(one_of("n.name", any))
                .add(")");
            if (!value.control.empty())
                out.add(
                       " AND EXISTS (SELECT 1 FROM annotation a, {labels_in_regions} WHERE "
                       "a.task_id = l.task_id AND a.id = l.annotation_id "
                       "AND r.value ->> 'control' = ? AND ",
                       {value.control})
                    .add(one_of("x.value", any))
                    .add(")");
            out.add(")");
        }
        Piece where("x.project_id = ? AND ", {ask_.project});
        where.add(one_of("x.name", names));
        found_by(term, {"label_name x", "x.task_id", where, 2, names.size() == 1});
        implies_label(term);
        return out;
    }

    Result<std::vector<Id>> people(const FilterTerm& term) {
        std::vector<Id> out;
        for (const auto& value : term.values) {
            if (value.text == "me") {
                out.push_back(ask_.caller);
                continue;
            }
            if (term.field == FilterField::assigned && value.text == "anyone") {
                out.push_back(0);
                continue;
            }
            const auto id = s_.one(person_by_name, {std::string_view(value.text)},
                                   [](const RowView& row) { return row.integer(0); });
            if (!id) return unknown(term, value, "person");
            out.push_back(*id);
        }
        return out;
    }

    Result<Piece> by(const FilterTerm& term) {
        const auto who = TRY(people(term));
        Piece where("x.project_id = ? AND ", {ask_.project});
        where.add(one_of("x.person_id", who));
        found_by(term, {"label x {by_person}", "x.task_id", where, 4, who.size() == 1});
        implies_label(term);
        return one_of("l.person_id", who);
    }

    Result<Piece> assigned(const FilterTerm& term) {
        const auto whom = TRY(people(term));
        if (std::find(whom.begin(), whom.end(), 0) == whom.end()) {
            Piece where = one_of("x.for_person", whom);
            where.add(" AND x.project_id = ? AND x.for_person <> 0", {ask_.project});
            found_by(term, {"queue x {assigned}", "x.task_id", where, 1, false});
        }
        return one_of("q.for_person", whom);
    }

    Piece flagged(const FilterTerm& term) {
        if (only_yes(term)) {
            out_.decided = true;
            found_by(term, {"label x {by_flag}", "x.task_id",
                            Piece("x.project_id = ? AND x.flagged = 1", {ask_.project}), 3});
        }
        return yes_or_no(term, "l.flagged = 1");
    }

    Piece commented(const FilterTerm& term) {
        if (only_yes(term)) found_by(term, {"comment x", "x.task_id", Piece("1 = 1"), 1, false});
        return yes_or_no(term, "EXISTS (SELECT 1 FROM comment c WHERE c.task_id = q.task_id)");
    }

    Piece probability(const FilterTerm& term) {
        if (!term.none_of) {
            const auto range = hull(term);
            out_.has_probability = true;
            out_.probability = range;
            found_by(term, {"queue x {by_probability}", "x.task_id",
                            Piece("x.project_id = ? AND x.probability IS NOT NULL AND "
                                  "x.probability >= ? AND x.probability <= ?",
                                  {ask_.project, range.low, range.high}),
                            6, false});
        }
        return Piece("(").add(within(term, "q.probability")).add(")").add(out_.veil(false));
    }
    static NumberRange hull(const FilterTerm& term) {
        auto out = number_range(term.values[0]);
        for (const auto& value : term.values) {
            const auto range = number_range(value);
            out = {std::min(out.low, range.low), std::max(out.high, range.high)};
        }
        return out;
    }

    Result<Piece> model(const FilterTerm& term) {
        std::vector<Id> ids;
        for (const auto& value : term.values) {
            const auto before = ids.size();
            s_.run(models_by_name, {ask_.project, std::string_view(value.text)},
                   [&](const RowView& row) { ids.push_back(row.integer(0)); });
            if (ids.size() == before) return unknown(term, value, "model");
        }
        out_.draft = true;
        return one_of("d.model_id", ids);
    }

    Piece containing(const FilterTerm& term) {
        out_.task = out_.texts = true;
        Piece out;
        for (const auto& value : term.values) {
            out.add(out.empty() ? "(" : " OR (")
                .add("t.key {like} ? ESCAPE '\\'", {like_pattern(value.text)});
            if (term.field == FilterField::text)
                out.add(" OR t.data {like} ? ESCAPE '\\'", {like_pattern(inside_json(value.text))});
            out.add(")");
        }
        return out;
    }

    Piece file(const FilterTerm& term) {
        out_.task = true;
        std::vector<std::string> names;
        for (const auto& value : term.values) names.push_back(value.text);
        Piece where("x.project_id = ? AND x.file IS NOT NULL AND ", {ask_.project});
        where.add(one_of("x.file", names));
        found_by(term, {"task x {by_file}", "x.id", where, 0, false});
        return one_of("t.file", names);
    }

    static std::vector<Id> imports_of(const FilterTerm& term) {
        std::vector<Id> out;
        for (const auto& value : term.values) out.push_back(*parse_id('j', value.text));
        return out;
    }

    Piece decided(const FilterTerm& term) {
        implies_label(term);
        if (!term.none_of) {
            TimeRange all = time_range(term.values[0], ask_.now);
            for (const auto& value : term.values) {
                const auto range = time_range(value, ask_.now);
                if (!range.from || (all.from && *range.from < *all.from)) all.from = range.from;
                if (!range.before || (all.before && *range.before > *all.before))
                    all.before = range.before;
            }
            out_.when_decided = all;
            Piece where("x.project_id = ? AND x.decided >= ?",
                        {ask_.project, all.from.value_or(0)});
            if (all.before) where.add(" AND x.decided < ?", {*all.before});
            found_by(term, {"label x {by_decided}", "x.task_id", where, 6, false});
        }
        return during(term, "l.decided");
    }

    /// Imports and times of import lie together in the order of ids.
    void narrow_by_spans() {
        for (const auto& term : ask_.filter.terms) {
            const bool import = term.field == FilterField::import_job;
            if (term.none_of || (!import && term.field != FilterField::created)) continue;
            Id first = INT64_MAX, last = 0;
            const auto imports = import ? imports_of(term) : std::vector<Id>();
            s_.run(spans_of_project, {ask_.project}, [&](const RowView& row) {
                const auto inside = [&](const FilterValue& value) {
                    const auto range = time_range(value, ask_.now);
                    return row.integer(1) >= range.from.value_or(0) &&
                           (!range.before || row.integer(1) < *range.before);
                };
                const bool hit =
                    import
                        ? std::find(imports.begin(), imports.end(), row.integer(0)) != imports.end()
                        : std::any_of(term.values.begin(), term.values.end(), inside);
                if (!hit) return;
                first = std::min(first, row.integer(2));
                last = std::max(last, row.integer(3));
            });
            out_.first_task = std::max(out_.first_task, first);
            out_.last_task = std::min(out_.last_task, last);
        }
        if (out_.last_task != INT64_MAX)
            out_.sources.push_back({"queue x", "x.task_id",
                                    Piece("x.project_id = ? AND x.task_id >= ? AND x.task_id <= ?",
                                          {ask_.project, out_.first_task, out_.last_task}),
                                    8, false});
    }

    Session& s_;
    const TaskAsk& ask_;
    std::optional<Schema> schema_;  ///< Read once a filter names a label.
    TaskQuery out_;
};

}  // namespace

void Piece::run(Session& s, const std::function<void(const RowView&)>& each) const {
    std::string sql;
    std::vector<Arg> args;
    std::size_t at = 0;
    for (const auto& value : values_) {
        const auto mark = text_.find('?', at);
        sql += text_.substr(at, mark - at);
        at = mark + 1;
        std::visit([&](const auto& v) { args.emplace_back(v); }, value);
        sql += "$" + std::to_string(args.size());
    }
    sql += text_.substr(at);
    s.run_once(sql, args, each);
}

std::string listed_ids(Engine engine, const std::vector<Id>& ids) {
    std::string list;
    for (const Id id : ids) list += (list.empty() ? "" : ",") + std::to_string(id);
    return engine == Engine::sqlite ? "[" + list + "]" : "{" + list + "}";
}

Piece among(Session& s, const std::vector<Id>& ids) {
    return {" {among} ? {end_among}", {listed_ids(s.engine(), ids)}};
}

std::string TaskQuery::veil(bool inside) const {
    if (veiled.empty()) return inside ? " AND 1 = 0" : "";
    std::string out = inside ? " AND q.task_id IN (" : " AND q.task_id NOT IN (";
    for (const Id id : veiled) out += (id == veiled.front() ? "" : ", ") + std::to_string(id);
    return out + ")";
}

std::string TaskQuery::joins() const {
    std::string out = " LEFT JOIN label l ON l.project_id = q.project_id AND l.task_id = q.task_id";
    if (!all) out += " AND q.state = 2";
    if (draft)
        out += " LEFT JOIN draft d ON d.task_id = q.task_id AND d.id = q.draft_id" + veil(false);
    if (task) out += " CROSS JOIN task t";
    return out;
}

Result<TaskQuery> compile(Session& s, const TaskAsk& ask) {
    return Compiler(s, ask).compile();
}

}  // namespace countersign
