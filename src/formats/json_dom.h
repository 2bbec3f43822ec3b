// simdjson behind our habits: a refusal instead of an error code, depth held to what the rest of
// the program reads, and regions read from parsed JSON.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/region.h"

namespace countersign {

using Dom = simdjson::dom::element;

class JsonParser {
public:
    /// Parses `text`, which has Window::padding readable bytes behind it. What it gives lives until
    /// the next call.
    Result<Dom> parse(std::string_view text);
    /// Parses text that has no padding, by a copy.
    Result<Dom> parse_copy(std::string_view text);

private:
    simdjson::dom::parser parser_;
    std::string copy_;
};

/// Members of an object, or nothing when absent, null or of another type.
std::optional<Dom> member(Dom object, std::string_view key);
std::optional<std::string_view> text_of(Dom object, std::string_view key);
std::optional<double> number_of(Dom object, std::string_view key);
std::optional<std::int64_t> integer_of(Dom object, std::string_view key);
bool true_of(Dom object, std::string_view key);
/// A text as it stands; a number or truth value as JSON writes it; empty for anything else.
std::string as_text(Dom value);
std::string compact(Dom value);

/// The regions of our own JSON (region.h); refuses by path: "regions[2].x must be a number".
Result<Regions> read_regions(Dom list, std::string_view path);

/// Regions from the text that the store keeps.
class RegionsParser {
public:
    Result<Regions> parse(std::string_view regions_text);

private:
    JsonParser parser_;
};

/// Milliseconds from "2026-11-24T21:56:03.120Z" (also with an offset); 0 when it is not such a
/// time.
std::int64_t parse_time(std::string_view iso8601);

}  // namespace countersign
