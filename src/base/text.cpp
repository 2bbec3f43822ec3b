#include "base/text.h"

namespace countersign {

namespace {

/// Bytes of the valid sequence that starts at `i`; 0 when none does (Unicode 15, table 3-7).
std::size_t sequence(std::string_view s, std::size_t i) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
    const unsigned char a = at(i);
    if (a < 0x80) return 1;
    const std::size_t n = a >= 0xC2 && a <= 0xDF   ? 2
                          : a >= 0xE0 && a <= 0xEF ? 3
                          : a >= 0xF0 && a <= 0xF4 ? 4
                                                   : 0;
    if (n == 0 || i + n > s.size()) return 0;
    const unsigned char b = at(i + 1);
    if (b < (a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80)) return 0;
    if (b > (a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF)) return 0;
    for (std::size_t k = 2; k < n; ++k)
        if ((at(i + k) & 0xC0) != 0x80) return 0;
    return n;
}

bool starts_code_point(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}
bool is_astral(char c) {
    return static_cast<unsigned char>(c) >= 0xF0;
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto n = sequence(text, i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

std::string repair_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto n = sequence(text, i);
        if (n == 0) {
            out += "\xEF\xBF\xBD";
            ++i;
        } else {
            out.append(text.substr(i, n));
            i += n;
        }
    }
    return out;
}

std::int64_t code_points(std::string_view text) {
    std::int64_t n = 0;
    for (const char c : text) n += starts_code_point(c);
    return n;
}

std::optional<std::int64_t> to_utf16(std::string_view text, std::int64_t offset) {
    if (offset < 0) return std::nullopt;
    std::int64_t points = 0, units = 0;
    for (const char c : text) {
        if (!starts_code_point(c)) continue;
        if (points == offset) return units;
        ++points;
        units += is_astral(c) ? 2 : 1;
    }
    return points == offset ? std::optional(units) : std::nullopt;
}

std::optional<std::int64_t> from_utf16(std::string_view text, std::int64_t offset) {
    if (offset < 0) return std::nullopt;
    std::int64_t points = 0, units = 0;
    for (const char c : text) {
        if (!starts_code_point(c)) continue;
        if (units == offset) return points;
        if (units > offset) return std::nullopt;
        ++points;
        units += is_astral(c) ? 2 : 1;
    }
    return units == offset ? std::optional(points) : std::nullopt;
}

std::optional<std::string_view> slice(std::string_view text, std::int64_t begin, std::int64_t end) {
    if (begin < 0 || end < begin) return std::nullopt;
    std::int64_t points = 0;
    std::size_t from = std::string_view::npos;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && !starts_code_point(text[i])) continue;
        if (points == begin && from == std::string_view::npos) from = i;
        if (points == end) return text.substr(from, i - from);
        ++points;
    }
    return std::nullopt;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view white = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0;;) {
        const auto at = text.find(separator, from);
        parts.push_back(text.substr(from, at == std::string_view::npos ? at : at - from));
        if (at == std::string_view::npos) return parts;
        from = at + 1;
    }
}

}  // namespace countersign
