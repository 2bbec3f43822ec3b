#include "models/transcriber.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "models/speaker_drafter.h"
#include "models/speech_controls.h"
#include "models/word_model.h"

namespace countersign {
namespace {

std::string models_dir() {
    const char* given = std::getenv("COUNTERSIGN_MODELS");
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    return given ? given : std::string(source ? source : ".") + "/models/cache";
}

Control control(const std::string& name, ControlKind kind,
                std::initializer_list<const char*> labels, bool per_region = false) {
    Control out{.name = name, .kind = kind};
    out.per_region = per_region;
    for (const char* label : labels) out.labels.push_back({.name = label});
    return out;
}
Schema recordings(std::vector<Control> controls) {
    return {Modality::audio, "audio", std::move(controls)};
}
const Schema whole = recordings({control("transcript", ControlKind::text, {})});
const Schema dialogue =
    recordings({control("speaker", ControlKind::segments, {"Speaker 1", "Speaker 2"}),
                control("said", ControlKind::text, {}, true)});

Sound quiet(double seconds) {
    return {16'000, std::vector<std::int16_t>(static_cast<std::size_t>(16'000 * seconds))};
}

TEST_CASE("a long recording is cut at its pauses") {
    const std::vector<TimeSpan> speech{{1, 3}, {3.5, 6}, {9, 10}};
    const auto cut = utterances(quiet(12), speech, 0.8, 20);
    REQUIRE(cut.size() == 2);
    CHECK(cut[0].start == doctest::Approx(0.7));
    CHECK(cut[0].end == doctest::Approx(6.3));
    CHECK(cut[1].start == doctest::Approx(8.7));
    CHECK(cut[1].end == doctest::Approx(10.3));
}

TEST_CASE("speech without a pause is cut where it is quietest") {
    auto sound = quiet(60);
    for (auto& sample : sound.samples) sample = 1'000;
    std::fill_n(sound.samples.begin() + 16'000 * 19 + 8'000, 400, std::int16_t{0});
    const std::vector<TimeSpan> speech{{0, 60}};
    const auto cut = utterances(sound, speech, 0.8, 20);
    CHECK(cut.size() >= 3);
    CHECK(cut[0].end == doctest::Approx(19.5).epsilon(0.005));
    CHECK(cut.back().end == doctest::Approx(60));
    for (std::size_t i = 0; i < cut.size(); ++i) {
        CHECK(cut[i].length() <= 20.7);
        if (i > 0) CHECK(cut[i].start == doctest::Approx(cut[i - 1].end));
    }
    CHECK(utterances(sound, {}, 0.8, 20).empty());
}

TEST_CASE("the schema says whether the draft is one text or a text a segment") {
    const auto kind = pocketsphinx_kind();
    const auto one = kind.guess(whole);
    REQUIRE(one);
    CHECK((*one)["control"] == "transcript");
    CHECK_FALSE(one->contains("segments"));
    const auto turns = kind.guess(dialogue);
    REQUIRE(turns);
    CHECK((*turns)["control"] == "said");
    CHECK((*turns)["labels"] == Json{"Speaker 1", "Speaker 2"});
    CHECK_FALSE(kind.guess(recordings({control("event", ControlKind::segments, {"siren"})})));
    CHECK_FALSE(kind.guess({Modality::text, "text", {control("t", ControlKind::text, {})}}));
}

TEST_CASE("labels that name speakers are found, sounds are left to people") {
    const auto labels = [](std::initializer_list<const char*> names, Json config = Json::object()) {
        return speaker_labels(control("c", ControlKind::segments, names), config);
    };
    CHECK(*labels({"Speaker 1", "spk02", "A", "Agent", "siren", "music"}) ==
          std::vector<std::string>{"Speaker 1", "spk02", "A", "Agent"});
    CHECK_FALSE(labels({"siren", "Hostile noise"}));
    CHECK(*labels({"Anna", "Ben"}, {{"labels", {"Ben"}}}) == std::vector<std::string>{"Ben"});
    CHECK_FALSE(labels({"Anna"}, {{"labels", {"Ben"}}}));
    CHECK_FALSE(labels({"Anna"}, {{"labels", 3}}));
}

TEST_CASE("neighbouring turns of one speaker become one segment") {
    const auto joined =
        joined_turns({{0, 1, 0, 0.9}, {1.2, 3, 0, 0.5}, {3.1, 4, 1, 0.8}, {9, 10, 1, 1}}, 0.5, 20);
    REQUIRE(joined.size() == 3);
    CHECK(joined[0].end == 3);
    CHECK(joined[0].confidence == 0.5);
}

TEST_CASE("a config that cannot be is refused by name") {
    const auto kind = pocketsphinx_kind();
    for (const Json& config :
         {Json{{"words", "dahdi"}}, Json{{"words", {7}}}, Json{{"words", {"---"}}},
          Json{{"control", "nothing"}}, Json{{"threshold", 7}}}) {
        const auto refused = kind.open({whole, config, models_dir()});
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().code != Code::unavailable);
    }
}

