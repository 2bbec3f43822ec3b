#include "models/voice_activity.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numbers>

#include "models/onnx_weights.h"

namespace countersign {
namespace {

std::string silero_bytes() {
    const char* given = std::getenv("COUNTERSIGN_MODELS");
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    const std::string dir = given ? given : std::string(source ? source : ".") + "/models/cache";
    std::ifstream file(dir + "/silero.onnx", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// 2.5 s; from 0.5 to 1.8 s something like a vowel: harmonics of a voice of 120 Hz that wavers, in
/// three formants.
Sound vowel() {
    Sound sound;
    const double turn = 2 * std::numbers::pi;
    for (int i = 0; i < 40'000; ++i) {
        const double t = i / 16'000.0;
        double v = 0;
        if (t >= 0.5 && t < 1.8) {
            const double phase = turn * 120 * t - 20.0 / 3 * (std::cos(turn * 3 * t) - 1);
            for (int h = 1; h <= 30; ++h) {
                const auto formant = [f = h * 120.0](double at, double wide) {
                    return 1 / (1 + (f - at) / wide * ((f - at) / wide));
                };
                v += (formant(500, 150) + 0.6 * formant(1500, 200) + 0.3 * formant(2500, 250)) *
                     std::sin(h * phase);
            }
            v *= 3000 * (0.6 + 0.4 * std::sin(turn * 4 * t));
        }
        sound.samples.push_back(static_cast<std::int16_t>(std::floor(v + 0.5)));
    }
    return sound;
}

std::vector<TimeSpan> segments_of(const std::string& drawn, VoiceSettings settings,
                                  double seconds) {
    std::vector<float> p;
    for (const char c : drawn) p.push_back(static_cast<float>(c - '0') / 10);
    return speech_segments(p, seconds, settings);
}

std::string varint(std::size_t v) {
    std::string out;
    for (; v >= 128; v >>= 7) out += static_cast<char>(v | 128);
    return out + static_cast<char>(v);
}
std::string field(int number, const std::string& bytes) {
    return varint(static_cast<std::size_t>(number) * 8 + 2) + varint(bytes.size()) + bytes;
}
std::string float_tensor(const std::string& name, const std::string& raw) {
    return std::string("\x10\x01", 2) + field(8, name) + field(9, raw);
}

TEST_CASE(
    "a frame's probability is what ONNX Runtime 1.30 gives for the same file after the next") {
    const auto bytes = silero_bytes();
    if (bytes.empty()) return;
    const auto voice = VoiceActivity::from(bytes);
    REQUIRE(voice);
    CHECK(voice->version() == "silero 1a153a22");
    const auto p = voice->probabilities(vowel());
    REQUIRE(p.size() == 79);
    struct Known {
        std::size_t next;
        double probability;
    };
    for (const auto& known : std::initializer_list<Known>{{10, 0.005048},
                                                          {15, 0.106549},
                                                          {16, 0.471126},
                                                          {17, 0.087389},
                                                          {20, 0.010378},
                                                          {25, 0.517866},
                                                          {30, 0.362178},
                                                          {40, 0.066835},
                                                          {50, 0.005100},
                                                          {56, 0.035321},
                                                          {60, 0.003435},
                                                          {77, 0.001905}})
        CHECK(std::abs(static_cast<double>(p[known.next - 1]) - known.probability) < 1e-4);
}

TEST_CASE("silence has no speech, and sound of another rate is not judged") {
    const auto bytes = silero_bytes();
    if (bytes.empty()) return;
    const auto voice = VoiceActivity::from(bytes);
    REQUIRE(voice);
    CHECK(
        voice->speech({.rate = 16'000, .samples = std::vector<std::int16_t>(32'000)}, {}).empty());
    CHECK(
        voice->probabilities({.rate = 8'000, .samples = std::vector<std::int16_t>(8'000)}).empty());
    CHECK(voice->probabilities({}).empty());
    CHECK(voice->probabilities({.rate = 16'000, .samples = {1}}).size() == 1);
}

TEST_CASE("weights that are cut off, bent or of another network are refused") {
    const auto bytes = silero_bytes();
    CHECK_FALSE(VoiceActivity::from(""));
    CHECK_FALSE(VoiceActivity::from("this is no network"));
    if (!bytes.empty()) {
        for (const double share : {0.001, 0.1, 0.5, 0.99})
            CHECK_FALSE(VoiceActivity::from(std::string_view(bytes).substr(
                0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * share))));
    }
    const auto missing = VoiceActivity::load("/nowhere/silero.onnx");
    REQUIRE_FALSE(missing);
    CHECK(missing.refusal().code == Code::unavailable);
}

TEST_CASE("the tensors of an ONNX file are read by name, also from the branches of a condition") {
    const std::string half("\0\0\0\x3f", 4);
    const auto constant = [&](const std::string& name) {
        return field(2, name) + field(5, field(5, std::string("\x10\x01", 2) + field(9, half)));
    };
    const auto branch = field(1, constant("inner"));
    const auto graph = field(5, float_tensor("first", half + half)) + field(1, constant("outer")) +
                       field(1, field(2, "if") + field(5, field(6, branch)));
    const auto weights = onnx_weights(field(7, graph));
    REQUIRE(weights);
    CHECK(weights->size() == 3);
    CHECK(weights->at("first") == std::vector<float>{0.5f, 0.5f});
    CHECK(weights->at("inner") == std::vector<float>{0.5f});
    CHECK(weights->at("outer") == std::vector<float>{0.5f});
}

TEST_CASE("hostile ONNX files are refused") {
    const auto refused = [](const std::string& graph) {
        return !onnx_weights(field(7, graph)) || onnx_weights(field(7, graph))->empty();
    };
    CHECK_FALSE(onnx_weights("\x3a\xff\xff\xff\xff\x0f"));  // Longer than the file.
    CHECK_FALSE(onnx_weights(std::string(12, '\xff')));     // A number that does not end.
    CHECK(refused(field(5, float_tensor("nan", std::string("\0\0\xc0\x7f", 4)))));
    CHECK(refused(field(5, float_tensor("odd", "abc"))));
    std::string deep = field(5, float_tensor("w", std::string(4, '\0')));
    for (int i = 0; i < 50; ++i) deep = field(1, field(5, field(6, deep)));
    CHECK(refused(deep));
}

TEST_CASE(
    "a segment begins at the threshold, lives through short pauses and ends before long ones") {
    const VoiceSettings plain{
        .threshold = 0.5, .slack = 0.15, .least_pause = 0.1, .least_speech = 0.05, .padding = 0};
    const auto one = segments_of("0045994430000", plain, 13 * 0.032);
    REQUIRE(one.size() == 1);
    CHECK(one[0].start == doctest::Approx(3 * 0.032));
    CHECK(one[0].end == doctest::Approx(8 * 0.032));
    CHECK(segments_of("0990099000000", plain, 1).size() == 1);
    CHECK(segments_of("0990000099000", plain, 1).size() == 2);
    CHECK(segments_of("0009000000000", plain, 1).empty());
    CHECK(segments_of("", plain, 0).empty());
}

TEST_CASE("padding stops half way to the neighbour and at both ends of the sound") {
    const VoiceSettings wide{
        .threshold = 0.5, .slack = 0, .least_pause = 0.1, .least_speech = 0, .padding = 1};
    const auto two = segments_of("0990000990", wide, 0.32);
    REQUIRE(two.size() == 2);
    CHECK(two[0].start == 0);
    CHECK(two[0].end == doctest::Approx(two[1].start));
    CHECK(two[1].end == doctest::Approx(0.32));
}

TEST_CASE("a threshold out of range is refused by name") {
    CHECK(voice_settings_from({{"threshold", 0.2}}, {})->threshold == 0.2);
    CHECK(voice_settings_from(Json(), {})->threshold == 0.5);
    for (const auto& wrong : {Json(0), Json(1.5), Json("0.5"), Json(nullptr)}) {
        const auto refused = voice_settings_from({{"threshold", wrong}}, {});
        REQUIRE_FALSE(refused);
        CHECK(refused.refusal().message.find("threshold") != std::string::npos);
    }
}

}  // namespace
}  // namespace countersign
