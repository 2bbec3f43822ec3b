#include "models/speakers.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "base/rng.h"
#include "models/speaker_naming.h"

namespace countersign {
namespace {

/// Noise through two resonances (Hz), like a whisper in one vowel: a voice that is all timbre.
void whisper(Sound& sound, double seconds, double first, double second, Rng& rng) {
    double a1 = 0, a2 = 0, b1 = 0, b2 = 0;
    const auto resonance = [](double hertz, double& y1, double& y2, double x) {
        constexpr double r = 0.97;
        const double y =
            x + 2 * r * std::cos(2 * std::numbers::pi * hertz / 16'000) * y1 - r * r * y2;
        y2 = y1;
        y1 = y;
        return y;
    };
    const auto n = static_cast<int>(seconds * 16'000);
    for (int i = 0; i < n; ++i) {
        const double noise = rng.uniform() - 0.5;
        const double v = resonance(first, a1, a2, noise) + resonance(second, b1, b2, noise);
        const double swell = 1 + 0.5 * std::sin(2 * std::numbers::pi * 4 * i / 16'000);
        sound.samples.push_back(static_cast<std::int16_t>(std::lround(400 * swell * v)));
    }
}

/// Two voices in turns of 4 s with pauses of half a second: "abab..." as drawn.
struct Dialogue {
    Sound sound;
    std::vector<TimeSpan> voiced;
    std::vector<int> speaker;
};
Dialogue dialogue(const std::string& drawn) {
    Dialogue out;
    Rng rng(7);
    for (const char c : drawn) {
        const double start = out.sound.seconds();
        whisper(out.sound, 4, c == 'a' ? 500 : c == 'b' ? 800 : 350, c == 'a' ? 1500 : 2600, rng);
        out.voiced.push_back({start, out.sound.seconds()});
        out.speaker.push_back(c - 'a');
        out.sound.samples.resize(out.sound.samples.size() + 8'000);
    }
    return out;
}

/// Seconds in which the turns name another speaker than was drawn.
double wrong_seconds(const Dialogue& truth, const std::vector<SpeakerTurn>& turns) {
    double wrong = 0;
    for (const auto& turn : turns)
        for (std::size_t i = 0; i < truth.voiced.size(); ++i)
            if (turn.speaker != truth.speaker[i])
                wrong += std::max(0.0, std::min(turn.end, truth.voiced[i].end) -
                                           std::max(turn.start, truth.voiced[i].start));
    return wrong;
}

TEST_CASE("two voices that take turns are told apart without a label") {
    const auto talk = dialogue("abababab");
    const auto turns =
        cluster_speakers(hear_speech(talk.sound, talk.voiced), {.speakers = 2, .most_speakers = 8});
    CHECK(wrong_seconds(talk, turns) < 1);
    for (std::size_t i = 1; i < turns.size(); ++i) CHECK(turns[i - 1].end <= turns[i].start);
    CHECK(cluster_speakers(hear_speech(talk.sound, talk.voiced), {.most_speakers = 1}).size() == 8);
}

TEST_CASE("nobody asks for more speakers than the schema has labels") {
    const auto talk = dialogue("abcabcabc");
    for (const auto& turn :
         cluster_speakers(hear_speech(talk.sound, talk.voiced), {.most_speakers = 2}))
        CHECK(turn.speaker < 2);
}

TEST_CASE("after a turn of each was labelled, the others go to the same voices") {
    const auto talk = dialogue("abbaabab");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    const std::vector<SpeakerTurn> labelled{{0, 3, 0, 1}, {4.5, 7.5, 1, 1}};
    const auto turns = assign_speakers(speech, 2, labelled, {}, {});
    CHECK(wrong_seconds(talk, turns) < 0.5);
    for (const auto& turn : turns) {
        CHECK(turn.confidence >= 0);
        CHECK(turn.confidence <= 1);
    }
    const std::vector<SpeakerTurn> swapped{{0, 3, 1, 1}, {4.5, 7.5, 0, 1}};
    CHECK(wrong_seconds(talk, assign_speakers(speech, 2, swapped, {}, {})) > 25);
}

TEST_CASE("a voice known from another recording is recognised") {
    const auto before = dialogue("abab"), talk = dialogue("bbaaab");
    const auto heard = hear_speech(before.sound, before.voiced);
    std::vector<SpeakerTurn> all;
    for (std::size_t i = 0; i < before.voiced.size(); ++i)
        all.push_back({before.voiced[i].start, before.voiced[i].end, before.speaker[i], 1});
    std::vector<Voice> voices;
    for (const auto& frames : frames_of_speakers(heard, 2, all))
        voices.push_back(Voice::of(frames, 8));
    const auto turns = assign_speakers(hear_speech(talk.sound, talk.voiced), 2, {}, voices, {});
    CHECK(wrong_seconds(talk, turns) < 1);
}

TEST_CASE("what a person labelled stays, and what two labels cover teaches nobody") {
    const auto talk = dialogue("aaab");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    const std::vector<SpeakerTurn> odd{{0, 4, 0, 1}, {4.5, 8.5, 1, 1}};
    bool kept = false;
    for (const auto& turn : assign_speakers(speech, 2, odd, {}, {}))
        kept = kept || (turn.speaker == 1 && turn.start < 5 && turn.end > 8);
    CHECK(kept);
    const std::vector<SpeakerTurn> both{{0, 4, 0, 1}, {0, 4, 1, 1}};
    CHECK(frames_of_speakers(speech, 2, both)[0].empty());
    CHECK(assign_speakers(speech, 2, both, {}, {}).empty());
}

TEST_CASE("silence, a snippet and wrong numbers give no speakers") {
    CHECK(cluster_speakers(hear_speech({}, {}), {}).empty());
    const Sound silence{16'000, std::vector<std::int16_t>(160'000)};
    const auto quiet = cluster_speakers(hear_speech(silence, {{0, 10}}), {});
    for (const auto& turn : quiet) CHECK(std::isfinite(turn.confidence));
    const auto talk = dialogue("ab");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    const std::vector<SpeakerTurn> wrong{
        {0, 3, 7, 1}, {0, 3, -4, 1}, {3, 0, 0, 1}, {-1e300, 1e300, 5, 1}};
    CHECK(assign_speakers(speech, 2, wrong, {}, {}).empty());
    CHECK(assign_speakers(speech, 0, {}, {}, {}).empty());
    CHECK(cepstra_of({8'000, std::vector<std::int16_t>(8'000)}).empty());
}

/// Of each turn of a dialogue: asked under a label, "a" for 0, '.' for what a person vouched for.
std::vector<AskedSegment> asked_of(const Dialogue& talk, const std::string& drafted) {
    std::vector<AskedSegment> out;
    for (std::size_t i = 0; i < drafted.size(); ++i)
        if (drafted[i] != '.') out.push_back({talk.voiced[i], drafted[i] - 'a'});
    return out;
}

/// "ab-": the speakers that the segments were given; '-' none.
std::string given(const SegmentNames& named) {
    std::string out;
    for (const auto& one : named.segments)
        out += one.speaker < 0 ? '-' : static_cast<char>('a' + one.speaker);
    return out;
}

std::vector<SpeakerTurn> vouched_turns(const Dialogue& talk, std::size_t count) {
    std::vector<SpeakerTurn> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back({talk.voiced[i].start, talk.voiced[i].end, talk.speaker[i], 1});
    return out;
}

TEST_CASE("segments take the name of their voice once a person has named eight seconds of each") {
    const auto talk = dialogue("ababbaab");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    const auto named = name_segments(speech, 2, vouched_turns(talk, 4), asked_of(talk, "....aaaa"));
    CHECK(given(named) == "baab");
    for (const auto& one : named.segments) CHECK(one.confidence > 0.8);
    for (const auto& voice : named.voices) CHECK(voice.recognised == 1);
}

TEST_CASE("one voice under two names names nobody") {
    const auto talk = dialogue("aaaaaaaa");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    auto vouched = vouched_turns(talk, 6);
    for (std::size_t i = 1; i < vouched.size(); i += 2) vouched[i].speaker = 1;
    const auto named = name_segments(speech, 2, vouched, asked_of(talk, "......ab"));
    CHECK(given(named) == "--");
    CHECK(named.voices[0].seconds > least_named_speech);
    CHECK((named.voices[0].recognised < 0.9 || named.voices[1].recognised < 0.9));
}

TEST_CASE("what others talk over is left alone, and so is what is too short") {
    const auto talk = dialogue("ababba");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    auto asked = asked_of(talk, "....aa");
    const auto all = talk.voiced[4];
    asked[0].at.end = all.start + 2;
    asked.push_back({{all.start + 0.2, all.end - 0.3}, 1});
    asked.push_back({{all.end - 0.3, all.end}, 1});
    const auto named = name_segments(speech, 2, vouched_turns(talk, 4), asked).segments;
    CHECK(named[0].verdict == NamingVerdict::talked_over);  // A fifth of a second is its own.
    CHECK(named[1].verdict == NamingVerdict::named);
    CHECK(named[2].verdict == NamingVerdict::named);
    CHECK(named[2].speaker == 1);
    CHECK(named[3].verdict == NamingVerdict::too_short);
}

TEST_CASE("a voice without a name keeps its segments") {
    const auto talk = dialogue("aabcbcab");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    // Drafted as "a", "b" and "c", one of them wrongly; only "a" was named by the person.
    const auto named = name_segments(speech, 3, vouched_turns(talk, 2), asked_of(talk, "..bcbcbb"));
    CHECK(given(named) == "----a-");
}

TEST_CASE("under five seconds of speech name nobody, and silence is nobody's") {
    const auto talk = dialogue("abab");
    const auto speech = hear_speech(talk.sound, talk.voiced);
    const auto vouched = vouched_turns(talk, 2);
    const auto few = name_segments(speech, 2, vouched, asked_of(talk, "..aa"));
    CHECK(few.voices[0].seconds == doctest::Approx(4).epsilon(0.02));
    CHECK_FALSE(few.voices[0].names());
    CHECK(given(few) == "--");
    const auto enough = vouched_turns(talk, 3);
    auto asked = asked_of(talk, "...b");
    asked.push_back({{talk.voiced[0].end + 0.1, talk.voiced[0].end + 0.3}, 1});
    CHECK(given(name_segments(speech, 2, enough, asked)) == "--");
    CHECK(name_segments(speech, 0, {}, asked).segments.size() == 2);
}

}  // namespace
}  // namespace countersign
