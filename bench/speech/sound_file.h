// Uncompressed sound from WAV files, 16 bit or floats, the first channel.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "media/sound.h"

namespace countersign::bench {

inline std::uint32_t little(const std::string& b, std::size_t at, std::size_t bytes) {
    std::uint32_t v = 0;
    for (std::size_t i = 0; i < bytes && at + i < b.size(); ++i)
        v |= std::uint32_t{static_cast<unsigned char>(b[at + i])} << (8 * i);
    return v;
}

inline std::optional<Sound> wav_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string b{std::istreambuf_iterator<char>(file), {}};
    if (b.size() < 44 || b.compare(0, 4, "RIFF") != 0) return std::nullopt;
    Sound sound;
    std::size_t channels = 1, bytes = 2;
    for (std::size_t at = 12; at + 8 <= b.size();) {
        const auto size = std::min<std::size_t>(little(b, at + 4, 4), b.size() - at - 8);
        if (b.compare(at, 4, "fmt ") == 0) {
            channels = std::max<std::uint32_t>(1, little(b, at + 10, 2));
            sound.rate = static_cast<int>(little(b, at + 12, 4));
            bytes = little(b, at + 22, 2) / 8;
            if (bytes != 2 && bytes != 4) return std::nullopt;  // 16 bit or floats
        } else if (b.compare(at, 4, "data") == 0) {
            for (std::size_t i = 0; i + bytes * channels <= size; i += bytes * channels) {
                const auto raw = little(b, at + 8 + i, bytes);
                const float level =
                    std::clamp(std::bit_cast<float>(raw) * 32768, -32768.f, 32767.f);
                sound.samples.push_back(static_cast<std::int16_t>(
                    bytes == 2 ? static_cast<float>(static_cast<std::int16_t>(raw)) : level));
            }
        }
        at += 8 + size + (size & 1);
    }
    return sound;
}

/// Twice the rate by linear interpolation, for telephone sound.
inline Sound doubled(const Sound& sound) {
    Sound out;
    out.rate = 2 * sound.rate;
    for (std::size_t i = 0; i < sound.samples.size(); ++i) {
        const int here = sound.samples[i];
        const int next = i + 1 < sound.samples.size() ? sound.samples[i + 1] : here;
        out.samples.push_back(static_cast<std::int16_t>(here));
        out.samples.push_back(static_cast<std::int16_t>((here + next) / 2));
    }
    return out;
}

inline std::string environment(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value ? value : otherwise;
}

}  // namespace countersign::bench
