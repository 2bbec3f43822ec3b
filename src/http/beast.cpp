// The one file that knows Boost.Asio and Boost.Beast.
#include <array>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <set>
#include <thread>

#include "base/fiber.h"
#include "base/log.h"
#include "http/pool.h"
#include "http/server.h"
#include "http/services.h"

namespace countersign {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece_size = 256 << 10;
using Parser = bhttp::request_parser<bhttp::buffer_body>;

class Connection;

/// One I/O thread: its event loop and the connections that live on it (touched on that thread
/// only).
struct Loop {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> keep{context.get_executor()};
    std::set<Connection*> connections;
    std::thread thread;
};

/// Runs `work` on `pool` and resumes on the loop of the coroutine.
template <class F>
asio::awaitable<std::invoke_result_t<F&>> on_pool(HandlerThreads& pool, F& work) {
    using R = std::invoke_result_t<F&>;
    const auto executor = co_await asio::this_coro::executor;
    auto start = [&pool, &work, executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        pool.post([&work, executor, shared] {
            auto result = std::make_shared<R>(work());
            asio::post(executor, [shared, result] { (*shared)(std::move(*result)); });
        });
    };
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(R)>(
        std::move(start), asio::use_awaitable);
}

/// Runs `work` on a fiber of the loop's thread and resumes the coroutine from the loop.
template <class F>
asio::awaitable<std::invoke_result_t<F&>> on_fiber(F& work) {
    using R = std::invoke_result_t<F&>;
    const auto executor = co_await asio::this_coro::executor;
    auto start = [&work, executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        run_on_fiber(
            [&work, executor, shared] {
                auto result = std::make_shared<R>(work());
                asio::post(executor, [shared, result] { (*shared)(std::move(*result)); });
            },
            [executor](std::function<void()> resume) { asio::post(executor, std::move(resume)); });
    };
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(R)>(
        std::move(start), asio::use_awaitable);
}

std::string text_of(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

Request head_of(const Parser& parser) {
    Request request;
    const auto& head = parser.get();
    request.method = std::string(head.method_string());
    request.head = head.method() == bhttp::verb::head;
    if (request.head) request.method = "GET";
    request.target = std::string(head.target());
    for (const auto& field : head) {
        std::string name(field.name_string());
        for (auto& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    if (const auto length = parser.content_length())
        request.body_bytes = static_cast<std::int64_t>(*length);
    return request;
}

std::string head_text(const Response& response, unsigned version, bool keep_alive,
                      const std::string& framing) {
    const auto status = static_cast<unsigned>(response.status);
    const auto reason = bhttp::obsolete_reason(bhttp::int_to_status(status));
    std::string out = version >= 11 ? "HTTP/1.1 " : "HTTP/1.0 ";
    out += std::to_string(status) + " " + std::string(reason.data(), reason.size()) + "\r\n";
    const auto add = [&](std::string_view name, std::string_view value) {
        out.append(name).append(": ");
        for (const char c : value)  // A line break in a value would forge a header.
            if (static_cast<unsigned char>(c) >= 0x20) out += c;
        out += "\r\n";
    };
    if (!response.type.empty()) add("Content-Type", response.type);
    for (const auto& [name, value] : response.headers) add(name, value);
    if (!keep_alive) add("Connection", "close");
    if (keep_alive && version < 11) add("Connection", "keep-alive");
    return out + framing + "\r\n";
}

/// What the connections of a server have in common.
struct Shared {
    Shared(Dispatcher& d, const ServerOptions& o, HandlerThreads& q, HandlerThreads& s,
           bool elsewhere)
        : dispatcher(d), options(o), quick(q), slow(s), writes_elsewhere(elsewhere) {}
    Dispatcher& dispatcher;
    const ServerOptions& options;
    HandlerThreads &quick, &slow;
    const bool writes_elsewhere;  ///< The database writes in a thread of its own.
    std::atomic<bool> stopping{false}, closed{false};
    std::atomic<int> connections{0};
    std::mutex mutex;
    std::condition_variable changed;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket socket, Shared& shared, Loop& loop)
        : stream_(std::move(socket)), shared_(shared), loop_(loop) {
        loop_.connections.insert(this);
    }
    ~Connection() {
        loop_.connections.erase(this);
        std::scoped_lock hold(shared_.mutex);
        --shared_.connections;
        shared_.changed.notify_all();
    }

    asio::awaitable<void> run() {
        boost::system::error_code ignored;
        stream_.socket().set_option(tcp::no_delay(true), ignored);
        const auto peer = stream_.socket().remote_endpoint(ignored);
        address_ = text_of(peer.address());
        loopback_ = peer.address().is_loopback() || address_.starts_with("127.");
        while (!shared_.stopping && co_await serve_one()) {
        }
        if (lingering_) co_await linger();
        stream_.close();
    }
    void close_if_idle() {
        if (idle_) stream_.close();
    }
    void close() { stream_.close(); }

private:
    /// One request and its answer; false when the connection is to be closed.
    asio::awaitable<bool> serve_one() {
        Parser parser;
        parser.header_limit(16 << 10);
        parser.body_limit(boost::none);  // Held by plan() and read_whole().
        stream_.expires_after(shared_.options.head_time);
        idle_ = true;
        const auto [error, n] =
            co_await bhttp::async_read_header(stream_, buffer_, parser, as_result);
        idle_ = false;
        if (error) co_return co_await refuse_head(error);
        const bool keep_alive = parser.get().keep_alive();

        Request request = head_of(parser);
        request.address = address_;
        request.loopback = loopback_;
        Plan plan = shared_.dispatcher.plan(request);
        if (!plan.refusal) co_await read_body(parser, plan, request);
        if (broken_) co_return false;

        Response response = co_await answer(plan, request);
        lingering_ = !parser.is_done();
        const bool go_on = keep_alive && !lingering_ && !shared_.stopping;
        const bool sent = co_await send(request, response, parser.get().version(), go_on);
        co_return sent&& go_on;
    }

    asio::awaitable<Response> answer(const Plan& plan, Request& request) {
        auto work = [&] { return shared_.dispatcher.answer(plan, request); };
        // The loop stands still while it parses: a long body goes to a thread.
        constexpr std::size_t short_body = 32 << 10;
        if (plan.route && plan.route->waits && shared_.writes_elsewhere &&
            request.body.size() <= short_body)
            co_return co_await on_fiber(work);
        auto& pool = plan.route && plan.route->slow ? shared_.slow : shared_.quick;
        co_return co_await on_pool(pool, work);
    }

    /// A head that is no HTTP, too long or too slow.
    asio::awaitable<bool> refuse_head(boost::system::error_code error) {
        const auto& about_http = bhttp::make_error_code(bhttp::error::end_of_stream).category();
        if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message ||
            error.category() != about_http)
            co_return false;
        const bool long_head = error == bhttp::error::header_limit;
        Response response = problem(
            {Code::invalid, long_head ? "The request's head is longer than 16 kB."
                                      : "This is not an HTTP request: " + error.message() + "."},
            long_head ? 431 : 400);
        lingering_ = true;
        // Named, for g++ 12 copies temporaries of a co_await bit by bit, which breaks short
        // strings.
        const Request none;
        co_await send(none, response, 11, false);
        co_return false;
    }

    asio::awaitable<void> read_body(Parser& parser, Plan& plan, Request& request) {
        if (parser.is_done()) co_return;
        if (same_word(request.header("expect"), "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            stream_.expires_after(shared_.options.write_time);
            const auto [error, n] =
                co_await asio::async_write(stream_, asio::buffer(go_on), as_result);
            if (error) broken_ = true;
            if (error) co_return;
        }
        if (plan.route && plan.route->streams_body) {
            // Blocks the handler's thread while this connection's loop reads: one piece in memory.
            request.read = [this, &parser](char* into, std::size_t room) {
                if (shared_.closed) throw Breakdown("the server has stopped");
                return asio::co_spawn(stream_.get_executor(), read_piece(parser, into, room),
                                      asio::use_future)
                    .get();
            };
            co_return;
        }
        const auto limit = static_cast<std::size_t>(plan.route ? plan.route->body_limit : 0);
        if (request.body_bytes > 0) request.body.reserve(std::min<std::size_t>(limit, 1 << 20));
        std::array<char, 16 << 10> piece;
        while (!parser.is_done()) {
            std::size_t n = 0;
            try {
                n = co_await read_piece(parser, piece.data(), piece.size());
            } catch (const std::exception&) {
                broken_ = true;
                co_return;
            }
            request.body.append(piece.data(), n);
            if (request.body.size() <= limit) continue;
            plan.refusal =
                problem({Code::too_large, "The body is longer than the " + std::to_string(limit) +
                                              " bytes this route takes."});
            co_return;
        }
    }

    asio::awaitable<std::size_t> read_piece(Parser& parser, char* into, std::size_t room) {
        if (parser.is_done()) co_return 0;
        auto& body = parser.get().body();
        body.data = into;
        body.size = room;
        body.more = true;
        stream_.expires_after(shared_.options.body_time);
        const auto [error, n] = co_await bhttp::async_read(stream_, buffer_, parser, as_result);
        if (error && error != bhttp::error::need_buffer)
            throw Breakdown("the client ended its upload early: " + error.message());
        co_return room - body.size;
    }

    asio::awaitable<bool> send(const Request& request, Response& response, unsigned version,
                               bool keep_alive) {
        const auto length = [](auto n) { return "Content-Length: " + std::to_string(n) + "\r\n"; };
        if (auto* text = std::get_if<std::string>(&response.body)) {
            const bool has_body = response.status != 204 && response.status != 304;
            const auto head = head_text(response, version, keep_alive,
                                        has_body ? length(text->size()) : std::string());
            co_return co_await send_text(
                head, has_body && !request.head ? std::string_view(*text) : std::string_view());
        }
        if (auto* ranged = std::get_if<RangedBytes>(&response.body)) {
            const auto head = head_text(response, version, keep_alive, length(ranged->size));
            if (!co_await send_text(head, {})) co_return false;
            co_return request.head || co_await send_ranged(*ranged);
        }
        const bool chunked = version >= 11;
        const auto head =
            head_text(response, version, keep_alive && chunked,
                      chunked ? std::string("Transfer-Encoding: chunked\r\n") : std::string());
        if (!co_await send_text(head, {})) co_return false;
        co_return request.head ||
            (co_await send_pulled(std::get<Pull>(response.body), chunked) && chunked);
    }

    /// Head and body in one write.
    asio::awaitable<bool> send_text(std::string_view head, std::string_view text) {
        // A slow but steady client gets time in proportion: 16 kB a second.
        stream_.expires_after(shared_.options.write_time +
                              std::chrono::milliseconds(text.size() / 16));
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(text)};
        const auto [error, n] = co_await asio::async_write(stream_, buffers, as_result);
        co_return !error;
    }

    asio::awaitable<bool> send_ranged(RangedBytes& bytes) {
        for (std::int64_t at = 0; at < bytes.size;) {
            auto work = [&]() -> Result<std::string> {
                try {
                    return bytes.read(at, std::min<std::int64_t>(piece_size, bytes.size - at));
                } catch (const std::exception& e) {
                    return Refusal{Code::unavailable, e.what()};
                }
            };
            const Result<std::string> piece = co_await on_pool(shared_.slow, work);
            if (!piece || piece->empty()) co_return false;
            stream_.expires_after(shared_.options.write_time);
            const auto [error, n] =
                co_await asio::async_write(stream_, asio::buffer(*piece), as_result);
            if (error) co_return false;
            at += static_cast<std::int64_t>(piece->size());
        }
        co_return true;
    }

    asio::awaitable<bool> send_pulled(Pull& pull, bool chunked) {
        for (bool more = true; more;) {
            std::string piece;
            auto work = [&]() -> Result<bool> {
                try {
                    return pull(piece);
                } catch (const std::exception& e) {
                    return Refusal{Code::unavailable, e.what()};
                }
            };
            const Result<bool> pulled = co_await on_pool(shared_.slow, work);
            if (!pulled) {
                // The head is sent: all that is left is to end without the last chunk.
                log_warn("http.stream_broke", {{"error", pulled.refusal().message}});
                co_return false;
            }
            more = *pulled;
            if (piece.empty()) continue;
            if (!co_await send_piece(piece, chunked)) co_return false;
        }
        if (!chunked) co_return true;
        static constexpr std::string_view last = "0\r\n\r\n";
        const auto [error, n] = co_await asio::async_write(stream_, asio::buffer(last), as_result);
        co_return !error;
    }

    asio::awaitable<bool> send_piece(std::string_view piece, bool chunked) {
        stream_.expires_after(shared_.options.write_time +
                              std::chrono::milliseconds(piece.size() / 16));
        if (!chunked) {
            const auto [error, n] =
                co_await asio::async_write(stream_, asio::buffer(piece), as_result);
            co_return !error;
        }
        std::array<char, 20> size_line{};
        const int length =
            std::snprintf(size_line.data(), size_line.size(), "%zx\r\n", piece.size());
        const std::array<asio::const_buffer, 3> chunk{
            asio::buffer(size_line, static_cast<std::size_t>(length)), asio::buffer(piece),
            asio::buffer("\r\n", 2)};
        const auto [error, n] = co_await asio::async_write(stream_, chunk, as_result);
        co_return !error;
    }

    /// The client may still be sending: closing now would reset the connection and destroy the
    /// answer on its way. So: say that we are done, and read what comes for a moment.
    asio::awaitable<void> linger() {
        boost::system::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        std::vector<char> scratch(64 << 10);
        stream_.expires_after(std::chrono::seconds(3));
        for (std::int64_t total = 0; total < (64 << 20);) {
            const auto [error, n] =
                co_await stream_.async_read_some(asio::buffer(scratch), as_result);
            if (error) co_return;
            total += static_cast<std::int64_t>(n);
        }
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_{64 << 10};
    Shared& shared_;
    Loop& loop_;
    std::string address_;
    bool loopback_ = false, idle_ = false, lingering_ = false, broken_ = false;
};

std::vector<std::unique_ptr<Loop>> make_loops(int count) {
    std::vector<std::unique_ptr<Loop>> loops;
    for (int i = 0; i < std::max(1, count); ++i) loops.push_back(std::make_unique<Loop>());
    return loops;
}

void report_end(std::string_view what, const std::exception_ptr& error) {
    if (!error) return;
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        log_error(what, {{"error", e.what()}});
    }
}

}  // namespace

struct Server::Impl {
    Impl(Services& services, ServerOptions given, std::vector<Route> routes)
        : options(std::move(given)),
          dispatcher(services, options.dispatch, std::move(routes)),
          quick(options.handler_threads),
          slow(options.slow_threads),
          shared(dispatcher, options, quick, slow, services.world.db.engine() == Engine::sqlite),
          loops(make_loops(options.io_threads)),
          acceptor(loops[0]->context) {}

