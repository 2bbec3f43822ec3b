// Dialogues drawn of the clips that voices.py writes: who speaks when is known to the sample.
#pragma once

#include <array>
#include <cmath>
#include <filesystem>
#include <map>

#include "base/rng.h"
#include "der.h"
#include "sound_file.h"

namespace countersign::bench {

using Clips = std::map<std::string, std::vector<Sound>>;  ///< By voice.

struct Talk {
    std::string name;
    Sound sound;
    std::vector<Turn> turns;
    std::vector<std::pair<double, double>> scored;  ///< Empty: all of it.
};

/// Without what is 38 dB softer than its loudest 10 ms at both ends.
inline Sound trimmed(const Sound& sound) {
    constexpr std::size_t step = 160;
    const std::size_t n = sound.samples.size() / step;
    std::vector<double> level(n, 1);
    for (std::size_t i = 0; i < n * step; ++i) {
        const double v = sound.samples[i];
        level[i / step] += v * v;
    }
    const double loudest = n ? *std::max_element(level.begin(), level.end()) : 0;
    std::size_t first = 0, last = n;
    while (first < last && level[first] < loudest * 1.6e-4) ++first;
    while (last > first && level[last - 1] < loudest * 1.6e-4) --last;
    Sound out;
    const auto at = [&](std::size_t i) {
        return sound.samples.begin() + static_cast<std::ptrdiff_t>(i * step);
    };
    out.samples.assign(at(first), at(last));
    return out;
}

inline Clips clips_in(const std::string& folder) {
    Clips out;
    if (!std::filesystem::is_directory(folder)) return out;
    for (const auto& voice : std::filesystem::directory_iterator(folder))
        for (int n = 0; n < 100; ++n) {
            const auto file = std::string(n < 10 ? "/0" : "/") + std::to_string(n) + ".wav";
            const auto sound = wav_file(voice.path().string() + file);
            if (sound && sound->rate == 16'000)
                out[voice.path().filename()].push_back(trimmed(*sound));
        }
    return out;
}

/// Noise of 1/f below the speech by `decibels`: three leaky sums of white noise (Kellet).
inline void add_noise(std::vector<double>& sound, double decibels, Rng& rng) {
    double power = 0, noise_power = 0;
    std::vector<double> noise;
    double a = 0, b = 0, c = 0;
    for (const double v : sound) {
        const double w = rng.uniform() + rng.uniform() + rng.uniform() - 1.5;
        a = 0.99765 * a + w * 0.0990460;
        b = 0.96300 * b + w * 0.2965164;
        c = 0.57000 * c + w * 1.0526913;
        noise.push_back(a + b + c + w * 0.1848);
        noise_power += noise.back() * noise.back();
        power += v * v;
    }
    const double scale = std::sqrt(power / noise_power / std::pow(10, decibels / 10));
    for (std::size_t i = 0; i < sound.size(); ++i) sound[i] += scale * noise[i];
}

/// `speakers` of the voices take turns of one clip, about `seconds` long together; a turn begins
/// from `earliest` seconds after the one before has ended (negative: over it) to `latest`.
inline Talk drawn_talk(const Clips& clips, int speakers, double seconds, double earliest,
                       double latest, std::optional<double> noise, Rng& rng) {
    std::vector<std::string> voices;
    for (const auto& [voice, sounds] : clips) voices.push_back(voice);
    for (std::size_t i = voices.size(); i > 1; --i)
        std::swap(voices[i - 1], voices[rng.below(static_cast<std::uint32_t>(i))]);
    voices.resize(std::min(voices.size(), static_cast<std::size_t>(speakers)));
    Talk out;
    std::vector<double> mixed;
    double at = 0.5;
    std::size_t who = 0;
    while (at < seconds) {
        const auto step = 1 + rng.below(static_cast<std::uint32_t>(voices.size() - 1));
        who = (who + step) % voices.size();
        const auto& own = clips.at(voices[who]);
        const auto& clip = own[rng.below(static_cast<std::uint32_t>(own.size()))];
        const auto first = static_cast<std::size_t>(at * 16'000);
        if (mixed.size() < first + clip.samples.size()) mixed.resize(first + clip.samples.size());
        for (std::size_t i = 0; i < clip.samples.size(); ++i)
            mixed[first + i] += 0.6 * clip.samples[i];
        out.turns.push_back({at, at + clip.seconds(), voices[who]});
        const double gap = earliest + (latest - earliest) * rng.uniform();
        at = std::max(at + 0.3, at + clip.seconds() + gap);
    }
    if (noise) add_noise(mixed, *noise, rng);
    for (const double v : mixed)
        out.sound.samples.push_back(static_cast<std::int16_t>(std::clamp(v, -32768.0, 32767.0)));
    return out;
}

}  // namespace countersign::bench
