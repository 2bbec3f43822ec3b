#include "models/recogniser.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace countersign {
namespace {

using namespace std::chrono_literals;

/// The worker, when it and its English model are there.
std::vector<std::string> worker() {
    return missing_for_speech().empty() ? speech_worker_command() : std::vector<std::string>();
}

/// "One two three" in flite's voice: 16-bit samples at 16 kHz, or none.
std::vector<std::int16_t> spoken(const std::string& text) {
    if (!std::filesystem::exists("/usr/bin/flite")) return {};
    const auto path =
        std::filesystem::temp_directory_path() / ("spoken-" + std::to_string(getpid()) + ".wav");
    auto child = ChildProcess::start({"/usr/bin/flite", "-voice", "slt", "-t", text, "-o", path});
    if (!child || !(*child)->receive_all(1'000'000, ChildProcess::Clock::now() + 60s)) return {};
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(path);
    std::vector<std::int16_t> out;
    for (std::size_t i = 44; i + 1 < bytes.size(); i += 2)
        out.push_back(static_cast<std::int16_t>(static_cast<unsigned char>(bytes[i]) |
                                                static_cast<unsigned char>(bytes[i + 1]) << 8));
    return out;
}

std::string said(const std::vector<Word>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : " ") + word.text;
    return out;
}

TEST_CASE("what is said comes back as words with times and confidence") {
    const auto samples = spoken("press one for sales");
    if (worker().empty() || samples.empty()) return;
    Recogniser ear(worker(), {}, {});
    const auto words = ear.hear(samples);
    REQUIRE(words);
    REQUIRE_FALSE(words->empty());
    double before = 0;
    for (const auto& word : *words) {
        CHECK(word.start >= before);
        CHECK(word.end > word.start);
        CHECK(word.end <= static_cast<double>(samples.size()) / 16'000);
        CHECK(*word.confidence >= 0);
        CHECK(*word.confidence <= 1);
        before = word.start;
    }
    CHECK(ear.hear({})->empty());
}

TEST_CASE("a worker that was killed is replaced, and the clip is heard all the same") {
    const auto samples = spoken("good morning");
    if (worker().empty() || samples.empty()) return;
    Recogniser ear(worker(), {}, {});
    const auto first = ear.hear(samples);
    REQUIRE(first);
    const int process = ear.process();
    REQUIRE(process > 0);
    kill(process, SIGKILL);
    const auto second = ear.hear(samples);
    REQUIRE(second);
    CHECK(said(*second) == said(*first));
    CHECK(ear.process() != process);
}

TEST_CASE("a word nobody knows is heard once the project's transcripts have it") {
    const auto samples = spoken("please restart the dahdi driver");
    if (worker().empty() || samples.empty()) return;
    SpeechAdaptation project;
    project.sentences = {"please restart the dahdi driver", "the dahdi driver is loaded"};
    project.words = {"asterisk"};
    Recogniser ear(worker(), project, {});
    const auto words = ear.hear(samples);
    REQUIRE(words);
    CHECK(said(*words).find("dahdi") != std::string::npos);
}

TEST_CASE("a project with many words of its own is heard by one worker to the end") {
    const auto samples = spoken("the zobel of the makovin is in the tavlor of the zobel");
    if (worker().empty() || samples.empty()) return;
    SpeechAdaptation project;
    for (const char* first : {"zo", "ma", "ta", "ri", "fe", "lu"})
        for (const char* middle : {"bel", "ko", "vlor", "din"})
            for (const char* last : {"", "vin", "ma"}) {
                const auto word = std::string(first) + middle + last;
                project.sentences.push_back("the " + word + " of the zobel is in the " + word);
            }
    Recogniser ear(worker(), project, {});
    REQUIRE(ear.hear(samples));
    const int process = ear.process();
    const auto words = ear.hear(samples);
    REQUIRE(words);
    CHECK(said(*words).find("zobel") != std::string::npos);
    CHECK(ear.process() == process);
}

TEST_CASE("the words of a corrected text get their times") {
    const auto samples = spoken("press one for sales");
    if (worker().empty() || samples.empty()) return;
    Recogniser ear(worker(), {}, {});
    const auto words = ear.align(samples, "Press 1 for sales.");
    REQUIRE(words);
    CHECK(said(*words) == "press one for sales");
    std::string endless;
    for (int i = 0; i < 200; ++i) endless += "everybody understands ";
    const auto wrong = ear.align(samples, endless);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.refusal().code == Code::invalid);
    CHECK(ear.hear(samples));
}

TEST_CASE("a worker that does not answer, ends at once or talks nonsense is refused") {
    const std::vector<std::int16_t> second(16'000);
    const Recogniser::Patience little{300ms, 300ms, 0};
    Recogniser asleep({"/bin/sleep", "100"}, {}, little);
    const auto late = asleep.hear(second);
    REQUIRE_FALSE(late);
    CHECK(late.refusal().code == Code::unavailable);
    CHECK(asleep.process() == -1);
    Recogniser gone({"/bin/false"}, {}, little);
    CHECK_FALSE(gone.hear(second));
    Recogniser missing({"/nowhere/worker"}, {}, little);
    CHECK_FALSE(missing.hear(second));
    Recogniser none({}, {}, little);
    CHECK_FALSE(none.hear(second));
    std::stop_source stop;
    stop.request_stop();
    Recogniser stopped({"/bin/sleep", "100"}, {}, {});
    CHECK(stopped.hear(second, stop.get_token()).refusal().code == Code::cancelled);
}

TEST_CASE("a worker's answer is checked like any other") {
    const auto good = words_from({{"words", {{"hello", 0.1, 0.4, 1.0005}}}}, 1);
    REQUIRE(good);
    CHECK(good->at(0).confidence == 1.0);
    for (const auto& bad :
         {Json{{"words", 3}}, Json{{"words", {{"a", 0.1, 0.2}}}},
          Json{{"words", {{"a", -1, 1, 1}}}}, Json{{"words", {{"a", 2, 1, 1}}}},
          Json{{"words", {{"a", 0, 9, 1}}}}, Json{{"words", {{1, 0, 0, 1}}}},
          Json{{"words", {{"a", "0", 0, 1}}}}, Json::object(), Json{{"error", "It broke."}}})
        CHECK_FALSE(words_from(bad, 1));
    CHECK_FALSE(wire_lengths("\xff\xff\xff\xff\0\0\0\0"));
    CHECK_FALSE(wire_lengths("short"));
}

}  // namespace
}  // namespace countersign
