// A web server for tests, in this process, on a free port of 127.0.0.1: what it is asked goes to a
// function, and what that says goes back, also when it is no HTTP at all. A thread a connection,
// one request each.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/text.h"

namespace countersign::testing {

struct WebRequest {
    std::string method, target, head, body;
    std::string header(std::string_view name) const {  ///< Name in lower case.
        for (const auto line : split(head, '\n'))
            if (const auto colon = line.find(':'); lower_ascii(line.substr(0, colon)) == name)
                return std::string(trim(line.substr(colon + 1)));
        return {};
    }
};

inline std::string web_answer(int status, std::string_view body, std::string_view headers = {}) {
    return "HTTP/1.1 " + std::to_string(status) +
           " x\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
}

class TestWeb {
public:
    using Answer = std::function<std::string(const WebRequest&)>;

    explicit TestWeb(Answer answer) : answer_(std::move(answer)) {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        if (::bind(listening_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
            ::listen(listening_, 64) != 0 ||
            ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
            throw std::runtime_error("the test's web server cannot listen");
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] { accept_all(); });
    }
    TestWeb(const TestWeb&) = delete;
    ~TestWeb() {
        ::shutdown(listening_, SHUT_RDWR);
        thread_.join();
        ::close(listening_);
        std::vector<std::thread> talks;
        talks_.with([&](auto& all) { talks.swap(all); });
        for (auto& talk : talks) talk.join();
    }

    int port() const { return port_; }
    std::string url(std::string_view target) const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
    }
    /// Everything that was asked, in order.
    std::vector<WebRequest> asked() {
        return asked_.with([](const auto& all) { return all; });
    }

private:
    void accept_all() {
        for (;;) {
            const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) return;
            talks_.with([&](auto& all) { all.emplace_back([this, client] { talk(client); }); });
        }
    }

    void talk(int client) {
        if (auto request = read(client)) {
            asked_.with([&](auto& all) { all.push_back(*request); });
            std::string answer = answer_(*request);
            for (std::string_view left = answer; !left.empty();) {
                const auto n = ::send(client, left.data(), left.size(), MSG_NOSIGNAL);
                if (n <= 0) break;
                left.remove_prefix(static_cast<std::size_t>(n));
            }
        }
        ::close(client);
    }

    static std::optional<WebRequest> read(int client) {
        std::string text;
        std::size_t end = std::string::npos, wanted = 0;
        char piece[16384];
        while (end == std::string::npos || text.size() < wanted) {
            const auto n = ::recv(client, piece, sizeof piece, 0);
            if (n <= 0) return std::nullopt;
            text.append(piece, static_cast<std::size_t>(n));
            if (end != std::string::npos || (end = text.find("\r\n\r\n")) == std::string::npos)
                continue;
            WebRequest head;
            head.head = text.substr(0, end);
            const auto length = head.header("content-length");
            wanted = end + 4 + (length.empty() ? 0 : std::stoul(length));
        }
        WebRequest out;
        const auto line = text.substr(0, text.find("\r\n"));
        const auto parts = split(line, ' ');
        if (parts.size() < 2) return std::nullopt;
        out.method = parts[0];
        out.target = parts[1];
        out.head = text.substr(0, end);
        out.body = text.substr(end + 4);
        return out;
    }

    Answer answer_;
    int listening_ = -1, port_ = 0;
    Guarded<std::vector<WebRequest>> asked_;
    Guarded<std::vector<std::thread>> talks_;
    std::thread thread_;
};

}  // namespace countersign::testing
