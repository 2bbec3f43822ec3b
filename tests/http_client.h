// A small blocking HTTP client for tests: one socket, everything visible.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/json.h"
#include "http/syntax.h"

namespace countersign {

struct Answered {
    int status = 0;
    Pairs headers;  ///< Names in lower case.
    std::string body;
    bool whole = false;  ///< The body ended as it should.
    std::string header(std::string_view name) const {
        const auto* value = find_pair(headers, name);
        return value ? *value : std::string();
    }
    Json json() const {
        auto parsed = parse_json(body);
        return parsed ? *parsed : Json("not JSON: " + body.substr(0, 200));
    }
};

class TestClient {
public:
    explicit TestClient(int port) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("cannot connect to the server under test");
    }
    TestClient(const TestClient&) = delete;
    ~TestClient() { close(); }
    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }

    /// False when the server has closed.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    /// At most `room` bytes as they come; empty at the end or after 20 s.
    std::string receive(std::size_t room = 65536) {
        std::string bytes(room, '\0');
        const auto n = ::recv(socket_, bytes.data(), room, 0);
        bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return bytes;
    }

    Answered answer(bool head = false) {
        Answered out;
        std::size_t end = 0;
        while ((end = read_.find("\r\n\r\n")) == std::string::npos)
            if (!more()) return out;
        parse_head(read_.substr(0, end), out);
        read_.erase(0, end + 4);
        if (head || out.status == 204 || out.status == 304) {
            out.whole = true;
        } else if (out.header("transfer-encoding") == "chunked") {
            read_chunks(out);
        } else {
            const auto length =
                static_cast<std::size_t>(std::atoll(out.header("content-length").c_str()));
            while (read_.size() < length && more()) {
            }
            out.whole = read_.size() >= length;
            out.body = read_.substr(0, length);
            read_.erase(0, out.body.size());
        }
        return out;
    }

    /// `headers`: whole lines, each ended by \r\n.
    Answered ask(std::string_view method, std::string_view target, std::string_view headers = {},
                 std::string_view body = {}) {
        std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
        if (headers.find("Host:") == std::string_view::npos) text += "Host: localhost\r\n";
        text += headers;
        if (!body.empty() || method != "GET")
            text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        text += "\r\n";
        text += body;
        send(text);
        return answer(method == "HEAD");
    }

private:
    bool more() {
        auto piece = receive();
        read_ += piece;
        return !piece.empty();
    }
    static void parse_head(const std::string& head, Answered& out) {
        out.status = std::atoi(head.substr(head.find(' ') + 1).c_str());
        std::size_t at = head.find("\r\n");
        while (at != std::string::npos) {
            const auto next = head.find("\r\n", at + 2);
            const auto line = head.substr(at + 2, next == std::string::npos ? next : next - at - 2);
            auto name = line.substr(0, line.find(": "));
            for (auto& c : name)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
            out.headers.emplace_back(name, line.substr(line.find(": ") + 2));
            at = next;
        }
    }
    void read_chunks(Answered& out) {
        for (;;) {
            std::size_t end = 0;
            while ((end = read_.find("\r\n")) == std::string::npos)
                if (!more()) return;
            const auto size = std::strtoull(read_.c_str(), nullptr, 16);
            while (read_.size() < end + 2 + size + 2)
                if (!more()) return;
            out.body.append(read_, end + 2, size);
            read_.erase(0, end + 2 + size + 2);
            if (size == 0) break;
        }
        out.whole = true;
    }
    int socket_ = -1;
    std::string read_;
};

}  // namespace countersign
