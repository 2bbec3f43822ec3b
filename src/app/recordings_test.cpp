#include "app/recordings.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "base/crypto.h"
#include "base/rng.h"
#include "formats/source.h"
#include "media/wav.h"

using namespace countersign;

namespace {

namespace fs = std::filesystem;
constexpr int spoken_rate = 8000;

/// Something like speech: gliding overtones in bursts of half a second; another seed, other words.
std::vector<std::int16_t> spoken(double seconds, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::int16_t> out;
    double phase = 0, pitch = 120, tilt = 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(seconds * spoken_rate); ++i) {
        if (i % 800 == 0) pitch = 90 + 160 * rng.uniform(), tilt = 0.4 + rng.uniform();
        phase += 2 * std::numbers::pi * pitch / spoken_rate;
        double value = 0;
        for (int k = 1; k <= 14; ++k)
            value += std::sin(k * phase) / std::pow(k, tilt) *
                     (1 + std::sin(0.0007 * static_cast<double>(i) * k));
        out.push_back(static_cast<std::int16_t>(1500 * value));
    }
    return out;
}

/// A folder of recordings, and what ffmpeg makes of them where it is installed.
class Booth {
public:
    Booth() : dir_(fs::temp_directory_path() / ("cs-booth-" + hex(random_bytes(6)))) {
        fs::create_directories(dir_);
    }
    Booth(const Booth&) = delete;
    Booth& operator=(const Booth&) = delete;
    ~Booth() { fs::remove_all(dir_); }
    void record(const std::string& name, const std::vector<std::int16_t>& samples) const {
        std::ofstream(dir_ / name, std::ios::binary) << wav_file(samples, spoken_rate);
    }
    bool copy(const std::string& from, const std::string& to, const std::string& options) const {
        const auto command = "ffmpeg -y -loglevel error -i " + (dir_ / from).string() +
                             " -af volume=0.4 " + options + " " + (dir_ / to).string() +
                             " > /dev/null 2>&1";
        return std::system(command.c_str()) == 0;
    }
    SoundPrint print(const std::string& name) const {
        auto source = open_folder(dir_.string());
        REQUIRE(source);
        const std::shared_ptr<const Source> files = std::move(*source);
        return RecordingFiles(files, nullptr).look_at(name).print;
    }

private:
    fs::path dir_;
};

}  // namespace

TEST_CASE("a copy through any coder is the same recording, however much silence the coder adds") {
    const Booth booth;
    for (const double seconds : {0.7, 4.0}) {
        CAPTURE(seconds);
        booth.record("in.wav", spoken(seconds, 1));
        booth.record("other.wav", spoken(seconds, 2));
        const auto original = booth.print("in.wav"), other = booth.print("other.wav");
        for (const auto& [file, options] :
             {std::pair{"a.mp3", "-b:a 32k"}, std::pair{"b.ogg", "-c:a libvorbis -q:a 1"},
              std::pair{"c.opus", "-c:a libopus -b:a 24k"}, std::pair{"d.m4a", "-c:a aac -b:a 32k"},
              std::pair{"e.aac", "-c:a aac -b:a 32k"}, std::pair{"f.flac", ""}}) {
            const std::string name = file;
            CAPTURE(name);
            if (!booth.copy("in.wav", name, options)) {
                MESSAGE("this ffmpeg cannot make " << name);
                continue;
            }
            const auto copy = booth.print(name);
            const std::vector<const SoundPrint*> prints{&original, &other, &copy};
            const auto found = near_sounds(prints, 0.6);
            REQUIRE(found.size() == 1);
            CHECK(found[0].a == 0);
            CHECK(found[0].b == 2);
        }
    }
}
