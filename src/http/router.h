// The table of routes, and finding the row for a request. The router, the permission check, the
// OpenAPI document, the reference page and the browser's types all read the same rows.
//
// Matching walks a tree of path segments: a literal segment wins over a `{parameter}`; the cost is
// the depth of the path, however many routes there are.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace countersign {

struct Services;

/// Who may call a route.
struct Access {
    bool open = false;                     ///< Anybody.
    std::optional<Permission> permission;  ///< None and not open: whoever has signed in.
};
inline constexpr Access anybody{true, std::nullopt};
inline constexpr Access signed_in{false, std::nullopt};
constexpr Access needs(Permission permission) {
    return {false, permission};
}

struct QueryField {
    std::string_view name, meaning;
};

struct Route {
    std::string_view method;   ///< "GET"
    std::string_view pattern;  ///< "/api/v1/projects/{p}/next"
    Access access;
    std::string_view summary;  ///< One line of the reference page.
    Result<Response> (*handle)(Services&, Request&) = nullptr;

    int status = 200;           ///< Of a success, for the reference.
    Json (*takes)() = nullptr;  ///< JSON Schema of the request body; null: none.
    Json (*gives)() = nullptr;  ///< JSON Schema of the answer; null: none.
    std::vector<QueryField> query = {};
    std::string_view takes_type = "application/json";
    std::string_view gives_type = "application/json";
    std::int64_t body_limit =
        1 << 20;                ///< Bytes; a larger Content-Length is refused before it is read.
    bool streams_body = false;  ///< The handler reads the body itself, piece by piece.
    bool slow = false;          ///< May take long (hashing, uploads): runs beside the quick ones.
    bool idempotent = false;    ///< Takes an Idempotency-Key header.
    bool waits = false;         ///< Does little but wait for a write: needs no thread of its own.
};

struct Match {
    const Route* route = nullptr;
    Pairs params;
    std::string allow;  ///< When the path exists and the method does not: the methods that do.
};

class Router {
public:
    explicit Router(std::vector<Route> routes);
    ~Router();
    /// `segments` as parse_path gives them. HEAD finds the row of GET.
    Match match(std::string_view method, const std::vector<std::string>& segments) const;
    const std::vector<Route>& routes() const { return routes_; }

private:
    struct Node;
    std::vector<Route> routes_;
    std::unique_ptr<Node> root_;
};

/// Every route of the API, in the order of the reference page.
std::vector<Route> all_routes();

}  // namespace countersign
