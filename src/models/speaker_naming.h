// Whose voice each segment of a recording is, once a person has named some seconds of a speaker.
//
// What the person vouches for trains the voices of the named labels. The labels that nobody has
// named yet are voices too, trained on the segments that stand under them (the draft's), so that a
// voice without a name keeps its segments where a comparison of the named ones alone would give
// them to the least unlike. A segment is scored as a whole, by voices that were trained without it:
// segments are in two halves, and each half is judged by voices of the other (and of the person's).
// Three rounds; what was given to a voice teaches it in the next.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "models/speakers.h"

namespace countersign {

/// Seconds of speech that a person must have labelled with a speaker before others get the name.
constexpr double least_named_speech = 5;

struct AskedSegment {
    TimeSpan at;
    int label = -1;  ///< Under which it stands now; -1: none.
};

struct NamedSegment {
    int speaker = -1;       ///< -1: none of those that are named, or nobody speaks in it.
    double confidence = 0;  ///< In [0, 1]: by how much no other voice fits.
};

/// Seconds of `speech` that exactly one speaker's turns cover, for each of `speakers`.
std::vector<double> seconds_of_speakers(const HeardSpeech& speech, int speakers,
                                        std::span<const SpeakerTurn> labelled);

/// Of each of `asked`, in that order: which of the speakers 0 .. `speakers`-1 it is, of those with
/// at least least_named_speech seconds in `labelled` (turns a person vouches for, as of
/// assign_speakers()). Work grows with speech times speakers. Incomplete when stopped.
std::vector<NamedSegment> name_segments(const HeardSpeech& speech, int speakers,
                                        std::span<const SpeakerTurn> labelled,
                                        std::span<const AskedSegment> asked,
                                        const std::stop_token& stop = {});

}  // namespace countersign
