#include "http/dispatcher.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "http/packing.h"
#include "http/services.h"

namespace countersign {

namespace {

struct HeaderRow {
    std::string_view name, value;
};
constexpr HeaderRow always[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"X-Frame-Options", "DENY"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};
// Inline styles stay allowed: the image and text annotators set them.
constexpr std::string_view desk_policy =
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'";

constexpr std::string_view hosts_of_loopback[] = {"localhost", "127.0.0.1", "[::1]"};

bool unsafe(std::string_view method) {
    return method != "GET" && method != "HEAD";
}

bool has_header(const Response& response, std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return same_word(header.first, name); });
}

void compress(const Request& request, Response& response) {
    if (response.status == 206 || !packs_well(response.type)) return;
    auto* text = std::get_if<std::string>(&response.body);
    auto* stream = std::get_if<Pull>(&response.body);
    const bool worth =
        text ? text->size() >= 1024 && text->size() <= (64u << 20) : stream != nullptr;
    if (!worth || has_header(response, "Content-Encoding")) return;
    if (!has_header(response, "Vary")) response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!accepts_coding(request.header("accept-encoding"), "gzip")) return;
    if (stream) {
        *stream = gzip(std::move(*stream));
    } else {
        auto packed = gzip(*text);
        if (!packed || packed->size() >= text->size()) return;
        *text = std::move(*packed);
    }
    response.headers.emplace_back("Content-Encoding", "gzip");
}

/// Small bodies become text: one write instead of several steps.
Result<> make_whole(Response& response) {
    constexpr std::int64_t small = 256 << 10;
    const auto* bytes = std::get_if<RangedBytes>(&response.body);
    if (!bytes || bytes->size > small) return Done{};
    std::string text;
    while (static_cast<std::int64_t>(text.size()) < bytes->size) {
        const auto at = static_cast<std::int64_t>(text.size());
        const auto piece = TRY(bytes->read(at, bytes->size - at));
        if (piece.empty()) throw Breakdown("a stored file is shorter than it should be");
        text += piece;
    }
    response.body = std::move(text);
    return Done{};
}

void cut_range(const Request& request, Response& response) {
    const auto* bytes = std::get_if<RangedBytes>(&response.body);
    if (!bytes || response.status != 200) return;
    response.headers.emplace_back("Accept-Ranges", "bytes");
    const auto condition = request.header("if-range");
    const auto* etag = find_pair(response.headers, "ETag");
    if (!condition.empty() && (!etag || condition != *etag)) return;
    const auto wanted = parse_range(request.header("range"), bytes->size);
    const auto size = std::to_string(bytes->size);
    if (wanted.kind == RangeKind::unsatisfiable) {
        auto refusal =
            problem({Code::invalid, "The range lies outside the " + size + " bytes."}, 416);
        refusal.headers.emplace_back("Content-Range", "bytes */" + size);
        response = std::move(refusal);
    } else if (wanted.kind == RangeKind::part) {
        const auto [first, last] = wanted.range;
        response.status = 206;
        response.headers.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" +
                                                           std::to_string(last) + "/" + size);
        response.body = RangedBytes{last - first + 1, [read = bytes->read, start = first](
                                                          std::int64_t from, std::int64_t n) {
                                        return read(start + from, n);
                                    }};
    }
}

void answer_not_modified(const Request& request, Response& response) {
    const auto* etag = find_pair(response.headers, "ETag");
    if (!etag || response.status != 200) return;
    if (!etag_matches(request.header("if-none-match"), *etag)) return;
    response.status = 304;
    response.body = std::string();
}

}  // namespace

Dispatcher::Dispatcher(Services& services, DispatchOptions options, std::vector<Route> routes)
    : services_(services),
      options_(std::move(options)),
      router_(std::move(routes)),
      pages_(options_.ui_dir) {}

std::optional<Refusal> Dispatcher::check_host(const Request& request) const {
    const auto host = host_name(request.header("host"));
    if (!host) return Refusal{Code::invalid, "The Host header is missing or is no host name."};
    if (!options_.bound_to_loopback && options_.hosts.empty()) return {};
    for (const auto name : hosts_of_loopback)
        if (*host == name) return {};
    for (const auto& name : options_.hosts)
        if (*host == lower_ascii(name)) return {};
    return Refusal{Code::forbidden, "This server does not answer for \"" + *host +
                                        "\". Start it with --allow-host " + *host +
                                        " to allow it."};
}

