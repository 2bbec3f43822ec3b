// Room: app
// What an hour of sound costs: processor seconds to decode it and make its peaks, by kind of file;
// milliseconds to open the peaks of one; and how many damaged files are survived. The peaks are
// first held against the slow way, sample by sample, and times against the samples that went in.
//
//     bench_audio_hour
//
// Kinds but WAV are encoded by ffmpeg; where it is missing they are short. The hour is sentences'
// worth of noise and tones with pauses, the same at every run.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <string>
#include <vector>

#include "../figure_line.h"
#include "base/crypto.h"
#include "base/rng.h"
#include "media/audio.h"
#include "media/wav.h"
#include "store/blobs.h"

using namespace countersign;
using bench::line;
namespace fs = std::filesystem;

namespace {

constexpr int hour = 3600;

double processor_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/// Voice-like: a tone that glides, with noise, for two seconds of three.
std::vector<std::int16_t> made(int seconds, int rate) {
    Rng rng(11);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(seconds) * rate);
    double phase = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double at = static_cast<double>(i) / rate;
        phase += 2 * std::numbers::pi * (140 + 60 * std::sin(at * 2.1)) / rate;
        if (std::fmod(at, 3) > 2) continue;
        const double voice =
            std::sin(phase) + 0.5 * std::sin(3 * phase) + 0.2 * std::sin(7 * phase);
        samples[i] = static_cast<std::int16_t>(6000 * voice + 800 * (rng.uniform() - 0.5));
    }
    return samples;
}

std::vector<std::int8_t> slow_peaks(const std::vector<std::int16_t>& samples, int rate) {
    std::vector<std::int8_t> out;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto value =
            static_cast<std::int8_t>(std::clamp(std::lround(samples[i] / 256.0), -128L, 127L));
        const auto pair = i * Peaks::per_second / static_cast<std::size_t>(rate);
        if (pair * 2 == out.size()) out.insert(out.end(), {value, value});
        out[pair * 2] = std::min(out[pair * 2], value);
        out[pair * 2 + 1] = std::max(out[pair * 2 + 1], value);
    }
    return out;
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Kind {
    const char *name, *file, *options;
    double target;  ///< Processor seconds.
};
constexpr Kind kinds[] = {
    {"wav_16k", nullptr, nullptr, 0.5},
    {"flac_44k_stereo", "a.flac", "-ar 44100 -ac 2", 6},
    {"m4a_44k_stereo", "a.m4a", "-ar 44100 -ac 2 -b:a 128k", 6},
    {"mp3_44k_stereo", "a.mp3", "-ar 44100 -ac 2 -b:a 128k", 8},
    {"opus_48k_stereo", "a.opus", "-ar 48000 -ac 2 -b:a 96k -c:a libopus", 11},
};

/// How many of so many damaged copies were heard or refused: all, or this program has crashed.
int survive(const std::string& bytes, Rng& rng) {
    int survived = 0;
    for (int trial = 0; trial < 40; ++trial) {
        std::string hurt = bytes.substr(0, std::min<std::size_t>(bytes.size(), 200'000));
        if (trial % 3 == 0) hurt.resize(rng.below(static_cast<std::uint32_t>(hurt.size())));
        for (int i = 0; i < 30 && !hurt.empty(); ++i) {
            const auto where = i % 2 ? std::min<std::size_t>(hurt.size(), 400) : hurt.size();
            hurt[rng.below(static_cast<std::uint32_t>(where))] = static_cast<char>(rng.below(256));
        }
        AudioLimits limits;
        limits.max_seconds = 600;
        const auto heard = listen(hurt, limits);
        survived += heard ? heard->info.seconds > 0 : heard.refusal().message.ends_with(".");
    }
    return survived;
}

double opened_ms(const Peaks& peaks, const fs::path& folder) {
    const auto blobs = disk_blobs((folder / "blobs").string());
    const auto sha = blobs->put("the recording").sha256;
    blobs->put_beside(sha, "peaks", peaks_file(peaks));
    const auto began = std::chrono::steady_clock::now();
    std::size_t bytes = 0;
    for (const int level : {7, 0}) {
        const auto head = *blobs->get_beside(sha, "peaks", 0, peaks_head_bytes);
        const auto place = find_peaks(head, *blobs->size_beside(sha, "peaks"), level);
        bytes += blobs->get_beside(sha, "peaks", place->from, place->bytes)->size();
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    return bytes > 700'000 ? took.count() : 1e9;
}

}  // namespace

int main() {
    const fs::path folder = fs::temp_directory_path() / ("cs-hour-" + hex(random_bytes(6)));
    fs::create_directories(folder);
    const auto samples = made(hour, 16'000);
    const auto wav = wav_file(samples, 16'000);
    const auto right = slow_peaks(samples, 16'000);
    std::ofstream(folder / "in.wav", std::ios::binary) << wav;
    Rng rng(5);
    int survived = 0, hurt = 0;
    for (const auto& kind : kinds) {
        std::string bytes = wav;
        if (kind.file) {
            const auto to = (folder / kind.file).string();
            const auto command = "ffmpeg -y -loglevel error -i " + (folder / "in.wav").string() +
                                 " " + kind.options + " " + to;
            if (std::system(command.c_str()) != 0) {
                line(std::string("decode_hour_") + kind.name, -1, "cpu_s", 0, false);
                continue;
            }
            bytes = read_file(to);
        }
        const double before = processor_seconds();
        const auto heard = listen(bytes);
        const double took = processor_seconds() - before;
        const bool sane = heard && std::abs(heard->info.seconds - hour) < 0.2 &&
                          (kind.file || heard->peaks.pairs == right);
        line(std::string("heard_right_") + kind.name, sane, "bool", 1);
        line(std::string("decode_hour_") + kind.name, took, "cpu_s", kind.target, true);
        survived += survive(bytes, rng);
        hurt += 40;
        if (!kind.file && heard)
            line("peaks_of_an_hour_opened", opened_ms(heard->peaks, folder), "ms", 200, true);
    }
    line("damaged_sounds_survived", static_cast<double>(survived) / hurt, "share", 1);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    line("resident_most", static_cast<double>(used.ru_maxrss) / 1024, "MiB");
    fs::remove_all(folder);
    return bench::short_of > 0;
}
