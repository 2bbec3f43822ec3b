// One file's sound, decoded block by block. libav is named in audio_reader.cpp only: it reads from
// memory, opens nothing else, and is silent.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "media/audio.h"

namespace countersign {

/// A container that can be read; a row each in audio.cpp, in the order they are tried.
struct AudioContainer {
    std::string_view type;
    const char* demuxer;  ///< What libav calls it.
    bool (*recognizes)(std::string_view head);
    bool timed = false;  ///< Says when each piece is heard, so that gaps are known.
};

class AudioReader {
public:
    /// `bytes` and `limits` must outlive it. Decodes the first samples, which say the rate.
    static Result<AudioReader> open(std::string_view bytes, const AudioContainer& container,
                                    const AudioLimits& limits, std::stop_token stop);
    AudioReader(AudioReader&&) noexcept;
    ~AudioReader();

    int rate() const;
    int channels() const;
    double seconds_said() const;  ///< 0: the file does not say.
    std::int64_t damaged() const;

    /// Replaces `mono` by the next samples, from -1 to 1; false at the end. Refuses what is too
    /// long, and when it was stopped.
    Result<bool> next(std::vector<float>& mono);

private:
    struct Parts;
    explicit AudioReader(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Samples at one rate to 16-bit samples at another; what comes out is as long as what went in.
class Resampler {
public:
    Resampler(int from, int to);
    ~Resampler();
    void add(const std::vector<float>& mono, std::vector<std::int16_t>& out);
    void finish(std::vector<std::int16_t>& out);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace countersign
