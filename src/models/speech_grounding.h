// Is a draft of speech grounded in the recording? (TRUST.md section 9.) What recognisers invent has
// a look of its own: words where nobody speaks, the same words over and over, more words than a
// mouth can say. Pure functions; ground() calls the last one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/region.h"
#include "models/voice_activity.h"

namespace countersign {

/// Seconds of `span` in which somebody speaks; `voiced` in order and apart.
double voiced_seconds(std::span<const TimeSpan> voiced, TimeSpan span);

/// Why so many words cannot be all that is said in so many seconds of speech: over 7 words or 40
/// characters a second, or, of at least 15 seconds, under one word in 4. Nothing for plausible
/// ones. English is spoken at 2 to 4 words a second, by the fastest at 6.
std::optional<std::string> implausible_rate(std::string_view text, double voiced);

/// A phrase said again and again without a break: one word 6 times, two words 4 times, three to
/// twelve words 3 times. Words are compared without case and punctuation. Empty when there is none.
std::string repeated_phrase(std::string_view text);

/// The words that lie where nobody speaks: further than 0.3 s from any speech over more than half
/// of their time. Indices into `words`.
std::vector<std::size_t> words_over_silence(std::span<const Word> words,
                                            std::span<const TimeSpan> voiced);

/// What is known of a recording.
struct GroundSound {
    double seconds = 0;                             ///< 0: unknown.
    const std::vector<TimeSpan>* voiced = nullptr;  ///< Null: nobody looked.
};

/// Lowers `grounding` and says why: segments that are not inside the recording (clamped when a
/// small correction is enough), words without sensible times, and the three above. A text about a
/// region is held to its region, another one to the whole recording.
void ground_speech(const GroundSound& sound, Regions& regions);

}  // namespace countersign
