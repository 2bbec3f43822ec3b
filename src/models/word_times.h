// When each word of a text that a person wrote is said: forced alignment by the recogniser
// (recogniser.h), on words as they are written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/region.h"
#include "media/sound.h"
#include "models/recogniser.h"
#include "models/voice_activity.h"

namespace countersign {

/// Longest stretch that is aligned in one piece, seconds.
constexpr double most_aligned = 300;

/// How a written word is said: "42," -> "forty two", "Café" -> "cafe"; empty when an English
/// recogniser cannot say it ("—", words of other scripts).
std::vector<std::string> said_as(std::string_view written);

/// The words of `written` with their times in the recording: those that can be said. A number
/// begins with its first spoken word and ends with its last. Refuses (Code::invalid) a stretch
/// longer than most_aligned or outside the recording, a text without a word that can be said, and
/// one that the stretch cannot be; else as Recogniser::align() does.
Result<std::vector<Word>> time_words(Recogniser& ear, const Sound& sound, const TimeSpan& span,
                                     const std::vector<std::string>& written,
                                     const std::stop_token& stop = {});

}  // namespace countersign
