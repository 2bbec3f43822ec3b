// A text cut into the words that spans are made of, with their places: what the span learner tags.
//
// White space separates. Punctuation at either end of a run is a word of its own ("(Paris)," is
// four words); inside it stays ("U.S.", "1996-08-22", "don't"), except for the characters of
// `splits`: those at which people have been seen to begin or end a span inside a run ("Paris" in
// "Paris-based"). A full stop stays at the end of what has another one inside ("U.S."); "@" and "#"
// stay in front of a name. A Han, Kana, Hangul or Thai character is a word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace countersign {

struct SpanToken {
    std::string_view text;            ///< Into the text that was cut.
    std::int64_t start = 0, end = 0;  ///< Code points, half-open.
};

/// At most the first 50,000 words; bytes that are not UTF-8 separate words.
std::vector<SpanToken> span_tokens(std::string_view text, const std::u32string& splits = {});

/// Half-open, over the words: those that [start, end) code points touch. Empty when none.
struct TokenRange {
    std::size_t first = 0, last = 0;
    bool exact = false;  ///< The words' ends are the span's own (white space at its ends aside).
};
TokenRange tokens_of(const std::vector<SpanToken>& tokens, std::int64_t start, std::int64_t end);

/// The punctuation beside which [start, end) cuts a run of `text`; for `splits`.
std::u32string cut_characters(std::string_view text, std::int64_t start, std::int64_t end);

}  // namespace countersign
