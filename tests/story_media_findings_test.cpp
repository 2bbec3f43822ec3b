// What looks wrong with pictures and recordings: what has to be looked at first, and is then
// compared.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "app/inspector.h"
#include "app/media_looks.h"
#include "base/rng.h"
#include "media/codecs.h"
#include "media/wav.h"
#include "store/embedding_store.h"
#include "store/job_store.h"
#include "story.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

struct MediaDesk {
    Story& at;
    Project project;
    Inspector inspector{at.world};

    /// What the first check said of itself; behind it ran whatever it set off.
    Json check() {
        const auto job = Story::sure(inspector.check(at.boss, project.id));
        at.jobs.run_until_idle();
        auto ended = Story::sure(at.jobs.find(job.id));
        INFO(ended.error);
        REQUIRE(ended.state == JobState::done);
        return ended.result;
    }
    std::vector<FindingView> listed(const std::string& check,
                                    std::optional<FindingState> state = FindingState::open) {
        Inspector::Filter filter;
        filter.check = check;
        filter.state = state;
        return Story::sure(inspector.list(project.id, filter, "", 200)).findings;
    }
    std::set<std::string> keys(const std::string& check) {
        std::set<std::string> out;
        for (const auto& one : listed(check)) out.insert(one.stored.task_key);
        return out;
    }
    std::int64_t jobs(const std::string& kind) {
        const auto all = at.db.read([&](Session& s) { return list_jobs(s, project.id, 0, 100); });
        return std::count_if(all.begin(), all.end(),
                             [&](const Job& job) { return job.kind == kind; });
    }
};

Schema kinds_of_picture() {
    Control kind;
    kind.name = "animal";
    kind.labels = {{"cat", "", "", "", {}}, {"dog", "", "", "", {}}};
    return {Modality::image, "image", {kind}};
}

/// Waves that no other number has; `quality` of the JPEG.
std::string waves(int number, int quality) {
    Rng rng(static_cast<std::uint64_t>(number));
    double across[3], down[3], at[3];
    for (int k = 0; k < 3; ++k) {
        across[k] = (rng.uniform() - 0.5) / 12;
        down[k] = (rng.uniform() - 0.5) / 12;
        at[k] = 6 * rng.uniform();
    }
    Image image{320, 240, std::vector<std::uint8_t>(320 * 240 * 3)};
    for (int y = 0; y < 240; ++y)
        for (int x = 0; x < 320; ++x)
            for (int k = 0; k < 3; ++k)
                image.bgr[static_cast<std::size_t>((y * 320 + x) * 3 + k)] =
                    static_cast<std::uint8_t>(128 +
                                              100 * std::sin(across[k] * x + down[k] * y + at[k]));
    return Story::sure(encode_jpeg(image, quality));
}

/// Pictures, one a number; `again`: those that are there with more loss, too, as "7b.jpg".
MediaDesk pictures(Story& at, const std::vector<int>& numbers, const std::vector<int>& again = {}) {
    MediaDesk out{at, at.project(0.02, kinds_of_picture())};
    const auto folder = at.folder.path + "/pictures";
    std::filesystem::create_directories(folder);
    for (const int i : numbers) at.file("pictures/" + std::to_string(i) + ".jpg", waves(i, 95));
    for (const int i : again) at.file("pictures/" + std::to_string(i) + "b.jpg", waves(i, 60));
    at.import(out.project, folder);
    return out;
}

/// Every picture is labelled: "dog" where `dogs` has its key.
void label_all(MediaDesk& desk, std::size_t n, const std::set<std::string>& dogs) {
    for (std::size_t i = 0; i < n; ++i) {
        const auto task = desk.at.one(desk.at.ada, desk.project);
        const auto label = dogs.contains(task.task.key) ? "dog" : "cat";
        REQUIRE(desk.at.answer(desk.at.ada, task, label));
    }
}

