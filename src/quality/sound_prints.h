// Recordings that sound the same, whatever their loudness, format or bit rate.
//
// Strategy (Haitsma and Kalker 2002, "A highly robust audio fingerprinting system"): 33 bands from
// 200 to 2,000 Hz, spaced as tones are; a word of 32 signs every 10 ms, each whether the difference
// between two neighbouring bands grows. Gain changes no sign and coding few. Coders put silence
// before and after what they code, whatever many samples fill a block: words are taken as if
// silence came anyway, and close enough that any shift has one near. Recordings meet where
// they share words at one offset, and are then compared bit by bit; of unrelated ones half of the
// bits differ.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quality/near_duplicates.h"

namespace countersign {

/// A word for every 10 ms; 0 where next to nothing is heard.
using SoundPrint = std::vector<std::uint32_t>;

/// Of samples at 8,000 a second, one channel; empty below 0.2 s. 60 s take about 0.2 s.
SoundPrint sound_print(std::span<const std::int16_t> samples);

/// 1 - 2 * the share of bits that differ, at least 0, at the offset at which `b` lies `offset`
/// words later than `a`; 0 unless four fifths of what either holds are heard in both.
double sound_similarity(const SoundPrint& a, const SoundPrint& b, std::ptrdiff_t offset);

/// Pairs of similarity `least` or more, each once, in order of (a, b); in a group of many that are
/// alike each is paired with one that came before it. O(words) while few words are common.
std::vector<NearPair> near_sounds(std::span<const SoundPrint* const> prints, double least);

}  // namespace countersign
