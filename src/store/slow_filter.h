// The oracle of filters: a project in which everything that can be asked about occurs, and a slow,
// obvious answer to what matches. For tests and benchmarks.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/text.h"
#include "store/desk_store.h"
#include "store/dispute_store.h"
#include "store/model_store.h"
#include "store/people_store.h"
#include "store/project_store.h"
#include "store/task_list.h"

namespace countersign::slow {

constexpr Millis start = 1'700'000'000'000;

struct Cast {
    Project project;
    std::vector<Id> people;  ///< ada, bob, cy.
    std::vector<Id> tasks;
};

inline Schema two_questions() {
    Schema schema;
    schema.source = "text";
    Control topic, tone;
    topic.name = "topic";
    topic.labels = {{"sport"}, {"trade"}, {"other"}};
    tone.name = "tone of voice";
    tone.labels = {{"kind"}, {"other"}};
    schema.controls = {topic, tone};
    return schema;
}

inline Regions answers(Rng& rng) {
    static constexpr const char* topics[] = {"sport", "trade", "other"};
    static constexpr const char* tones[] = {"kind", "other"};
    Region topic, tone;
    topic.id = "r1";
    topic.control = "topic";
    topic.labels = {topics[rng.below(3)]};
    tone.id = "r2";
    tone.control = "tone of voice";
    tone.labels = {tones[rng.below(2)]};
    return rng.below(3) == 0 ? Regions{topic} : Regions{topic, tone};
}

inline void decide(Session& s, const Project& project, const Assignment& held, Rng& rng,
                   Millis now) {
    Answer a;
    a.task = held.task;
    a.person = held.person;
    a.assignment = held.id;
    a.regions = answers(rng);
    a.action = static_cast<Action>(rng.below(4));
    a.flagged = rng.below(4) == 0;
    if (rng.below(8) == 0) {
        if (!record_skip(s, project, a, now)) throw Breakdown("a skip was refused");
    } else if (!record_answer(s, project, a, now)) {
        throw Breakdown("an answer was refused");
    }
}

inline std::vector<Id> import_some(Session& s, const Project& project, int from, int n, Id import,
                                   Millis now) {
    static constexpr const char* words[] = {"late \\\"parcel\\\"", "Order 100%", "a_b", "thanks"};
    std::vector<std::string> keys, data;
    for (int i = from; i < from + n; ++i) {
        keys.push_back((i % 3 == 0 ? "Box/" : "") + std::string("k") +
                       std::to_string(i * 7919 % 1000));
        data.push_back("{\"text\":\"" + std::string(words[i % 4]) + " " + std::to_string(i) +
                       "\"}");
    }
    std::vector<NewTask> tasks;
    for (int i = 0; i < n; ++i) {
        NewTask t;
        t.key = keys[static_cast<std::size_t>(i)];
        t.data = data[static_cast<std::size_t>(i)];
        t.priority = 100 + i % 5;
        t.import = import;
        t.row = i + 1;
        tasks.push_back(t);
    }
    std::vector<Id> out;
    for (const auto& one : insert_tasks(s, project.id, tasks, now)) out.push_back(one.task);
    return out;
}

/// `n` tasks of every kind: at most 900.
inline Cast make_cast(Db& db, int n, const std::string& name = "cast") {
    return db.write([&](Session& s) {
        Rng rng(7);
        Cast out;
        Project p;
        p.name = name;
        p.schema = two_questions();
        p.seed = 5;
        p.policy.blind_share = 0.4;
        p.policy.overlap = 2;
        p.policy.overlap_share = 0.5;
        out.project = *find_project(s, insert_project(s, p));
        const auto& project = out.project;
        for (const char* who : {"ada", "bob", "cy"}) {
            Person person;
            person.name = std::string(who) + (name == "cast" ? "" : "-" + name);
            out.people.push_back(insert_person(s, person));
        }
        for (int import = 1; import <= 3; ++import)
            for (const Id task : import_some(s, project, 1 + (import - 1) * n / 3, n / 3, import,
                                             start + import * 86'400'000))
                out.tasks.push_back(task);
        std::vector<Id> versions;
        for (const char* model_name : {"big model", "small"}) {
            Model model;
            model.project = project.id;
            model.name = model_name;
            model.kind = "text-learner";
            ModelVersion version;
            version.model = insert_model(s, model);
            version.name = "1";
            versions.push_back(insert_model_version(s, version));
        }
        std::vector<Draft> drafts;
        for (const Id task : out.tasks) {
            s.run("UPDATE task SET lane = $1 WHERE id = $2",
                  {static_cast<std::int64_t>(rng.below(5)), task});
            if (rng.below(3) == 0) continue;
            Draft d;
            d.task = task;
            d.model_version = versions[rng.below(2)];
            d.regions = answers(rng);
            if (rng.below(5) != 0) d.probability = static_cast<double>(rng.below(11)) / 10;
            if (rng.below(5) != 0) d.confidence = static_cast<double>(rng.below(11)) / 10;
            drafts.push_back(d);
        }
        insert_drafts(s, project.id, drafts, true);
        for (const Id task : out.tasks) {
            if (rng.below(9) == 0)
                record_imported(s, project, task, out.people[2], answers(rng), start);
            if (rng.below(9) == 0) insert_comment(s, {0, task, out.people[0], "", "odd", start});
            if (rng.below(9) == 0) assign_tasks(s, project.id, {task}, out.people[rng.below(3)]);
        }
        Millis now = start + 10 * 86'400'000;
        for (int i = 0; i < n; ++i, now += 3'600'000)
            for (const auto& held : lease_tasks(s, project, out.people[rng.below(2)], 1, now))
                decide(s, project, held, rng, now);
        for (const auto& dispute : list_disputes(s, project.id, 0, 5)) {
            Verdict v;
            v.task = dispute.task.id;
            v.person = out.people[2];
            v.chosen = dispute.opinions.front().id;
            if (!record_verdict(s, project, v, now)) throw Breakdown("a verdict was refused");
        }
        lease_tasks(s, project, out.people[0], 4, now);
        lease_tasks(s, project, out.people[1], 4, now);
        return out;
    });
}

/// All that a filter may ask about one task, read one by one.
struct Facts {
    Task task;
    std::string file;
    Id import = 0;
    std::string assigned;
    bool drafted = false, commented = false, labelled = false, flagged = false, veiled = false;
    std::optional<double> probability, confidence;
    std::string model, by;
    std::optional<Action> action;
    std::set<std::pair<std::string, std::string>> labels;  ///< Control, label.
    std::set<Arm> arms;
    Millis decided = 0;
};

inline std::vector<Facts> all_facts(Session& s, const TaskAsk& ask) {
    std::vector<Facts> out;
    std::vector<Id> ids;
    s.run("SELECT task_id FROM queue WHERE project_id = $1 ORDER BY task_id", {ask.project},
          [&](const RowView& row) { ids.push_back(row.integer(0)); });
    const auto name_of_person = [&](Id id) {
        const auto person = find_person(s, id);
        return person ? person->name : std::string();
    };
    for (const Id id : ids) {
        Facts f;
        f.task = *find_task(s, id);
        s.run("SELECT file, import_id FROM task WHERE id = $1", {id}, [&](const RowView& row) {
            f.file = row.text(0);
            f.import = row.integer(1);
        });
        Id draft = 0;
        s.run(
            "SELECT draft_id, probability, for_person, lease_person FROM queue "
            "WHERE project_id = $1 AND task_id = $2",
            {ask.project, id}, [&](const RowView& row) {
                draft = row.integer(0);
                if (!row.is_null(1)) f.probability = row.real(1);
                f.assigned = row.integer(2) ? name_of_person(row.integer(2)) : "anyone";
            });
        const auto holding = holding_assignment(s, id);
        f.veiled = f.task.state == TaskState::leased && holding && holding->person == ask.caller &&
                   holding->arm == Arm::blind;
        if (f.veiled) {
            draft = 0;
            f.probability.reset();
        }
        f.drafted = draft != 0;
        if (draft != 0) {
            const auto found = *find_draft(s, draft);
            f.confidence = found.confidence;
            const auto version = *find_model_version(s, found.model_version);
            f.model = find_model(s, version.model)->name;
        }
        f.commented = !comments_of(s, id).empty();
        for (const auto& a : annotations_of(s, id))
            if (a.withdrawn == 0 && a.action != Action::skipped && a.action != Action::imported)
                f.arms.insert(a.arm);
        if (ask.all || f.task.state == TaskState::done)
            s.run(
                "SELECT annotation_id, person_id, action, flagged, decided FROM label "
                "WHERE project_id = $1 AND task_id = $2",
                {ask.project, id}, [&](const RowView& row) {
                    f.labelled = true;
                    f.by = name_of_person(row.integer(1));
                    f.action = static_cast<Action>(row.integer(2));
                    f.flagged = row.integer(3) != 0;
                    f.decided = row.integer(4);
                    const auto annotation = *find_annotation(s, row.integer(0));
                    for (const auto& region : annotation.regions)
                        for (const auto& label : region.labels)
                            f.labels.emplace(region.control, label);
                });
        out.push_back(std::move(f));
    }
    return out;
}

inline bool contains(std::string_view text, std::string_view part) {
    return lower_ascii(text).find(lower_ascii(part)) != std::string::npos;
}

inline bool holds(Session& s, const Facts& f, const FilterTerm& term, const FilterValue& v,
                  const TaskAsk& ask) {
    const auto me = [&](const std::string& who) {
        const auto person = find_person(s, ask.caller);
        return v.text == "me" ? person && who == person->name : who == v.text;
    };
    const auto in_numbers = [&](const std::optional<double>& x) {
        const auto range = number_range(v);
        return x && *x >= range.low && *x <= range.high;
    };
    const auto in_times = [&](Millis at) {
        const auto range = time_range(v, ask.now);
        return (!range.from || at >= *range.from) && (!range.before || at < *range.before);
    };
    const auto yes = [&](bool fact) { return fact == (v.text == "yes"); };
    switch (term.field) {
        case FilterField::state:
            return name_of(f.task.state) == v.text;
        case FilterField::lane:
            return name_of(f.task.lane) == v.text;
        case FilterField::arm:
            return f.arms.contains(*from_name<Arm>(v.text));
        case FilterField::action:
            return f.action && name_of(*f.action) == v.text;
        case FilterField::label:
            return std::any_of(f.labels.begin(), f.labels.end(), [&](const auto& label) {
                return label.second == v.text && (v.control.empty() || label.first == v.control);
            });
        case FilterField::by:
            return f.labelled && me(f.by);
        case FilterField::assigned:
            return me(f.assigned);
        case FilterField::flagged:
            return yes(f.flagged);
        case FilterField::commented:
            return yes(f.commented);
        case FilterField::drafted:
            return yes(f.drafted);
        case FilterField::probability:
            return in_numbers(f.probability);
        case FilterField::confidence:
            return in_numbers(f.confidence);
        case FilterField::model:
            return f.drafted && f.model == v.text;
        case FilterField::key:
            return contains(f.task.key, v.text);
        case FilterField::text:
            return contains(f.task.key, v.text) ||
                   contains(parse_json(f.task.data)->at("text").get<std::string>(), v.text);
        case FilterField::file:
            return f.file == v.text;
        case FilterField::import_job:
            return parse_id('j', v.text) == f.import;
        case FilterField::created:
            return in_times(f.task.created);
        case FilterField::decided:
            return f.labelled && in_times(f.decided);
    }
    return false;
}

/// What `ask` matches, sorted.
inline std::vector<Id> matches(Session& s, const TaskAsk& ask, const std::vector<Facts>& facts) {
    std::vector<const Facts*> found;
    for (const auto& f : facts)
        if (std::all_of(ask.filter.terms.begin(), ask.filter.terms.end(), [&](const auto& term) {
                const bool any = std::any_of(
                    term.values.begin(), term.values.end(),
                    [&](const FilterValue& value) { return holds(s, f, term, value, ask); });
                return any != term.none_of;
            }))
            found.push_back(&f);
    const auto value = [&](const Facts& f) -> std::optional<double> {
        if (ask.sort.order == TaskOrder::probability) return f.probability;
        if (ask.sort.order == TaskOrder::decided && f.labelled)
            return static_cast<double>(f.decided);
        return std::nullopt;
    };
    std::stable_sort(found.begin(), found.end(), [&](const Facts* a, const Facts* b) {
        const bool down = ask.sort.down;
        if (ask.sort.order == TaskOrder::imported)
            return down ? a->task.id > b->task.id : a->task.id < b->task.id;
        if (ask.sort.order == TaskOrder::key)
            return down ? a->task.key > b->task.key : a->task.key < b->task.key;
        const auto x = value(*a), y = value(*b);
        if (x && y && *x != *y) return down ? *x > *y : *x < *y;
        if (x.has_value() != y.has_value()) return x.has_value();
        return down && x ? a->task.id > b->task.id : a->task.id < b->task.id;
    });
    std::vector<Id> out;
    for (const auto* f : found) out.push_back(f->task.id);
    return out;
}

}  // namespace countersign::slow
