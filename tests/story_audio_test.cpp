// Recordings: how they come in, what is drawn of them, what models are given, what people answer.
#include "formats/zip_writer.h"
#include "story.h"

#include <atomic>
#include <cmath>
#include <thread>

#include "app/asking.h"
#include "app/sound_peaks.h"
#include "app/thumbnails.h"
#include "base/test_web.h"
#include "media/audio.h"
#include "media/wav.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

/// `seconds` of a tone, half as loud as can be, then as much of nothing; 8 kHz.
std::string recording(double seconds, double hertz = 300) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(seconds * 16'000));
    for (std::size_t i = 0; i < samples.size() / 2; ++i)
        samples[i] = static_cast<std::int16_t>(
            16'384 * std::sin(2 * 3.14159265358979 * hertz * static_cast<double>(i) / 8000));
    return wav_file(samples, 8000);
}

Schema turns() {
    Control who;
    who.name = "who";
    who.kind = ControlKind::segments;
    who.required = false;
    who.labels = {{"Ada", "", "", "", {}}, {"Bob", "", "", "", {}}};
    Control words;
    words.name = "words";
    words.kind = ControlKind::text;
    words.required = false;
    words.per_region = true;
    return {Modality::audio, "audio", {who, words}};
}

Region turn(double start, double end) {
    Region region;
    region.id = "r1";
    region.control = "who";
    region.kind = ControlKind::segments;
    region.labels = {"Ada"};
    region.start = start;
    region.end = end;
    return region;
}

Media medium(Story& at, const Project& project, const std::string& key) {
    return at.db.read([&](Session& s) {
        const auto task = find_task_by_key(s, project.id, key);
        REQUIRE(task);
        auto media = find_media(s, task->media);
        REQUIRE(media);
        return *std::move(media);
    });
}

std::string level_of(Story& at, const Media& media, int level) {
    const auto place = Story::sure(peaks_of(at.world, media, level));
    return Story::sure(read_peaks(at.world, media, place.from, place.bytes));
}

std::vector<RowVerdict> verdicts_of(Story& at, const Project& project) {
    for (const auto& job : at.jobs.list(project.id, 0, 50))
        if (job.kind == "import") return Story::sure(at.imports.verdicts(job.id, 0, 100));
    return {};
}

}  // namespace

TEST_CASE("a folder of recordings becomes tasks that know how long they are") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        std::filesystem::create_directories(at.folder.path + "/calls");
        at.file("calls/one.wav", recording(1.5));
        at.file("calls/two.wav", recording(0.25));
        at.file("calls/torn.wav", recording(1).substr(0, 40));
        at.file("calls/page.mp3", "<html>sign in first</html>");
        const auto report = at.import(project, at.folder.path + "/calls");
        CHECK(report.added == 2);
        CHECK(report.rejected == 2);
        const auto verdicts = verdicts_of(at, project);
        REQUIRE(verdicts.size() == 2);
        CHECK(verdicts[0].reason.find("This is no sound that can be read here") !=
              std::string::npos);
        CHECK(verdicts[1].reason.find("holds no sound that can be decoded") != std::string::npos);
        const auto media = medium(at, project, "one.wav");
        CHECK(media.type == "audio/wav");
        CHECK(media.seconds == 3);
        CHECK(media.width == 0);
        CHECK_FALSE(thumbnail(at.world, media, 128));
        CHECK(at.import(project, at.folder.path + "/calls").unchanged == 2);
    });
}

TEST_CASE("peaks are there when the recording is, and are made again where they are lost") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        at.import(project, at.file("call.wav", recording(1)));
        const auto media = medium(at, project, "call.wav");
        CHECK(at.blobs->size_beside(media.sha256, "peaks"));
        const auto first = level_of(at, media, 0);
        REQUIRE(first.size() == 400);
        CHECK(first[20] == -64);
        CHECK(first[21] == 64);
        CHECK(first[399] == 0);
        CHECK(level_of(at, media, 3).size() == 50);
        std::filesystem::remove(at.blobs->path(media.sha256) + ".peaks");
        CHECK(level_of(at, media, 0) == first);
        at.blobs->put_beside(media.sha256, "peaks", "half of a fi");
        CHECK(level_of(at, media, 0) == first);
        CHECK_FALSE(peaks_of(at.world, media, 16));
    });
}

TEST_CASE("one thing is made by one thread at a time") {
    OneAtATime gate;
    std::atomic<int> inside = 0, most = 0, runs = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            gate.run("peaks", [&] {
                most = std::max(most.load(), ++inside);
                std::this_thread::yield();
                --inside;
                return ++runs;
            });
        });
    threads.clear();
    CHECK(runs == 8);
    CHECK(most == 1);
}

TEST_CASE("a model is given the whole recording at 16 kHz") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        at.import(project, at.file("call.wav", recording(1)));
        const auto task =
            at.db.read([&](Session& s) { return *find_task_by_key(s, project.id, "call.wav"); });
        const auto item = Story::sure(
            fetch_item(at.world, project.schema, task, medium(at, project, "call.wav")));
        CHECK(item.sound.rate == 16'000);
        CHECK(item.sound.samples.size() == 32'000);
        CHECK(item.seconds == 2);
        CHECK_FALSE(fetch_item(at.world, project.schema, task, std::nullopt));
    });
}

