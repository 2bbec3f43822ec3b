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
/// relocate(). At most 10,000 occurrences of a quote are looked at. All texts are UTF-8.
std::vector<QuotePlace> place_quotes(std::string_view text, const std::vector<Quote>& quotes);

/// The `most` code points that stand right before code point `begin`, for a Quote.
std::string words_before(std::string_view text, std::int64_t begin, std::int64_t most);

}  // namespace countersign
