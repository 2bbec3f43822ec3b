// Finding items like one: from the first question to answers, on texts and on pictures.
#include <filesystem>

#include "app/gold.h"
#include "drawn_picture.h"
#include "store/embedding_store.h"
#include "store/job_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

std::string telling_lines(int from, int to) {
    std::string out;
    for (int i = from; i <= to; ++i)
        out += R"({"id":")" + std::to_string(i) + R"(","text":")" + telling_text(i) + "\"}\n";
    return out;
}

SimilarAnswer like(Story& at, const Caller& who, Id task, const std::string& filter = "",
                   int most = 10) {
    return Story::sure(at.similar.to_task(who, task, Story::sure(parse_task_filter(filter)), most));
}

Id task_of(Story& at, const Project& project, const std::string& key) {
    return at.db.read([&](Session& s) { return find_task_by_key(s, project.id, key); })->id;
}

Project texts_ready(Story& at, int n) {
    const auto project = at.project();
    at.import(project, at.file("texts.jsonl", telling_lines(1, n)));
    REQUIRE(at.similar.prepare(at.boss, project.id));
    at.work();
    return project;
}

}  // namespace

TEST_CASE("the first question says what to do, and after the job the nearest are of a kind") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("texts.jsonl", telling_lines(1, 60)));
        const auto task = task_of(at, project, "7");
        auto answer = like(at, at.ada, task);
        CHECK(answer.state == "none");
        CHECK(answer.tasks.empty());
        CHECK(!answer.why.empty());

        const auto job = Story::sure(at.similar.prepare(at.ada, project.id));
        CHECK(Story::sure(at.similar.prepare(at.bob, project.id)).id == job.id);
        answer = like(at, at.ada, task);
        CHECK(answer.state == "preparing");
        REQUIRE(answer.job);
        CHECK(answer.job->id == job.id);

        at.work();
        const auto ended = Story::sure(at.jobs.find(job.id));
        CHECK(ended.state == JobState::done);
        CHECK(ended.done == 60);
        answer = like(at, at.ada, task);
        CHECK(answer.state == "ready");
        REQUIRE(answer.tasks.size() == 10);
        for (const auto& one : answer.tasks) {
            CHECK(one.row.task.id != task);
            CHECK(telling_label(one.row.task.data) == telling_label(telling_text(7)));
        }
        CHECK(answer.tasks[0].score >= answer.tasks[9].score);
        CHECK(answer.tasks[0].score <= 1);
    });
}

TEST_CASE("a filter holds for what is found, however far away that is") {
    each_story([](Story& at) {
        const auto project = texts_ready(at, 90);
        const auto task = task_of(at, project, "3");
        const auto other = telling_label(telling_text(4));
        auto answer = like(at, at.boss, task, "text:barks", 5);
        REQUIRE(answer.tasks.size() == 5);
        for (const auto& one : answer.tasks) CHECK(telling_label(one.row.task.data) == other);
        answer = like(at, at.boss, task, "key:44");
        REQUIRE(answer.tasks.size() == 1);
        CHECK(answer.tasks[0].row.task.key == "44");
        answer = like(at, at.boss, task, "text:giraffe");
        CHECK(answer.tasks.empty());
        CHECK(answer.why.find("filter") != std::string::npos);
        CHECK(!at.similar.to_task(at.boss, task, Story::sure(parse_task_filter("by:nobody.here")),
                                  5));
    });
}

TEST_CASE(
    "tasks that come later are found too, and a project that outgrew its fit is fitted anew") {
    each_story([](Story& at) {
        const auto project = texts_ready(at, 30);
        const auto first =
            at.db.read([&](Session& s) { return serving_embedder(s, project.id); }).value();
        CHECK(first.fitted == 30);
        CHECK(like(at, at.boss, task_of(at, project, "1")).tasks.size() == 10);
        at.import(project, at.file("more.jsonl", telling_lines(31, 40)));
        auto now = at.db.read([&](Session& s) { return serving_embedder(s, project.id); }).value();
        CHECK(now.id == first.id);
        auto answer = like(at, at.boss, task_of(at, project, "1"), "", 200);
        CHECK(answer.tasks.size() == 39);

        at.import(project, at.file("many.jsonl", telling_lines(41, 200)));
        now = at.db.read([&](Session& s) { return serving_embedder(s, project.id); }).value();
        CHECK(now.id != first.id);
        CHECK(now.fitted == 200);
        answer = like(at, at.boss, task_of(at, project, "150"), "", 200);
        CHECK(answer.tasks.size() == 199);
    });
}

TEST_CASE("a project that nobody searched is left in peace when tasks come in") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("texts.jsonl", telling_lines(1, 5)));
        const auto jobs = at.db.read([&](Session& s) { return list_jobs(s, project.id, 0, 100); });
        CHECK(std::none_of(jobs.begin(), jobs.end(),
                           [](const Job& job) { return job.kind == "embed"; }));
    });
}

