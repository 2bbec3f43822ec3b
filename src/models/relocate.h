// Finding again, in an item's text, words that a model quoted without saying rightly where they
// are.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign {

struct Relocated {
    std::int64_t begin = 0, end = 0;  ///< Code points, half-open.
    int edits = 0;                    ///< 0: found letter by letter.
};

/// The occurrence of `quote` in `text` that starts nearest to code point `near`; when there is
/// none, the stretch of text at the smallest edit distance (Sellers 1980), if that is at most a
/// fifth of the quote's code points (quotes of at least 5). Both texts are UTF-8. Quotes over 1,000
/// code points are only looked for letter by letter, and in long texts the fuzzy search looks
/// within 20,000 code points of `near`: at most 40 million steps.
std::optional<Relocated> relocate(std::string_view text, std::string_view quote, std::int64_t near);

/// At most so many steps relocate() takes for texts of so many code points, and for reading them.
std::int64_t relocate_steps(std::int64_t text, std::int64_t quote);

}  // namespace countersign
