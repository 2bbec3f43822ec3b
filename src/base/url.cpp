#include "base/url.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ip_address.h"
#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t longest_url = 8192, longest_host = 253, longest_label = 63;

Refusal bad_url(std::string_view text, std::string_view why) {
    return {Code::invalid, "The URL \"" + shown_url(text) + "\" " + std::string(why)};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int own_port(std::string_view scheme) {
    return scheme == "https" ? 443 : 80;
}

/// Why a name cannot be asked for; empty when it can.
std::string_view fault_of_host(std::string_view host) {
    if (host.empty()) return "names no host.";
    if (host.size() > longest_host) return "has a host name of more than 253 bytes.";
    const auto labels = split(host, '.');
    for (const auto label : labels) {
        if (label.empty() || label.size() > longest_label)
            return "has a host name with an empty part or one of more than 63 bytes.";
        for (const char c : label)
            if (!is_word(c) && c != '-' && c != '_')
                return "has a host name with characters other than letters, digits, '-' and '.': "
                       "write an international name in its xn-- form.";
    }
    // "127.1", "0x7f000001", "017700000001": addresses that only some programs understand.
    const auto last = labels.back();
    const bool number = std::all_of(last.begin(), last.end(), is_digit) ||
                        (last.size() > 1 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X'));
    if (number && !parse_ip(host))
        return "has a number for a host that is not an address of four decimal parts.";
    return {};
}

/// Fills host and port from "host", "host:port", "[v6]:port". Returns the fault.
std::string_view read_authority(std::string_view text, Url& url) {
    if (text.find('@') != std::string_view::npos)
        return "holds a user name or password: take them out, a URL is seen by many.";
    std::string_view port;
    bool has_port = false;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return "has a '[' without its ']'.";
        const auto inside = text.substr(1, end - 1);
        const auto address = parse_ip(inside);
        if (!address || inside.find(':') == std::string_view::npos)
            return "has no IPv6 address between its brackets.";
        url.host = address->text();
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return "has something behind its ']'.";
        has_port = !rest.empty();
        if (has_port) port = rest.substr(1);
    } else {
        const auto colon = text.find(':');
        has_port = colon != std::string_view::npos;
        auto host = text.substr(0, colon);
        if (has_port) port = text.substr(colon + 1);
        if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
        url.host = lower_ascii(host);
        if (const auto fault = fault_of_host(url.host); !fault.empty()) return fault;
    }
    url.port = own_port(url.scheme);
    if (!has_port) return {};
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit))
        return "has a port that is not a number.";
    url.port = 0;
    for (const char c : port) url.port = url.port * 10 + (c - '0');
    return url.port >= 1 && url.port <= 65535 ? std::string_view()
                                              : "has a port that is not from 1 to 65535.";
}

/// RFC 3986, 5.2.4. "%2e" is a dot too: browsers and servers read it as one.
std::string without_dots(std::string_view path) {
    std::vector<std::string_view> kept;
    bool folder = false;
    for (const auto part : split(path.substr(1), '/')) {
        std::string plain;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const bool dot = lower_ascii(part.substr(i, 3)) == "%2e";
            plain += dot ? '.' : part[i];
            if (dot) i += 2;
        }
        folder = plain == "." || plain == "..";
        if (plain == ".." && !kept.empty()) kept.pop_back();
        if (!folder) kept.push_back(part);
    }
    std::string out;
    for (const auto part : kept) (out += '/') += part;
    if (folder || out.empty()) out += '/';
    return out;
}

/// Path and query, encoded. Returns the fault.
std::string_view read_target(std::string_view text, Url& url) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
            return "has a '%' without two hexadecimal digits: write %25 for the sign itself.";
        if (byte < 0x80 && std::string_view("\"<>^`{|}").find(text[i]) == std::string_view::npos) {
            out += text[i];
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    if (out.empty() || out.front() != '/') out.insert(out.begin(), '/');
    const auto query = out.find('?');
    url.target = without_dots(std::string_view(out).substr(0, query));
    if (query != std::string::npos) url.target += out.substr(query);
    return {};
}

std::string_view fault_of_bytes(std::string_view text) {
    if (text.size() > longest_url) return "has more than 8,192 bytes.";
    if (!is_utf8(text)) return "is not UTF-8.";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f)
            return "holds a space or control character: write a space as %20.";
        if (c == '\\') return "holds a backslash: URLs have slashes.";
    }
    return {};
}

std::string_view read_scheme(std::string_view text, Url& url) {
    for (const std::string_view scheme : {"https://", "http://"})
        if (lower_ascii(text.substr(0, scheme.size())) == scheme) {
            url.scheme = scheme.substr(0, scheme.size() - 3);
            return {};
        }
    return "does not begin with http:// or https://.";
}

}  // namespace

std::string Url::authority() const {
    const auto out = authority_with_port();
    return port == own_port(scheme) ? out.substr(0, out.rfind(':')) : out;
}

std::string Url::authority_with_port() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::text() const {
    return scheme + "://" + authority() + target;
}

bool Url::same_origin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
}

Result<Url> parse_url(std::string_view text) {
    Url url;
    if (const auto fault = fault_of_bytes(text); !fault.empty()) return bad_url(text, fault);
    if (const auto fault = read_scheme(text, url); !fault.empty()) return bad_url(text, fault);
    auto rest = text.substr(url.scheme.size() + 3);
    rest = rest.substr(0, rest.find('#'));
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    if (const auto fault = read_authority(rest.substr(0, end), url); !fault.empty())
        return bad_url(text, fault);
    if (const auto fault = read_target(rest.substr(end), url); !fault.empty())
        return bad_url(text, fault);
    return url;
}

Result<Url> follow_url(const Url& base, std::string_view location) {
    location = trim(location);
    // "name:" before any slash is a scheme, and parse_url says which ones there are.
    const auto colon = location.find(':');
    if (colon != std::string_view::npos && colon < location.find_first_of("/?#"))
        return parse_url(location);
    if (location.starts_with("//")) return parse_url(base.scheme + ":" + std::string(location));
    if (const auto fault = fault_of_bytes(location); !fault.empty())
        return bad_url(location, fault);
    location = location.substr(0, location.find('#'));
    if (location.empty()) return base;
    std::string target(location);
    const auto path = base.target.substr(0, base.target.find('?'));
    if (location.front() == '?') target = path + target;
    if (location.front() != '?' && location.front() != '/')
        target = path.substr(0, path.rfind('/') + 1) + target;
    Url url = base;
    if (const auto fault = read_target(target, url); !fault.empty())
        return bad_url(location, fault);
    return url;
}

bool looks_like_url(std::string_view text) {
    Url ignored;
    return read_scheme(text, ignored).empty();
}

std::string shown_url(std::string_view text) {
    constexpr std::size_t longest = 120;
    std::string out(text.substr(0, text.find_first_of("?#")));
    // What stands before an '@' may be a password.
    const auto slashes = out.find("//");
    const auto begin = slashes == std::string::npos ? 0 : slashes + 2;
    const auto end = std::min(out.find('/', begin), out.size());
    if (const auto at = out.rfind('@', end); at != std::string::npos && at >= begin && at < end)
        out.erase(begin, at + 1 - begin);
    const bool cut = out.size() > longest;
    out = repair_utf8(std::string_view(out).substr(0, longest));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return cut ? out + "..." : out;
}

}  // namespace countersign
