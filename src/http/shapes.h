// Wire types that have a name in the reference: wherever a schema holds one of them, the name
// stands there instead.
#pragma once

#include <span>
#include <string_view>

#include "base/json.h"

namespace countersign {

struct Shape {
    std::string_view name;
    Json (*schema)();
};
std::span<const Shape> shapes();

/// `schema` with every part that is a shape replaced by {"$ref": "#/components/schemas/Name"}.
/// `keep_top`: the schema itself is not replaced, its parts are.
Json with_names(const Json& schema, bool keep_top = false);

}  // namespace countersign