Plan Dispatcher::plan(Request& request) const {
    Plan plan;
    const auto refuse = [&](const Refusal& why, int status = 0) {
        plan.refusal = problem(why, status);
        return std::move(plan);
    };
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    const auto segments = parse_path(request.path);
    auto query = parse_query(question == std::string::npos
                                 ? std::string_view{}
                                 : std::string_view(request.target).substr(question + 1));
    if (!segments || !query)
        return refuse({Code::invalid, "The address cannot be read: check its % escapes."}, 400);
    request.query = std::move(*query);
    if (const auto why = check_host(request)) return refuse(*why, 421);
    if (options_.trust_proxy) {
        const auto forwarded = split(request.header("x-forwarded-for"), ',');
        if (const auto last = trim(forwarded.back()); !last.empty()) request.address = last;
    }
    request.secure = same_word(trim(request.header("x-forwarded-proto")), "https");

    auto match = router_.match(request.head ? "GET" : request.method, *segments);
    plan.route = match.route;
    request.params = std::move(match.params);
    if (!match.allow.empty()) {
        auto gone = problem({Code::unsupported, request.method + " does not work on " +
                                                    request.path + "; " + match.allow + " does."},
                            405);
        gone.headers.emplace_back("Allow", match.allow);
        plan.refusal = std::move(gone);
    } else if (!match.route && segments->front() == "api") {
        return refuse({Code::not_found,
                       "There is no route " + request.path + "; /api/v1/openapi.json lists them."});
    } else if (!match.route && request.method != "GET") {
        return refuse({Code::unsupported, "Pages can only be read."}, 405);
    } else if (match.route && request.body_bytes > match.route->body_limit) {
        return refuse({Code::too_large, "The body has " + std::to_string(request.body_bytes) +
                                            " bytes; this route takes " +
                                            std::to_string(match.route->body_limit) + "."});
    }
    return plan;
}

Result<> Dispatcher::sign_in(const Route& route, Request& request) {
    const auto bearer = request.header("authorization");
    const bool crosses_sites = request.header("sec-fetch-site") == "cross-site";
    if (crosses_sites && unsafe(request.method))
        return Refusal{Code::forbidden, "Another web site may not send this request."};
    std::optional<People::Known> known;
    if (bearer.size() > 7 && same_word(bearer.substr(0, 7), "Bearer ")) {
        known = TRY(services_.people.by_token(std::string(trim(bearer.substr(7)))));
    } else if (const auto cookie = cookie_value(request.header("cookie"), session_cookie)) {
        request.session = *cookie;
        auto found = services_.people.by_session(*cookie);
        if (!found && !route.access.open) return std::move(found).refusal();
        if (found) known = *std::move(found);
    }
    if (known) {
        request.caller = known->caller;
        request.csrf = known->csrf;
        request.expires = known->expires;
    }
    if (route.access.open) return Done{};
    if (!known) return Refusal{Code::unauthenticated, "Sign in first."};
    if (unsafe(request.method) && !known->caller.by_token &&
        (known->csrf.empty() || !same_secret(request.header("x-csrf-token"), known->csrf)))
        return Refusal{Code::forbidden,
                       "The X-CSRF-Token header is missing or old: reload the page and try again."};
    if (route.access.permission && !may(known->caller.role, *route.access.permission))
        return Refusal{Code::forbidden,
                       "This needs the role " +
                           std::string(name_of(least_role(*route.access.permission))) +
                           " or higher; " + known->caller.name + " is " +
                           std::string(name_of(known->caller.role)) + "."};
    return Done{};
}

Result<Response> Dispatcher::run(const Plan& plan, Request& request) {
    if (plan.refusal) return *plan.refusal;
    if (!plan.route) return pages_.serve(request);
    TRY(sign_in(*plan.route, request));
    const auto type = request.header("content-type");
    if (!request.body.empty() && plan.route->takes &&
        plan.route->takes_type == "application/json" && !type.starts_with("application/json"))
        return Refusal{Code::unsupported, "Send the body as application/json."};
    return plan.route->handle(services_, request);
}

void Dispatcher::finish(const Plan& plan, const Request& request, Response& response) const {
    answer_not_modified(request, response);
    cut_range(request, response);
    if (auto whole = make_whole(response); !whole) response = problem(whole.refusal());
    compress(request, response);
    for (const auto& row : always)
        if (!has_header(response, row.name)) response.headers.emplace_back(row.name, row.value);
    if (!has_header(response, "Content-Security-Policy"))
        response.headers.emplace_back("Content-Security-Policy", desk_policy);
    if (plan.route && !has_header(response, "Cache-Control"))
        response.headers.emplace_back("Cache-Control", "no-store");
    if (request.secure)
        response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

Response Dispatcher::answer(const Plan& plan, Request& request) {
    const auto start = std::chrono::steady_clock::now();
    const auto name = plan.route ? plan.route->pattern : std::string_view("page");
    Response response;
    try {
        auto result = run(plan, request);
        response = result ? *std::move(result) : problem(result.refusal());
        finish(plan, request, response);
    } catch (const std::exception& e) {
        log_error("http.breakdown",
                  {{"method", request.method}, {"route", name}, {"error", e.what()}});
        response = problem({Code::unavailable,
                            "The server could not do this. Nothing was changed; its log says why."},
                           500);
        for (const auto& row : always) response.headers.emplace_back(row.name, row.value);
    }
    response.headers.emplace_back("Date", http_date(services_.world.clock.now()));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    count(Metric::http_requests);
    observe(Metric::http_seconds, took.count());
    log_info("http", {{"method", request.method},
                      {"route", name},
                      {"status", response.status},
                      {"ms", std::round(took.count() * 1e5) / 100}});
    return response;
}

}  // namespace countersign
