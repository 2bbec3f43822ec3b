// What the store's benchmarks share: the database, a million plain tasks, and figures as lines.
//
//   bench_store_NAME URL [TASKS]     prints `name value unit`, one a line
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/log.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign::bench {

using Steady = std::chrono::steady_clock;
inline double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}
inline void figure(const char* name, double value, const char* unit) {
    std::printf("%s %.6g %s\n", name, value, unit);
    std::fflush(stdout);
}

/// The q-quantile; sorts.
inline double quantile(std::vector<double>& values, double q) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto at = static_cast<std::size_t>(q * static_cast<double>(values.size()));
    return values[std::min(values.size() - 1, at)];
}

struct Setup {
    std::unique_ptr<Db> db;
    std::int64_t tasks;
};
inline Setup set_up(int argc, char** argv) {
    set_log_level(Level::warn);
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s URL [TASKS]\n", argv[0]);
        std::exit(64);
    }
    auto db = open_db(argv[1]);
    if (!db) {
        std::fprintf(stderr, "%s\n", db.refusal().message.c_str());
        std::exit(1);
    }
    return {*std::move(db), argc > 2 ? std::atoll(argv[2]) : 1'000'000};
}

inline Project make_project(Db& db) {
    return db.write([](Session& s) {
        Project p;
        p.name = "bench";
        p.schema.source = "text";
        Control control;
        control.name = "topic";
        control.labels = {{"one"}, {"two"}};
        p.schema.controls.push_back(control);
        p.seed = 1;
        return *find_project(s, insert_project(s, p));
    });
}

/// Imports `count` tasks of about 300 bytes in chunks; returns the seconds the store took.
inline double import_tasks(Db& db, const Project& project, std::int64_t count, std::int64_t chunk,
                           bool again = false) {
    double spent = 0;
    for (std::int64_t from = 0; from < count; from += chunk) {
        const auto n = static_cast<std::size_t>(std::min(chunk, count - from));
        std::vector<std::string> keys(n), data(n);
        std::vector<NewTask> tasks(n);
        for (std::size_t i = 0; i < n; ++i) {
            const auto row = from + static_cast<std::int64_t>(i) + 1;
            keys[i] = "ticket-" + std::to_string(10'000'000 + row);
            data[i] =
                R"({"text":"The parcel with number )" + std::to_string(row * 7919) +
                R"( was not delivered on Tuesday although the tracking page says that it was )"
                R"(left with a neighbour. Please find out where it is and let me know when I )"
                R"(can expect it, because I need it before the weekend.","lang":"en"})";
            tasks[i].key = keys[i];
            tasks[i].data = data[i];
            tasks[i].import = 1;
            tasks[i].row = row;
        }
        const auto start = Steady::now();
        const auto outcomes = db.write_bulk(
            [&](Session& s) { return insert_tasks(s, project.id, tasks, 1'700'000'000'000); });
        spent += seconds_since(start);
        for (const auto& o : outcomes)
            if (o.outcome != (again ? Inserted::same : Inserted::added)) {
                std::fprintf(stderr, "an import came out wrong\n");
                std::exit(1);
            }
    }
    return spent;
}

}  // namespace countersign::bench