    Result<> listen() {
        boost::system::error_code error;
        const auto address = asio::ip::make_address(options.address, error);
        const auto where = options.address + ":" + std::to_string(options.port);
        if (error || options.port < 0 || options.port > 65535)
            return Refusal{Code::invalid,
                           where + " is no address to listen on: give an IP address."};
        const tcp::endpoint endpoint(address, static_cast<unsigned short>(options.port));
        const auto step = [&](auto&& call) {
            if (!error) call();
        };
        step([&] { acceptor.open(endpoint.protocol(), error); });
        step([&] { acceptor.set_option(asio::socket_base::reuse_address(true), error); });
        step([&] { acceptor.bind(endpoint, error); });
        step([&] { acceptor.listen(1024, error); });
        if (error)
            return Refusal{Code::unavailable, "Cannot listen on " + where + ": " + error.message() +
                                                  ". Stop what listens there, or choose another "
                                                  "address with --listen."};
        port = acceptor.local_endpoint().port();
        return Done{};
    }

    asio::awaitable<void> accept() {
        for (std::size_t turn = 0; !shared.stopping;) {
            Loop& loop = *loops[turn++ % loops.size()];
            tcp::socket socket(loop.context);
            const auto [error] = co_await acceptor.async_accept(socket, as_result);
            if (error == asio::error::operation_aborted || shared.stopping) co_return;
            if (error) {  // Out of descriptors: wait for some to come free.
                asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(50));
                co_await pause.async_wait(as_result);
                continue;
            }
            if (shared.connections >= options.max_connections) continue;
            ++shared.connections;
            asio::post(loop.context, [this, &loop, s = std::move(socket)]() mutable {
                auto connection = std::make_shared<Connection>(std::move(s), shared, loop);
                auto* running = connection.get();
                asio::co_spawn(loop.context, running->run(),
                               [connection](const std::exception_ptr& e) {
                                   report_end("http.connection_failed", e);
                               });
            });
        }
    }

