// Ids: a positive 64-bit integer inside, given out in order by the store; on the wire a letter for
// the kind of thing and ten Crockford base-32 digits ("t000000001k"), which sort as the ids do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace countersign {

using Id = std::int64_t;  ///< 0 means none.

/// `kind` is one lowercase letter. `id` must lie in [0, 2^50).
std::string wire_id(char kind, Id id);

/// The id, or nothing when `text` is not an id of that kind.
std::optional<Id> parse_id(char kind, std::string_view text);

}  // namespace countersign
