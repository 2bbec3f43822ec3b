#include "http/syntax.h"

#include <doctest/doctest.h>

namespace countersign {

TEST_CASE("queries and paths are decoded, and what is broken is nothing") {
    const auto query = parse_query("a=1&b=%20x+y&flag&c=");
    REQUIRE(query);
    CHECK(*query == Pairs{{"a", "1"}, {"b", " x y"}, {"flag", ""}, {"c", ""}});
    CHECK(parse_query("")->empty());
    CHECK_FALSE(parse_query("a=%zz"));
    CHECK_FALSE(parse_query("a=%f"));
    CHECK_FALSE(parse_query("a=%00"));
    CHECK_FALSE(parse_query("a=%ff"));

    CHECK(*parse_path("/a/b%20c/") == std::vector<std::string>{"a", "b c", ""});
    CHECK(*parse_path("/") == std::vector<std::string>{""});
    for (const auto bad : {"", "a", "/../x", "/a/%2e%2e/b", "/.", "/%"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_path(bad));
    }
}

TEST_CASE("a cookie is found among others by its whole name") {
    CHECK(cookie_value("a=1; countersign_session=xyz; b=2", "countersign_session") == "xyz");
    CHECK(cookie_value("xcountersign_session=1", "countersign_session") == std::nullopt);
    CHECK(cookie_value("s=\"q\"", "s") == "q");
    CHECK(cookie_value("", "s") == std::nullopt);
}

TEST_CASE("ranges: whole, part and unsatisfiable as RFC 9110 says") {
    struct Row {
        const char* header;
        RangeKind kind;
        std::int64_t first, last;
    };
    const Row rows[] = {
        {"bytes=0-9", RangeKind::part, 0, 9},
        {"bytes=90-", RangeKind::part, 90, 99},
        {"bytes=90-1000", RangeKind::part, 90, 99},
        {"bytes=-5", RangeKind::part, 95, 99},
        {"bytes=-500", RangeKind::part, 0, 99},
        {"BYTES= 1 - 2 ", RangeKind::part, 1, 2},
        {"bytes=100-", RangeKind::unsatisfiable, 0, 0},
        {"bytes=-0", RangeKind::unsatisfiable, 0, 0},
        {"bytes=5-4", RangeKind::whole, 0, 0},
        {"bytes=0-1,3-4", RangeKind::whole, 0, 0},
        {"lines=0-1", RangeKind::whole, 0, 0},
        {"bytes=", RangeKind::whole, 0, 0},
        {"bytes=--1", RangeKind::whole, 0, 0},
        {"bytes=99999999999999999999-", RangeKind::whole, 0, 0},
        {"", RangeKind::whole, 0, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.header);
        const auto answer = parse_range(row.header, 100);
        CHECK(answer.kind == row.kind);
        if (row.kind != RangeKind::part) continue;
        CHECK(answer.range.first == row.first);
        CHECK(answer.range.last == row.last);
    }
    CHECK(parse_range("bytes=-5", 0).kind == RangeKind::unsatisfiable);
}

TEST_CASE("entity tags compare weakly, codings by name and weight, hosts without port") {
    CHECK(etag_matches("\"a\", W/\"b\"", "\"b\""));
    CHECK(etag_matches("*", "\"b\""));
    CHECK_FALSE(etag_matches("\"a\"", "\"b\""));
    CHECK_FALSE(etag_matches("", "\"b\""));

    CHECK(accepts_coding("gzip, deflate, br", "br"));
    CHECK(accepts_coding("GZIP;q=0.5", "gzip"));
    CHECK_FALSE(accepts_coding("gzip;q=0", "gzip"));
    CHECK_FALSE(accepts_coding("gzip;q=0.000", "gzip"));
    CHECK_FALSE(accepts_coding("identity", "gzip"));

    CHECK(http_date(784'111'777'000) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(1'709'164'800'999) == "Thu, 29 Feb 2024 00:00:00 GMT");

    CHECK(host_name("Example.org:8080") == "example.org");
    CHECK(host_name("[::1]:80") == "[::1]");
    CHECK(host_name("localhost") == "localhost");
    for (const auto bad : {"", ":80", "a b", "evil.com:80x", "a/b", "[::1"}) {
        CAPTURE(bad);
        CHECK_FALSE(host_name(bad));
    }
}

}  // namespace countersign
