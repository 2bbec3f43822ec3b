#include "models/text_characters.h"

namespace countersign {

namespace {

struct SortRange {
    char32_t first, last;
    CharacterSort sort;
};
/// What is not a letter from U+0080 on.
constexpr SortRange sort_ranges[] = {
    {0x0080, 0x00A0, CharacterSort::blank},
    {0x00A1, 0x00A9, CharacterSort::alone},  // signs of Latin-1
    {0x00AB, 0x00B4, CharacterSort::alone},
    {0x00B6, 0x00B9, CharacterSort::alone},
    {0x00BB, 0x00BF, CharacterSort::alone},
    {0x00D7, 0x00D7, CharacterSort::alone},
    {0x00F7, 0x00F7, CharacterSort::alone},
    {0x0E00, 0x0EFF, CharacterSort::alone},  // Thai, Lao
    {0x1680, 0x1680, CharacterSort::blank},
    {0x2000, 0x200F, CharacterSort::blank},
    {0x2018, 0x2019, CharacterSort::apostrophe},
    {0x2028, 0x202F, CharacterSort::blank},
    {0x2010, 0x2BFF, CharacterSort::alone},  // punctuation, symbols
    {0x3000, 0x3000, CharacterSort::blank},
    {0x3001, 0x9FFF, CharacterSort::alone},  // CJK
    {0xAC00, 0xD7AF, CharacterSort::alone},
    {0xF900, 0xFAFF, CharacterSort::alone},
    {0xFE00, 0xFE0F, CharacterSort::blank},
    {0xFEFF, 0xFEFF, CharacterSort::blank},
    {0xFF00, 0xFFEF, CharacterSort::alone},
    {0x1F000, 0x1FAFF, CharacterSort::alone},  // emoji
    {0x20000, 0x3FFFF, CharacterSort::alone},
};

}  // namespace

DecodedCharacter decode_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (n == 0 || first > 0xF4 || text.size() < n) return {0, 1};
    char32_t code = first & (0x7Fu >> n);
    for (std::size_t i = 1; i < n; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {0, 1};
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    return {code, n};
}

void append_character(std::string& out, char32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
        out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                static_cast<char>(0x80 | (c & 0x3F))};
    } else {
        out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
                static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    }
}

char32_t lower_character(char32_t c) {
    if (c >= 'A' && c <= 'Z') return c + 32;
    if (c < 0xC0) return c;
    if (c <= 0xDE) return c == 0xD7 ? c : c + 32;  // Latin-1
    if (c >= 0x100 && c <= 0x137) return c | 1;    // Latin Extended-A
    if (c >= 0x139 && c <= 0x148) return c + (c & 1);
    if (c >= 0x14A && c <= 0x177) return c | 1;
    if (c >= 0x179 && c <= 0x17E) return c + (c & 1);
    if (c >= 0x391 && c <= 0x3A9) return c + 32;  // Greek
    if (c >= 0x410 && c <= 0x42F) return c + 32;  // Cyrillic
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    if (c >= 0x531 && c <= 0x556) return c + 48;  // Armenian
    return c;
}

CharacterSort sort_of(char32_t c) {
    if (c < 0x80) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return CharacterSort::letter;
        if (c == '\'') return CharacterSort::apostrophe;
        return c <= ' ' || c == 0x7F ? CharacterSort::blank : CharacterSort::alone;
    }
    for (const auto& r : sort_ranges)
        if (c >= r.first && c <= r.last) return r.sort;
    return CharacterSort::letter;
}

}  // namespace countersign
