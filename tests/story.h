// A whole installation in a temporary folder, on one engine: what the stories are told with.
#pragma once

#include <chrono>
#include <fstream>
#include <thread>

#include "app/desk.h"
#include "app/drafting.h"
#include "app/exports.h"
#include "app/imports.h"
#include "app/jobs.h"
#include "app/lists.h"
#include "app/people.h"
#include "app/projects.h"
#include "app/similar.h"
#include "store/event_store.h"
#include "store/people_store.h"
#include "store/test_engines.h"

namespace countersign::testing {

struct Story {
    Folder folder;
    Db& db;
    ManualClock clock{noon};
    std::unique_ptr<Blobs> blobs = disk_blobs(folder.path + "/blobs");
    World world{db,          *blobs, clock,
                folder.path, "",     db.write([](Session& s) { return installation_key(s); })};
    Projects projects{world};
    Desk desk{world};
    Lists lists{world};
    Similar similar{world};
    GoldTasks gold{world};
    Jobs jobs{world};
    Imports imports{world};
    Exports exports{world};
    Drafting drafting{world};
    Caller boss = person("boss", Role::admin), ada = person("ada", Role::annotator),
           bob = person("bob", Role::annotator);

    explicit Story(Db& database) : db(database) {}

    Caller person(const std::string& name, Role role) {
        Person p;
        p.name = p.display = name;
        p.role = role;
        p.created = noon;
        const Id id = db.write([&](Session& s) { return insert_person(s, p); });
        return {id, role, name, false};
    }

    template <class T>
    static T sure(Result<T> result) {
        if (!result) FAIL(result.refusal().message);
        return *std::move(result);
    }

    Project project(double blind_share = 0.02, Schema schema = animals()) {
        Project p;
        p.name = "animals";
        p.schema = std::move(schema);
        p.policy.blind_share = blind_share;
        auto made = sure(projects.create(boss, p));
        drafting.add_defaults(made);
        return made;
    }

    std::string file(const std::string& name, const std::string& text) {
        const auto path = folder.path + "/" + name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    /// Runs every job, and what the jobs' ends set off.
    void work() {
        for (int i = 0; i < 4; ++i) {
            drafting.settle();
            jobs.run_until_idle();
        }
    }

    ImportReport import(const Project& p, const std::string& path, ImportOptions options = {}) {
        const auto job = sure(imports.start_local(boss, p.id, {path}, options));
        work();
        const auto ended = sure(jobs.find(job.id));
        INFO(ended.error);
        REQUIRE(ended.state == JobState::done);
        return sure(from_json<ImportReport>(ended.result));
    }

    std::string exported(const Project& p, ExportOptions options = {}) {
        const auto stream = sure(exports.open(boss, p.id, options));
        std::string out;
        while (sure(stream->next(out))) {
        }
        return out;
    }

    DeskTask one(const Caller& who, const Project& p) {
        // On PostgreSQL a task that another transaction holds is passed over; a desk asks again.
        auto next = sure(desk.next(who, p.id, 1));
        for (int i = 0; next.tasks.empty() && i < 100; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            next = sure(desk.next(who, p.id, 1));
        }
        REQUIRE(next.tasks.size() == 1);
        return std::move(next.tasks[0]);
    }

    Result<DeskReply> answer(const Caller& who, const DeskTask& task, const std::string& label,
                             const std::string& key = "", int want = 0) {
        DeskAnswer a;
        a.task = task.task.id;
        a.assignment = task.assignment.id;
        a.regions = choose(label);
        if (!task.regions.empty()) a.regions[0].id = task.regions[0].id;
        a.active_ms = 1200;
        a.idempotency_key = key;
        a.want = want;
        return desk.submit(who, a);
    }
};

inline void each_story(const std::function<void(Story&)>& tell) {
    each_engine([&](Place& place) {
        Story story(*place.db);
        tell(story);
    });
}

/// A JSON line a text.
inline std::string lines(int from, int to) {
    std::string out;
    for (int i = from; i <= to; ++i)
        out +=
            R"({"id":")" + std::to_string(i) + R"(","text":"item )" + std::to_string(i) + "\"}\n";
    return out;
}

/// Texts that tell their label by a word, and that label.
inline std::string telling_text(int i) {
    static constexpr const char* words[] = {"purrs and meows softly", "barks and wags its tail",
                                            "moos and gives milk"};
    return "The animal number " + std::to_string(i) + " " + words[i % 3];
}
inline std::string telling_label(std::string_view text) {
    if (text.find("purrs") != text.npos) return "cat";
    return text.find("barks") != text.npos ? "dog" : "cow";
}

}  // namespace countersign::testing
