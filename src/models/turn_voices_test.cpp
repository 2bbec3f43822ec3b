#include "models/turn_voices.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <string>

#include "base/rng.h"

namespace countersign {
namespace {

/// Speech as numbers: frames of speaker k lie around k in every direction, one turn of 2 s each, as
/// drawn: "abab".
struct DrawnTalk {
    HeardSpeech speech;
    std::vector<SpeakerTurn> turns;
};
DrawnTalk drawn_talk(const std::string& drawn) {
    DrawnTalk out;
    Rng rng(3);
    for (const char c : drawn) {
        const auto first = static_cast<std::uint32_t>(out.speech.frames.size());
        for (std::uint32_t i = 0; i < 200; ++i) {
            Cepstra frame{};
            for (auto& v : frame)
                v = static_cast<float>(0.4 * (c - 'a') + 2 * (rng.uniform() - 0.5));
            out.speech.frames.push_back(frame);
            out.speech.at.push_back(first + i);
        }
        const double start = first * cepstra_step;
        out.turns.push_back({start, start + 2, c - 'a', 1});
    }
    return out;
}

TEST_CASE("a turn that was given another's name sounds like the one who speaks") {
    auto talk = drawn_talk("abcabcabcabc");
    talk.turns[4].speaker = 2;  // It is b's.
    const auto fits = fit_turns(talk.speech, 3, talk.turns);
    std::vector<int> given;
    for (const auto& turn : talk.turns) given.push_back(turn.speaker);
    const double scale = best_scale(fits, given);
    for (std::size_t t = 0; t < fits.size(); ++t) {
        REQUIRE(fits[t].frames == 200);
        const auto p = turn_probabilities(fits[t], scale);
        CHECK(std::accumulate(p.begin(), p.end(), 0.0) == doctest::Approx(1));
        const auto heard = static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin());
        CHECK(heard == static_cast<int>(t % 3));
        if (t == 4) CHECK(p[2] < 0.2);
    }
}

TEST_CASE(
    "a speaker's only turn is judged by nobody, and a voice nobody has learned is never named") {
    const auto talk = drawn_talk("abababc");
    const auto fits = fit_turns(talk.speech, 4, talk.turns);
    CHECK(fits.back().frames == 0);
    REQUIRE(fits.front().frames == 200);
    const auto p = turn_probabilities(fits.front(), 1);
    CHECK(p[3] == 0);
    CHECK(turn_probabilities(fits.back(), 1).empty());
}

TEST_CASE("where two speak at once nobody is listened to, and short turns are not judged") {
    auto talk = drawn_talk("abababab");
    talk.turns[0].end += 1.6;  // Over most of b's first turn.
    talk.turns[3].end = talk.turns[3].start + 0.3;
    const auto fits = fit_turns(talk.speech, 2, talk.turns);
    CHECK(fits[1].frames == 0);
    CHECK(fits[3].frames == 0);
    CHECK(fits[0].frames == 200);
    CHECK(fit_turns({}, 2, {}).empty());
}

}  // namespace
}  // namespace countersign
