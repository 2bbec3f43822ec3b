// Help with recordings at the desk: segments take the name of their voice, words get their times.
#include "story.h"

#include <cmath>
#include <cstdlib>
#include <iterator>

#include "app/hearing.h"
#include "base/child_process.h"
#include "base/rng.h"
#include "media/wav.h"
#include "models/speech_worker.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

Schema talks() {
    Control who;
    who.name = "who";
    who.kind = ControlKind::segments;
    who.required = false;
    for (const char* name : {"Ada", "Bob", "Music"}) who.labels.push_back({name, "", "", "", {}});
    Control words;
    words.name = "words";
    words.kind = ControlKind::text;
    words.required = false;
    words.per_region = true;
    return {Modality::audio, "audio", {who, words}};
}

/// Turns of four seconds in whispered voices that differ in timbre, half a second apart.
std::string whispered(const std::string& drawn) {
    std::vector<std::int16_t> samples;
    Rng rng(7);
    for (const char c : drawn) {
        double a1 = 0, a2 = 0, b1 = 0, b2 = 0;
        const auto resonance = [](double hertz, double& y1, double& y2, double x) {
            const double y =
                x + 2 * 0.97 * std::cos(2 * 3.14159265 * hertz / 16'000) * y1 - 0.97 * 0.97 * y2;
            y2 = y1;
            return y1 = y;
        };
        for (int i = 0; i < 4 * 16'000; ++i) {
            const double noise = rng.uniform() - 0.5;
            const double v = resonance(c == 'a' ? 500 : 800, a1, a2, noise) +
                             resonance(c == 'a' ? 1500 : 2600, b1, b2, noise);
            samples.push_back(static_cast<std::int16_t>(std::lround(400 * v)));
        }
        samples.resize(samples.size() + 8'000);
    }
    return wav_file(samples, 16'000);
}

VoiceSegment turn(int n, const std::string& label) {
    return {"r" + std::to_string(n), {4.5 * n, 4.5 * n + 4}, label};
}

std::string named(const VoicesFound& found) {
    std::string out;
    for (const auto& one : found.segments) out += one.id + " " + one.label + "; ";
    return out;
}

template <class T>
Refusal why(const Result<T>& result) {
    REQUIRE_FALSE(result);
    return result.refusal();
}

}  // namespace

TEST_CASE("once five seconds have a name, the other segments of the voice take it") {
    each_story([](Story& at) {
        Hearing hearing(at.world);
        const auto project = at.project(0.02, talks());
        at.import(project, at.file("talk.wav", whispered("abbabaab")));
        const auto task = at.one(at.ada, project).task;
        VoicesAsk ask{"who", {turn(0, "Ada"), turn(1, "Bob")}, {}};
        for (int n = 2; n < 8; ++n) ask.segments.push_back(turn(n, "Ada"));
        const auto early = why(hearing.voices(at.ada, task.id, ask));
        CHECK(early.code == Code::invalid);
        CHECK(early.message.find("Ada 4.0 s, Bob 4.0 s") != std::string::npos);

        ask.labelled.push_back(turn(2, "Bob"));
        ask.labelled.push_back(turn(3, "Ada"));
        ask.segments.erase(ask.segments.begin(), ask.segments.begin() + 2);
        ask.segments[0].label = "Music";
        const auto found = Story::sure(hearing.voices(at.ada, task.id, ask));
        CHECK(named(found) == "r4 Bob; r5 Ada; r6 Ada; r7 Bob; ");
        REQUIRE(found.voices.size() == 2);
        CHECK(found.voices[1].label == "Bob");
        CHECK(found.voices[1].names);
        CHECK(found.voices[1].seconds == doctest::Approx(8).epsilon(0.02));
        for (const auto& one : found.segments) CHECK(one.confidence > 0.8);
    });
}

TEST_CASE("what a voice does not tell stays, with the reason; one under two names names nobody") {
    each_story([](Story& at) {
        Hearing hearing(at.world);
        const auto project = at.project(0.02, talks());
        at.import(project, at.file("talk.wav", whispered("abbaaaaa")));
        const auto task = at.one(at.ada, project).task;
        VoicesAsk ask{"who", {}, {}};
        for (int n = 0; n < 4; ++n) ask.labelled.push_back(turn(n, n % 3 ? "Bob" : "Ada"));
        ask.segments = {turn(4, "Bob"),
                        {"short", {22.6, 22.9}, "Bob"},
                        {"under", {27.1, 29}, "Bob"},
                        {"over", {27, 29.5}, "Ada"}};
        const auto found = Story::sure(hearing.voices(at.ada, task.id, ask));
        CHECK(named(found) == "r4 Ada; over Ada; ");
        REQUIRE(found.left.size() == 2);
        CHECK(found.left[0].id + " " + found.left[0].why == "short short");
        CHECK(found.left[1].id + " " + found.left[1].why == "under talked_over");
        CHECK(found.voices[0].recognised == 1);

        ask.labelled = {turn(4, "Ada"), turn(5, "Bob"), turn(6, "Ada"), turn(7, "Bob")};
        ask.segments = {turn(0, "Ada")};
        const auto alike = hearing.voices(at.ada, task.id, ask);
        if (alike)
            CHECK(named(*alike).empty());
        else
            CHECK(alike.refusal().message.starts_with("The voices cannot be told apart here."));
    });
}

TEST_CASE("a recording is only listened to for whoever holds its task") {
    each_story([](Story& at) {
        Hearing hearing(at.world);
        const auto project = at.project(0.02, talks());
        at.import(project, at.file("talk.wav", whispered("ab")));
        const auto task = at.one(at.ada, project).task;
        CHECK(why(hearing.voices(at.ada, task.id, {"who", {}, {}}))
                  .message.find("No segment has its speaker from you yet") != std::string::npos);
        CHECK(why(hearing.voices(at.ada, task.id, {"whom", {turn(0, "Ada")}, {}})).code ==
              Code::unsupported);
        CHECK(why(hearing.voices(at.bob, task.id, {"who", {}, {}})).code == Code::conflict);
        CHECK(why(hearing.times(at.bob, task.id, {})).code == Code::conflict);
        CHECK(why(hearing.voices(at.ada, 4711, {"who", {}, {}})).code == Code::not_found);
        const auto texts = at.project();
        at.import(texts, at.file("a.jsonl", lines(1, 1)));
        const auto text = at.one(at.ada, texts).task;
        CHECK(why(hearing.voices(at.ada, text.id, {"who", {}, {}})).code == Code::unsupported);
    });
}

TEST_CASE("the words of a corrected text get their times, and one that cannot says why") {
    if (!missing_for_speech().empty() || !std::filesystem::exists("/usr/bin/flite")) return;
    each_story([](Story& at) {
        Hearing hearing(at.world);
        const auto wav = at.folder.path + "/said.wav";
        auto child = Story::sure(ChildProcess::start(
            {"/usr/bin/flite", "-voice", "slt", "-t", "press one for sales", "-o", wav}));
        REQUIRE(
            child->receive_all(1'000'000, ChildProcess::Clock::now() + std::chrono::seconds(60)));
        const auto project = at.project(0.02, talks());
        at.import(project, wav);
        const auto task = at.one(at.ada, project).task;
        const auto timed = Story::sure(hearing.times(
            at.ada, task.id,
            {{"t1", {0, 1.5}, {"Press", "1", "for", "sales."}}, {"t2", {0, 1}, {"日本"}}}));
        REQUIRE(timed.size() == 2);
        REQUIRE(timed[0].words.size() == 4);
        CHECK(timed[0].words[1].text == "1");
        CHECK(timed[0].words[3].end <= 1.5);
        CHECK(timed[0].problem.empty());
        CHECK(timed[1].words.empty());
        CHECK(timed[1].problem.starts_with("No word of the text can be said"));
        CHECK(why(hearing.times(at.ada, task.id, {{"t", {0, 901}, {"one"}}})).code ==
              Code::too_large);
    });
}
