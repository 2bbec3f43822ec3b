// Where a server is, as a config says it.
#pragma once

#include <string>

#include "base/json.h"
#include "base/url.h"

namespace countersign {

/// The config's "url" without slashes at its end. Refuses what is no http or https URL.
inline Result<std::string> base_url(const Json& config) {
    const auto found = config.find("url");
    auto url = found != config.end() && found->is_string() ? found->get<std::string>() : "";
    while (url.ends_with('/')) url.pop_back();
    if (const auto parsed = parse_url(url); !parsed)
        return Refusal{Code::invalid,
                       "\"url\" is the base URL of the server: " + parsed.refusal().message};
    return url;
}

}  // namespace countersign
