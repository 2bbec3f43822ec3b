// Characters as the text models see them: decoded, lower-cased, and told apart as what words are
// made of. A small table instead of Unicode's whole database: Latin, Greek, Cyrillic and Armenian
// letters have a lower case here, others stay as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace countersign {

struct DecodedCharacter {
    char32_t code;  ///< 0 for a byte that is not UTF-8.
    std::size_t bytes;
};
/// The first character of `text`, which must not be empty.
DecodedCharacter decode_character(std::string_view text);
void append_character(std::string& out, char32_t c);
char32_t lower_character(char32_t c);

/// `alone`: a word of its own, such as punctuation, a symbol, a Han or Thai character.
enum class CharacterSort { blank, letter, apostrophe, alone };
CharacterSort sort_of(char32_t c);  ///< A letter or digit: letter.

/// FNV-1a, 32 bits, going on from `h`.
inline std::uint32_t hash_on(std::string_view a, std::uint32_t h) {
    for (const char c : a) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    return h;
}
/// The finaliser of MurmurHash3: FNV's high bits alone mix too little for short grams.
inline std::uint32_t hash_end(std::uint32_t h) {
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

}  // namespace countersign
