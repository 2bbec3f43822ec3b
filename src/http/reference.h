// The route table, printed: as OpenAPI 3.1, and as the reference page.
#pragma once

#include <string>

#include "http/router.h"

namespace countersign {

/// OpenAPI 3.1 of every route.
Json openapi();

/// docs/reference/api.md
std::string api_reference();

}  // namespace countersign
