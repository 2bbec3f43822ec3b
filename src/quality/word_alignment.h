// Two sequences of words or characters, aligned: what word and character error rates are counted
// from (Levenshtein 1966).
//
// Strategy: what both begin and end with is set aside; the rest is a dynamic programme in a band
// around the diagonal, doubled until the distance fits into it: O(length * distance). Words are
// numbered first, so that a comparison is one of two integers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace countersign {

/// Text as error rates compare it. Letters of the Latin, Greek and Cyrillic alphabets become small;
/// curly apostrophes become straight; an apostrophe counts inside a word only ("don't"), all other
/// punctuation and symbols of ASCII, Latin-1, U+2000-2BFF and U+3000-303F are spaces; words are
/// joined by one space. Numbers stay as they are written. Bytes that are no UTF-8 become U+FFFD.
std::string normalised_transcript(std::string_view text);

/// The pieces between spaces, tabs and line ends.
std::vector<std::string> words_of(std::string_view text);

/// Words, numbered in the order they were met.
class WordNumbers {
public:
    std::uint32_t operator()(const std::string& word) {
        const auto [it, is_new] = of_.try_emplace(word, static_cast<std::uint32_t>(words_.size()));
        if (is_new) words_.push_back(word);
        return it->second;
    }
    std::vector<std::uint32_t> of(const std::vector<std::string>& words) {
        std::vector<std::uint32_t> out;
        for (const auto& word : words) out.push_back((*this)(word));
        return out;
    }
    const std::string& word(std::uint32_t number) const { return words_[number]; }
    std::size_t size() const { return words_.size(); }

private:
    std::unordered_map<std::string, std::uint32_t> of_;
    std::vector<std::string> words_;
};

/// Places in both sequences, -1 for a gap: {2, -1} is a word of `a` that `b` lacks.
struct AlignedPair {
    std::int32_t a = -1, b = -1;
    bool operator==(const AlignedPair&) const = default;
};

/// An alignment with the fewest substitutions, deletions and insertions; of equals the one that
/// pairs early. Sequences whose differing middles would take more than 10^8 cells (10,000 words
/// against 10,000 with nothing in common) are paired in order there instead.
std::vector<AlignedPair> align(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

/// How `b` differs from the reference `a`.
struct EditCounts {
    std::size_t hits = 0, substitutions = 0, deletions = 0, insertions = 0;
    std::size_t reference() const { return hits + substitutions + deletions; }
    std::size_t errors() const { return substitutions + deletions + insertions; }
    /// Errors per unit of the reference: WER of words, CER of characters. It can exceed 1. An empty
    /// reference counts as one unit, so that it is 0 when both are empty.
    double rate() const {
        return static_cast<double>(errors()) /
               static_cast<double>(reference() > 0 ? reference() : 1);
    }
    EditCounts& operator+=(const EditCounts& other);
};
EditCounts edit_counts(std::span<const std::uint32_t> reference,
                       std::span<const std::uint32_t> hypothesis);

/// Of words, and of code points with the single spaces between words among them. Texts are compared
/// as they stand: normalise before, both by the same rule.
EditCounts word_errors(std::string_view reference, std::string_view hypothesis);
EditCounts character_errors(std::string_view reference, std::string_view hypothesis);

}  // namespace countersign
