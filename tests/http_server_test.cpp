// The server as a stranger on the network meets it: real sockets, real SQLite, and routes made for
// the purpose where the API has none that is rude enough.
#include <doctest/doctest.h>
#include <zlib.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "test_app.h"

namespace countersign {

namespace {

using namespace std::chrono_literals;

std::atomic<int> open_streams{0}, pieces_made{0};
std::atomic<std::int64_t> bytes_taken{0};

struct OpenStream {
    OpenStream() { ++open_streams; }
    ~OpenStream() { --open_streams; }
};

Result<Response> count_up(Services&, Request& request) {
    const auto pieces = TRY(request.limit(10, 1'000'000));
    auto alive = std::make_shared<OpenStream>();
    auto made = std::make_shared<int>(0);
    const auto pause = request.ask("slowly").empty() ? 0ms : 50ms;
    Response response;
    response.type = "text/plain";
    response.body = Pull([=](std::string& out) -> Result<bool> {
        static_cast<void>(alive);  // Held as long as the stream is.
        std::this_thread::sleep_for(pause);
        out += "line " + std::to_string((*made)++) + std::string(20'000, '.') + "\n";
        ++pieces_made;
        return *made < pieces;
    });
    return response;
}
Result<Response> breaks_midway(Services&, Request&) {
    Response response;
    auto made = std::make_shared<int>(0);
    response.body = Pull([=](std::string& out) -> Result<bool> {
        if ((*made)++ > 0) throw Breakdown("the disk is gone");
        out += "first";
        return true;
    });
    return response;
}
Result<Response> take_bytes(Services&, Request& request) {
    std::string piece(64 << 10, '\0');
    std::int64_t total = 0;
    while (const auto n = request.read ? request.read(piece.data(), piece.size()) : 0)
        total += static_cast<std::int64_t>(n), bytes_taken = total;
    return json_response(201, {{"bytes", total}});
}
Result<Response> ranged(Services&, Request& request) {
    const auto size = TRY(request.limit(1000, 100'000'000));
    Response response;
    response.type = "text/plain";
    response.headers.emplace_back("ETag", "\"v1\"");
    response.body = RangedBytes{size, [](std::int64_t from, std::int64_t n) -> Result<std::string> {
                                    std::string out;
                                    for (std::int64_t i = from; i < from + n; ++i)
                                        out += static_cast<char>('a' + i % 26);
                                    return out;
                                }};
    return response;
}
Result<Response> breaks(Services&, Request&) {
    throw Breakdown("password=hunter2");
}
Result<Response> echo(Services&, Request& request) {
    return json_response(200, {{"body", request.body}, {"long", std::string(3000, 'x')}});
}

/// The text in a gzip stream; empty when it is not whole.
std::string unpacked(const std::string& bytes) {
    z_stream z{};
    if (inflateInit2(&z, 15 + 16) != Z_OK) return {};
    std::string text(8 << 20, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(text.data());
    z.avail_out = static_cast<uInt>(text.size());
    const bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END;
    text.resize(whole ? z.total_out : 0);
    inflateEnd(&z);
    return text;
}

Result<Response> busy(Services&, Request&) {
    return Refusal{Code::unavailable, "The model is being loaded: try again in a moment."};
}

std::vector<Route> rude_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/count",
         .access = anybody,
         .summary = "s",
         .handle = count_up},
        {.method = "GET",
         .pattern = "/api/midway",
         .access = anybody,
         .summary = "s",
         .handle = breaks_midway},
        {.method = "PUT",
         .pattern = "/api/take",
         .access = anybody,
         .summary = "s",
         .handle = take_bytes,
         .body_limit = 1 << 30,
         .streams_body = true,
         .slow = true},
        {.method = "GET",
         .pattern = "/api/ranged",
         .access = anybody,
         .summary = "s",
         .handle = ranged},
        {.method = "GET",
         .pattern = "/api/breaks",
         .access = anybody,
         .summary = "s",
         .handle = breaks},
        {.method = "GET",
         .pattern = "/api/busy",
         .access = anybody,
         .summary = "s",
         .handle = busy},
        {.method = "POST",
         .pattern = "/api/echo",
         .access = anybody,
         .summary = "s",
         .handle = echo,
         .body_limit = 1000},
    };
}

std::int64_t resident_bytes() {
    std::ifstream in("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    in >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

template <class F>
bool soon(F is_so) {
    for (int i = 0; i < 500 && !is_so(); ++i) std::this_thread::sleep_for(10ms);
    return is_so();
}

}  // namespace

TEST_CASE("one connection serves many requests; refusals are problem+json and keep it open") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const auto missing = client.ask("GET", "/api/nothing");
    CHECK(missing.status == 404);
    CHECK(missing.header("content-type") == "application/problem+json");
    CHECK(missing.json()["code"] == "not_found");
    const auto wrong = client.ask("DELETE", "/api/echo");
    CHECK(wrong.status == 405);
    CHECK(wrong.header("allow") == "POST");
    CHECK(client.ask("GET", "/api/%zz").status == 400);
    CHECK(client.ask("POST", "/api/echo", "", "hello").json()["body"] == "hello");
    const auto page = client.ask("GET", "/some/page");
    CHECK(page.status == 200);
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
    CHECK(page.header("content-security-policy").find("script-src 'self'") != std::string::npos);
    CHECK(page.header("x-content-type-options") == "nosniff");
    CHECK(client.ask("GET", "/no-such-file.js").status == 404);
    CHECK(client.ask("HEAD", "/some/page").status == 200);
    CHECK(client.ask("GET", "/../etc/passwd").status == 400);
}

TEST_CASE("a handler that breaks down says so without saying why") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const auto answer = client.ask("GET", "/api/breaks");
    CHECK(answer.status == 500);
    CHECK(answer.header("content-type") == "application/problem+json");
    CHECK(answer.body.find("hunter2") == std::string::npos);
    CHECK(client.ask("POST", "/api/echo", "", "alive").status == 200);
}

