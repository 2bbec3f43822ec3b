// Models quote; they do not count. Where in a text the words stand that a model says it means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace countersign {

struct Quote {
    std::string words;
    std::string before;  ///< What the model says stands right before them; may be empty.
};

struct QuotePlace {
    std::int64_t begin = 0, end = 0;  ///< Code points, half-open; both 0 when it was not found.
    int edits = 0;                    ///< 0: letter by letter.
    bool found = false;
};

/// A place for each quote. Of several occurrences the one whose text before it ends most like
/// `before`; among equals the first that no earlier quote of the same words has taken, and behind
/// the quote before if there is one there. What does not occur letter by letter is looked for by
/// relocate(). All texts are UTF-8. However long an answer is, its reading ends soon: at most
/// 10,000 occurrences of a quote and about a million of all are looked at, the last 200 bytes of
/// `before` count, and quotes are relocated for at most 100 million steps; what comes later is not
/// found.
std::vector<QuotePlace> place_quotes(std::string_view text, const std::vector<Quote>& quotes);

/// The `most` code points that stand right before code point `begin`, for a Quote.
std::string words_before(std::string_view text, std::int64_t begin, std::int64_t most);

}  // namespace countersign
