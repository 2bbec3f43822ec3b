#include "http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "base/text.h"

namespace countersign {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// A whole number without sign; nothing when it is empty, has other characters or overflows.
std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    if (text.empty() || text[0] == '-' || text[0] == '+') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

const std::string* find_pair(const Pairs& pairs, std::string_view name) {
    for (const auto& [key, value] : pairs)
        if (key == name) return &value;
    return nullptr;
}

bool same_word(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    if (out.find('\0') != std::string::npos || !is_utf8(out)) return std::nullopt;
    return out;
}

std::optional<Pairs> parse_query(std::string_view text) {
    Pairs pairs;
    if (text.empty()) return pairs;
    for (const auto part : split(text, '&')) {
        if (part.empty()) continue;
        const auto equals = part.find('=');
        const auto name = percent_decode(part.substr(0, equals), true);
        const auto value = percent_decode(
            equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1), true);
        if (!name || !value) return std::nullopt;
        pairs.emplace_back(*name, *value);
    }
    return pairs;
}

std::optional<std::vector<std::string>> parse_path(std::string_view path) {
    if (!path.starts_with('/')) return std::nullopt;
    std::vector<std::string> segments;
    for (const auto part : split(path.substr(1), '/')) {
        auto segment = percent_decode(part);
        if (!segment || *segment == "." || *segment == "..") return std::nullopt;
        segments.push_back(std::move(*segment));
    }
    return segments;
}

std::optional<std::string> cookie_value(std::string_view header, std::string_view name) {
    for (const auto part : split(header, ';')) {
        const auto pair = trim(part);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        auto value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return std::nullopt;
}

RangeAnswer parse_range(std::string_view header, std::int64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (header.size() < unit.size() || !same_word(header.substr(0, unit.size()), unit)) return {};
    const auto spec = trim(header.substr(unit.size()));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return {};
    const auto left = trim(spec.substr(0, dash)), right = trim(spec.substr(dash + 1));
    const auto first = whole_number(left), last = whole_number(right);
    if ((!left.empty() && !first) || (!right.empty() && !last) || (!first && !last)) return {};
    if (!first) {
        if (*last == 0 || size == 0) return {RangeKind::unsatisfiable, {}};
        return {RangeKind::part, {std::max<std::int64_t>(0, size - *last), size - 1}};
    }
    if (last && *last < *first) return {};
    if (*first >= size) return {RangeKind::unsatisfiable, {}};
    return {RangeKind::part, {*first, std::min(last.value_or(size - 1), size - 1)}};
}

bool etag_matches(std::string_view header, std::string_view etag) {
    const auto strong = [](std::string_view tag) {
        tag = trim(tag);
        return tag.starts_with("W/") ? tag.substr(2) : tag;
    };
    if (trim(header) == "*") return true;
    for (const auto part : split(header, ','))
        if (!etag.empty() && strong(part) == strong(etag)) return true;
    return false;
}

bool accepts_coding(std::string_view header, std::string_view coding) {
    for (const auto part : split(header, ',')) {
        const auto words = split(part, ';');
        if (words.empty() || !same_word(trim(words[0]), coding)) continue;
        for (std::size_t i = 1; i < words.size(); ++i) {
            const auto weight = trim(words[i]);
            if (weight.starts_with("q=0") && weight.find_first_not_of("0.", 2) == std::string::npos)
                return false;
        }
        return true;
    }
    return false;
}

std::optional<std::string> host_name(std::string_view host) {
    host = trim(host);
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        const auto port = host.substr(colon + 1);
        if (port.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
        host = host.substr(0, colon);
    }
    const bool literal = host.starts_with('[') && host.ends_with(']');
    const auto allowed = literal
                             ? "0123456789abcdefABCDEF:.[]"
                             : "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
    if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos)
        return std::nullopt;
    return lower_ascii(host);
}

std::string http_date(Millis t) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t when = t / 1000;
    std::tm parts{};
    gmtime_r(&when, &parts);
    std::array<char, 64> text{};
    const int n = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
                                parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return {text.data(), static_cast<std::size_t>(n)};
}

}  // namespace countersign
