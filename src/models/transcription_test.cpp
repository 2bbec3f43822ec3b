#include "models/transcription.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/test_web.h"
#include "models/connector.h"
#include "models/transcript_reply.h"

using namespace countersign;
using testing::TestWeb;
using testing::web_answer;
using testing::WebRequest;

namespace {

Schema speech_schema(bool segments, bool whole) {
    Schema schema{Modality::audio, "audio", {}};
    if (segments) {
        Control speakers{.name = "who", .kind = ControlKind::segments, .title = {}, .labels = {}};
        for (const char* name : {"Ada", "Grace"})
            speakers.labels.push_back(
                {.name = name, .hotkey = {}, .color = {}, .guideline = {}, .aliases = {}});
        schema.controls.push_back(speakers);
        Control said{.name = "said", .kind = ControlKind::text, .title = {}, .labels = {}};
        said.per_region = true;
        schema.controls.push_back(said);
    }
    if (whole)
        schema.controls.push_back(
            {.name = "transcript", .kind = ControlKind::text, .title = {}, .labels = {}});
    return schema;
}

/// As OpenAI's API reference shows it.
constexpr const char* verbose = R"({"task": "transcribe", "language": "english", "duration": 4.5,
 "text": " Hello there. Good bye.", "segments": [
  {"id": 0, "seek": 0, "start": 0.0, "end": 2.0, "text": " Hello there.", "tokens": [1, 2],
   "temperature": 0.0, "avg_logprob": -0.1, "compression_ratio": 1.2, "no_speech_prob": 0.02},
  {"id": 1, "seek": 0, "start": 2.0, "end": 99.0, "text": " Good bye.", "avg_logprob": -0.5}],
 "words": [{"word": "Hello", "start": 0.1, "end": 0.6}, {"word": "there", "start": 0.6, "end": 1.1},
  {"word": "Good", "start": 2.2, "end": 2.5}, {"word": "bye", "start": 2.5, "end": 3.0}]})";

Result<DraftAnswer> answer_of(const char* reply, const Schema& schema,
                              const Json& config = Json::object()) {
    return transcript_answer(Json::parse(reply), schema, *transcript_plan(schema, config), 4);
}

const Region& region_of(const DraftAnswer& answer, std::string_view control, std::size_t nth = 0) {
    for (const Region& region : answer.regions)
        if (region.control == control && nth-- == 0) return region;
    throw std::runtime_error("no such region");
}

TEST_CASE("a transcript with segments and words becomes segments, their texts and a whole") {
    const Schema schema = speech_schema(true, true);
    const auto answer = answer_of(verbose, schema);
    REQUIRE(answer);
    REQUIRE(answer->regions.size() == 5);
    const Region& second = region_of(*answer, "who", 1);
    CHECK(second.start == 2);
    CHECK(second.end == 4);  // Cut at the recording's end.
    CHECK(second.labels == std::vector<std::string>{"Ada"});
    const Region& said = region_of(*answer, "said", 1);
    CHECK(said.parent == second.id);
    CHECK(said.text == "Good bye.");
    CHECK(*said.confidence == doctest::Approx(std::exp(-0.5)));
    REQUIRE(said.words.size() == 2);
    CHECK(said.words[0].text == "Good");
    CHECK(said.words[1].end == 3.0);
    const Region& whole = region_of(*answer, "transcript");
    CHECK(whole.text == "Hello there. Good bye.");
    CHECK(whole.words.size() == 4);
    CHECK(check_regions(schema, answer->regions, {.seconds = 4}, true));
}

TEST_CASE("plain json gives a text, as sure as its tokens where they are told") {
    const Schema schema = speech_schema(false, true);
    CHECK(answer_of(R"({"text": "Hello."})", schema)->regions.at(0).text == "Hello.");
    const auto sure = answer_of(R"({"text": "Hello you", "logprobs": [
        {"token": "Hel", "logprob": -0.1}, {"token": "lo", "logprob": -0.1},
        {"token": " you", "logprob": -1.0}]})",
                                schema);
    REQUIRE(sure);
    CHECK(*sure->regions.at(0).confidence ==
          doctest::Approx((std::exp(-0.2) + std::exp(-1.0)) / 2));
    CHECK(sure->regions.at(0).words.empty());
}

TEST_CASE("words take the confidence of the tokens that spell them, or the server's own") {
    const Schema schema = speech_schema(false, true);
    const auto lent = answer_of(R"({"text": "Hello you", "words": [
        {"word": "Hello", "start": 0, "end": 1}, {"word": " you", "start": 1, "end": 2}],
        "logprobs": [{"token": "Hel", "logprob": -0.1}, {"token": "lo", "logprob": -0.1},
        {"token": " you", "logprob": -1.0}]})",
                                schema);
    CHECK(*lent->regions.at(0).words.at(0).confidence == doctest::Approx(std::exp(-0.2)));
    const auto own = answer_of(R"({"text": "a b", "words": [
        {"word": "a", "start": 0, "end": 1, "probability": 0.25},
        {"word": "b", "start": 0.5, "end": 0.4, "probability": 7}]})",
                               schema);
    const auto& words = own->regions.at(0).words;
    CHECK(*words.at(0).confidence == 0.25);
    CHECK(words.size() == 1);  // The second one ends before it begins.
}

