// Room: models
// Is voice activity found in noise? Prompts with gaps of half a second to three, alone and under
// pink noise and babble; frames of 10 ms. The truth comes from the clean prompts' energy: within 38
// dB of a prompt's loudest frame, pauses up to 0.25 s closed.
//
//     bench_speech_voice FOLDER       from bench/speech/prompts.py
#include <cmath>
#include <ctime>
#include <sstream>

#include "../figure_line.h"
#include "base/rng.h"
#include "models/voice_activity.h"
#include "sound_file.h"

namespace {

using namespace countersign;
using namespace countersign::bench;

constexpr std::size_t frame = 160;
constexpr double frame_seconds = 0.01;

struct Mixture {
    std::vector<float> sound;
    std::vector<bool> speech;  ///< Of each frame.
    double power = 0;          ///< Of the speech.
};

double decibels(const Sound& sound, std::size_t at) {
    double sum = 1;
    for (std::size_t i = 0; i < frame; ++i) {
        const double v = sound.samples[at * frame + i];
        sum += v * v;
    }
    return 10 * std::log10(sum / frame);
}

std::vector<bool> spoken_frames(const Sound& sound) {
    const std::size_t n = sound.samples.size() / frame;
    std::vector<double> level(n);
    double loudest = -200;
    for (std::size_t i = 0; i < n; ++i) loudest = std::max(loudest, level[i] = decibels(sound, i));
    std::vector<bool> out(n);
    constexpr std::size_t longest_pause = 25;
    std::size_t last = n;
    for (std::size_t i = 0; i < n; ++i) {
        if (level[i] <= loudest - 38 || level[i] <= 25) continue;
        const std::size_t from = last < n && i - last <= longest_pause ? last : i;
        for (std::size_t k = from; k <= i; ++k) out[k] = true;
        last = i;
    }
    return out;
}

Mixture mixture_of(const std::vector<Sound>& prompts, double seconds, Rng& rng) {
    Mixture out;
    double energy = 0, samples = 0;
    for (const auto& prompt : prompts) {
        if (out.speech.size() * frame_seconds >= seconds) break;
        const std::size_t gap = 50 + rng.below(250), n = prompt.samples.size() / frame;
        out.sound.resize(out.sound.size() + gap * frame, 0);
        out.speech.resize(out.speech.size() + gap, false);
        const auto spoken = spoken_frames(prompt);
        for (std::size_t i = 0; i < n * frame; ++i) {
            const float v = prompt.samples[i];
            out.sound.push_back(v);
            if (!spoken[i / frame]) continue;
            energy += static_cast<double>(v) * static_cast<double>(v);
            ++samples;
        }
        out.speech.insert(out.speech.end(), spoken.begin(), spoken.end());
    }
    out.power = energy / std::max(1.0, samples);
    return out;
}

std::vector<float> white(std::size_t n, Rng& rng) {
    std::vector<float> out(n);
    for (auto& v : out) v = static_cast<float>(rng.uniform() + rng.uniform() + rng.uniform() - 1.5);
    return out;
}

/// Three leaky sums of white noise (Kellet's economy filter): 1/f to half a decibel.
std::vector<float> pink(std::size_t n, Rng& rng) {
    auto out = white(n, rng);
    float a = 0, b = 0, c = 0;
    for (auto& v : out) {
        const float w = v;
        a = 0.99765f * a + w * 0.0990460f;
        b = 0.96300f * b + w * 0.2965164f;
        c = 0.57000f * c + w * 1.0526913f;
        v = a + b + c + w * 0.1848f;
    }
    return out;
}

/// Eight people who say prompts at once, without gaps.
std::vector<float> babble(std::size_t n, const std::vector<Sound>& prompts, Rng& rng) {
    std::vector<float> out(n, 0);
    for (int voice = 0; voice < 8; ++voice)
        for (std::size_t at = 0; at < n;) {
            const auto& prompt = prompts[rng.below(static_cast<std::uint32_t>(prompts.size()))];
            for (std::size_t i = 0; i < prompt.samples.size() && at < n; ++i)
                out[at++] += prompt.samples[i];
        }
    return out;
}

Sound under(const Mixture& mixture, const std::vector<float>& noise, double decibels_below) {
    double power = 0;
    for (const float v : noise) power += static_cast<double>(v) * static_cast<double>(v);
    power /= static_cast<double>(noise.size());
    const double scale = std::sqrt(mixture.power / power / std::pow(10, decibels_below / 10));
    Sound out;
    for (std::size_t i = 0; i < mixture.sound.size(); ++i) {
        const double v =
            0.7 * (static_cast<double>(mixture.sound[i]) + scale * static_cast<double>(noise[i]));
        out.samples.push_back(static_cast<std::int16_t>(std::clamp(v, -32768.0, 32767.0)));
    }
    return out;
}

void measure(const std::string& name, const VoiceActivity& voice, const Mixture& mixture,
             const Sound& sound, double f1, double false_alarm) {
    const std::clock_t before = std::clock();
    const auto found = voice.speech(sound, {});
    const double work = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    double hits = 0, wrong = 0, missed = 0, rejected = 0;
    std::size_t k = 0;
    for (std::size_t i = 0; i < mixture.speech.size(); ++i) {
        const double t = (static_cast<double>(i) + 0.5) * frame_seconds;
        while (k < found.size() && found[k].end <= t) ++k;
        const bool heard = k < found.size() && found[k].start <= t;
        (mixture.speech[i] ? (heard ? hits : missed) : (heard ? wrong : rejected)) += 1;
    }
    line("voice_" + name + "_f1", 2 * hits / (2 * hits + wrong + missed), "share", f1);
    line("voice_" + name + "_false_alarm", wrong / (wrong + rejected), "share", false_alarm, true);
    line("voice_" + name + "_speed", sound.seconds() / work, "x_real_time", 100);
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::puts("usage: bench_speech_voice FOLDER"), 2;
    const std::string folder = words[1];
    const auto voice =
        VoiceActivity::load(environment("COUNTERSIGN_MODELS",
                                        environment("COUNTERSIGN_SOURCE", ".") + "/models/cache") +
                            "/silero.onnx");
    if (!voice) return std::printf("# %s\n", voice.refusal().message.c_str()), 3;
    std::vector<Sound> prompts;
    std::ifstream list(folder + "/prompts.tsv");
    for (std::string row; std::getline(list, row);)
        if (auto sound = wav_file(folder + "/" + row.substr(0, row.find('\t'))))
            if (sound->samples.size() >= 8'000) prompts.push_back(std::move(*sound));
    if (prompts.empty())
        return std::printf("# no prompts in %s: bench/speech/prompts.py\n", folder.c_str()), 3;
    Rng rng(3);
    for (std::size_t i = prompts.size(); i > 1; --i)
        std::swap(prompts[i - 1], prompts[rng.below(static_cast<std::uint32_t>(i))]);
    const auto mixture = mixture_of(prompts, 600, rng);
    const std::size_t n = mixture.sound.size();
    std::printf("# %.0f s\n", static_cast<double>(mixture.speech.size()) * frame_seconds);
    const auto hiss = white(n, rng), noise = pink(n, rng), people = babble(n, prompts, rng);
    measure("clean", *voice, mixture, under(mixture, hiss, 60), .985, .04);
    measure("pink_10db", *voice, mixture, under(mixture, noise, 10), .978, .05);
    measure("pink_0db", *voice, mixture, under(mixture, noise, 0), .970, .04);
    measure("babble_10db", *voice, mixture, under(mixture, people, 10), .915, .27);
    return short_of > 0;
}
