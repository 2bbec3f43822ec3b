// One transcript from several: ROVER (Fiscus 1997, "A post-processing system to yield reduced word
// error rates").
//
// Strategy: transcripts are aligned one after the other to a growing row of slots, the one nearest
// to all others first; a slot holds what each transcript says there, or that it says nothing. Every
// slot then votes. A word costs as much against a slot as the weight of those who say otherwise
// there, so that the alignment of a late transcript follows what most agree on. O(transcripts^2 *
// length^2) an item at most, and O(transcripts * slots * length) of a few slots each in practice.
//
// Texts are taken as they stand: normalise before (quality/word_alignment.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quality/scores.h"
#include "quality/word_alignment.h"

namespace countersign {

struct RoverTranscript {
    std::vector<std::string> words;
    std::vector<double> confidence;  ///< Of each word, [0, 1]; empty: none is claimed.
    double weight = 1;               ///< Of its votes, > 0.
};

struct RoverOptions {
    /// Fiscus' alpha in [0, 1]: score of a word = alpha * share of the votes + (1 - alpha) * mean
    /// confidence of those who say it. 1: votes alone, as where nobody claims a confidence.
    double votes_share = 1;
    double silence_confidence = 0.5;  ///< Of saying nothing in a slot, where confidences count.
};

struct RoverWord {
    std::string text;
    double share = 0;  ///< Of the votes' weight, (0, 1].
};

struct Rover {
    std::vector<RoverWord> words;
    /// Of the votes' weight over all slots, those that won by silence too; 1: all say the same.
    double agreement = 1;
    std::string text() const;
};

/// Equal scores go to a word before silence, then to the word that the earlier transcript says. No
/// transcripts: no words. Transcripts of more than 4,000 words are a Breakdown; check before.
Rover rover(std::span<const RoverTranscript> transcripts, const RoverOptions& options = {});
inline constexpr std::size_t rover_most_words = 4'000;

/// Many items by the same people.
struct TranscribedItem {
    struct Answer {
        std::uint32_t person = 0;  ///< In [0, people).
        std::vector<std::string> words;
        std::vector<double> confidence;
    };
    std::vector<Answer> answers;
};

struct TranscriberQuality {
    std::uint32_t person = 0;
    std::size_t transcripts = 0;
    double word_error_rate = 0;  ///< Of theirs against the fused transcripts of the same items.
    Interval interval;           ///< 95 %, bootstrap over items, seeded.
    double weight = 1;           ///< Of their votes; the mean person's is 1.
};

struct FusedTranscripts {
    std::vector<Rover> items;
    std::vector<TranscriberQuality> people;  ///< Those with transcripts.
};

struct TranscriptFusionOptions {
    RoverOptions rover;
    bool weigh_people = true;  ///< Off: every vote counts the same.
    std::uint64_t seed = 0;
};

/// How much each person errs follows from how far they are from whom: two people who err on their
/// own differ by about the sum of their error rates, so that the rates solve one least-squares
/// system; no fused transcript is needed, in which everybody would find themself. Rates are drawn
/// towards everybody's as if each person had been compared over 100 words more at that rate. A
/// person's weight is the log odds of a right word, which is how independent voters are weighed
/// best (Nitzan and Paroush 1982), between a tenth of and four times the mean.
FusedTranscripts fuse_transcripts(std::span<const TranscribedItem> items, std::size_t people,
                                  const TranscriptFusionOptions& options = {});

}  // namespace countersign
