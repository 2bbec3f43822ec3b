// URLs that the program itself asks for. Strict on purpose: what two parsers could read in two ways
// (user names, backslashes, numbers that are addresses in disguise) is refused, so that the host
// that was checked is the host that is asked.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace countersign {

struct Url {
    std::string scheme;  ///< "http" or "https".
    std::string host;    ///< Lower case; an IPv6 address without its brackets.
    int port = 0;        ///< The scheme's own when none was written.
    std::string target;  ///< Path and query as they are sent; begins with '/'.

    /// "https://example.org:8443/a?b"; the port only when it is not the scheme's own.
    std::string text() const;
    std::string authority() const;            ///< "example.org:8443"
    std::string authority_with_port() const;  ///< "example.org:443" too
    /// The same scheme, host and port: what may see the same credentials.
    bool same_origin(const Url& other) const;
};

/// An absolute http or https URL. A fragment is dropped; "." and ".." are worked out; bytes beyond
/// ASCII in path and query are percent-encoded. Refusals name the fault, never the query.
Result<Url> parse_url(std::string_view text);

/// Where `location`, the header of a redirect, points to when it came from `base`.
Result<Url> follow_url(const Url& base, std::string_view location);

/// Whether `text` begins as an http or https URL does, whatever follows.
bool looks_like_url(std::string_view text);

/// The URL without its query, cut to 120 bytes, for people and logs: queries carry secrets.
std::string shown_url(std::string_view text);

}  // namespace countersign
