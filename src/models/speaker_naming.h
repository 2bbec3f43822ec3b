// Whose voice each segment of a recording is, once a person has named some seconds of a speaker.
//
// What the person vouches for trains the voices of the named labels. The labels that nobody has
// named yet are voices too, trained on the segments that stand under them (the draft's), so that a
// voice without a name keeps its segments where a comparison of the named ones alone would give
// them to the least unlike. A segment is scored as a whole, by voices that were trained without it:
// segments are in two halves, and each half is judged by voices of the other (and of the person's).
// Three rounds; what was given to a voice teaches it in the next. Where segments of two labels lie
// over each other nobody is listened to.
//
// How much a score says is learned from the recording itself: what the person vouches for is cut
// into pieces, each judged by voices that were trained without it, and the scale of the scores is
// the one under which the pieces' own speakers are most probable. A segment takes a name from
// least_sure on; a voice that loses half of its own pieces to others names nobody.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "models/speakers.h"

namespace countersign {

/// Seconds of speech that a person must have labelled with a speaker before others get the name.
constexpr double least_named_speech = 5;
/// Probability from which on a segment takes a name: the least of .6, .7, .8, .9 under which
/// neither of two sets of drawn dialogues, apart and over each other, had fewer seconds right.
constexpr double least_sure = 0.8;

struct AskedSegment {
    TimeSpan at;
    int label = -1;  ///< Under which it stands now; -1: none.
};

enum class NamingVerdict {
    named,
    too_short,    ///< Less than half a second of speech,
    talked_over,  ///< but for what lies under segments of other labels.
    unsure,       ///< No voice that may name it is least_sure.
    other_voice   ///< That of a label that nobody has named.
};

struct NamedSegment {
    int speaker = -1;       ///< -1 unless it is named.
    double confidence = 0;  ///< In [0, 1]: how probable the voice is.
    NamingVerdict verdict = NamingVerdict::too_short;
};

/// What the person's segments of a label teach.
struct LabelledVoice {
    double seconds = 0;     ///< Of speech that segments of no other label lie over.
    double recognised = 0;  ///< Share of its own pieces that voices trained without them give back.
    /// Whether it may name others.
    bool names() const { return seconds >= least_named_speech && recognised > 0.5; }
};

struct SegmentNames {
    std::vector<NamedSegment> segments;  ///< One for each that was asked about, in order.
    std::vector<LabelledVoice> voices;   ///< One a speaker; recognised is 0 under 5 seconds.
};

/// `labelled`: turns of speakers 0 .. `speakers`-1 that a person vouches for, as of
/// assign_speakers(). Work grows with speech times speakers. Incomplete when stopped.
SegmentNames name_segments(const HeardSpeech& speech, int speakers,
                           std::span<const SpeakerTurn> labelled,
                           std::span<const AskedSegment> asked, const std::stop_token& stop = {});

}  // namespace countersign
