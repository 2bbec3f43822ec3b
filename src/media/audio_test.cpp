#include "media/audio.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <vector>

#include "base/crypto.h"
#include "base/rng.h"
#include "media/wav.h"

namespace countersign {
namespace {

namespace fs = std::filesystem;

std::vector<std::int16_t> tone(double seconds, int rate, double hertz = 440) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(std::lround(seconds * rate)));
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<std::int16_t>(std::lround(
            12'000 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate)));
    return samples;
}

/// How much of a sound is a tone of `hertz`, from 0 to about 1 (Goertzel's sum).
double share_of(const std::vector<std::int16_t>& samples, int rate, double hertz) {
    double in_phase = 0, across = 0, all = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double turn = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
        in_phase += samples[i] * std::cos(turn);
        across += samples[i] * std::sin(turn);
        all += static_cast<double>(samples[i]) * samples[i];
    }
    if (all == 0) return 0;
    return 2 * (in_phase * in_phase + across * across) /
           (all * static_cast<double>(samples.size()));
}

/// Files that ffmpeg makes of a tone; nothing where it is not installed.
class Studio {
public:
    Studio() : dir_(fs::temp_directory_path() / ("cs-audio-" + hex(random_bytes(6)))) {
        fs::create_directories(dir_);
        std::ofstream(dir_ / "in.wav", std::ios::binary) << wav_file(tone(2, 44'100), 44'100);
        is_there_ = std::system("ffmpeg -version > /dev/null 2>&1") == 0;
    }
    ~Studio() { fs::remove_all(dir_); }
    bool is_there() const {
        if (!is_there_) MESSAGE("ffmpeg is not installed: this is not tested here.");
        return is_there_;
    }
    /// Empty when this ffmpeg cannot.
    std::string make(const std::string& name, const std::string& options = "",
                     const std::string& before = "") const {
        const auto to = (dir_ / name).string();
        const auto command = "ffmpeg -y -loglevel error " + before + " -i " +
                             (dir_ / "in.wav").string() + " " + options + " " + to +
                             " > /dev/null 2>&1";
        if (std::system(command.c_str()) != 0) return {};
        std::ifstream file(to, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    fs::path dir_;
    bool is_there_ = false;
};

TEST_CASE("a WAV file is heard as it was written") {
    const auto samples = tone(1.5, 8000);
    const auto heard = listen(wav_file(samples, 8000));
    REQUIRE(heard);
    CHECK(heard->info.type == "audio/wav");
    CHECK(heard->info.seconds == 1.5);
    CHECK(heard->info.rate == 8000);
    CHECK(heard->info.channels == 1);
    CHECK(heard->damaged == 0);
    const auto info = audio_info(wav_file(samples, 8000));
    REQUIRE(info);
    CHECK(info->seconds == 1.5);
    const auto sound = decode_sound(wav_file(samples, 8000));
    REQUIRE(sound);
    CHECK(sound->rate == 16'000);
    CHECK(sound->samples.size() == 24'000);
    CHECK(share_of(sound->samples, 16'000, 440) > 0.99);
}

TEST_CASE("what is stored at 16 kHz reaches the model bit by bit") {
    const auto samples = tone(0.5, 16'000);
    const auto sound = decode_sound(wav_file(samples, 16'000));
    REQUIRE(sound);
    CHECK(sound->samples == samples);
}

TEST_CASE("several channels are heard as their mean") {
    std::vector<std::int16_t> samples;
    for (int i = 0; i < 1600; ++i) samples.insert(samples.end(), {3000, 1000, -1000});
    const auto sound = decode_sound(wav_file(samples, 16'000, 3));
    REQUIRE(sound);
    CHECK(sound->samples == std::vector<std::int16_t>(1600, 1000));
}

TEST_CASE("only the first seconds that are asked for are decoded") {
    const auto sound = decode_sound(wav_file(tone(3, 44'100), 44'100), 1.25);
    REQUIRE(sound);
    CHECK(sound->samples.size() == 20'000);
}

TEST_CASE("a stopped listener says so") {
    std::stop_source source;
    source.request_stop();
    const auto heard = listen(wav_file(tone(1, 8000), 8000), {}, source.get_token());
    REQUIRE_FALSE(heard);
    CHECK(heard.refusal().code == Code::cancelled);
}

TEST_CASE("every kind of sound that browsers play is as long and as high as it was") {
    const Studio studio;
    if (!studio.is_there()) return;
    struct Row {
        const char *name, *options, *type;
    };
    const Row rows[] = {
        {"a.flac", "", "audio/flac"},
        {"a.mp3", "-b:a 128k", "audio/mpeg"},
        {"vbr.mp3", "-q:a 4 -write_xing 0", "audio/mpeg"},
        {"a.m4a", "", "audio/mp4"},
        {"frag.mp4", "-movflags frag_keyframe+empty_moov", "audio/mp4"},
        {"a.mov", "-c:a pcm_s16be", "audio/mp4"},
        {"a.aac", "", "audio/aac"},
        {"a.ogg", "-c:a libvorbis", "audio/ogg"},
        {"a.opus", "-c:a libopus", "audio/ogg"},
        {"a.webm", "-c:a libopus", "audio/webm"},
        {"a.mka", "-c:a flac", "audio/x-matroska"},
        {"u8.wav", "-c:a pcm_u8 -ar 11025", "audio/wav"},
        {"f32.wav", "-c:a pcm_f32le -ac 2", "audio/wav"},
        {"s24.wav", "-c:a pcm_s24le -ar 96000", "audio/wav"},
        {"mulaw.wav", "-c:a pcm_mulaw -ar 8000", "audio/wav"},
        {"tagged.mp3", "-metadata title=x -id3v2_version 3", "audio/mpeg"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto bytes = studio.make(row.name, row.options);
        if (bytes.empty()) {
            MESSAGE("this ffmpeg cannot make " << row.name);
            continue;
        }
        const auto heard = listen(bytes);
        REQUIRE_MESSAGE(heard, (heard ? "" : heard.refusal().message));
        CHECK(heard->info.type == row.type);
        CHECK(heard->info.seconds == doctest::Approx(2).epsilon(0.04));
        CHECK(heard->damaged == 0);
        CHECK(heard->peaks.pairs.size() / 2 >= 200);
        const auto sound = decode_sound(bytes);
        REQUIRE(sound);
        CHECK(sound->seconds() == doctest::Approx(heard->info.seconds).epsilon(0.001));
        CHECK(share_of(sound->samples, 16'000, 440) > 0.9);
        // Cut off in the middle: what is there is heard, or it is refused with a sentence.
        const auto half = listen(std::string_view(bytes).substr(0, bytes.size() / 2));
        if (half) CHECK(half->info.seconds < 1.9);
        if (!half) CHECK(half.refusal().message.ends_with("."));
    }
}

TEST_CASE("the sound of a video is heard where the picture shows it") {
    const Studio studio;
    if (!studio.is_there()) return;
    const std::string picture = "-f lavfi -i color=c=red:s=64x48:d=3 -map 1:v -map 0:a ";
    for (const auto* name : {"v.mp4", "v.mkv", "v.mov"}) {
        CAPTURE(name);
        const auto bytes = studio.make(name, picture);
        if (bytes.empty()) continue;
        const auto heard = listen(bytes);
        REQUIRE(heard);
        CHECK(heard->info.seconds == doctest::Approx(2).epsilon(0.04));
    }
    for (const auto* name : {"late.mp4", "late.mkv"}) {
        CAPTURE(name);
        const auto bytes = studio.make(name, picture, "-itsoffset 0.7");
        if (bytes.empty()) continue;
        const auto sound = decode_sound(bytes);
        REQUIRE(sound);
        CHECK(sound->seconds() == doctest::Approx(2.7).epsilon(0.02));
        const auto& all = sound->samples;
        CHECK(*std::max_element(all.begin(), all.begin() + 10'000) < 200);
        CHECK(share_of({all.begin() + 12'000, all.begin() + 20'000}, 16'000, 440) > 0.9);
    }
    const auto mute = studio.make("mute.mp4", "-f lavfi -i color=c=red:s=64x48:d=1 -map 1:v");
    if (mute.empty()) return;
    const auto heard = listen(mute);
    REQUIRE_FALSE(heard);
    CHECK(heard.refusal().message == "This is a video without sound.");
}

TEST_CASE("what holds no sound is refused by the name of what it is") {
    const auto fault = [](std::string_view bytes) {
        const auto heard = listen(bytes);
        return heard ? std::string("heard") : heard.refusal().message;
    };
    CHECK(fault("") == "This is an empty file: give a WAV, FLAC, MP3, M4A, Ogg, MP4 or WebM file.");
    CHECK(fault("#EXTM3U\nhttp://127.0.0.1/a.mp3\n").starts_with("This is a playlist:"));
    CHECK(fault("hello, world").starts_with("This is no sound that can be read here:"));
    CHECK(fault(std::string_view("RIFF\0\0\0\0AVI ", 12)).starts_with("This is an AVI video:"));
    CHECK(fault(wav_file({}, 8000)).starts_with("The file holds no sound that can be decoded"));
    CHECK(fault(wav_file(tone(0.1, 8000), 8000).substr(0, 30))
              .starts_with("The file holds no sound that can be decoded"));
    CHECK(fault("OggS").starts_with("The file holds no sound that can be decoded"));
    CHECK(fault(std::string_view("ID3\4\0\0\0\0\0\0", 10))
              .starts_with("The file holds no sound that can be decoded"));
}

TEST_CASE("a header that lies is not believed") {
    auto bytes = wav_file(tone(1, 8000), 8000);
    const auto set = [&](std::size_t at, std::uint32_t value) {
        for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
    };
    SUBCASE("a length of four gigabytes, as streams are written") {
        set(4, 0xffffffff);
        set(40, 0xffffffff);
        const auto heard = listen(bytes);
        REQUIRE(heard);
        CHECK(heard->info.seconds == 1);
        const auto info = audio_info(bytes);
        REQUIRE(info);
        CHECK(info->seconds == 0);
    }
    SUBCASE("a rate nobody plays") {
        set(24, 2'000'000'000);
        set(28, 4'000'000'000);
        const auto heard = listen(bytes);
        REQUIRE_FALSE(heard);
        CHECK(heard.refusal().message.ends_with("samples a second; from 3000 to 384000 are read."));
    }
    SUBCASE("no rate at all") {
        set(24, 0);
        CHECK_FALSE(listen(bytes));
    }
    SUBCASE("forty channels") {
        bytes[22] = 40;
        set(28, 640'000);
        bytes[32] = 80;
        const auto heard = listen(bytes);
        REQUIRE_FALSE(heard);
        CHECK(heard.refusal().message == "The sound has 40 channels; at most 32 are allowed.");
    }
}

TEST_CASE("a sound over the limit is refused while it is decoded") {
    AudioLimits limits;
    limits.max_seconds = 1;
    const auto heard = listen(wav_file(tone(1.5, 8000), 8000), limits);
    REQUIRE_FALSE(heard);
    CHECK(heard.refusal().code == Code::too_large);
    CHECK(heard.refusal().message == "The sound is longer than 1 seconds: cut it into parts.");
}

TEST_CASE("samples that are no numbers are silence, and what is louder than full scale is cut") {
    const std::array<float, 6> samples{std::nanf(""), HUGE_VALF, -HUGE_VALF, 0.5F, 1e30F, 0};
    std::vector<std::int16_t> halves(samples.size() * 2);
    std::memcpy(halves.data(), samples.data(), sizeof samples);
    auto bytes = wav_file(halves, 16'000);
    bytes[20] = 3;   // IEEE float
    bytes[32] = 4;   // bytes a sample
    bytes[34] = 32;  // bits a sample
    const auto sound = decode_sound(bytes);
    REQUIRE(sound);
    CHECK(sound->samples == std::vector<std::int16_t>{0, 32767, -32768, 16384, 32767, 0});
}

TEST_CASE("a coding that browsers do not play is refused with what to do") {
    const Studio studio;
    if (!studio.is_there()) return;
    const auto bytes = studio.make("adpcm.wav", "-c:a adpcm_ima_wav");
    const auto heard = listen(bytes);
    REQUIRE_FALSE(heard);
    CHECK(heard.refusal().message ==
          "Its sound is coded as adpcm_ima_wav, which browsers do not play: convert it to FLAC, "
          "MP3, M4A or Opus.");
}

TEST_CASE("damage is counted, and what is whole is heard") {
    const Studio studio;
    if (!studio.is_there()) return;
    auto bytes = studio.make("a.flac");
    Rng rng(7);
    for (int i = 0; i < 40; ++i)
        bytes[bytes.size() / 3 + rng.below(bytes.size() / 3)] ^= static_cast<char>(0x55);
    const auto heard = listen(bytes);
    if (heard) CHECK(heard->info.seconds < 2.5);
    for (const auto* name : {"a.mp3", "a.m4a", "a.opus", "a.webm"}) {
        auto other = studio.make(name);
        for (std::size_t i = 200; i < other.size(); i += 97) other[i] ^= static_cast<char>(0x5a);
        const auto result = listen(other);
        if (!result) CHECK(result.refusal().message.ends_with("."));
    }
}

}  // namespace
}  // namespace countersign
