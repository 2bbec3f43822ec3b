#include "http/router.h"

#include <doctest/doctest.h>

#include <set>

#include "http/reference.h"
#include "http/routes.h"
#include "http/shapes.h"

namespace countersign {

namespace {

Match match(const Router& router, std::string_view method, std::string_view path) {
    return router.match(method, *parse_path(path));
}

}  // namespace

TEST_CASE("a literal segment wins over a parameter, and backs out when it leads nowhere") {
    const Router router({{.method = "GET", .pattern = "/a/{x}", .summary = "param"},
                         {.method = "GET", .pattern = "/a/b", .summary = "literal"},
                         {.method = "GET", .pattern = "/a/{x}/c", .summary = "deep"}});
    CHECK(match(router, "GET", "/a/b").route->summary == "literal");
    CHECK(match(router, "GET", "/a/z").route->summary == "param");
    const auto deep = match(router, "GET", "/a/b/c");
    REQUIRE(deep.route);
    CHECK(deep.route->summary == "deep");
    CHECK(deep.params == Pairs{{"x", "b"}});
    CHECK(match(router, "GET", "/a/").route == nullptr);
    CHECK(match(router, "GET", "/nothing").route == nullptr);
}

TEST_CASE("a path that exists with another method names the methods it has") {
    const Router router({{.method = "GET", .pattern = "/a", .summary = ""},
                         {.method = "POST", .pattern = "/a", .summary = ""}});
    const auto found = match(router, "DELETE", "/a");
    CHECK(found.route == nullptr);
    CHECK(found.allow == "GET, HEAD, POST");
    CHECK(match(router, "HEAD", "/a").route != nullptr);
    CHECK(match(router, "DELETE", "/b").allow.empty());
}

TEST_CASE("every row of the route table is complete, and no operation is named twice") {
    std::set<std::string> operations;
    for (const auto& route : all_routes()) {
        CAPTURE(route.pattern);
        const bool handled = route.handle != nullptr;
        CHECK(handled);
        CHECK_FALSE(route.summary.empty());
        CHECK_FALSE(route.summary.ends_with('.'));
        CHECK(route.pattern.starts_with('/'));
    }
    const auto document = openapi();
    for (const auto& [path, methods] : document["paths"].items())
        for (const auto& [method, operation] : methods.items())
            CHECK(operations.insert(operation["operationId"].get<std::string>()).second);
    CHECK(operations.size() == all_routes().size());
}

TEST_CASE("only these routes are open to anybody") {
    std::set<std::string> open;
    for (const auto& route : all_routes())
        if (route.access.open)
            open.insert(std::string(route.method) + " " + std::string(route.pattern));
    CHECK(open == std::set<std::string>{"GET /api/v1/about", "GET /api/v1/openapi.json",
                                        "GET /healthz", "GET /metrics", "POST /api/v1/session",
                                        "POST /api/v1/session/link"});
}

TEST_CASE("the OpenAPI document refers to shapes that it holds") {
    const auto document = openapi();
    const auto text = to_text(document);
    CHECK(document["openapi"] == "3.1.0");
    const std::string mark = "#/components/schemas/";
    std::size_t references = 0;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const auto start = at + mark.size();
        const auto name = text.substr(start, text.find('"', start) - start);
        CAPTURE(name);
        CHECK(document["components"]["schemas"].contains(name));
        ++references;
    }
    CHECK(references > 50);
}

}  // namespace countersign
