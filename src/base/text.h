// Text and its units. Inside the program offsets count Unicode code points; browsers and Label
// Studio count UTF-16 code units. These two functions are the only place where they are converted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign {

bool is_utf8(std::string_view text);

/// `text` with every byte that is not valid UTF-8 replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

/// Code points in `text`, which must be valid UTF-8.
std::int64_t code_points(std::string_view text);

/// Code-point offset -> UTF-16 offset. Nothing when the offset lies outside [0, length].
std::optional<std::int64_t> to_utf16(std::string_view text, std::int64_t code_point_offset);

/// UTF-16 offset -> code-point offset. Nothing when outside the text or inside a surrogate pair.
std::optional<std::int64_t> from_utf16(std::string_view text, std::int64_t utf16_offset);

/// The bytes of code points [begin, end); nothing when that range is not inside the text.
std::optional<std::string_view> slice(std::string_view text, std::int64_t begin, std::int64_t end);

std::string_view trim(std::string_view text);  ///< ASCII white space off both ends.
std::string lower_ascii(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace countersign
