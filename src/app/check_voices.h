// What the voices of recordings say of the labels of their segments: who a turn sounds like
// (models/turn_voices.h), for the checks of label errors where no model gives drafts.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "media/sound.h"
#include "quality/dataset_check.h"

namespace countersign {

/// Recordings longer than this in all are not listened to again: of an hour some seconds of work.
constexpr double most_voice_seconds = 6 * 3600;

/// Whether the labels of a control may be who speaks: several in one recording, each in several
/// segments, most of which hold speech.
bool may_be_speakers(const Corpus& corpus, std::uint32_t control);

/// Of the control's segments in recordings whose sound `sound` gives and of which it is known where
/// somebody speaks. Refuses (Code::unavailable) when too few can be judged (`least_judged_turns`),
/// and when stopped.
constexpr std::size_t least_judged_turns = 20;
Result<VoiceReadings> voice_readings(const Corpus& corpus, std::uint32_t control,
                                     const std::function<Result<Sound>(std::uint32_t item)>& sound,
                                     const std::stop_token& stop = {});

/// How long the recordings are that voice_readings() listens to, in seconds.
double voiced_recordings_seconds(const Corpus& corpus, std::uint32_t control);

}  // namespace countersign
