// Sound: hostile bytes in, one channel of samples out. WAV, FLAC, MP3, AAC, Ogg, MP4 and
// WebM/Matroska, the sound of videos among them, decoded by libav.
//
// What a file is, is decided by its first bytes, never by its name; only containers and codings of
// a short list are opened, and they are those that browsers play: who labels a sound must hear it.
// Times count from the first decoded sample, as players count them: encoders' padding is cut, and
// what a video's clock skips is silence. Several channels are heard as their mean. How long a sound
// is, is what could be decoded, never what its header says.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "media/peaks.h"
#include "media/sound.h"

namespace countersign {

/// Held before anything is decoded, and while it is.
struct AudioLimits {
    double max_seconds = 12 * 3600.0;
    int min_rate = 3000, max_rate = 384'000;  ///< Samples a second, a channel.
    int max_channels = 32;
    std::int64_t max_samples = 9'000'000'000;  ///< Of all channels: 12 hours of 96 kHz stereo.
};

struct AudioInfo {
    std::string type;  ///< "audio/wav", "audio/mp4" (also of a video, whose sound is meant).
    double seconds = 0;
    int rate = 0;  ///< Samples a second, as stored.
    int channels = 0;
};

/// The type that the first bytes say; empty when they are of no sound that can be read here. 4 KiB
/// are enough.
std::string_view audio_type(std::string_view head);

/// Reads headers and the first samples only: `seconds` is what the file says of itself, 0 when it
/// does not. Refuses what holds no sound that can be decoded, and what is over the limits.
Result<AudioInfo> audio_info(std::string_view bytes, const AudioLimits& limits = {});

/// A file that was listened to from end to end.
struct Heard {
    AudioInfo info;  ///< `seconds` as decoded, > 0.
    Peaks peaks;
    std::int64_t damaged = 0;  ///< Packets that could not be decoded.
};
Result<Heard> listen(std::string_view bytes, const AudioLimits& limits = {},
                     const std::stop_token& stop = {});

/// The first `seconds` as models hear them: 16 kHz, one channel. Refuses with Code::cancelled when
/// stopped.
Result<Sound> decode_sound(std::string_view bytes, double seconds = AudioLimits{}.max_seconds,
                           const std::stop_token& stop = {});

}  // namespace countersign