TEST_CASE("speakers are labels by map, by name, or in the order in which they are heard") {
    const Schema schema = speech_schema(true, false);
    const char* heard = R"({"text": "", "segments": [
        {"start": 0, "end": 1, "text": "a", "speaker": "B"},
        {"start": 1, "end": 2, "text": "b", "speaker": "A"},
        {"start": 2, "end": 3, "text": "c", "speaker": "C"},
        {"start": 3, "end": 4, "text": "d", "speaker": "grace"}]})";
    const auto label = [&](const Json& config, std::size_t nth) {
        return region_of(*answer_of(heard, schema, config), "who", nth).labels.at(0);
    };
    CHECK(label(Json::object(), 0) == "Ada");
    CHECK(label(Json::object(), 1) == "Grace");
    CHECK(label(Json::object(), 2) == "Ada");
    CHECK(label(Json::object(), 3) == "Grace");
    CHECK(label({{"map", {{"B", "Grace"}}}}, 0) == "Grace");
    CHECK(label({{"segment_label", "Grace"}}, 2) == "Grace");
    CHECK_FALSE(transcript_plan(schema, {{"segment_label", "Nobody"}}));
    CHECK_FALSE(transcript_plan({Modality::text, "text", {}}, Json::object()));
}

TEST_CASE("rubbish is no transcript, and odd pieces of one are passed over") {
    const Schema schema = speech_schema(true, true);
    for (const char* reply : {"[]", "{}", "3", R"("text")", R"({"choices": []})"})
        CHECK_FALSE(answer_of(reply, schema));
    const auto odd = answer_of(R"({"text": 3, "segments": [7, {"start": "a", "end": 2, "text": "x"},
        {"start": 3, "end": 1, "text": "x"}, {"start": -5, "end": 1e300, "text": ["x"], "words": {}},
        {"start": 0, "end": 1, "text": "\u0000", "avg_logprob": 1e308}], "words": [null, {"word": ""}],
        "logprobs": [{"token": 1, "logprob": "x"}, {"token": "a", "logprob": -1e308}]})",
                               schema);
    REQUIRE(odd);
    CHECK(odd->regions.size() <= 4);
}

struct SpeechServer {
    explicit SpeechServer(TestWeb::Answer answer) : web(std::move(answer)) {
        outside.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
        outside.pause = [](Millis, const std::stop_token&) { return true; };
        outside.secret = [](std::string_view name) { return name == "key" ? "sk-test-key" : ""; };
    }
    Result<DraftAnswer> ask(Json config = Json::object()) {
        config["url"] = web.url("/v1/");
        const auto drafter = transcription_kind().open(
            {.schema = schema, .config = config, .models_dir = {}, .outside = &outside});
        if (!drafter) return drafter.refusal();
        const Sound sound{16'000, std::vector<std::int16_t>(64'000, 100)};
        DraftAsk asked;
        asked.sound = &sound;
        asked.medium = medium;
        asked.medium_type = "audio/mpeg";
        return (*drafter)->draft(asked, {});
    }
    TestWeb web;
    Schema schema = speech_schema(true, true);
    Outside outside;
    std::string medium = "ID3 bytes of the recording";
};

TEST_CASE("a recording goes to the server as it is stored, with what helps to hear it") {
    SpeechServer server([](const WebRequest&) { return web_answer(200, verbose); });
    REQUIRE(server.ask({{"language", "en"}, {"prompt", "Ada Lovelace"}}));
    const auto asked = server.web.asked();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].target == "/v1/audio/transcriptions");
    CHECK(asked[0].header("authorization") == "Bearer sk-test-key");
    CHECK(asked[0].header("content-type").starts_with("multipart/form-data; boundary="));
    for (const char* part : {"name=\"model\"\r\n\r\nwhisper-1\r\n", "\r\n\r\nverbose_json\r\n",
                             "name=\"timestamp_granularities[]\"\r\n\r\nword\r\n",
                             "name=\"language\"\r\n\r\nen\r\n", "\r\n\r\nAda Lovelace\r\n",
                             "filename=\"recording.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\n"
                             "ID3 bytes of the recording\r\n"})
        CHECK(asked[0].body.find(part) != std::string::npos);
}

TEST_CASE("a server that knows no verbose_json is asked for plain json, and remembered") {
    SpeechServer server([](const WebRequest& request) {
        return request.body.find("verbose_json") != std::string::npos
                   ? web_answer(400, R"({"error": {"message": "response_format"}})")
                   : web_answer(200, R"({"text": "Hello."})");
    });
    const auto first = server.ask();
    REQUIRE(first);
    CHECK(first->regions.at(0).text == "Hello.");
    REQUIRE(server.ask());
    CHECK(server.web.asked().size() == 3);
}

TEST_CASE("a speech server that answers rubbish or errors drafts nothing, and says why") {
    const auto refusal = [](int status, const char* body) {
        SpeechServer server([=](const WebRequest&) { return web_answer(status, body); });
        const auto answer = server.ask({{"retries", 0}});
        REQUIRE_FALSE(answer);
        return answer.refusal();
    };
    CHECK(refusal(200, "<html>").message.find("JSON") != std::string::npos);
    CHECK(refusal(200, "[1]").message.find("transcript") != std::string::npos);
    CHECK(refusal(413, R"({"error": {"message": "too long"}})").message.find("too long") !=
          std::string::npos);
    CHECK(refusal(401, "{}").code == Code::unavailable);
    CHECK(refusal(503, "{}").code == Code::unavailable);
}

TEST_CASE("sound without a file is sent as a WAV") {
    const std::string wav = wav_of({16'000, {1, -1}});
    CHECK(wav.size() == 48);
    CHECK(wav.starts_with("RIFF"));
    CHECK(wav.substr(44) == std::string("\x01\x00\xff\xff", 4));
    SpeechServer server([](const WebRequest&) { return web_answer(200, R"({"text": "a"})"); });
    server.medium.clear();
    REQUIRE(server.ask());
    CHECK(server.web.asked()[0].body.find("recording.wav") != std::string::npos);
}

}  // namespace
