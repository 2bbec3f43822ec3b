// How long do people wait at the desk? N clients lease and submit over HTTP as fast as they can
// (or with a think time), each on one kept-alive connection; every answer is checked before it is
// counted: no task may be handed to two clients, and the server must count what was acknowledged.
//
//     bench_desk_load PORT TOKEN PROJECT [clients 32] [seconds 20] [think_ms 0]
//
// Plain sockets, so that the client costs as little as possible of the two cores it shares.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Seconds = std::chrono::duration<double>;
using Time = std::chrono::steady_clock;

struct Answer {
    int status = 0;
    std::string body;
};

class Client {
public:
    Client(int port, std::string token) : token_(std::move(token)) {
        fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("nobody listens on that port");
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(fd_); }

    Answer post(const std::string& path, const std::string& body, const std::string& key = {}) {
        std::string out = "POST " + path +
                          " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token_ +
                          "\r\nContent-Type: application/json\r\n";
        if (!key.empty()) out += "Idempotency-Key: " + key + "\r\n";
        out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        for (std::size_t sent = 0; sent < out.size();) {
            const auto n = ::send(fd_, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) throw std::runtime_error("the server closed the connection");
            sent += static_cast<std::size_t>(n);
        }
        return read_answer();
    }

private:
    void fill() {
        char block[16384];
        const auto n = ::recv(fd_, block, sizeof block, 0);
        if (n <= 0) throw std::runtime_error("the server closed the connection");
        buffer_.append(block, static_cast<std::size_t>(n));
    }
    Answer read_answer() {
        std::size_t end;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) fill();
        Answer answer;
        answer.status = std::atoi(buffer_.c_str() + 9);
        std::string head = buffer_.substr(0, end);
        for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const auto at = head.find("content-length:");
        const std::size_t length =
            at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + 15, nullptr, 10);
        while (buffer_.size() < end + 4 + length) fill();
        answer.body = buffer_.substr(end + 4, length);
        buffer_.erase(0, end + 4 + length);
        return answer;
    }
    int fd_;
    std::string token_, buffer_;
};

std::string field(const std::string& body, const std::string& before, const std::string& name,
                  std::size_t from = 0) {
    auto at = before.empty() ? from : body.find("\"" + before + "\"", from);
    if (at == std::string::npos) return {};
    at = body.find("\"" + name + "\":\"", at);
    if (at == std::string::npos) return {};
    at += name.size() + 4;
    return body.substr(at, body.find('"', at) - at);
}

struct Tally {
    std::vector<double> next_ms, submit_ms;
    std::vector<std::string> tasks;
    std::string fault;
};

double percentile(std::vector<double>& sorted, double p) {
    if (sorted.empty()) return 0;
    return sorted[std::min(sorted.size() - 1,
                           static_cast<std::size_t>(p * static_cast<double>(sorted.size())))];
}

void work(int port, const std::string& token, const std::string& project, Time::time_point until,
          int think_ms, unsigned seed, Tally& tally) try {
    Client client(port, token);
    std::mt19937_64 random(seed);
    const std::string run =
        std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + "-";
    const auto warm = Time::now() + std::chrono::seconds(1);
    while (Time::now() < until) {
        if (think_ms)
            std::this_thread::sleep_for(
                std::chrono::milliseconds(random() % (2 * static_cast<unsigned>(think_ms))));
        auto from = Time::now();
        const auto next = client.post("/api/v1/projects/" + project + "/next", R"({"count":1})");
        const double next_ms = Seconds(Time::now() - from).count() * 1e3;
        if (next.status != 200)
            throw std::runtime_error("next: " + std::to_string(next.status) + " " + next.body);
        const auto task = field(next.body, "tasks", "id"),
                   assignment = field(next.body, "assignment", "id");
        if (task.empty()) break;
        const std::string body =
            R"({"assignment":")" + assignment +
            R"(","regions":[{"id":"r1","control":"topic","kind":"choices","labels":["A"]}],"active_ms":1500})";
        from = Time::now();
        const auto reply = client.post("/api/v1/tasks/" + task + "/annotations", body,
                                       run + std::to_string(seed) + "-" + std::to_string(random()));
        const double submit_ms = Seconds(Time::now() - from).count() * 1e3;
        if (reply.status != 201)
            throw std::runtime_error("submit: " + std::to_string(reply.status) + " " + reply.body);
        tally.tasks.push_back(task);
        if (from < warm) continue;
        tally.next_ms.push_back(next_ms);
        tally.submit_ms.push_back(submit_ms);
    }
} catch (const std::exception& e) {
    tally.fault = e.what();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: %s PORT TOKEN PROJECT [clients] [seconds] [think_ms]\n",
                     argv[0]);
        return 2;
    }
    const int clients = argc > 4 ? std::atoi(argv[4]) : 32,
              seconds = argc > 5 ? std::atoi(argv[5]) : 20;
    const int think_ms = argc > 6 ? std::atoi(argv[6]) : 0;
    std::vector<Tally> tallies(static_cast<std::size_t>(clients));
    std::vector<std::string> tokens;  // "a,b,c": one a person, dealt to the clients in turn
    for (std::string rest = argv[2]; !rest.empty();) {
        const auto comma = rest.find(',');
        tokens.push_back(rest.substr(0, comma));
        rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    }
    const auto until = Time::now() + std::chrono::seconds(seconds);
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < tallies.size(); ++i)
            threads.emplace_back(work, std::atoi(argv[1]), tokens[i % tokens.size()], argv[3],
                                 until, think_ms, i + 1, std::ref(tallies[i]));
    }
    std::vector<double> next_ms, submit_ms;
    std::set<std::string> tasks;
    std::size_t decisions = 0;
    for (auto& t : tallies) {
        if (!t.fault.empty()) {
            std::fprintf(stderr, "a client failed: %s\n", t.fault.c_str());
            return 1;
        }
        next_ms.insert(next_ms.end(), t.next_ms.begin(), t.next_ms.end());
        submit_ms.insert(submit_ms.end(), t.submit_ms.begin(), t.submit_ms.end());
        tasks.insert(t.tasks.begin(), t.tasks.end());
        decisions += t.tasks.size();
    }
    if (tasks.size() != decisions) {
        std::fprintf(stderr, "%zu decisions on %zu tasks: a task was handed out twice\n", decisions,
                     tasks.size());
        return 1;
    }
    std::sort(next_ms.begin(), next_ms.end());
    std::sort(submit_ms.begin(), submit_ms.end());
    std::printf("decisions %zu\ncycles_per_s %.0f\n", decisions,
                static_cast<double>(decisions) / seconds);
    std::printf("next_p50_ms %.2f\nnext_p99_ms %.2f\nnext_max_ms %.2f\n", percentile(next_ms, .5),
                percentile(next_ms, .99), next_ms.empty() ? 0 : next_ms.back());
    std::printf("submit_p50_ms %.2f\nsubmit_p99_ms %.2f\nsubmit_max_ms %.2f\n",
                percentile(submit_ms, .5), percentile(submit_ms, .99),
                submit_ms.empty() ? 0 : submit_ms.back());
}