TEST_CASE("a stopped preparation says so, and goes on when it is asked for again") {
    each_story([](Story& at) {
        const auto project = at.project();
        at.import(project, at.file("texts.jsonl", telling_lines(1, 20)));
        const auto job = Story::sure(at.similar.prepare(at.boss, project.id));
        REQUIRE(at.jobs.cancel(at.boss, job.id));
        const auto answer = like(at, at.boss, task_of(at, project, "1"));
        CHECK(answer.state == "none");
        CHECK(answer.why.find("stopped") != std::string::npos);
        REQUIRE(at.similar.prepare(at.boss, project.id));
        at.work();
        CHECK(like(at, at.boss, task_of(at, project, "1")).state == "ready");
    });
}

TEST_CASE("a text finds what is like it, and one without words finds nothing and says why") {
    each_story([](Story& at) {
        const auto project = texts_ready(at, 60);
        const auto ask = [&](const char* text) {
            return Story::sure(at.similar.to_text(at.boss, project.id, text, {}, 5));
        };
        const auto answer = ask("it barks, and its tail wags");
        REQUIRE(answer.tasks.size() == 5);
        for (const auto& one : answer.tasks) CHECK(telling_label(one.row.task.data) == "dog");
        CHECK(ask(" \n ").tasks.empty());
        CHECK(ask(" \n ").why.find("no word") != std::string::npos);
    });
}

TEST_CASE("who may not list the tasks of a project with gold finds none that are alike either") {
    each_story([](Story& at) {
        const auto project = texts_ready(at, 30);
        const auto task = task_of(at, project, "1");
        CHECK(at.similar.to_task(at.ada, task, {}, 5));
        Projects::Change change;
        change.policy = project.policy;
        change.policy->gold_share = 0.1;
        Story::sure(at.projects.change(at.boss, project.id, change));
        const auto refused = at.similar.to_task(at.ada, task, {}, 5);
        REQUIRE(!refused);
        CHECK(refused.refusal().code == Code::forbidden);
        CHECK(!at.similar.to_text(at.ada, project.id, "barks", {}, 5));
        CHECK(!at.similar.prepare(at.ada, project.id));
        CHECK(at.similar.to_task(at.boss, task, {}, 5));
    });
}

TEST_CASE("who sees no other's answer sees none among what is alike") {
    each_story([](Story& at) {
        const auto project = texts_ready(at, 12);
        const auto held = at.one(at.ada, project);
        const auto asked = task_of(at, project, held.task.key == "1" ? "2" : "1");
        for (const auto& one : like(at, at.bob, asked, "", 50).tasks) CHECK(one.row.holder.empty());
        const auto seen = like(at, at.boss, asked, "", 50).tasks;
        CHECK(std::any_of(seen.begin(), seen.end(), [&](const SimilarTask& one) {
            return one.row.task.id == held.task.id && one.row.holder == "ada";
        }));
    });
}

TEST_CASE("an index that would not fit into memory is refused with its size") {
    each_story([](Story& at) {
        const auto project = texts_ready(at, 12);
        Similar small(at.world, 1'000);
        const auto refused = small.to_task(at.boss, task_of(at, project, "1"), {}, 5);
        REQUIRE(!refused);
        CHECK(refused.refusal().code == Code::unsupported);
        CHECK(refused.refusal().message.find("MB") != std::string::npos);
    });
}

TEST_CASE("pictures of one kind are nearest, and one that cannot be read stops nothing") {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    const auto models_dir = std::string(source ? source : ".") + "/models/cache";
    if (!std::filesystem::exists(models_dir + "/nanodet.onnx")) {
        MESSAGE("skipped: " << models_dir << "/nanodet.onnx is not there: models/fetch makes it");
        return;
    }
    each_story([&](Story& at) {
        at.world.models_dir = models_dir;
        Schema schema;
        schema.modality = Modality::image;
        schema.source = "image";
        Control boxes;
        boxes.name = "object";
        boxes.kind = ControlKind::boxes;
        boxes.labels.push_back({"Mascot"});
        schema.controls = {boxes};
        const auto project = at.project(0.02, schema);
        std::filesystem::create_directories(at.folder.path + "/pictures");
        for (int i = 0; i < 4; ++i)
            at.file("pictures/" + std::to_string(i) + ".png", ball_png(i + 100));
        at.import(project, at.folder.path + "/pictures");
        const auto tasks =
            at.db.read([&](Session& s) { return task_ids_after(s, project.id, 0, 10); });
        REQUIRE(tasks.size() == 4);
        REQUIRE(at.similar.prepare(at.boss, project.id));
        at.work();
        const auto answer = like(at, at.boss, tasks[0]);
        CHECK(answer.state == "ready");
        REQUIRE(answer.tasks.size() == 3);
        CHECK(answer.tasks[0].score > 0.5);
        CHECK(!at.similar.to_text(at.boss, project.id, "a ball", {}, 5));
    });
}
