// Models in a chain: one reads what another drafted. Servers and programs are those of
// tests/standins.
#include <doctest/doctest.h>

#include <filesystem>

#include "models/transcription.h"
#include "standin.h"
#include "store/model_store.h"
#include "store/task_store.h"
#include "story.h"

namespace countersign {

using namespace testing;

namespace {

constexpr const char* the_key = "sk-stand-in-0123456789";

Control control_of(std::string name, ControlKind kind, std::initializer_list<const char*> labels) {
    Control control;
    control.name = std::move(name);
    control.kind = kind;
    control.required = false;
    for (const char* label : labels) control.labels.push_back({label, "", "", "", {}});
    return control;
}

/// Half a second of silence or of noise, by turns.
std::string recording(bool loud) {
    Sound sound;
    for (int i = 0; i < 16'000; ++i)
        sound.samples.push_back(
            static_cast<std::int16_t>(loud ? (i % 40 < 20 ? 9'000 : -9'000) : 0));
    return wav_of(sound);
}

/// A project of two recordings: one is loud.
struct Studio {
    Story& at;
    Standin ears{"speech_server.py"};
    Standin mind{"chat_server.py", {"--words", R"({"loud": "noisy", "quiet": "calm"})"}};
    Project project;

    explicit Studio(Story& story) : at(story), project(at.project(0.02, schema())) {
        at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        for (const auto& view : at.drafting.models(project.id))
            Story::sure(at.drafting.change(at.boss, view.model.id, {.enabled = false}));
        std::filesystem::create_directories(at.folder.path + "/sounds");
        at.file("sounds/1.wav", recording(true));
        at.file("sounds/2.wav", recording(false));
        at.import(project, at.folder.path + "/sounds");
    }
    static Schema schema() {
        return {Modality::audio,
                "audio",
                {control_of("transcript", ControlKind::text, {}),
                 control_of("place", ControlKind::choices, {"calm", "noisy"})}};
    }
    Model add(const std::string& kind, const Json& config) {
        auto model = Story::sure(at.drafting.add(at.boss, project.id, kind, "", config));
        Story::sure(at.drafting.set_secret(at.boss, model.id, "key", the_key));
        return model;
    }
    Model hearing() {
        return add("transcription", {{"url", ears.url("/v1")}, {"model", "whisper-1"}});
    }
    Model judging(const Model& heard) {
        return add(
            "openai-chat",
            {{"url", mind.url("/v1")}, {"model", "tiny"}, {"reads", wire_id('k', heard.id)}});
    }
    void on(const Model& model) {
        Story::sure(at.drafting.change(at.boss, model.id, {.enabled = true}));
    }
    std::vector<Id> tasks() {
        std::vector<Id> out;
        for (const auto& task :
             at.db.read([&](Session& s) { return tasks_to_draft(s, project.id, 0, 0, 10); }))
            out.push_back(task.id);
        return out;
    }
    std::optional<Draft> draft_by(const Model& model, Id task) {
        return at.db.read([&](Session& s) -> std::optional<Draft> {
            for (auto& draft : drafts_of(s, task)) {
                const auto version = find_model_version(s, draft.model_version);
                if (draft.current && version && version->model == model.id) return draft;
            }
            return std::nullopt;
        });
    }
};

const Region* answer_to(const Draft& draft, std::string_view control) {
    for (const auto& region : draft.regions)
        if (region.control == control) return &region;
    return nullptr;
}

}  // namespace

TEST_CASE("a language model labels recordings by the transcripts of a speech model") {
    each_story([](Story& at) {
        Studio studio(at);
        const auto heard = studio.hearing();
        const auto judged = studio.judging(heard);
        studio.on(judged);
        at.work();
        for (const Id task : studio.tasks()) CHECK_FALSE(studio.draft_by(judged, task));
        const auto jobs = at.jobs.list(studio.project.id, 0, 20);
        const auto waits = std::find_if(jobs.begin(), jobs.end(), [](const Job& job) {
            return job.kind == "draft" &&
                   to_text(job.result).find("2 tasks wait") != std::string::npos;
        });
        REQUIRE(waits != jobs.end());
        CHECK(waits->result["failed"] == 0);

        studio.on(heard);
        at.work();
        const auto tasks = studio.tasks();
        REQUIRE(tasks.size() == 2);
        std::vector<std::string> places;
        for (const Id task : tasks) {
            const auto draft = studio.draft_by(judged, task);
            REQUIRE(draft);
            const auto* place = answer_to(*draft, "place");
            REQUIRE(place);
            places.push_back(place->labels[0]);
            // The transcript comes along, so that a person has both.
            const auto* transcript = answer_to(*draft, "transcript");
            REQUIRE(transcript);
            CHECK((transcript->text.find("loud") != std::string::npos) ==
                  (places.back() == "noisy"));
        }
        CHECK(places[0] != places[1]);
    });
}

TEST_CASE("what reads a draft drafts anew when the model that it reads has changed") {
    each_story([](Story& at) {
        Studio studio(at);
        const auto heard = studio.hearing();
        const auto judged = studio.judging(heard);
        studio.on(heard);
        studio.on(judged);
        at.work();
        const Id task = studio.tasks().front();
        const auto before = studio.draft_by(judged, task);
        REQUIRE(before);
        Json config = heard.config;
        config["model"] = "plain";
        Story::sure(at.drafting.change(at.boss, heard.id, {.config = config}));
        at.work();
        const auto after = studio.draft_by(judged, task);
        REQUIRE(after);
        CHECK(after->model_version != before->model_version);
    });
}

TEST_CASE("models cannot wait for each other in a circle, nor for another project's") {
    each_story([](Story& at) {
        Studio studio(at);
        const auto heard = studio.hearing();
        const auto judged = studio.judging(heard);
        Json config = judged.config;
        config["reads"] = wire_id('k', judged.id);
        CHECK(at.drafting.change(at.boss, judged.id, {.config = config}).refusal().code ==
              Code::invalid);
        config["reads"] = wire_id('k', 9'999);
        const auto unknown = at.drafting.change(at.boss, judged.id, {.config = config});
        REQUIRE_FALSE(unknown);
        CHECK(unknown.refusal().message.find("no model of this project") != std::string::npos);
        const auto second = studio.judging(judged);
        config["reads"] = wire_id('k', second.id);
        const auto circle = at.drafting.change(at.boss, judged.id, {.config = config});
        REQUIRE_FALSE(circle);
        CHECK(circle.refusal().message.find("circle") != std::string::npos);
    });
}

TEST_CASE("a program is given the draft that it reads, beside the item") {
    each_story([](Story& at) {
        const char* source = std::getenv("COUNTERSIGN_SOURCE");
        at.world.connectors->programs["names"] =
            std::string(source ? source : ".") + "/tests/standins/line_program.py";
        const auto project =
            at.project(0.02, {Modality::text,
                              "text",
                              {control_of("names", ControlKind::spans, {"Name", "Place"}),
                               control_of("kind", ControlKind::choices, {"letter"})}});
        at.import(project, at.file("t.jsonl", R"({"id": "1", "text": "Ada met Grace in Paris"})"
                                              "\n"));
        const auto add = [&](const char* behaviour, const Json& more) {
            Json config{{"program", "names"}, {"arguments", {behaviour}}};
            config.update(more);
            const auto model =
                Story::sure(at.drafting.add(at.boss, project.id, "subprocess", behaviour, config));
            Story::sure(at.drafting.change(at.boss, model.id, {.enabled = true}));
            return model;
        };
        const auto first = add("ours", Json::object());
        const auto second = add("second", {{"reads", wire_id('k', first.id)}});
        at.work();
        const Id task = at.db.read(
            [&](Session& s) { return tasks_to_draft(s, project.id, 0, 0, 10).front().id; });
        const auto draft = Story::sure(at.drafting.try_on(at.boss, second.id, task));
        REQUIRE(draft.regions.size() == 1);
        CHECK(draft.regions[0].text == "Paris");
        CHECK(draft.regions[0].labels == std::vector<std::string>{"Place"});
    });
}

}  // namespace countersign
