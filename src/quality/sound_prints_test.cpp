#include "quality/sound_prints.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "base/rng.h"

using namespace countersign;

namespace {

constexpr double rate = 8000;

/// Something like speech: a gliding tone with overtones, in bursts; another seed, another melody.
std::vector<std::int16_t> melody(double seconds, std::uint64_t seed, double gain = 1) {
    Rng rng(seed);
    std::vector<std::int16_t> out;
    double phase = 0, pitch = 120;
    for (std::size_t i = 0; i < static_cast<std::size_t>(seconds * rate); ++i) {
        if (i % 800 == 0) pitch = 90 + 160 * rng.uniform();
        phase += 2 * std::numbers::pi * pitch / rate;
        double value = 0;
        for (int k = 1; k <= 12; ++k)
            value += std::sin(k * phase) / k * (1 + std::sin(0.0007 * double(i) * k));
        out.push_back(static_cast<std::int16_t>(gain * 2000 * value));
    }
    return out;
}

std::vector<NearPair> pairs(const std::vector<SoundPrint>& prints, double least = 0.6) {
    std::vector<const SoundPrint*> pointers;
    for (const auto& p : prints) pointers.push_back(&p);
    return near_sounds(pointers, least);
}

}  // namespace

TEST_CASE("a recording that is quieter, noisier and cut a little is the same one") {
    const auto one = melody(4, 1);
    auto quiet = melody(4, 1, 0.3);
    Rng rng(5);
    for (auto& s : quiet) s = static_cast<std::int16_t>(s + 70 * (rng.uniform() - 0.5));
    quiet.erase(quiet.begin(), quiet.begin() + 1234);
    const auto found = pairs({sound_print(one), sound_print(melody(4, 2)), sound_print(quiet)});
    REQUIRE(found.size() == 1);
    CHECK(found[0].a == 0);
    CHECK(found[0].b == 2);
    CHECK(found[0].similarity > 0.6);
}

TEST_CASE("silence before and after changes nothing, whatever the shift") {
    for (const std::size_t shift : {37U, 40U, 1024U, 1105U, 2112U}) {
        CAPTURE(shift);
        const auto one = melody(0.6, 7);
        std::vector<std::int16_t> padded(shift);
        padded.insert(padded.end(), one.begin(), one.end());
        padded.resize(padded.size() + 999);
        const auto found = pairs({sound_print(one), sound_print(padded)}, 0.6);
        REQUIRE(found.size() == 1);
        CHECK(found[0].similarity > 0.8);
    }
}

TEST_CASE("other recordings, silence, and next to nothing have no pair") {
    std::vector<SoundPrint> prints;
    for (std::uint64_t seed = 1; seed < 12; ++seed) prints.push_back(sound_print(melody(2, seed)));
    prints.push_back(sound_print(std::vector<std::int16_t>(16'000)));
    prints.push_back(sound_print(std::vector<std::int16_t>(16'000)));
    prints.push_back(sound_print(std::vector<std::int16_t>(10)));
    CHECK(prints.back().empty());
    CHECK(pairs(prints).empty());
}

TEST_CASE("a part of a recording is not the whole one, and gain changes no sign") {
    const auto one = melody(4, 3);
    const std::vector<std::int16_t> half(one.begin(), one.begin() + 16'000);
    CHECK(pairs({sound_print(one), sound_print(half)}).empty());
    CHECK(sound_similarity(sound_print(one), sound_print(melody(4, 3, 0.5)), 0) > 0.9);
    CHECK(pairs({sound_print(one), sound_print(one), sound_print(one)}).size() == 2);
}
