// The store's tests run on every engine: each_engine() gives a test a fresh, empty database on
// SQLite and, in a schema of its own, on PostgreSQL: the one at $COUNTERSIGN_TEST_POSTGRES, else a
// private cluster that tests/postgres starts for this run. Without PostgreSQL's programs it says
// so, loudly.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "base/log.h"
#include "store/db.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign::testing {

inline std::string temporary_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "countersign-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return pattern;
}

/// A folder that is gone when the test is.
struct Folder {
    std::string path = temporary_folder();
    Folder() = default;
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
};

inline std::string line_from(const std::string& command) {
    std::string out;
    if (FILE* pipe = ::popen(command.c_str(), "r")) {
        char buffer[512];
        while (std::fgets(buffer, sizeof buffer, pipe)) out += buffer;
        ::pclose(pipe);
    }
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

/// The URL of a PostgreSQL to test on, or empty.
inline const std::string& postgres_url() {
    struct Cluster {
        std::string url, script, folder;
        Cluster() {
            if (const char* given = std::getenv("COUNTERSIGN_TEST_POSTGRES")) {
                url = given;
                return;
            }
            const char* source = std::getenv("COUNTERSIGN_SOURCE");
            script = std::string(source ? source : ".") + "/tests/postgres";
            folder = temporary_folder();
            url = line_from(script + " start " + folder);
            if (url.empty())
                std::fprintf(
                    stderr,
                    "\n*** SKIPPED: every store test on PostgreSQL. Install postgresql-15, "
                    "or set COUNTERSIGN_TEST_POSTGRES. ***\n\n");
        }
        ~Cluster() {
            if (!folder.empty()) line_from(script + " stop " + folder);
        }
    };
    static const Cluster cluster;
    return cluster.url;
}

/// A fresh database on one engine.
struct Place {
    Engine engine;
    std::string url;
    std::unique_ptr<Db> db;

    /// Another program on the same database (PostgreSQL: SQLite allows one).
    std::unique_ptr<Db> another() const {
        auto opened = open_db(url);
        REQUIRE(opened);
        return *std::move(opened);
    }
};

inline std::string fresh_postgres() {
    static int number = 0;
    const auto name = "t" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    const auto done = line_from("psql -q -v ON_ERROR_STOP=1 '" + postgres_url() +
                                "' -c 'CREATE SCHEMA " + name + "' 2>&1");
    REQUIRE(done == "");
    const auto mark = postgres_url().find('?') == std::string::npos ? "?" : "&";
    return postgres_url() + mark + "options=-csearch_path%3D" + name;
}

inline void on_engine(Engine engine, const std::string& url,
                      const std::function<void(Place&)>& test) {
    INFO("engine: ", std::string(engine == Engine::sqlite ? "sqlite" : "postgres"));
    auto opened = open_db(url);
    if (!opened) FAIL(opened.refusal().message);
    Place place{engine, url, *std::move(opened)};
    test(place);
}

inline void each_engine(const std::function<void(Place&)>& test) {
    set_log_level(Level::warn);
    const Folder folder;
    on_engine(Engine::sqlite, "sqlite:" + folder.path + "/test.db", test);
    if (!postgres_url().empty()) on_engine(Engine::postgres, fresh_postgres(), test);
}

constexpr Millis noon = 1'700'000'000'000;

inline Schema animals() {
    Schema schema;
    schema.modality = Modality::text;
    schema.source = "text";
    Control control;
    control.name = "animal";
    for (const char* name : {"cat", "dog", "cow"}) {
        Label label;
        label.name = name;
        control.labels.push_back(label);
    }
    schema.controls.push_back(control);
    return schema;
}

inline Project make_project(Db& db, const std::string& name = "animals") {
    return db.write([&](Session& s) {
        Project p;
        p.name = name;
        p.schema = animals();
        p.guideline = "Look twice.";
        p.seed = 42;
        p.created = noon;
        return *find_project(s, insert_project(s, p));
    });
}

/// Tasks "t1" ... "tN" with the text "item N".
inline std::vector<Id> make_tasks(Db& db, const Project& project, int n, int from = 1) {
    std::vector<std::string> keys, data;
    for (int i = from; i < from + n; ++i) {
        keys.push_back("t" + std::to_string(i));
        data.push_back(R"({"text":"item )" + std::to_string(i) + R"("})");
    }
    std::vector<NewTask> tasks;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        NewTask t;
        t.key = keys[i];
        t.data = data[i];
        tasks.push_back(t);
    }
    return db.write([&](Session& s) {
        std::vector<Id> ids;
        for (const auto& outcome : insert_tasks(s, project.id, tasks, noon)) {
            CHECK(outcome.outcome == Inserted::added);
            ids.push_back(outcome.task);
        }
        return ids;
    });
}

inline Regions choose(const std::string& label) {
    Region r;
    r.id = "r1";
    r.control = "animal";
    r.kind = ControlKind::choices;
    r.labels = {label};
    return {r};
}

inline Progress progress_of(Db& db, const Project& project) {
    return db.read([&](Session& s) { return find_progress(s, project.id); });
}

/// The counters as the rows say, the slow way.
inline Progress counted(Db& db, const Project& project) {
    return db.read([&](Session& s) {
        Progress p;
        const auto count = [&](const std::string& from) {
            return *s.one("SELECT COUNT(*) FROM " + from + " project_id = $1", {project.id},
                          [](const RowView& row) { return row.integer(0); });
        };
        p.total = count("queue WHERE");
        p.ready = count("queue WHERE state = 0 AND");
        p.leased = count("queue WHERE state = 1 AND");
        p.gold = count("gold WHERE state = 0 AND");
        p.done = count("queue WHERE state = 2 AND") - p.gold;
        p.disputed = count("queue WHERE state = 3 AND");
        p.drafted = count("queue WHERE draft_id <> 0 AND");
        std::int64_t* const actions[] = {&p.accepted, &p.edited,  &p.rejected,
                                         &p.created,  &p.skipped, &p.imported};
        for (int i = 0; i < 6; ++i)
            *actions[i] =
                count("annotation WHERE withdrawn = 0 AND action = " + std::to_string(i) + " AND");
        p.flagged = count("annotation WHERE withdrawn = 0 AND flagged = 1 AND");
        return p;
    });
}

inline std::string text_of(const Progress& p) {
    return to_text(to_json(p));
}

}  // namespace countersign::testing
