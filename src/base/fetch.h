// Asking the network for a URL that somebody else chose.
//
// The host's name is resolved here, every address it has is judged (base/ip_address.h), and the
// connection is held to the addresses that were judged: a name that answers differently a moment
// later gains nothing. Redirects are followed by hand, each hop judged anew; the caller's own
// headers are sent to the origin they were meant for only. No proxies from the environment, no
// cookies, no compression, limits on size and time. What cannot be had is a Refusal:
//   invalid      the URL, or a redirect's;
//   forbidden    the place it leads to;
//   too_large    more bytes than max_bytes;
//   cancelled    `cancelled` said so;
//   unavailable  anything that may be otherwise a moment later.
// An answer with an error status is an answer. fetch() may be called by several threads at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "base/url.h"

namespace countersign {

using FetchHeaders = std::vector<std::pair<std::string, std::string>>;

struct FetchRequest {
    std::string url;
    std::string method = "GET";  ///< GET or POST; a POST is never redirected.
    FetchHeaders headers;
    std::string body;
    std::int64_t max_bytes = 64 << 20;  ///< Of the answer's body.
    int max_redirects = 5;
    Millis connect_ms = 10'000;
    Millis total_ms = 60'000;  ///< All hops together.
    /// Stays with the URL's host, and asks no link-local address and none where clouds keep
    /// credentials, whatever Reach says.
    bool strict = false;
    /// Asked now and then; true ends the transfer.
    std::function<bool()> cancelled = {};
    /// Takes the body of a 2xx answer piece by piece, instead of Fetched::body; false ends it.
    std::function<bool(std::string_view piece)> into = {};
};

struct Fetched {
    int status = 0;
    FetchHeaders headers;  ///< Of the last hop; names in lower case.
    std::string body;
    std::string url;  ///< Of the last hop.

    std::string_view header(std::string_view name) const;  ///< Empty: it was not there.
    bool good() const { return status >= 200 && status < 300; }
};

class Fetcher {
public:
    virtual ~Fetcher() = default;
    virtual Result<Fetched> fetch(const FetchRequest& request) = 0;
};

/// The addresses of a host's name.
using Resolve = std::function<Result<std::vector<IpAddress>>(const std::string& host)>;
Resolve system_resolver();

/// Places that the operator lets the server reach although they are not public.
class Reach {
public:
    /// "intranet", "10.0.0.7:9000", "[fd00::7]:80".
    static Result<Reach> parse(const std::vector<std::string>& rows);
    bool holds(const Url& url) const;

private:
    struct Row {
        std::string host;
        int port = 0;  ///< 0: any.
    };
    std::vector<Row> rows_;
};

std::shared_ptr<Fetcher> make_fetcher(Reach reach = {}, Resolve resolve = system_resolver());
/// Refuses everything: for commands and tests that have no business on the network.
std::shared_ptr<Fetcher> no_fetcher();

}  // namespace countersign