TEST_CASE("every answer has the server's time, and one that passes says when to try again") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const auto answer = client.ask("GET", "/api/busy");
    CHECK(answer.status == 503);
    CHECK(answer.header("retry-after") == "5");
    for (const auto path : {"/api/busy", "/api/breaks", "/api/nothing", "/some/page"}) {
        CAPTURE(path);
        CHECK(client.ask("GET", path).header("date").ends_with(" GMT"));
    }
}

TEST_CASE("a stream comes whole, and a client that leaves stops it") {
    TestApp app({}, rude_routes());
    {
        TestClient client(app.port());
        const auto answer = client.ask("GET", "/api/count?limit=500");
        CHECK(answer.whole);
        CHECK(answer.body.size() > 500 * 20'000);
        CHECK(client.ask("GET", "/api/count?limit=1").status == 200);
    }
    pieces_made = 0;
    {
        TestClient client(app.port());
        client.send("GET /api/count?limit=1000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK_FALSE(client.receive().empty());
        std::this_thread::sleep_for(200ms);
    }
    CHECK(soon([] { return open_streams == 0; }));
    // Back-pressure: while nobody read, little more was made than the sockets' buffers hold.
    CHECK(pieces_made < 1000);
    TestClient client(app.port());
    CHECK_FALSE(client.ask("GET", "/api/midway").whole);
}

TEST_CASE("an upload of 64 MB passes through in constant memory") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const std::string piece(1 << 20, 'u');
    const auto before = resident_bytes();
    client.send("PUT /api/take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108864\r\n\r\n");
    for (int i = 0; i < 64; ++i) REQUIRE(client.send(piece));
    const auto answer = client.answer();
    CHECK(answer.status == 201);
    CHECK(answer.json()["bytes"] == 67108864);
    CHECK(resident_bytes() - before < (16 << 20));

    client.send("PUT /api/take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    CHECK(client.answer().json()["bytes"] == 11);
}

TEST_CASE("a body over the limit is refused, early when it says its length") {
    TestApp app({}, rude_routes());
    {
        TestClient client(app.port());
        client.send(
            "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n");
        client.send(std::string(100'000, 'x'));
        const auto answer = client.answer();
        CHECK(answer.status == 413);
        CHECK(answer.json()["code"] == "too_large");
        CHECK(answer.header("connection") == "close");
    }
    TestClient client(app.port());
    client.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("7d0\r\n" + std::string(2000, 'x') + "\r\n0\r\n\r\n");
    CHECK(client.answer().status == 413);
}

TEST_CASE("a client that asks first is told to go on, or refused before it sends") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    client.send(
        "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n");
    CHECK(client.receive() == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    CHECK(client.answer().json()["body"] == "ok");
    client.send(
        "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n"
        "Expect: 100-continue\r\n\r\n");
    CHECK(client.answer().status == 413);
}

TEST_CASE("ranges, entity tags and HEAD") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const auto part = client.ask("GET", "/api/ranged?limit=1000", "Range: bytes=26-28\r\n");
    CHECK(part.status == 206);
    CHECK(part.body == "abc");
    CHECK(part.header("content-range") == "bytes 26-28/1000");
    CHECK(client.ask("GET", "/api/ranged", "Range: bytes=5000-\r\n").status == 416);
    CHECK(client.ask("GET", "/api/ranged", "Range: bytes=5000-\r\n").header("content-range") ==
          "bytes */1000");
    CHECK(client.ask("GET", "/api/ranged", "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n").status ==
          200);
    CHECK(client.ask("GET", "/api/ranged", "If-None-Match: \"v1\"\r\n").status == 304);
    const auto head = client.ask("HEAD", "/api/ranged?limit=5000000");
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "5000000");
    const auto big = client.ask("GET", "/api/ranged?limit=5000000");
    CHECK(big.body.size() == 5'000'000);
    CHECK(big.body.substr(26, 3) == "abc");
}

TEST_CASE("long answers are packed for who takes gzip") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const auto plain = client.ask("POST", "/api/echo", "", "x");
    CHECK(plain.header("content-encoding").empty());
    const auto packed = client.ask("POST", "/api/echo", "Accept-Encoding: br, gzip\r\n", "x");
    CHECK(packed.header("content-encoding") == "gzip");
    CHECK(packed.header("vary") == "Accept-Encoding");
    CHECK(packed.body.size() < 300);
    CHECK(packed.body.substr(0, 2) == "\x1f\x8b");
}

TEST_CASE("a stream is packed as it flows, and unpacks to what it was") {
    TestApp app({}, rude_routes());
    TestClient client(app.port());
    const auto plain = client.ask("GET", "/api/count?limit=50");
    CHECK(plain.header("content-encoding").empty());
    CHECK(plain.header("vary") == "Accept-Encoding");
    const auto packed = client.ask("GET", "/api/count?limit=50", "Accept-Encoding: gzip\r\n");
    CHECK(packed.whole);
    CHECK(packed.header("content-encoding") == "gzip");
    CHECK(packed.body.size() < plain.body.size() / 20);
    CHECK(unpacked(packed.body) == plain.body);
}

TEST_CASE("a slow client is cut off, one that talks nonsense is told") {
    ServerOptions options;
    options.head_time = 300ms;
    options.body_time = 300ms;
    TestApp app(options, rude_routes());
    {
        TestClient client(app.port());
        client.send("GET /api/ranged HT");
        CHECK(client.receive().empty());
    }
    {
        TestClient client(app.port());
        client.send("PUT /api/take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345");
        const auto answer = client.answer();
        CHECK(answer.status != 201);
    }
    {
        TestClient client(app.port());
        client.send("NONSENSE\r\n\r\n");
        CHECK(client.answer().status == 400);
    }
    TestClient client(app.port());
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n");
    CHECK(client.answer().status == 431);
}

TEST_CASE("a name that is not ours is refused on a loopback address") {
    ServerOptions options;
    options.dispatch.hosts = {"label.example.org"};
    TestApp app(options, rude_routes());
    TestClient client(app.port());
    CHECK(client.ask("GET", "/api/ranged", "Host: evil.example:80\r\n").status == 421);
    CHECK(client.ask("GET", "/api/ranged", "Host: label.example.org\r\n").status == 200);
    CHECK(client.ask("GET", "/api/ranged", "Host: 127.0.0.1:1\r\n").status == 200);
    CHECK(client.ask("GET", "/api/ranged", "Host: \r\n").status == 421);
}

TEST_CASE("a port that is taken is a refusal that names it") {
    TestApp app({}, rude_routes());
    ServerOptions options;
    options.port = app.port();
    Server second(app.services, options, rude_routes());
    const auto started = second.start();
    REQUIRE_FALSE(started);
    CHECK(started.refusal().message.find(std::to_string(app.port())) != std::string::npos);
    options.address = "localhost!";
    Server third(app.services, options, rude_routes());
    CHECK_FALSE(third.start());
}

TEST_CASE("stopping lets a stream end, closes idle connections and takes no new ones") {
    ServerOptions options;
    options.drain_time = 10s;
    TestApp app(options, rude_routes());
    TestClient idle(app.port()), busy(app.port());
    CHECK(idle.ask("GET", "/api/ranged").status == 200);
    busy.send("GET /api/count?limit=10&slowly=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    REQUIRE(soon([] { return open_streams == 1; }));
    const int port = app.port();
    std::thread stopper([&] { app.server->stop(); });
    CHECK(busy.answer().whole);
    CHECK(idle.receive().empty());
    stopper.join();
    CHECK_THROWS(TestClient{port});
    CHECK(open_streams == 0);
}

TEST_CASE("stopping does not wait for ever") {
    ServerOptions options;
    options.drain_time = 200ms;
    TestApp app(options, rude_routes());
    TestClient busy(app.port());
    busy.send("GET /api/count?limit=1000000&slowly=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    REQUIRE(soon([] { return open_streams == 1; }));
    const auto start = std::chrono::steady_clock::now();
    app.server->stop();
    CHECK(std::chrono::steady_clock::now() - start < 5s);
    CHECK(open_streams == 0);
}

}  // namespace countersign
