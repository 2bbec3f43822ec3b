// What happens to every request, whatever its route: who asks, may they, call the handler, turn
// refusals and breakdowns into problem+json, and put the safety headers on.
//
// Strategy: plan() runs on the engine's thread before the body is read and is quick; answer() runs
// on a pool thread and may block. Both may be called from any number of threads.
#pragma once

#include <string>
#include <vector>

#include "http/router.h"
#include "http/static_files.h"

namespace countersign {

struct DispatchOptions {
    /// Host names that requests may name besides localhost. On a loopback address others are
    /// refused always (DNS rebinding); elsewhere only when this list is not empty.
    std::vector<std::string> hosts;
    bool bound_to_loopback = true;
    bool trust_proxy = false;  ///< Take the client's address from X-Forwarded-For.
    std::string
        ui_dir;  ///< Serve the desk from this folder instead of the program; for developers.
};

/// What is known of a request before its body is read.
struct Plan {
    const Route* route = nullptr;  ///< Null: a page of the desk, or `refusal`.
    std::optional<Response> refusal;
};

class Dispatcher {
public:
    Dispatcher(Services& services, DispatchOptions options,
               std::vector<Route> routes = all_routes());

    /// Fills path, query and params of `request`, which has its head only.
    Plan plan(Request& request) const;
    /// Never throws. The answer is final but for ranges, which the engine cuts.
    Response answer(const Plan& plan, Request& request);

    const Router& router() const { return router_; }

private:
    std::optional<Refusal> check_host(const Request& request) const;
    Result<> sign_in(const Route& route, Request& request);
    Result<Response> run(const Plan& plan, Request& request);
    void finish(const Plan& plan, const Request& request, Response& response) const;

    Services& services_;
    DispatchOptions options_;
    Router router_;
    StaticFiles pages_;
};

/// The cookie that carries a session.
inline constexpr std::string_view session_cookie = "countersign_session";

}  // namespace countersign