    void for_each_connection(void (Connection::*call)()) {
        for (auto& loop : loops)
            asio::post(loop->context, [l = loop.get(), call] {
                for (auto* connection : l->connections) (connection->*call)();
            });
    }

    void drain() {
        shared.stopping = true;
        asio::post(loops[0]->context, [this] { acceptor.close(); });
        for_each_connection(&Connection::close_if_idle);
        const auto gone = [&] { return shared.connections == 0; };
        std::unique_lock hold(shared.mutex);
        if (!shared.changed.wait_for(hold, options.drain_time, gone)) {
            log_warn("http.drain_cut", {{"connections", shared.connections.load()}});
            hold.unlock();
            for_each_connection(&Connection::close);
            hold.lock();
            shared.changed.wait_for(hold, std::chrono::seconds(5), gone);
        }
        hold.unlock();
        shared.closed = true;
        for (auto& loop : loops) loop->keep.reset();
        for (auto& loop : loops)
            if (loop->thread.joinable()) loop->thread.join();
        quick.stop();
        slow.stop();
    }

    ServerOptions options;
    Dispatcher dispatcher;
    HandlerThreads quick, slow;
    Shared shared;
    std::vector<std::unique_ptr<Loop>> loops;
    tcp::acceptor acceptor;
    int port = 0;
    std::once_flag stopped;
    std::mutex mutex;
    std::condition_variable ended;
    bool started = false, done = false;
};

Server::Server(Services& services, ServerOptions options, std::vector<Route> routes) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    options.dispatch.bound_to_loopback = !error && address.is_loopback();
    impl_ = std::make_unique<Impl>(services, std::move(options), std::move(routes));
}

Server::~Server() {
    stop();
}

Result<> Server::start() {
    auto& impl = *impl_;
    TRY(impl.listen());
    asio::co_spawn(impl.loops[0]->context, impl.accept(),
                   [](const std::exception_ptr& e) { report_end("http.accept_failed", e); });
    for (auto& loop : impl.loops)
        loop->thread = std::thread([l = loop.get()] { l->context.run(); });
    impl.started = true;
    log_info("http.listening", {{"address", impl.options.address}, {"port", impl.port}});
    return Done{};
}

int Server::port() const {
    return impl_->port;
}

void Server::stop() {
    std::call_once(impl_->stopped, [this] {
        if (impl_->started) impl_->drain();
        std::scoped_lock hold(impl_->mutex);
        impl_->done = true;
        impl_->ended.notify_all();
    });
}

void Server::wait() {
    std::unique_lock hold(impl_->mutex);
    impl_->ended.wait(hold, [this] { return impl_->done; });
}

}  // namespace countersign