TEST_CASE("a model that drafts without labels says which file it lacks, and how to get it") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        const auto model =
            Story::sure(at.drafting.add(at.boss, project.id, "speakers", "Who",
                                        {{"control", "who"}, {"labels", {"Ada", "Bob"}}}));
        for (const auto& view : at.drafting.models(project.id)) {
            if (view.model.id != model.id) continue;
            INFO(view.why);
            CHECK(view.state == "off");
            CHECK(view.why.find("silero.onnx") != std::string::npos);
            CHECK(view.why.find("models/fetch") != std::string::npos);
        }
    });
}

TEST_CASE("a segment ends with the recording, and one behind it is refused") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        at.import(project, at.file("call.wav", recording(1)));
        auto task = at.one(at.ada, project);
        CHECK(task.media.seconds == 2);
        DeskAnswer answer;
        answer.task = task.task.id;
        answer.assignment = task.assignment.id;
        answer.active_ms = 900;
        answer.idempotency_key = "a";
        answer.regions = {turn(0.5, 7)};
        CHECK_FALSE(at.desk.submit(at.ada, answer));
        answer.idempotency_key = "b";
        answer.regions = {turn(0.5, 2.004)};
        const auto reply = Story::sure(at.desk.submit(at.ada, answer));
        CHECK(reply.annotation.regions[0].end == 2);
    });
}

TEST_CASE("rows that name recordings bring them, and their turns are held to their length") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        std::filesystem::create_directories(at.folder.path + "/set");
        at.file("set/a.wav", recording(1));
        at.file("set/b.wav", recording(2));
        const std::string region =
            R"({"id":"r1","control":"who","kind":"segments","labels":["Bob"],)";
        const auto row = [&](const std::string& name, const std::string& end) {
            return R"({"countersign":1,"data":{"audio":")" + name + R"("},"audio":{"name":")" +
                   name + R"("},"annotations":[{"regions":[)" + region + R"("start":0.5,"end":)" +
                   end + "}]}]}\n";
        };
        at.file("set/rows.jsonl", row("a.wav", "1.5") + row("b.wav", "2.5"));
        const auto report = at.import(project, at.folder.path + "/set");
        CHECK(report.added == 2);
        CHECK(report.rejected == 0);
        CHECK(medium(at, project, "b.wav").seconds == 4);
    });
}

TEST_CASE("recordings and a zip with their TextGrids are taken in one upload") {
    each_story([](Story& at) {
        const auto project = at.project(0.02, turns());
        const auto grid = [](const std::string& label) {
            return "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n1\n<exists>\n1\n"
                   "\"IntervalTier\"\n\"" +
                   label + "\"\n0\n1\n2\n0\n0.5\n\"hello\"\n0.5\n1\n\"\"\n";
        };
        ZipWriter zip;
        std::string grids;
        zip.add("one.TextGrid", grid("Ada"), grids);
        zip.add("two.TextGrid", grid("Bob"), grids);
        zip.finish(grids);
        const auto upload = Story::sure(at.imports.new_upload(at.boss, project.id));
        const auto put = [&](const std::string& name, const std::string& bytes) {
            std::size_t given = 0;
            const auto read = [&](char* into, std::size_t room) {
                const auto n = bytes.copy(into, room, given);
                given += n;
                return n;
            };
            REQUIRE(at.imports.put_file(at.boss, project.id, upload, name, read));
        };
        put("one.wav", recording(0.5));
        put("two.wav", recording(0.5));
        put("turns.zip", grids);
        const auto job = Story::sure(at.imports.start(at.boss, project.id, upload, {}));
        at.work();
        const auto ended = Story::sure(at.jobs.find(job.id));
        CHECK(ended.state == JobState::done);
        const auto report = Story::sure(from_json<ImportReport>(ended.result));
        CHECK(report.format == "textgrid");
        CHECK(report.added == 2);
        CHECK(report.rejected == 0);
        CHECK(report.labels == 2);
    });
}

TEST_CASE("recordings come from their URLs") {
    each_story([](Story& at) {
        TestWeb web([](const WebRequest& r) {
            if (r.target == "/gone.wav") return web_answer(404, "no");
            return web_answer(200, recording(1));
        });
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        const auto project = at.project(0.02, turns());
        ImportOptions options;
        options.fetch_media = true;
        const auto report = at.import(
            project, at.file("list.txt", web.url("/a.wav") + "\n" + web.url("/gone.wav") + "\n"),
            options);
        CHECK(report.format == "urls");
        CHECK(report.added == 1);
        CHECK(report.rejected == 1);
        CHECK(medium(at, project, web.url("/a.wav")).seconds == 2);
    });
}

TEST_CASE("rows of JSONL, CSV and Label Studio bring recordings from their URLs") {
    each_story([](Story& at) {
        TestWeb web([](const WebRequest&) { return web_answer(200, recording(1)); });
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        const auto project = at.project(0.02, turns());
        ImportOptions options;
        options.fetch_media = true;
        const auto added = [&](const std::string& name, const std::string& text) {
            return at.import(project, at.file(name, text), options).added;
        };
        CHECK(added("rows.jsonl", R"({"audio":")" + web.url("/a.wav") + "\"}\n") == 1);
        CHECK(added("rows.csv", "id,audio\nb," + web.url("/b.wav") + "\n") == 1);
        CHECK(added("tasks.json", R"([{"data":{"audio":")" + web.url("/c.wav") + "\"}}]") == 1);
        CHECK(medium(at, project, web.url("/a.wav")).seconds == 2);
        CHECK(medium(at, project, "b").seconds == 2);
    });
}
