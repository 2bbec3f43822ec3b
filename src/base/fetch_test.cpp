#include "base/fetch.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>

#include "base/test_web.h"

namespace countersign {

namespace {

using testing::TestWeb;
using testing::web_answer;
using testing::WebRequest;

/// Names that lead to this machine, and may.
std::shared_ptr<Fetcher> here(const std::vector<std::string>& names) {
    return make_fetcher(*Reach::parse(names), [](const std::string&) {
        return Result<std::vector<IpAddress>>(std::vector{*parse_ip("127.0.0.1")});
    });
}

Resolve always(const char* address) {
    return [address](const std::string&) {
        return Result<std::vector<IpAddress>>(std::vector{*parse_ip(address)});
    };
}

FetchRequest get(std::string url) {
    FetchRequest request;
    request.url = std::move(url);
    return request;
}

}  // namespace

TEST_CASE("a page is fetched with its status, headers and body") {
    TestWeb web([](const WebRequest& r) {
        return r.target == "/x?y" ? web_answer(200, "hello", "X-Thing:  a b \r\n")
                                  : web_answer(404, "no");
    });
    const auto fetcher = here({"127.0.0.1"});
    const auto good = fetcher->fetch(get(web.url("/x?y")));
    REQUIRE(good);
    CHECK(good->status == 200);
    CHECK(good->body == "hello");
    CHECK(good->header("x-thing") == "a b");
    CHECK(web.asked()[0].header("user-agent") == "Countersign");
    CHECK(web.asked()[0].header("cookie").empty());
    CHECK(web.asked()[0].header("accept-encoding").empty());
    const auto missing = fetcher->fetch(get(web.url("/z")));
    REQUIRE(missing);
    CHECK(missing->status == 404);
    CHECK(missing->body == "no");
}

TEST_CASE("a body is posted, and a post is not redirected") {
    TestWeb web([](const WebRequest& r) {
        return web_answer(r.body == "abc" ? 307 : 500, "", "Location: /elsewhere\r\n");
    });
    auto request = get(web.url("/hook"));
    request.method = "POST";
    request.body = "abc";
    request.headers = {{"Content-Type", "text/x"}, {"X-Key", "k"}};
    const auto answer = here({"127.0.0.1"})->fetch(request);
    REQUIRE(answer);
    CHECK(answer->status == 307);
    REQUIRE(web.asked().size() == 1);
    CHECK(web.asked()[0].method == "POST");
    CHECK(web.asked()[0].header("content-type") == "text/x");
    CHECK(web.asked()[0].header("x-key") == "k");
}

TEST_CASE("places that are not public are refused before a byte is sent, unless they are allowed") {
    TestWeb web([](const WebRequest&) { return web_answer(200, "inside"); });
    const auto open = make_fetcher({}, always("127.0.0.1"));
    for (const std::string& url :
         {web.url("/"), "http://name.example:" + std::to_string(web.port())})
        CHECK(open->fetch(get(url)).refusal().code == Code::forbidden);
    CHECK(open->fetch(get(web.url("/"))).refusal().message.find("--reach 127.0.0.1:") !=
          std::string::npos);
    for (const auto* address : {"10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1",
                                "100.64.0.1", "0.0.0.0", "64:ff9b::7f00:1"})
        CHECK(make_fetcher({}, always(address))->fetch(get("http://a.example/")).refusal().code ==
              Code::forbidden);
    CHECK(web.asked().empty());
    CHECK(here({"name.example"})->fetch(get("http://name.example:" + std::to_string(web.port()))));
    // The port of the row holds.
    CHECK(here({"name.example:1"})
              ->fetch(get("http://name.example:" + std::to_string(web.port())))
              .refusal()
              .code == Code::forbidden);
    // A name never leads to a cloud's credentials, also when it is allowed.
    CHECK(make_fetcher(*Reach::parse({"name.example"}), always("169.254.169.254"))
              ->fetch(get("http://name.example/"))
              .refusal()
              .code == Code::forbidden);
}

TEST_CASE("one bad address among good ones is enough to refuse") {
    const auto mixed = make_fetcher({}, [](const std::string&) {
        return Result<std::vector<IpAddress>>(
            std::vector{*parse_ip("8.8.8.8"), *parse_ip("192.168.0.1")});
    });
    CHECK(mixed->fetch(get("http://a.example/")).refusal().code == Code::forbidden);
}

TEST_CASE("a name that answers differently a moment later gains nothing") {
    // Judged once by us, and never looked up again: the second answer, a private one, is not asked
    // for at all while the first hop runs, and is judged when a redirect has the name looked up.
    std::atomic<int> asked = 0;
    TestWeb web([&](const WebRequest&) {
        return web_answer(302, "", "Location: http://rebind.example:1/secret\r\n");
    });
    const auto fetcher = make_fetcher(
        *Reach::parse({"rebind.example:" + std::to_string(web.port())}), [&](const std::string&) {
            return Result<std::vector<IpAddress>>(
                std::vector{*parse_ip(asked++ == 0 ? "127.0.0.1" : "192.168.7.7")});
        });
    const auto answer =
        fetcher->fetch(get("http://rebind.example:" + std::to_string(web.port()) + "/"));
    CHECK(answer.refusal().code == Code::forbidden);
    CHECK(answer.refusal().message.find("a private address") != std::string::npos);
    CHECK(asked == 2);
    CHECK(web.asked().size() == 1);
}

TEST_CASE("redirects are followed, judged hop by hop, and end") {
    TestWeb web([](const WebRequest& r) {
        if (r.target == "/loop") return web_answer(302, "", "Location: /loop\r\n");
        if (r.target == "/two") return web_answer(301, "", "Location: one\r\n");
        if (r.target == "/one") return web_answer(308, "old", "Location: /there\r\n");
        if (r.target == "/file") return web_answer(302, "", "Location: file:///etc/passwd\r\n");
        if (r.target == "/inside") return web_answer(302, "", "Location: http://10.0.0.1/\r\n");
        return web_answer(200, "there");
    });
    const auto fetcher = here({"127.0.0.1"});
    const auto answer = fetcher->fetch(get(web.url("/two")));
    REQUIRE(answer);
    CHECK(answer->body == "there");
    CHECK(answer->url == web.url("/there"));
    CHECK(fetcher->fetch(get(web.url("/loop"))).refusal().code == Code::unavailable);
    CHECK(fetcher->fetch(get(web.url("/file"))).refusal().code == Code::invalid);
    CHECK(fetcher->fetch(get(web.url("/inside"))).refusal().code == Code::forbidden);
}

TEST_CASE("credentials stay with the origin they were given for") {
    TestWeb other([](const WebRequest&) { return web_answer(200, "other"); });
    TestWeb web([&](const WebRequest& r) {
        return web_answer(302, "",
                          "Location: " + (r.target == "/same" ? "/next" : other.url("/")) + "\r\n");
    });
    auto request = get(web.url("/away"));
    request.headers = {{"Authorization", "Bearer s3cret"}, {"X-Key", "k"}, {"Accept", "image/*"}};
    REQUIRE(here({"127.0.0.1"})->fetch(request));
    CHECK(web.asked()[0].header("authorization") == "Bearer s3cret");
    REQUIRE(other.asked().size() == 1);
    CHECK(other.asked()[0].header("authorization").empty());
    CHECK(other.asked()[0].header("x-key").empty());
    CHECK(other.asked()[0].header("accept") == "image/*");
    request.url = web.url("/same");
    REQUIRE(here({"127.0.0.1"})->fetch(request));
    CHECK(web.asked()[2].target == "/next");
    CHECK(web.asked()[2].header("authorization") == "Bearer s3cret");
}

TEST_CASE("an answer has a largest size, said or not") {
    const std::string big(3 << 20, 'x');
    TestWeb web([&](const WebRequest& r) {
        if (r.target == "/said") return web_answer(200, big);
        return "HTTP/1.1 200 x\r\nConnection: close\r\n\r\n" + big;
    });
    for (const auto* target : {"/said", "/unsaid"}) {
        auto request = get(web.url(target));
        request.max_bytes = 1 << 20;
        const auto answer = here({"127.0.0.1"})->fetch(request);
        CHECK(answer.refusal().code == Code::too_large);
        CHECK(answer.refusal().message.find("1 MiB") != std::string::npos);
    }
}

TEST_CASE("a server that does not answer, breaks off or speaks something else is told as that") {
    std::atomic<bool> over = false;
    TestWeb web([&](const WebRequest& r) -> std::string {
        if (r.target == "/cut") return "HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\nshort";
        if (r.target == "/ssh") return "SSH-2.0-OpenSSH_9.2\r\n";
        while (r.target == "/never" && !over) std::this_thread::yield();
        return "";
    });
    const auto fetcher = here({"127.0.0.1", "closed.example"});
    for (const auto* target : {"/cut", "/ssh", "/none"})
        CHECK(fetcher->fetch(get(web.url(target))).refusal().code == Code::unavailable);
    auto slow = get(web.url("/never"));
    slow.total_ms = 50;
    const auto late = fetcher->fetch(slow);
    CHECK(late.refusal().code == Code::unavailable);
    CHECK(late.refusal().message.find("took too long") != std::string::npos);
    auto stopped = get(web.url("/never"));
    stopped.cancelled = [] { return true; };
    CHECK(fetcher->fetch(stopped).refusal().code == Code::cancelled);
    over = true;
    CHECK(fetcher->fetch(get("http://closed.example:1/")).refusal().code == Code::unavailable);
    CHECK(make_fetcher({},
                       [](const std::string&) {
                           return Result<std::vector<IpAddress>>(std::vector<IpAddress>());
                       })
              ->fetch(get("http://a.example/"))
              .refusal()
              .code == Code::unavailable);
}

TEST_CASE("a good body can be taken piece by piece, an error's is kept") {
    const std::string big(1 << 20, 'x');
    TestWeb web([&](const WebRequest& r) {
        return r.target == "/good" ? web_answer(200, big) : web_answer(403, "<Error/>");
    });
    std::string taken;
    auto request = get(web.url("/good"));
    request.into = [&](std::string_view piece) {
        taken += piece;
        return true;
    };
    const auto good = here({"127.0.0.1"})->fetch(request);
    REQUIRE(good);
    CHECK(good->body.empty());
    CHECK(taken == big);
    request.url = web.url("/bad");
    const auto bad = here({"127.0.0.1"})->fetch(request);
    REQUIRE(bad);
    CHECK(bad->body == "<Error/>");
}

TEST_CASE("the environment's proxy is not used") {
    TestWeb web([](const WebRequest&) { return web_answer(200, "direct"); });
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    const auto answer = here({"127.0.0.1"})->fetch(get(web.url("/")));
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
    REQUIRE(answer);
    CHECK(answer->body == "direct");
}

TEST_CASE("what --reach takes") {
    for (const auto* text :
         {"intranet", "Intranet.example:9000", "10.0.0.7", "[fd00::7]:80", "::1"})
        CHECK_MESSAGE(Reach::parse({text}), text);
    for (const auto* text : {"", "http://x", "a/b", "a:b", "a b", "a?b", "u@a", "127.1"})
        CHECK_MESSAGE(!Reach::parse({text}), text);
    const auto reach = *Reach::parse({"a.example", "b.example:80", "::1"});
    CHECK(reach.holds(*parse_url("https://A.example:99/x")));
    CHECK(reach.holds(*parse_url("http://b.example/x")));
    CHECK_FALSE(reach.holds(*parse_url("https://b.example/x")));
    CHECK(reach.holds(*parse_url("http://[::1]:3/x")));
    CHECK_FALSE(reach.holds(*parse_url("http://c.example/")));
}

}  // namespace countersign
