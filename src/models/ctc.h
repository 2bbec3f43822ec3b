// What a network that reads a line of text says: at each position along the line a probability for
// every character and for "none" (connectionist temporal classification: Graves et al., ICML 2006).
#pragma once

#include <span>
#include <string>
#include <vector>

namespace countersign {

/// The characters a network knows. Number 0 is "none", the last is the space.
struct Alphabet {
    std::vector<std::string> characters;  ///< UTF-8, one code point each; number 0 is empty.
    std::vector<bool> allowed;            ///< What may be read at all; as many.

    std::size_t space() const { return characters.size() - 1; }
};

/// `latin_only`: no character of a script of East Asia may be read, and full-width forms of ASCII
/// (U+FF01 to U+FF5E) become ASCII. `lines`: one character a line, without "none" and space.
Alphabet alphabet_of(std::string_view lines, bool latin_only);

struct Reading {
    std::string text;
    std::vector<float> sure;  ///< For each code point of `text` its probability, 0 to 1.

    /// The geometric mean of `sure`; 0 where nothing was read.
    double confidence() const;
};

/// The likeliest character of each position, doubles and "none" left out. Networks trained on
/// Chinese seldom write a space between words: it is set between two characters that are not East
/// Asian when its own probability passed 0.01 in between.
/// `scores`: positions x characters, probabilities.
Reading decode_ctc(std::span<const float> scores, const Alphabet& alphabet);

}  // namespace countersign
