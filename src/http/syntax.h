// The small grammars of HTTP that are ours to read: query strings, cookies, ranges, entity tags,
// host names. All of it is hostile input; every function is total and is fuzzed
// (fuzz/http_syntax.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace countersign {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The value of the first pair called `name`, or nothing.
const std::string* find_pair(const Pairs& pairs, std::string_view name);

/// Decodes %XX. Nothing when an escape is broken or the result has a NUL or is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// "a=1&b=%20" (application/x-www-form-urlencoded). Broken pairs make it nothing.
std::optional<Pairs> parse_query(std::string_view text);

/// The segments of "/a/b%20c" decoded: {"a", "b c"}; empty ones ("//", a trailing "/") are kept.
/// Nothing when it does not start with "/", is broken, or a segment is "." or "..".
std::optional<std::vector<std::string>> parse_path(std::string_view path);

/// The value of cookie `name` in a Cookie header (RFC 6265), or nothing.
std::optional<std::string> cookie_value(std::string_view header, std::string_view name);

/// One byte range of a body of `size` bytes (RFC 9110 section 14).
struct ByteRange {
    std::int64_t first = 0, last = 0;  ///< Inclusive.
};
enum class RangeKind { whole, part, unsatisfiable };
struct RangeAnswer {
    RangeKind kind = RangeKind::whole;
    ByteRange range;
};
/// Headers that are malformed, of another unit, or ask for several ranges are ignored (whole), as
/// the RFC allows.
RangeAnswer parse_range(std::string_view header, std::int64_t size);

/// Whether an If-None-Match header names `etag` (with quotes), by weak comparison.
bool etag_matches(std::string_view header, std::string_view etag);

/// Whether an Accept-Encoding header takes `coding` ("gzip", "br"); q=0 refuses it.
bool accepts_coding(std::string_view header, std::string_view coding);

/// "Example.org:8080" -> "example.org", "[::1]:80" -> "[::1]"; nothing when it is no host name.
std::optional<std::string> host_name(std::string_view host_header);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::string http_date(Millis t);

/// Case-insensitive for ASCII.
bool same_word(std::string_view a, std::string_view b);

}  // namespace countersign
