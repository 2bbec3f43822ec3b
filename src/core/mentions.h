// Mentions in a text: "@ada" as people type it, "@u000000001k" as it is kept, so that it means the
// same person after they were renamed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace countersign {

/// A piece of a text that may be a mention: an @ that does not stand inside a word (an address of
/// mail is none), and the characters of a sign-in name behind it, points at its end too.
struct MentionPlace {
    std::size_t at = 0;     ///< Of the @, bytes.
    std::string_view name;  ///< Without the @; points into the text.
};
std::vector<MentionPlace> mention_places(std::string_view text);

}  // namespace countersign
