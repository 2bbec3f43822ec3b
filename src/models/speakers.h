// Who speaks when. Voices are mixtures of Gaussians over cepstra (cepstra.h), normalised to mean 0
// and variance 1 over the speech of the recording.
//
// Cold: short pieces of speech are grouped by k-means into more groups than there are speakers,
// each group becomes a voice, and Viterbi's algorithm deals the speech out to the voices again; the
// two voices whose union is described best by a voice as large as both are joined, until no pair
// gains (Ajmera and Wooters 2003, "A robust speaker clustering algorithm"). A rough draft.
//
// Enrolled: once a person has labelled some seconds of each speaker, those become the voices, and
// the rest of the recording is dealt out to them. What was labelled stays as it is.
//
// One speaker at a time: where people talk over each other the louder one is named.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "models/cepstra.h"
#include "models/voice_activity.h"

namespace countersign {

/// A mixture of Gaussians with diagonal covariances.
class Voice {
public:
    struct Component {
        float weight = 0;  ///< Log of its share and of the Gaussian's constant.
        Cepstra mean{}, precision{};
    };
    Voice() = default;
    explicit Voice(std::vector<Component> components) : components_(std::move(components)) {}

    /// By expectation maximisation from means spread evenly over the frames: at most `size`
    /// components, one for every 15 frames. Deterministic; of many frames an even sample counts.
    static Voice of(std::span<const Cepstra* const> frames, std::size_t size, int rounds = 6);

    bool known() const { return !components_.empty(); }
    float log_likelihood(const Cepstra& frame) const;
    const std::vector<Component>& components() const { return components_; }

private:
    std::vector<Component> components_;
};

/// A recording as the functions below see it: its speech, normalised.
struct HeardSpeech {
    std::vector<Cepstra> frames;
    std::vector<std::uint32_t> at;  ///< Of each frame: its place in steps of 10 ms.
    std::vector<TimeSpan> voiced;
};
HeardSpeech hear_speech(const Sound& sound, std::vector<TimeSpan> voiced);

struct SpeakerTurn {
    double start = 0, end = 0;  ///< Seconds.
    int speaker = 0;            ///< From 0 on; cold: in the order of their first words.
    double confidence = 0;      ///< In [0, 1]: by how much no other voice fits.
};

struct SpeakerSettings {
    int speakers = 0;          ///< How many there are; 0: found out,
    int most_speakers = 8;     ///< but no more than this.
    double change_cost = 150;  ///< Log-likelihood that a change of speakers must gain.
};

/// The cold draft.
std::vector<SpeakerTurn> cluster_speakers(const HeardSpeech& speech,
                                          const SpeakerSettings& settings,
                                          const std::stop_token& stop = {});

/// The enrolled one. `labelled`: turns of speakers 0 .. `speakers`-1 that a person vouches for;
/// times covered by two of different speakers are left out. `voices` (empty, or one a speaker):
/// what is known of them from other recordings; a speaker with neither is never named.
std::vector<SpeakerTurn> assign_speakers(const HeardSpeech& speech, int speakers,
                                         std::span<const SpeakerTurn> labelled,
                                         std::span<const Voice> voices,
                                         const SpeakerSettings& settings,
                                         const std::stop_token& stop = {});

/// The frames of `speech` that exactly one speaker's turns cover, for each speaker.
std::vector<std::vector<const Cepstra*>> frames_of_speakers(const HeardSpeech& speech, int speakers,
                                                            std::span<const SpeakerTurn> turns);

}  // namespace countersign
