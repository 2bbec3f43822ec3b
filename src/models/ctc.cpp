#include "models/ctc.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace countersign {

namespace {

constexpr float least_space = 0.01F;

char32_t first_code_point(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
    };
    const char32_t lead = byte(0);
    if (lead < 0x80) return lead;
    const std::size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t out = lead & (0x3FU >> more);
    for (std::size_t i = 1; i <= more && i < text.size(); ++i) out = out << 6 | (byte(i) & 0x3F);
    return out;
}

bool is_full_width(char32_t c) {
    return c >= 0xFF01 && c <= 0xFF5E;
}

/// Kana, ideographs, their punctuation and full-width forms, Hangul.
bool is_east_asian(std::string_view character) {
    const char32_t c = first_code_point(character);
    return (c >= 0x1100 && c <= 0x11FF) || (c >= 0x2E80 && c <= 0xD7FF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) ||
           (c >= 0xFF00 && c <= 0xFFEF) || c >= 0x20000;
}

}  // namespace

Alphabet alphabet_of(std::string_view lines, bool latin_only) {
    Alphabet out;
    const auto add = [&](std::string character, bool allowed) {
        out.characters.push_back(std::move(character));
        out.allowed.push_back(allowed);
    };
    add("", true);
    if (!lines.empty() && lines.back() == '\n') lines.remove_suffix(1);
    for (std::string_view line : split(lines, '\n')) {
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        const char32_t c = first_code_point(line);
        if (latin_only && is_full_width(c))
            add(std::string(1, static_cast<char>(c - 0xFEE0)), true);
        else
            add(std::string(line), !line.empty() && !(latin_only && is_east_asian(line)));
    }
    add(" ", true);
    return out;
}

double Reading::confidence() const {
    if (sure.empty()) return 0;
    double sum = 0;
    for (const float p : sure) sum += std::log(std::max(1e-6, static_cast<double>(p)));
    return std::exp(sum / static_cast<double>(sure.size()));
}

Reading decode_ctc(std::span<const float> scores, const Alphabet& alphabet) {
    Reading out;
    const std::size_t across = alphabet.characters.size(), space = alphabet.space();
    std::size_t before = 0;             // The character at the last position.
    const std::string* last = nullptr;  // The last one that was written.
    float gap = 0;                      // The best probability of a space since then.
    for (std::size_t at = 0; at + across <= scores.size(); at += across) {
        const auto row = scores.subspan(at, across);
        std::size_t best = 0;
        for (std::size_t i = 1; i < across; ++i)
            if (row[i] > row[best] && alphabet.allowed[i]) best = i;
        gap = std::max(gap, row[space]);
        const float sure = std::clamp(row[best], 0.0F, 1.0F);
        if (best != 0 && best == before) {
            if (last) out.sure.back() = std::max(out.sure.back(), sure);
        } else if (best != 0 && !(best == space && !last)) {
            const std::string& character = alphabet.characters[best];
            if (best != space && last && *last != " " && gap > least_space &&
                !is_east_asian(*last) && !is_east_asian(character)) {
                out.text += ' ';
                out.sure.push_back(1);  // Its own is low by nature and says nothing.
            }
            if (!(best == space && *last == " ")) {
                out.text += character;
                out.sure.push_back(sure);
            }
            last = &character;
            gap = 0;
        }
        before = best;
    }
    if (last && *last == " ") {
        out.text.pop_back();
        out.sure.pop_back();
    }
    return out;
}

}  // namespace countersign