/// `seconds` of a melody of three voices that no other seed has, then as much of nothing; 8 kHz.
std::string melody(double seconds, std::uint64_t seed, double gain = 1) {
    Rng rng(seed);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(seconds * 16'000));
    double phases[3] = {}, hertz[3] = {};
    for (std::size_t i = 0; i < samples.size() / 2; ++i) {
        double sum = 0;
        for (int v = 0; v < 3; ++v) {
            if (i % 1'600 == 0) hertz[v] = 250 + 1'500 * rng.uniform();
            phases[v] += 2 * 3.14159265358979 * hertz[v] / 8'000;
            sum += std::sin(phases[v]);
        }
        samples[i] = static_cast<std::int16_t>(5'000 * gain * sum);
    }
    return wav_file(samples, 8'000);
}

Schema who_speaks() {
    Control who;
    who.name = "who";
    who.kind = ControlKind::segments;
    who.labels = {{"Ada", "", "", "", {}}, {"Bob", "", "", "", {}}};
    return {Modality::audio, "audio", {who}};
}

void say(MediaDesk& desk, double start, double end) {
    const auto task = desk.at.one(desk.at.ada, desk.project);
    DeskAnswer answer;
    answer.task = task.task.id;
    answer.assignment = task.assignment.id;
    Region r;
    r.id = "s";
    r.control = "who";
    r.kind = ControlKind::segments;
    r.labels = {"Ada"};
    r.start = start, r.end = end;
    answer.regions = {r};
    answer.active_ms = 4'000;
    Story::sure(desk.at.desk.submit(desk.at.ada, answer));
}

std::string first_words(const Json& result) {
    return result["not_done"].empty() ? "" : result["not_done"][0].get<std::string>();
}

}  // namespace

TEST_CASE(
    "pictures that are nearly equal and labelled otherwise are found once they were looked at") {
    each_story([](Story& at) {
        auto desk = pictures(at, {5, 17, 30}, {5, 17});
        label_all(desk, 5, {"5b.jpg"});
        const auto result = desk.check();
        CHECK(first_words(result).starts_with("5 pictures were not compared yet"));
        CHECK(desk.keys("conflicting-near-duplicate") == std::set<std::string>{"5b.jpg"});
        CHECK(desk.keys("near-duplicate") == std::set<std::string>{"17b.jpg"});
        CHECK(desk.jobs("look") == 1);
        CHECK(desk.jobs("check") == 2);
        const auto evidence = desk.listed("near-duplicate").front().body.evidence;
        REQUIRE(evidence.size() == 1);
        CHECK(evidence[0].name == "17.jpg");

        const auto again = desk.check();
        CHECK(again["new"] == 0);
        CHECK(again["not_done"].empty());
        CHECK(desk.jobs("look") == 1);
    });
}

TEST_CASE(
    "findings about pictures stay when what was seen of them is lost, until it is seen again") {
    each_story([](Story& at) {
        auto desk = pictures(at, {5}, {5});
        desk.check();
        REQUIRE(desk.listed("near-duplicate").size() == 1);
        const auto id = desk.listed("near-duplicate").front().stored.id;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(at.folder.path + "/blobs"))
            if (entry.path().extension() == ".look") std::filesystem::remove(entry.path());
        const auto job = Story::sure(desk.inspector.check(at.boss, desk.project.id));
        CHECK(!first_words(desk.check()).empty());
        CHECK(Story::sure(at.jobs.find(job.id)).result["gone"] == 0);
        REQUIRE(desk.listed("near-duplicate").size() == 1);
        CHECK(desk.listed("near-duplicate").front().stored.id == id);
    });
}

TEST_CASE("a picture that is like no other is found by what \"more like this\" keeps") {
    each_story([](Story& at) {
        std::vector<int> numbers;
        for (int i = 0; i < 40; ++i) numbers.push_back(i);
        auto desk = pictures(at, numbers);
        CHECK(first_words(desk.check()).starts_with("40 pictures"));
        CHECK(desk.listed("far-item").empty());
        // A kept embedding each: all on one side but one.
        at.db.write([&](Session& s) {
            Embedder made;
            made.project = desk.project.id;
            made.features = "resnet34";
            made.dims = 4;
            made.id = insert_embedder(s, made);
            const auto tasks = task_ids_after(s, desk.project.id, 0, 100);
            Rng rng(5);
            std::string vectors;
            for (std::size_t i = 0; i < tasks.size(); ++i) {
                const char sign = i == 11 ? -1 : 1;
                for (int d = 0; d < 4; ++d)
                    vectors += static_cast<char>(sign * static_cast<int>(60 + 60 * rng.uniform()));
            }
            insert_embeddings(s, made.id, tasks, vectors);
            serve_embedder(s, desk.project.id, made.id);
        });
        CHECK(desk.check()["not_done"].empty());
        const auto found = desk.listed("far-item");
        REQUIRE(found.size() == 1);
        CHECK(found[0].stored.task == at.db.read([&](Session& s) {
            return task_ids_after(s, desk.project.id, 0, 100);
        })[11]);
        CHECK(found[0].body.sentence.find("resnet34") != std::string::npos);
    });
}

TEST_CASE(
    "recordings that sound the same are found, and a segment of nothing, until it is drawn anew") {
    each_story([](Story& at) {
        MediaDesk desk{at, at.project(0.02, who_speaks())};
        const auto folder = at.folder.path + "/calls";
        std::filesystem::create_directories(folder);
        at.file("calls/a.wav", melody(6, 1));
        at.file("calls/b.wav", melody(6, 1, 0.4));
        at.file("calls/c.wav", melody(6, 2));
        at.import(desk.project, folder);
        say(desk, 7, 9);
        CHECK(first_words(desk.check()).starts_with("3 recordings were not compared yet"));
        CHECK(desk.keys("near-duplicate") == std::set<std::string>{"b.wav"});
        REQUIRE(desk.listed("silent-segment").size() == 1);
        const auto silent = desk.listed("silent-segment").front().stored;

        desk.inspector.start();
        Story::sure(desk.inspector.decide(at.boss, desk.project.id, {silent.id},
                                          FindingVerdict::relabel, ""));
        say(desk, 1, 4);
        desk.inspector.settle();
        CHECK(at.db.read([&](Session& s) { return find_finding(s, desk.project.id, silent.id); })
                  .value()
                  .state == FindingState::fixed);
        desk.inspector.stop();
    });
}

TEST_CASE("what a look wrote reads back, and nothing else does") {
    MediaLook look;
    look.picture = PictureHash{0xfedcba9876543210u, 7};
    look.sound = {0, 0xffffffffu, 12};
    look.silences = {{0, 1.5}, {3, 4}};
    look.voiced = {{1.5, 3}};
    const auto bytes = look_bytes(look);
    const auto back = look_from(bytes);
    REQUIRE(back);
    CHECK(back->picture == look.picture);
    CHECK(back->sound == look.sound);
    CHECK(back->silences.size() == 2);
    REQUIRE(back->voiced);
    CHECK(back->voiced->front().start == 1.5);
    CHECK(!look_from(bytes.substr(0, bytes.size() - 1)));
    CHECK(!look_from(""));
    const auto nothing = look_from(look_bytes({}));
    REQUIRE(nothing);
    CHECK(!nothing->picture);
    CHECK(!nothing->voiced);
}
