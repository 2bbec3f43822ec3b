// Models that are asked elsewhere in the field's own protocols: Label Studio's backends, served
// networks, speech servers, and programs of the operator's. Each is told with a counterpart in
// tests/standins that speaks the protocol.
#include <doctest/doctest.h>

#include <filesystem>

#include "drawn_picture.h"
#include "models/transcription.h"
#include "standin.h"
#include "store/model_store.h"
#include "store/task_store.h"
#include "story.h"

namespace countersign {

using namespace testing;

namespace {

Control control_of(std::string name, ControlKind kind, std::initializer_list<const char*> labels) {
    Control control;
    control.name = std::move(name);
    control.kind = kind;
    control.required = false;
    for (const char* label : labels) control.labels.push_back({label, "", "", "", {}});
    return control;
}

Schema texts() {
    return {Modality::text,
            "text",
            {control_of("names", ControlKind::spans, {"Name"}),
             control_of("tone", ControlKind::choices, {"good", "bad"})}};
}
Schema pictures() {
    return {Modality::image,
            "image",
            {control_of("things", ControlKind::boxes, {"Ball", "red", "blue"})}};
}

/// A project with one task and a model of the kind.
struct Trial {
    Story& at;
    Project project;
    Model model;

    Trial(Story& story, const Schema& schema, const std::string& path)
        : at(story), project(at.project(0.02, schema)) {
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        at.world.connectors->pause = [this](Millis wait, const std::stop_token& stop) {
            at.clock.advance(wait);
            return !stop.stop_requested();
        };
        for (const auto& view : at.drafting.models(project.id))
            Story::sure(at.drafting.change(at.boss, view.model.id, {.enabled = false}));
        at.import(project, path);
    }
    Result<Draft> ask(const std::string& kind, const Json& config, const std::string& secret = "",
                      const std::string& value = "") {
        auto added = at.drafting.add(at.boss, project.id, kind, "", config);
        if (!added) return added.refusal();
        model = *added;
        if (!secret.empty()) Story::sure(at.drafting.set_secret(at.boss, model.id, secret, value));
        return at.drafting.try_on(at.boss, model.id, task());
    }
    Id task() {
        return at.db.read([&](Session& s) {
            const auto tasks = tasks_to_draft(s, project.id, 0, 0, 10);
            REQUIRE(!tasks.empty());
            return tasks.front().id;
        });
    }
    std::string why(const std::string& kind, const Json& config) {
        const auto draft = ask(kind, config);
        REQUIRE_FALSE(draft);
        return draft.refusal().message;
    }
};

constexpr const char* line = R"({"id": "1", "text": "A good 😀 day for Ada and Grace"})"
                             "\n";

Trial text_desk(Story& at) {
    return {at, texts(), at.file("texts.jsonl", line)};
}
Trial picture_desk(Story& at) {
    std::filesystem::create_directories(at.folder.path + "/pictures");
    at.file("pictures/1.png", ball_png(1));
    return {at, pictures(), at.folder.path + "/pictures"};
}

const Region* answer_to(const Draft& draft, std::string_view control) {
    for (const auto& region : draft.regions)
        if (region.control == control) return &region;
    return nullptr;
}

TEST_CASE("a backend made for Label Studio drafts spans and choices, counted as it counts") {
    each_story([](Story& at) {
        const Standin backend("ml_backend.py");
        Trial desk = text_desk(at);
        const auto draft = Story::sure(desk.ask("label-studio-ml", {{"url", backend.url()}}));
        REQUIRE(draft.regions.size() == 3);
        const auto* name = answer_to(draft, "names");
        REQUIRE(name);
        CHECK(name->text == "Ada");
        CHECK(*name->confidence == 0.75);
        CHECK(name->grounding == Grounding::grounded);
        const auto* tone = answer_to(draft, "tone");
        REQUIRE(tone);
        CHECK(tone->labels == std::vector<std::string>{"good"});
        CHECK(*draft.confidence == 0.75);
        Story::sure(at.drafting.change(at.boss, desk.model.id, {.enabled = true}));
        at.work();
        const Id task = desk.task();
        const auto kept = at.db.read([&](Session& s) { return drafts_of(s, task); });
        REQUIRE(kept.size() == 1);
        CHECK(kept[0].regions.size() == 3);
    });
}

TEST_CASE("a backend's boxes come without sizes, and its pictures by value") {
    each_story([](Story& at) {
        const Standin backend("ml_backend.py");
        Trial desk = picture_desk(at);
        const auto draft = Story::sure(desk.ask("label-studio-ml", {{"url", backend.url("/")}}));
        REQUIRE(draft.regions.size() == 1);
        const auto media = at.db.read(
            [&](Session& s) { return *find_media(s, find_task(s, desk.task())->media); });
        CHECK(draft.regions[0].x == doctest::Approx(media.width * .25));
        CHECK(draft.regions[0].height == doctest::Approx(media.height * .25));
        CHECK(draft.regions[0].labels == std::vector<std::string>{"Ball"});
    });
}

TEST_CASE("a backend that is broken, odd or locked hurts nobody and is named") {
    each_story([](Story& at) {
        const Standin backend("ml_backend.py");
        Trial desk = text_desk(at);
        const auto why = [&](const char* path) {
            return desk.why("label-studio-ml", {{"url", backend.url(path)}, {"retries", 0}});
        };
        CHECK(Story::sure(desk.ask("label-studio-ml", {{"url", backend.url("/none")}}))
                  .regions.empty());
        CHECK(why("/broken").find("the weights are gone") != std::string::npos);
        CHECK(why("/rubbish").find("JSON") != std::string::npos);
        CHECK(why("/odd").find("fits the project") != std::string::npos);
        CHECK_FALSE(why("/locked").empty());
        CHECK(desk.ask("label-studio-ml",
                       {{"url", backend.url("/locked")}, {"user", "ada"}, {"retries", 0}},
                       "password", "secret"));
        CHECK(desk.why("label-studio-ml", {{"url", "ftp://example.org"}}).find("url") !=
              std::string::npos);
    });
}

TEST_CASE("a served detector drafts boxes by the table, its numbers as JSON or as bytes") {
    each_story([](Story& at) {
        const Standin server("inference_server.py");
        Trial desk = picture_desk(at);
        for (const bool binary : {false, true}) {
            CAPTURE(binary);
            const auto draft = Story::sure(desk.ask("open-inference", {{"url", server.url()},
                                                                       {"model", "detector"},
                                                                       {"names", {"blue", "red"}},
                                                                       {"threshold", 0.05},
                                                                       {"binary", binary}}));
            REQUIRE_FALSE(draft.regions.empty());
            for (const auto& region : draft.regions)
                CHECK((region.labels[0] == "red" || region.labels[0] == "blue"));
        }
    });
}

TEST_CASE("a served classifier drafts a choice, whichever way its pixels lie") {
    each_story([](Story& at) {
        const Standin server("inference_server.py");
        std::filesystem::create_directories(at.folder.path + "/pictures");
        at.file("pictures/1.png", ball_png(1));
        Trial desk(at,
                   {Modality::image,
                    "image",
                    {control_of("colour", ControlKind::choices, {"red", "green", "blue"})}},
                   at.folder.path + "/pictures");
        for (const char* model : {"classifier", "woven"}) {
            CAPTURE(model);
            const auto draft = Story::sure(desk.ask(
                "open-inference",
                {{"url", server.url()}, {"model", model}, {"names", {"red", "green", "blue"}}}));
            REQUIRE(draft.regions.size() == 1);
            CHECK(draft.regions[0].labels == std::vector<std::string>{"green"});  // A meadow.
            CHECK(draft.confidence);
        }
    });
}

TEST_CASE("a server of networks that answers rubbish is refused by what it answered") {
    each_story([](Story& at) {
        const Standin server("inference_server.py");
        Trial desk = picture_desk(at);
        const auto why = [&](const char* model) {
            return desk.why("open-inference", {{"url", server.url()},
                                               {"model", model},
                                               {"names", {"blue", "red"}},
                                               {"retries", 0}});
        };
        CHECK(why("short").find("11 numbers") != std::string::npos);
        CHECK(why("text").find("no list of numbers") != std::string::npos);
        CHECK(why("rubbish").find("JSON") != std::string::npos);
        CHECK(why("broken").find("out of memory") != std::string::npos);
        CHECK_FALSE(why("missing").empty());
    });
}

/// A second of silence, then one of noise.
std::string recording() {
    Sound sound;
    sound.samples.assign(16'000, 0);
    for (int i = 0; i < 16'000; ++i)
        sound.samples.push_back(static_cast<std::int16_t>(i % 40 < 20 ? 9'000 : -9'000));
    return wav_of(sound);
}

TEST_CASE("a speech server drafts segments with their texts and words from the stored file") {
    each_story([](Story& at) {
        const Standin server("speech_server.py");
        Control said = control_of("said", ControlKind::text, {});
        said.per_region = true;
        std::filesystem::create_directories(at.folder.path + "/sounds");
        at.file("sounds/1.wav", recording());
        Trial desk(at,
                   {Modality::audio,
                    "audio",
                    {control_of("who", ControlKind::segments, {"speech"}), said,
                     control_of("transcript", ControlKind::text, {})}},
                   at.folder.path + "/sounds");
        const Json config{{"url", server.url("/v1")}, {"model", "whisper-1"}, {"retries", 0}};
        CHECK(desk.why("transcription", config).find("key") != std::string::npos);
        const auto ask = [&](const char* model) {
            Json with = config;
            with["model"] = model;
            return desk.ask("transcription", with, "key", "sk-stand-in-0123456789");
        };
        const auto draft = Story::sure(ask("whisper-1"));
        const auto* whole = answer_to(draft, "transcript");
        REQUIRE(whole);
        CHECK(whole->text == "quiet quiet loud loud");
        REQUIRE(whole->words.size() == 4);
        CHECK(whole->words[2].start == doctest::Approx(1));
        const auto* spoken = answer_to(draft, "said");
        REQUIRE(spoken);
        CHECK(spoken->text == "quiet quiet");
        CHECK(spoken->words.size() == 2);
        CHECK_FALSE(spoken->parent.empty());
        CHECK(answer_to(Story::sure(ask("plain")), "transcript")->text == whole->text);
        CHECK_FALSE(ask("rubbish"));
    });
}

TEST_CASE(
    "a program that the operator lists drafts by JSON lines, in our words or Label Studio's") {
    each_story([](Story& at) {
        const char* source = std::getenv("COUNTERSIGN_SOURCE");
        Trial desk = text_desk(at);
        const auto config = [](const char* behaviour) {
            return Json{{"program", "names"}, {"arguments", {behaviour}}, {"timeout_s", 60}};
        };
        CHECK(desk.why("subprocess", config("ours")).find("--model-program names=PATH") !=
              std::string::npos);
        at.world.connectors->programs["names"] =
            std::string(source ? source : ".") + "/tests/standins/line_program.py";
        for (const char* behaviour : {"ours", "label-studio", "noisy", "dying"}) {
            CAPTURE(behaviour);
            const auto draft = Story::sure(desk.ask("subprocess", config(behaviour)));
            REQUIRE(draft.regions.size() == 2);
            CHECK(draft.regions[0].text == "Ada");
            CHECK(draft.regions[1].labels == std::vector<std::string>{"Name"});
        }
        CHECK(desk.why("subprocess", config("refusing")).find("too short") != std::string::npos);
        Json hasty = config("rubbish");
        hasty["timeout_s"] = 1;
        CHECK(desk.why("subprocess", hasty).find("within 1 s") != std::string::npos);
        CHECK_FALSE(desk.ask("subprocess", {{"program", "sh"}, {"arguments", {"-c", "id"}}}));
    });
}

TEST_CASE("a program that dies is started anew for the next item") {
    each_story([](Story& at) {
        const char* source = std::getenv("COUNTERSIGN_SOURCE");
        at.world.connectors->programs["names"] =
            std::string(source ? source : ".") + "/tests/standins/line_program.py";
        Trial desk(at, texts(), at.file("texts.jsonl", lines(1, 3)));
        const Model model =
            Story::sure(at.drafting.add(at.boss, desk.project.id, "subprocess", "",
                                        {{"program", "names"}, {"arguments", {"dying"}}}));
        Story::sure(at.drafting.change(at.boss, model.id, {.enabled = true}));
        at.work();
        const auto views = at.drafting.models(desk.project.id);
        CHECK(views.back().stats.drafted > 0);
    });
}

}  // namespace

}  // namespace countersign
