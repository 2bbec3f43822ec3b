// Where somebody speaks: Silero VAD v6 (Silero Team, github.com/snakers4/silero-vad, MIT), written
// out. Every 512 samples of 16 kHz sound, with the 64 before them, go through a short-time Fourier
// transform (4 columns of 129 magnitudes), four convolutions and an LSTM of 128 cells to one
// probability; the same to 1e-5 as the file run by ONNX Runtime. That answer lags behind the sound:
// a frame is given the one that follows the next frame (docs/why/0051).
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "media/sound.h"

namespace countersign {

/// Seconds from the first sample, half-open.
struct TimeSpan {
    double start = 0, end = 0;
    double length() const { return end - start; }
};

constexpr int voice_rate = 16'000;
constexpr std::size_t voice_frame = 512;  ///< Samples: 32 ms.
constexpr double voice_frame_seconds = static_cast<double>(voice_frame) / voice_rate;

/// How probabilities become segments. A segment begins at a frame of at least `threshold` and ends
/// before a pause: at least `least_pause` seconds of frames below `threshold` - `slack`.
struct VoiceSettings {
    double threshold = 0.5;     ///< 0.2 for meetings with one microphone far away.
    double slack = 0.15;        ///< Hysteresis.
    double least_pause = 0.25;  ///< Seconds; a shorter one does not end a segment.
    double least_speech = 0.1;  ///< Seconds; a shorter segment is none.
    double padding = 0;         ///< Seconds added before and behind, no further than half way to
                                ///< the neighbour.
};

/// "threshold" (0.05 to 0.95) and "least_pause" (0 to 5 s) of a model's config over `settings`.
/// Refuses what is out of range.
Result<VoiceSettings> voice_settings_from(const Json& config, VoiceSettings settings);

/// Asking changes nothing: threads may share one.
class VoiceActivity {
public:
    /// `path` of silero.onnx. Refuses (Code::unavailable) when it is not there or is another file.
    static Result<VoiceActivity> load(const std::string& path);
    /// Of the file's bytes. Refuses (Code::invalid) what is not Silero VAD v5 or v6.
    static Result<VoiceActivity> from(std::string_view bytes);
    VoiceActivity(VoiceActivity&&) noexcept;
    VoiceActivity& operator=(VoiceActivity&&) noexcept;
    ~VoiceActivity();

    const std::string& version() const;  ///< "silero 1a153a22"

    /// That somebody speaks, one number in [0, 1] for each begun 32 ms. Empty for sound of another
    /// rate than 16 kHz; fewer when stopped. 0.1 ms of work a frame.
    std::vector<float> probabilities(const Sound& sound, const std::stop_token& stop = {}) const;

    /// probabilities() and speech_segments() in one.
    std::vector<TimeSpan> speech(const Sound& sound, const VoiceSettings& settings,
                                 const std::stop_token& stop = {}) const;

private:
    struct Network;
    explicit VoiceActivity(std::shared_ptr<const Network> network);
    std::shared_ptr<const Network> network_;
};

/// In order, apart, inside [0, seconds].
std::vector<TimeSpan> speech_segments(std::span<const float> probabilities, double seconds,
                                      const VoiceSettings& settings);

}  // namespace countersign
