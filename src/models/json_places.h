// Where in a JSON text its values stand: so that a model's probabilities, which are given token by
// token, can be read for one value.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace countersign {

struct JsonPlace {
    std::size_t begin = 0, end = 0;  ///< Bytes, half-open; of a string without its quotes.
};

/// The places of all strings, numbers and words by their JSON pointer ("/spans/0/label", names
/// unescaped but for "~" and "/", RFC 6901). `text` must be a JSON text that parse_json() takes;
/// of another one some places are missing or wrong, never outside of it.
std::map<std::string, JsonPlace> json_places(std::string_view text);

}  // namespace countersign
