// JSON values for configuration and small bodies. Bulk data goes through formats (simdjson in,
// hand-appended out), never through here.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace countersign {

using Json = nlohmann::ordered_json;

/// Parses `text`; refuses with Code::invalid, saying where it went wrong. Depth over 64 is refused,
/// invalid UTF-8 too.
Result<Json> parse_json(std::string_view text);

/// Compact text. Never throws on odd bytes: what is not UTF-8 is replaced.
std::string to_text(const Json& value);

/// Appends `text` as a JSON string with quotes.
void append_json_string(std::string& out, std::string_view text);

/// Appends a number that reads back as exactly the same double; NaN and infinities become null.
void append_json_number(std::string& out, double value);

}  // namespace countersign
