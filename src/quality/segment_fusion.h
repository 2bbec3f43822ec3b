// Who speaks when, by several people or systems: how far two differ, and one answer from all.
//
// Strategy: turns become a sweep over moments at which somebody begins or ends; everything is a sum
// over the stretches between. A speaker who overlaps themself counts once. Times in seconds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace countersign {

/// [start, end), start < end, both finite.
struct Turn {
    double start = 0, end = 0;
    std::uint32_t speaker = 0;  ///< Or what kind of sound it is.
};

struct DiarizationOptions {
    double collar = 0;  ///< Seconds on each side of a reference boundary that do not count.
    /// Speakers are called by different names on both sides: those count as one who make the time
    /// of agreement the longest. Off: names are what they are, as with kinds of sound.
    bool map_speakers = true;
    bool skip_overlap = false;  ///< Leaves out where the reference has several speakers.
};

/// Seconds, each counted once for every speaker it concerns.
struct DiarizationErrors {
    double reference = 0, missed = 0, false_alarm = 0, confused = 0;
    double errors() const { return missed + false_alarm + confused; }
    /// Diarization error rate (NIST Rich Transcription); it can exceed 1. Without reference speech:
    /// 0 when there is no false alarm, else 1.
    double rate() const { return reference > 0 ? errors() / reference : errors() > 0 ? 1 : 0; }
    DiarizationErrors& operator+=(const DiarizationErrors& other);
};
DiarizationErrors diarization_errors(std::span<const Turn> reference,
                                     std::span<const Turn> hypothesis,
                                     const DiarizationOptions& options = {});

/// Symmetric, in [0, 1]: of the speaker time that either side has (where both speak, the larger
/// number), the part that they do not agree on. 0 when both are empty.
double turn_distance(std::span<const Turn> a, std::span<const Turn> b, bool map_speakers = true);

struct VotedTurn : Turn {
    double share = 0;  ///< Of the weight of all systems, mean over its time; (0, 1].
};

struct TurnVoteOptions {
    bool map_speakers = true;
    std::vector<double> weights;  ///< Of each system, > 0; empty: see below.
};

struct TurnVote {
    std::vector<VotedTurn> turns;   ///< By rising start.
    std::vector<double> weights;    ///< Used.
    std::vector<double> distances;  ///< Of each system, mean `turn_distance` to all others.
    /// `speakers[s]`: pairs of what system s calls a speaker and what the result does, rising.
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> speakers;
};

/// DOVER-Lap's vote (Raj et al. 2021): speakers are joined across systems so that the time shared
/// under one name is long; each stretch then has as many speakers as the systems' weighted mean
/// says (halves up). Without given weights the system of rank r by its distance to the others
/// weighs r^-0.1, as DOVER does (Stolcke and Yoshioka 2019), and of speakers whom as many systems
/// hear those come first who are known best: by these weights times the mean relative overlap with
/// whom the other systems call the same (docs/why/0029). With given weights, and with
/// `map_speakers` off, where names join speakers, those with the most weight come first.
TurnVote vote_turns(std::span<const std::vector<Turn>> systems,
                    const TurnVoteOptions& options = {});

}  // namespace countersign
