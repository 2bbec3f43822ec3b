// Imports that are repeated, cancelled, killed, and labels that meet labels.
#include "story.h"

#include "store/job_store.h"

using namespace countersign;
using namespace countersign::testing;

TEST_CASE("the same file twice changes nothing") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto path = at.file("tasks.jsonl", lines(1, 50) + "{broken\n");
        const auto first = at.import(project, path);
        CHECK(first.rows == 51);
        CHECK(first.added == 50);
        CHECK(first.rejected == 1);
        const auto second = at.import(project, path);
        CHECK(second.added == 0);
        CHECK(second.unchanged == 50);
        CHECK(second.rejected == 1);
        CHECK(progress_of(at.db, project).total == 50);
        const auto jobs = at.jobs.list(project.id, 0, 50);
        for (const auto& job : jobs) {
            if (job.kind != "import") continue;
            const auto verdicts = Story::sure(at.imports.verdicts(job.id, 0, 10));
            REQUIRE(verdicts.size() == 1);
            CHECK(verdicts[0].row == 51);
            CHECK(verdicts[0].verdict == "rejected");
        }
    });
}

TEST_CASE("rows without a key get one from their content") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto path =
            at.file("texts.jsonl", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n{\"text\":\"one\"}\n");
        const auto report = at.import(project, path);
        CHECK(report.added == 2);
        CHECK(report.unchanged == 1);
    });
}

TEST_CASE(
    "a label that is there already is never overwritten by an import, and the verdict says so") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("tasks.jsonl", lines(1, 3)));
        const auto task = at.one(at.ada, project);
        REQUIRE(at.answer(at.ada, task, "cat"));
        const auto row = [&](const std::string& label) {
            return R"({"id":")" + task.task.key + R"(","text":"item )" + task.task.key +
                   R"(","label":")" + label + "\"}\n";
        };
        const auto same = at.import(project, at.file("same.jsonl", row("cat")));
        CHECK(same.accepted == 1);
        CHECK(same.labels == 0);
        const auto other = at.import(project, at.file("other.jsonl", row("dog")));
        CHECK(other.repaired == 1);
        CHECK(other.labels == 0);
        const auto fresh = at.import(
            project, at.file("fresh.jsonl", R"({"id":"9","text":"item 9","label":"cow"})"));
        CHECK(fresh.labels == 1);
        CHECK(progress_of(at.db, project).imported == 1);
        CHECK(text_of(progress_of(at.db, project)) == text_of(counted(at.db, project)));
    });
}

TEST_CASE("an import whose worker died goes on from its checkpoint and loses no row and no count") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto path = at.file("tasks.jsonl", lines(1, 30) + "{broken\n" + lines(31, 60));
        const auto job = Story::sure(at.imports.start_local(at.boss, project.id, {path}, {}));
        // A first worker wrote the first 31 rows with their checkpoint, and was never seen again.
        at.db.write([&](Session& s) {
            auto taken = *take_job(s, "dead worker", at.clock.now(), at.clock.now() + 1000);
            std::vector<std::string> keys, data;
            std::vector<NewTask> tasks;
            for (int i = 1; i <= 30; ++i) {
                keys.push_back(std::to_string(i));
                data.push_back(R"({"id":")" + keys.back() + R"(","text":"item )" + keys.back() +
                               "\"}");
            }
            for (std::size_t i = 0; i < 30; ++i) {
                NewTask t;
                t.key = keys[i];
                t.data = data[i];
                tasks.push_back(t);
            }
            insert_tasks(s, project.id, tasks, at.clock.now());
            ImportReport report;
            report.rows = 31;
            report.accepted = report.added = 30;
            report.rejected = 1;
            taken.checkpoint = {{"report", to_json(report)}, {"before_ms", 5}};
            REQUIRE(keep_job(s, taken, at.clock.now() + 1000));
        });
        at.work();
        CHECK(Story::sure(at.jobs.find(job.id)).state == JobState::running);
        at.clock.advance(60'000);
        at.work();
        const auto ended = Story::sure(at.jobs.find(job.id));
        REQUIRE(ended.state == JobState::done);
        const auto report = Story::sure(from_json<ImportReport>(ended.result));
        CHECK(report.rows == 61);
        CHECK(report.added == 60);
        CHECK(report.unchanged == 0);
        CHECK(report.rejected == 1);
        CHECK(progress_of(at.db, project).total == 60);
    });
}

TEST_CASE("a cancelled import keeps what is in, and goes on when it is retried") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto path = at.file("tasks.jsonl", lines(1, 40));
        const auto job = Story::sure(at.imports.start_local(at.boss, project.id, {path}, {}));
        REQUIRE(at.jobs.cancel(at.boss, job.id));
        at.work();
        CHECK(Story::sure(at.jobs.find(job.id)).state == JobState::cancelled);
        CHECK(!at.jobs.cancel(at.boss, job.id));
        REQUIRE(at.jobs.retry(at.boss, job.id));
        at.work();
        CHECK(Story::sure(at.jobs.find(job.id)).state == JobState::done);
        CHECK(progress_of(at.db, project).total == 40);
    });
}

TEST_CASE("an import of a file that is gone is dead at once, with the reason") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto path = at.file("tasks.jsonl", lines(1, 3));
        const auto job = Story::sure(at.imports.start_local(at.boss, project.id, {path}, {}));
        std::filesystem::remove(path);
        at.work();
        const auto ended = Story::sure(at.jobs.find(job.id));
        CHECK(ended.state == JobState::dead);
        CHECK(ended.error.find("tasks.jsonl") != ended.error.npos);
    });
}

TEST_CASE("an upload takes names that stay inside it, and nothing else") {
    each_story([](Story& at) {
        const auto project = at.project();
        const auto upload = Story::sure(at.imports.new_upload(at.boss, project.id));
        const auto put = [&](const std::string& name) {
            bool given = false;
            return at.imports.put_file(at.boss, project.id, upload, name,
                                       [&](char* into, std::size_t) -> std::size_t {
                                           if (std::exchange(given, true)) return 0;
                                           const std::string text = lines(1, 2);
                                           text.copy(into, text.size());
                                           return text.size();
                                       });
        };
        CHECK(!put("../escape.jsonl"));
        CHECK(!put("/etc/escape.jsonl"));
        CHECK(!put("a/../../b.jsonl"));
        CHECK(put("sub/tasks.jsonl"));
        CHECK(!at.imports.start(at.boss, project.id, "../" + upload, {}));
        const auto job = Story::sure(at.imports.start(at.boss, project.id, upload, {}));
        at.work();
        CHECK(Story::sure(at.jobs.find(job.id)).state == JobState::done);
        CHECK(progress_of(at.db, project).total == 2);
        CHECK(!std::filesystem::exists(at.folder.path + "/uploads/" + upload));
    });
}
