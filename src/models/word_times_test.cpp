#include "models/word_times.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace countersign {
namespace {

using namespace std::chrono_literals;

/// The text in flite's voice behind a second of silence; empty without flite or PocketSphinx.
Sound said_aloud(const std::string& text) {
    Sound out;
    if (!missing_for_speech().empty() || speech_worker_command().empty() ||
        !std::filesystem::exists("/usr/bin/flite"))
        return out;
    const auto path =
        std::filesystem::temp_directory_path() / ("aloud-" + std::to_string(getpid()) + ".wav");
    auto child = ChildProcess::start({"/usr/bin/flite", "-voice", "slt", "-t", text, "-o", path});
    if (!child || !(*child)->receive_all(1'000'000, ChildProcess::Clock::now() + 60s)) return out;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(path);
    out.samples.resize(16'000);
    for (std::size_t i = 44; i + 1 < bytes.size(); i += 2)
        out.samples.push_back(static_cast<std::int16_t>(
            static_cast<unsigned char>(bytes[i]) | static_cast<unsigned char>(bytes[i + 1]) << 8));
    return out;
}

TEST_CASE("a written word is said in plain English letters, or not at all") {
    CHECK(said_as("42,") == std::vector<std::string>{"forty", "two"});
    CHECK(said_as("Café") == std::vector<std::string>{"cafe"});
    CHECK(said_as("Łódź!") == std::vector<std::string>{"lodz"});
    CHECK(said_as("It’s") == std::vector<std::string>{"it's"});
    CHECK(said_as("—").empty());
    CHECK(said_as("日本").empty());
    CHECK(said_as("\xc3").empty());
}

TEST_CASE("every word that can be said gets its time, as it is written") {
    const auto sound = said_aloud("please restart the zobel driver and wait forty two seconds");
    if (sound.samples.empty()) return;
    Recogniser ear(speech_worker_command(), {}, {});
    const auto words = time_words(
        ear, sound, {0.5, sound.seconds()},
        {"Please", "restart", "the", "zobel", "driver", "—", "and", "wait", "42", "seconds."});
    REQUIRE(words);
    REQUIRE(words->size() == 9);
    CHECK(words->at(0).text == "Please");
    CHECK(words->at(0).start > 0.75);  // A second of nothing comes first.
    CHECK(words->at(3).text == "zobel");
    CHECK(words->at(7).text == "42");
    CHECK(words->at(7).end - words->at(7).start > 0.3);
    CHECK(words->at(8).end <= sound.seconds());
    for (std::size_t i = 1; i < words->size(); ++i) {
        CHECK(words->at(i - 1).end <= words->at(i).start);
        CHECK_FALSE(words->at(i).confidence);
    }
}

TEST_CASE("silence before the words and between them moves no time") {
    auto sound = said_aloud("good morning");
    if (sound.samples.empty()) return;
    const auto again = sound.samples;  // Behind a second of silence, as the first.
    const double second = sound.seconds();
    sound.samples.insert(sound.samples.end(), again.begin(), again.end());
    Recogniser ear(speech_worker_command(), {}, {});
    const auto words =
        time_words(ear, sound, {0, sound.seconds()}, {"Good", "morning.", "Good", "morning."});
    REQUIRE(words);
    REQUIRE(words->size() == 4);
    // Flite begins a fifth of a second late.
    CHECK(words->at(0).start == doctest::Approx(1.2).epsilon(0.05));
    CHECK(words->at(2).start - words->at(0).start == doctest::Approx(second).epsilon(0.02));
    CHECK(words->at(3).end - words->at(1).end == doctest::Approx(second).epsilon(0.02));
}

TEST_CASE("what cannot be timed is refused with the reason") {
    Recogniser nobody({}, {}, {});
    Sound sound;
    sound.samples.resize(16'000 * 2);
    const auto why = [&](const TimeSpan& span, const std::vector<std::string>& text) {
        const auto words = time_words(nobody, sound, span, text);
        REQUIRE_FALSE(words);
        return words.refusal().message;
    };
    CHECK(why({3, 4}, {"one"}) == "The segment lies outside the recording.");
    CHECK(why({1, 1}, {"one"}) == "The segment lies outside the recording.");
    CHECK(why({0, 301}, {"one"}).starts_with("More than 5 minutes"));
    CHECK(why({0, 2}, {"日本", "—"}).starts_with("No word of the text can be said"));
    CHECK(why({0, 2}, {"one"}).starts_with("The speech worker's program is not there"));
}

}  // namespace
}  // namespace countersign
