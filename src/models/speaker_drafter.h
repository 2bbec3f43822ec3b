// Drafts of who speaks when (speakers.h), as segments with the schema's labels. Cold, speakers get
// the labels in the order of their first words. Learned: the voices of the labels, from the
// segments that people reviewed in other recordings, when that names more turns rightly than the
// order does, on recordings that were left out.
//
// Config: {"control", "labels" (the speakers'), "threshold" (of voice activity, 0.2 for meetings),
// "least_pause" (s), "speakers" (how many, 0: found out), "change_cost"}; all may be left out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/drafter.h"
#include "models/speakers.h"

namespace countersign {

constexpr std::size_t least_speaker_recordings = 4;

/// The voices of a project's labels.
struct SpeakerVoices {
    std::string control;
    std::vector<std::string> labels;
    std::vector<Voice> voices;     ///< One a label; some unknown.
    std::uint32_t recordings = 0;  ///< Learned from.
    bool used = false;             ///< Whether they named more turns rightly than the order does.
    double right = 0;  ///< Share of held-out turns that get their label, by what is used.
};
std::string speaker_voices_bytes(const SpeakerVoices& voices);
/// Refuses (Code::invalid) what is damaged or not finite.
Result<SpeakerVoices> speaker_voices_from(std::string_view bytes);

/// A reviewed recording: its speech and who spoke, as places in the list of labels.
struct ReviewedSpeech {
    HeardSpeech speech;
    std::vector<SpeakerTurn> turns;
};
/// Deterministic. Refuses (Code::unavailable) fewer than least_speaker_recordings with turns.
Result<LearnedModel> learn_speakers(std::span<const ReviewedSpeech> reviewed,
                                    const std::string& control, std::span<const std::string> labels,
                                    const SpeakerSettings& settings, const std::stop_token& stop);

/// The row "speakers" of model_kinds().
ModelKind speakers_kind();

}  // namespace countersign