/// Hears what was said but for the words that the language model has no sentence with.
Result<std::vector<std::vector<Word>>> half_deaf(std::span<const SaidClip* const> clips,
                                                 std::span<const std::string> sentences) {
    std::set<std::string> known;
    for (const auto& sentence : sentences)
        for (auto& word : spoken_words(sentence)) known.insert(std::move(word));
    std::vector<std::vector<Word>> out;
    for (const auto* clip : clips) {
        auto& words = out.emplace_back();
        for (auto& word : spoken_words(clip->text)) {
            const bool heard = known.contains(word) || word.size() < 4;
            words.push_back({heard ? word : "what", 0, 0, heard ? 0.95 : 0.1});
        }
    }
    return out;
}

std::vector<SaidClip> clips_of(std::size_t n) {
    std::vector<SaidClip> out;
    for (std::size_t i = 0; i < n; ++i)
        out.push_back({std::vector<std::int16_t>(16'000),
                       "please press " + spoken_words(std::to_string(i))[0] + " for sales " +
                           std::string(1 + i, 'a')});
    return out;
}

TEST_CASE(
    "the project's language model is used when it lowers the errors on transcripts it has not "
    "seen") {
    const auto learned = learn_speech(clips_of(24), half_deaf);
    REQUIRE(learned);
    const auto state = project_speech_from(learned->state);
    REQUIRE(state);
    CHECK(state->used);
    CHECK(state->transcripts == 24);
    CHECK(learned->quality["word_error_rate_project"].get<double>() <
          learned->quality["word_error_rate_general"].get<double>());
    CHECK(state->words(0.89) > state->words(0.29));
}

TEST_CASE("a language model that helps nothing is kept out, and what is too little is said") {
    const HearClips deaf = [](std::span<const SaidClip* const> clips,
                              std::span<const std::string>) {
        return Result<std::vector<std::vector<Word>>>(std::vector<std::vector<Word>>(clips.size()));
    };
    const auto learned = learn_speech(clips_of(20), deaf);
    REQUIRE(learned);
    CHECK_FALSE(project_speech_from(learned->state)->used);
    const auto few = learn_speech(clips_of(19), deaf);
    REQUIRE_FALSE(few);
    CHECK(few.refusal().code == Code::unavailable);
    CHECK(few.refusal().message.find("there are 19") != std::string::npos);
    std::vector<SaidClip> silent = clips_of(20);
    for (auto& clip : silent) clip.samples.clear();
    CHECK(learn_speech(silent, deaf));
}

TEST_CASE("stored speech reads back, and damage is refused") {
    ProjectSpeech speech{{"press one", "hang up"}, true, {1.5, -0.2}, 7};
    const auto bytes = project_speech_bytes(speech);
    const auto back = project_speech_from(bytes);
    REQUIRE(back);
    CHECK(back->sentences == speech.sentences);
    CHECK(back->used);
    CHECK(back->words.slope == doctest::Approx(1.5));
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto bent = bytes;
        bent[i] = static_cast<char>(bent[i] ^ 0x41);
        CHECK_FALSE(project_speech_from(bent));
        CHECK_FALSE(project_speech_from(bytes.substr(0, i)));
    }
}

TEST_CASE("voices are learned from four recordings on, and stored and read back") {
    std::vector<ReviewedSpeech> reviewed(3);
    const std::vector<std::string> labels{"A", "B"};
    CHECK(learn_speakers(reviewed, "speaker", labels, {}, {}).refusal().code == Code::unavailable);
    SpeakerVoices voices{"speaker", labels, {}, 4, true, 0.75};
    Voice::Component component;
    component.weight = -20;
    component.precision.fill(1);
    voices.voices = {Voice({component}), Voice()};
    const auto bytes = speaker_voices_bytes(voices);
    const auto back = speaker_voices_from(bytes);
    REQUIRE(back);
    CHECK(back->labels == labels);
    CHECK(back->voices[0].known());
    CHECK_FALSE(back->voices[1].known());
    CHECK(back->right == 0.75);
    for (std::size_t i = 0; i < bytes.size(); i += 7) {
        auto bent = bytes;
        bent[i] = static_cast<char>(bent[i] ^ 0x41);
        CHECK_FALSE(speaker_voices_from(bent));
    }
}

TEST_CASE("a silent recording is drafted as nothing said, by everybody") {
    if (!std::filesystem::exists(models_dir() + "/silero.onnx")) return;
    const auto silence = quiet(3);
    DraftAsk ask;
    ask.sound = &silence;
    const auto speakers = speakers_kind().open({dialogue, Json::object(), models_dir()});
    REQUIRE(speakers);
    const auto nobody = (*speakers)->draft(ask, {});
    REQUIRE(nobody);
    CHECK(nobody->regions.empty());
    CHECK_FALSE((*speakers)->draft({}, {}));
    const auto transcriber = pocketsphinx_kind().open({whole, Json::object(), models_dir()});
    if (!transcriber) return;  // No English model here.
    const auto nothing = (*transcriber)->draft(ask, {});
    REQUIRE(nothing);
    CHECK(nothing->regions.empty());
    CHECK(nothing->probability == 0);
}

}  // namespace
}  // namespace countersign
