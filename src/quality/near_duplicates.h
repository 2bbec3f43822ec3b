// Items that are nearly the same: texts by the shingles they share, pictures by a perceptual hash.
//
// Strategy, texts: a text is the set of its four-character shingles, without case and punctuation.
// Sets are sketched by one-permutation MinHash (Li, Owen and Zhang 2012), empty bins filled by
// rehashing (Shrivastava 2017); sketches meet in eight bands of four, and pairs that meet are
// compared shingle by shingle. A pair of similarity .8 is met with probability .98, of .9 always.
//
// Strategy, pictures: 64 signs of differences across and 64 down of a 9 x 9 grey picture; two
// pictures within d bits share one of d + 1 pieces exactly.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace countersign {

struct NearPair {
    std::uint32_t a = 0, b = 0;  ///< a < b
    double similarity = 0;       ///< In [0, 1].
};

/// Without case, every run of white space one space, none at the ends: equal texts are equal so.
std::string normal_text(std::string_view text);

/// Jaccard similarity of the two texts' shingles; 0 when either has fewer than `least_shingles`.
double text_similarity(std::string_view a, std::string_view b);
constexpr std::size_t least_shingles = 16;

/// Pairs of similarity `least` or more, each once, in order of (a, b). In a group of many that are
/// alike each is paired with the first and with its neighbour, not with all: O(texts).
std::vector<NearPair> near_texts(std::span<const std::string_view> texts, double least);

struct PictureHash {
    std::uint64_t across = 0, down = 0;
    bool operator==(const PictureHash&) const = default;
};
/// Of 9 x 9 grey values, rows top to bottom.
PictureHash picture_hash(const std::array<std::uint8_t, 81>& grey);
/// Bits that differ, of 128.
int picture_distance(const PictureHash& a, const PictureHash& b);
/// Pairs at most `most_bits` (below 32) apart; similarity is 1 - bits / 128. Pictures without
/// structure (both hashes nearly constant) are left out: all of them are alike.
std::vector<NearPair> near_pictures(std::span<const PictureHash> pictures, int most_bits);

}  // namespace countersign
