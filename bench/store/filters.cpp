// Room: store
// How long is a page of a filtered, sorted list, and a count, among a million tasks? The answers
// are checked against a slow search on a small project first.
#include "bench_store.h"
#include "store/desk_store.h"
#include "store/slow_filter.h"
#include "store/task_list.h"

using namespace countersign;
using namespace countersign::bench;

namespace {

TaskAsk ask_of(Id project, Id caller, const char* text, TaskSort sort) {
    TaskAsk ask;
    ask.project = project;
    ask.caller = caller;
    ask.filter = *parse_task_filter(text);
    ask.sort = sort;
    ask.now = 1'700'000'000'000;
    return ask;
}

[[noreturn]] void wrong(const char* what) {
    std::fprintf(stderr, "a list came out wrong: %s\n", what);
    std::exit(1);
}

struct Case {
    const char* name;
    const char* filter;
    TaskSort sort = {};
};
constexpr TaskSort by_key{TaskOrder::key, false}, unsure{TaskOrder::probability, false},
    latest{TaskOrder::decided, true};
const Case cases[] = {
    {"all", ""},
    {"all_by_key", "", by_key},
    {"all_unsure_first", "", unsure},
    {"all_latest_first", "", latest},
    {"ready", "state:ready"},
    {"done", "state:done"},
    {"done_latest_first", "state:done", latest},
    {"disputed", "state:disputed"},
    {"edge", "lane:edge"},
    {"rare_label", "label:rare"},
    {"common_label", "label:one"},
    {"label_of_control", "label:topic=one,topic=rare"},
    {"common_label_by_key", "label:one", by_key},
    {"no_label_of_these", "state:done -label:one,two"},
    {"imported", "action:imported"},
    {"by_person", "by:p3"},
    {"by_person_latest", "by:p3", latest},
    {"by_rare_person", "by:p9"},
    {"flagged", "flagged:yes"},
    {"commented", "commented:yes"},
    {"assigned", "assigned:p3"},
    {"drafted_open", "drafted:yes state:ready"},
    {"unsure", "probability:..0.2", unsure},
    {"unsure_done", "probability:..0.2 state:done"},
    {"claimed", "confidence:0.9.."},
    {"of_model", "model:none-of-it"},
    {"text_common", "text:parcel"},
    {"text_rare", "text:zebra"},
    {"key", "key:10999999"},
    {"last_import", "import:j0000000032"},
    {"created_and_unsure", "created:2023-11-14.. probability:..0.1"},
    {"decided_then", "decided:2023-11-14 flagged:yes", latest},
    {"nothing", "lane:finding arm:blind"},
    {"three", "state:done label:two by:p2 probability:0.5.."},
};

/// The cast of the oracle, asked what it can be asked in the words above and a few of its own.
void check_small(Db& db) {
    const auto cast = slow::make_cast(db, 150, "oracle");
    static const char* const texts[] = {"",
                                        "state:done label:other",
                                        "-label:sport probability:0.2..",
                                        "lane:edge",
                                        "text:late",
                                        "flagged:yes",
                                        "assigned:me",
                                        "drafted:no",
                                        "key:box",
                                        "action:edited,created",
                                        "import:j0000000002",
                                        "commented:yes"};
    db.read([&](Session& s) {
        const auto facts =
            slow::all_facts(s, ask_of(cast.project.id, cast.people[0], "", TaskSort{}));
        for (const char* text : texts)
            for (const auto sort : {TaskSort{}, by_key, unsure, latest}) {
                auto ask = ask_of(cast.project.id, cast.people[0], text, sort);
                ask.looks = 40;
                std::vector<Id> found;
                std::string cursor;
                do {
                    auto page = *match_tasks(s, ask, cursor, 9);
                    found.insert(found.end(), page.tasks.begin(), page.tasks.end());
                    cursor = page.next;
                } while (!cursor.empty());
                if (found != slow::matches(s, ask, facts)) wrong(text);
            }
    });
}

/// Drafts on a third, labels on a fifth: imported, and 20,000 answers of people.
void fill(Db& db, const Project& project, std::int64_t count, const std::vector<Id>& people) {
    Rng rng(3);
    const auto version = db.write([&](Session& s) {
        Model model;
        model.project = project.id;
        model.name = "learner";
        model.kind = "text-learner";
        ModelVersion v;
        v.model = insert_model(s, model);
        v.name = "1";
        const auto out = insert_model_version(s, v);
        model.name = "none-of-it";
        insert_model(s, model);
        return out;
    });
    const auto first = *db.read([&](Session& s) {
        return s.one("SELECT MIN(task_id) FROM queue WHERE project_id = $1", {project.id},
                     [](const RowView& row) { return row.integer(0); });
    });
    Region r;
    r.id = "r1";
    r.control = "topic";
    for (std::int64_t from = 0; from < count; from += 10'000)
        db.write_bulk([&](Session& s) {
            std::vector<Draft> drafts;
            for (std::int64_t i = from; i < std::min(count, from + 10'000); ++i) {
                const Id task = first + i;
                if (i % 3 == 0) {
                    Draft d;
                    d.task = task;
                    d.model_version = version;
                    r.labels = {"one"};
                    d.regions = {r};
                    d.probability = d.confidence = rng.uniform();
                    drafts.push_back(d);
                }
                if (i % 10 == 1) {
                    r.labels = {i % 100'000 == 1 ? "rare" : i % 20 == 1 ? "one" : "two"};
                    record_imported(s, project, task, people[static_cast<std::size_t>(i / 10 % 4)],
                                    {r}, 1'700'000'000'000 - count + i);
                }
                if (i % 50'000 == 2) insert_comment(s, {0, task, people[0], "", "odd", 1});
            }
            insert_drafts(s, project.id, drafts, true);
        });
    for (int round = 0; round < 200; ++round)
        db.write_bulk([&](Session& s) {
            for (int i = 0; i < 100; ++i) {
                const Id who = people[static_cast<std::size_t>(round == 0 ? 9 : rng.below(4))];
                for (const auto& held :
                     lease_tasks(s, project, who, 1, 1'700'000'000'000 + round)) {
                    Answer a;
                    a.task = held.task;
                    a.person = who;
                    a.assignment = held.id;
                    r.labels = {rng.below(2) ? "one" : "two"};
                    a.regions = {r};
                    a.flagged = rng.below(20) == 0;
                    if (!record_answer(s, project, a, 1'700'000'000'000 + round)) wrong("answer");
                }
            }
        });
    db.write([&](Session& s) {
        std::vector<Id> some;
        for (std::int64_t i = 0; i < 500; ++i) some.push_back(first + count - 1 - i * 7);
        assign_tasks(s, project.id, some, people[3]);
    });
}

}  // namespace

int main(int argc, char** argv) {
    auto [db, count] = set_up(argc, argv);
    check_small(*db);
    const auto project = make_project(*db);
    figure("store.filters.import",
           static_cast<double>(count) / import_tasks(*db, project, count, 20'000), "tasks/s");
    std::vector<Id> people;
    db->write([&](Session& s) {
        people.clear();
        for (int i = 0; i < 10; ++i) {
            Person p;
            p.name = "p" + std::to_string(i);
            people.push_back(insert_person(s, p));
        }
    });
    fill(*db, project, count, people);
    double worst = 0;
    for (const auto& one : cases) {
        const auto ask = ask_of(project.id, people[0], one.filter, one.sort);
        std::vector<double> pages, counts;
        std::string cursor;
        std::size_t rows = 0;
        for (int i = 0; i < 40; ++i) {
            const auto start = Steady::now();
            const auto page = db->read([&](Session& s) { return list_tasks(s, ask, cursor, 100); });
            pages.push_back(1000 * seconds_since(start));
            if (!page) wrong(page.refusal().message.c_str());
            rows += page->rows.size();
            cursor = page->next;
        }
        for (int i = 0; i < 5; ++i) {
            const auto start = Steady::now();
            const auto counted = db->read([&](Session& s) { return count_tasks(s, ask); });
            counts.push_back(1000 * seconds_since(start));
            if (!counted) wrong(counted.refusal().message.c_str());
        }
        const std::string name = std::string("store.filters.") + one.name;
        figure((name + ".p50").c_str(), quantile(pages, 0.5), "ms");
        figure((name + ".p95").c_str(), quantile(pages, 0.95), "ms");
        figure((name + ".count").c_str(), quantile(counts, 0.5), "ms");
        worst = std::max(worst, quantile(pages, 0.95));
    }
    figure("store.filters.worst_p95", worst, "ms");
}
