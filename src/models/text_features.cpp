#include "models/text_features.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr std::size_t most_code_points = 20'000;

struct Decoded {
    char32_t code;  ///< 0 for a byte that is not UTF-8.
    std::size_t bytes;
};

Decoded decode(std::string_view text) {
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

void append(std::string& out, char32_t c) {
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

char32_t lower(char32_t c) {
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

enum class Sign { blank, letter, apostrophe, alone };

struct Range {
    char32_t first, last;
    Sign sign;
};
/// What is not a letter from U+0080 on.
constexpr Range ranges[] = {
    {0x0080, 0x00A0, Sign::blank},      {0x00A1, 0x00A9, Sign::alone},  // signs of Latin-1
    {0x00AB, 0x00B4, Sign::alone},      {0x00B6, 0x00B9, Sign::alone},
    {0x00BB, 0x00BF, Sign::alone},      {0x00D7, 0x00D7, Sign::alone},
    {0x00F7, 0x00F7, Sign::alone},      {0x0E00, 0x0EFF, Sign::alone},  // Thai, Lao
    {0x1680, 0x1680, Sign::blank},      {0x2000, 0x200F, Sign::blank},
    {0x2018, 0x2019, Sign::apostrophe}, {0x2028, 0x202F, Sign::blank},
    {0x2010, 0x2BFF, Sign::alone},                                      // punctuation, symbols
    {0x3000, 0x3000, Sign::blank},      {0x3001, 0x9FFF, Sign::alone},  // CJK
    {0xAC00, 0xD7AF, Sign::alone},      {0xF900, 0xFAFF, Sign::alone},
    {0xFE00, 0xFE0F, Sign::blank},      {0xFEFF, 0xFEFF, Sign::blank},
    {0xFF00, 0xFFEF, Sign::alone},      {0x1F000, 0x1FAFF, Sign::alone},  // emoji
    {0x20000, 0x3FFFF, Sign::alone},
};

Sign sign_of(char32_t c) {
    if (c < 0x80) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return Sign::letter;
        if (c == '\'') return Sign::apostrophe;
        return c <= ' ' || c == 0x7F ? Sign::blank : Sign::alone;
    }
    for (const auto& r : ranges)
        if (c >= r.first && c <= r.last) return r.sign;
    return Sign::letter;
}

/// FNV-1a, 32 bits, started from the seed and a salt for the kind of gram.
std::uint32_t hash(std::string_view a, std::uint32_t h) {
    for (const char c : a) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    return h;
}
/// The finaliser of MurmurHash3: FNV's high bits alone mix too little for short grams.
std::uint32_t finish(std::uint32_t h) {
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

void add_characters(const std::string& word, std::uint32_t start, std::uint32_t mask,
                    std::vector<std::uint32_t>& out) {
    const std::string padded = " " + word + " ";
    std::vector<std::size_t> at;  // Where each code point starts, and the end.
    for (std::size_t i = 0; i < padded.size(); ++i)
        if ((static_cast<unsigned char>(padded[i]) & 0xC0) != 0x80) at.push_back(i);
    at.push_back(padded.size());
    const std::string_view view = padded;
    for (std::size_t n = 3; n <= 5; ++n)
        for (std::size_t i = 0; i + n < at.size(); ++i)
            out.push_back(finish(hash(view.substr(at[i], at[i + n] - at[i]), start)) & mask);
}

}  // namespace

std::vector<std::string> text_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto close = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t n = 0; !text.empty() && n < most_code_points; ++n) {
        const auto [raw, bytes] = decode(text);
        text.remove_prefix(bytes);
        const char32_t c = lower(raw);
        switch (sign_of(c)) {
            case Sign::letter:
                append(word, c);
                break;
            case Sign::apostrophe:
                break;
            case Sign::blank:
                close();
                break;
            case Sign::alone:
                close();
                append(word, c);
                close();
                break;
        }
    }
    close();
    return words;
}

FeatureCounts count_features(std::string_view text, TextGrams grams, int bits, std::uint32_t seed) {
    const std::uint32_t mask = (1u << bits) - 1;
    const std::uint32_t start = finish(2166136261u ^ seed);
    const auto words = text_words(text);
    std::vector<std::uint32_t> hits;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint32_t one = hash(words[i], hash("w", start));
        hits.push_back(finish(one) & mask);
        if (i + 1 < words.size()) hits.push_back(finish(hash(words[i + 1], hash(" ", one))) & mask);
        if (grams == TextGrams::words_and_characters)
            add_characters(words[i], hash("c", start), mask, hits);
    }
    std::sort(hits.begin(), hits.end());
    FeatureCounts counts;
    for (const auto h : hits) {
        if (counts.empty() || counts.back().feature != h) counts.push_back({h, 0});
        ++counts.back().count;
    }
    return counts;
}

TextFeatures::TextFeatures(TextGrams grams, int bits, std::uint32_t seed)
    : grams_(grams), bits_(bits), seed_(seed), df_(std::size_t{1} << bits) {}

void TextFeatures::add_document(const FeatureCounts& counts) {
    ++documents_;
    for (const auto& c : counts) ++df_[c.feature];
}

TextVector TextFeatures::weigh(const FeatureCounts& counts) const {
    TextVector out;
    out.reserve(counts.size());
    double length = 0;
    for (const auto& c : counts) {
        const double idf = std::log((1.0 + documents_) / (1.0 + df_[c.feature])) + 1;
        const double weight = (1 + std::log(static_cast<double>(c.count))) * idf;
        out.push_back({c.feature, static_cast<float>(weight)});
        length += weight * weight;
    }
    const auto scale = static_cast<float>(length > 0 ? 1 / std::sqrt(length) : 0);
    for (auto& w : out) w.weight *= scale;
    return out;
}

}  // namespace countersign
