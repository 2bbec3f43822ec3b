// What a handler is given and what it gives back: plain values, without a word of the HTTP engine.
//
// Bodies: a small request body is a string that was read whole (held to the route's limit); a route
// that streams reads it with `Request::read`, which blocks its own thread and keeps memory
// constant. An answer is text, a stream that is pulled piece by piece as fast as the client takes
// it, or bytes of known size that may be asked for in ranges.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/fields.h"
#include "base/ids.h"
#include "base/json.h"
#include "core/people.h"
#include "http/syntax.h"

namespace countersign {

struct Request {
    std::string method;  ///< "GET"; HEAD arrives as GET with `head` set.
    bool head = false;
    std::string target;  ///< As sent: "/api/v1/projects?limit=5".
    std::string path;    ///< Without the query, still encoded.
    Pairs query;         ///< Decoded.
    Pairs headers;       ///< Names in lower case.
    Pairs params;        ///< Of the route's pattern: {"p", "p000000001k"}.
    std::string body;
    std::int64_t body_bytes = -1;  ///< Content-Length; -1: not stated.
    /// Streamed bodies: fills the buffer and returns bytes read, 0 at the end. Throws when the
    /// client went.
    std::function<std::size_t(char*, std::size_t)> read;

    std::string address;  ///< Of the client, without port.
    bool loopback = false;
    bool secure = false;  ///< The client speaks TLS to the proxy before us.

    Caller caller;        ///< person 0: nobody has signed in.
    std::string csrf;     ///< Of the caller's session.
    std::string session;  ///< The session cookie's value.
    Millis expires = 0;   ///< Of the session or token.

    std::string_view header(std::string_view name) const;  ///< Empty when absent.
    std::string_view ask(std::string_view name) const;     ///< A query value, empty when absent.
    const std::string& param(std::string_view name) const;
    /// The id in `{name}` of the path; the kind is the name's first letter. Refuses with not_found.
    Result<Id> id(std::string_view name) const;
    /// ?name= as a yes or no ("1", "true", "0", "false"); refuses anything else.
    Result<std::optional<bool>> flag(std::string_view name) const;
    /// ?limit=, 1 to `most`.
    Result<int> limit(int usual = 50, int most = 200) const;
    /// ?cursor= as given out by an earlier page; 0 at the start.
    Result<Id> cursor() const;

    template <class T>
    Result<T> json() const {
        return from_text<T>(body.empty() ? std::string_view("{}") : std::string_view(body));
    }
};

/// Appends the next piece to its argument; false when it has ended (what it appended still counts).
using Pull = std::function<Result<bool>(std::string&)>;

/// Bytes of known size that can be read from anywhere: a blob, a file, an embedded page.
struct RangedBytes {
    std::int64_t size = 0;
    std::function<Result<std::string>(std::int64_t from, std::int64_t n)> read;
};

struct Response {
    int status = 200;
    std::string type = "application/json";
    Pairs headers;
    std::variant<std::string, Pull, RangedBytes> body;
};

Response json_response(int status, const Json& body);
Response text_response(int status, std::string type, std::string body);
inline Response no_content() {
    return text_response(204, "", "");
}

/// application/problem+json (RFC 9457) for a refusal; `status` 0: the row of its code says. One
/// that passes (429, 503) says after how many seconds to try again.
Response problem(const Refusal& why, int status = 0);
/// Sets how many seconds a client should wait, instead of the usual few.
void say_retry_after(Response& response, int seconds);

std::string cursor_text(Id last);

}  // namespace countersign
