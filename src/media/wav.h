// A WAV file out of samples: for tests and benchmarks, which know then what must be heard.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace countersign {

/// 16-bit PCM; `samples` of several channels lie side by side.
inline std::string wav_file(std::span<const std::int16_t> samples, int rate, int channels = 1) {
    std::string out;
    const auto number = [&](std::uint64_t value, int bytes) {
        for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xff);
    };
    const auto size = samples.size() * 2;
    out += "RIFF";
    number(36 + size, 4);
    out += "WAVEfmt ";
    number(16, 4);
    number(1, 2);
    number(static_cast<std::uint64_t>(channels), 2);
    number(static_cast<std::uint64_t>(rate), 4);
    number(static_cast<std::uint64_t>(rate) * channels * 2, 4);
    number(static_cast<std::uint64_t>(channels) * 2, 2);
    number(16, 2);
    out += "data";
    number(size, 4);
    for (const auto sample : samples) number(static_cast<std::uint16_t>(sample), 2);
    return out;
}

}  // namespace countersign
