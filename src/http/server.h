// The HTTP server: sockets, time limits and back-pressure. The engine (Boost.Beast) is named in
// beast.cpp only.
//
// Strategy: a few I/O threads, each with its own event loop; a connection stays on one of them. A
// request's head is judged there; its handler runs on a pool thread and may block. Answers that
// stream are pulled one piece at a time, when the client has taken the one before.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "http/dispatcher.h"

namespace countersign {

struct ServerOptions {
    std::string address = "127.0.0.1";  ///< An IP address; "0.0.0.0" or "::" for every interface.
    int port = 8484;                    ///< 0: any free one.
    int io_threads = 1;
    int handler_threads = 64;  ///< Many, so that waiting writes share a commit.
    int slow_threads = 16;     ///< For routes marked slow, and streams.
    int max_connections = 10'000;
    std::chrono::milliseconds head_time{60'000};   ///< To send a request's head, idling included.
    std::chrono::milliseconds body_time{30'000};   ///< Without a byte of the body.
    std::chrono::milliseconds write_time{30'000};  ///< For the client to take a piece.
    std::chrono::milliseconds drain_time{10'000};  ///< For answers under way when stopping.
    DispatchOptions dispatch;                      ///< bound_to_loopback is found from `address`.
};

class Server {
public:
    Server(Services& services, ServerOptions options, std::vector<Route> routes = all_routes());
    ~Server();  ///< Stops.

    /// Binds and serves. Refuses, naming address and port, when it cannot listen there.
    Result<> start();
    int port() const;  ///< That it listens on.
    /// Stops accepting, lets answers end within drain_time, then closes. Any thread; once.
    void stop();
    void wait();  ///< Until stop() is done.

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace countersign
