#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t kept_errors = 2'000;

/// What a program may know of where it runs: nothing that is ours.
std::vector<std::string> small_environment() {
    std::vector<std::string> out{"LANG=C.UTF-8"};
    for (const char* name : {"PATH", "HOME", "TMPDIR"})
        if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

void close_one(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

bool make_ends(int (&in)[2], int (&out)[2], int (&errors)[2]) {
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0 &&
           ::pipe2(out, O_CLOEXEC) == 0 && ::pipe2(errors, O_CLOEXEC) == 0;
}

/// 0, or what went wrong.
int spawn(const std::vector<std::string>& command, const int (&ends)[3], int& pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; ++i) posix_spawn_file_actions_adddup2(&actions, ends[i], i);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&usual, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    auto arguments = command;
    auto environment = small_environment();
    const int error = ::posix_spawn(&pid, arguments[0].c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const std::vector<std::string>& argv) {
    if (argv.empty() || !argv[0].starts_with('/'))
        return Refusal{Code::invalid, "A program is named by an absolute path."};
    int in[2] = {-1, -1}, out[2] = {-1, -1}, errors[2] = {-1, -1};
    std::unique_ptr<ChildProcess> child(new ChildProcess);
    const bool made = make_ends(in, out, errors);
    int failed = made ? 0 : errno;
    if (made) failed = spawn(argv, {in[1], out[1], errors[1]}, child->pid_);
    for (int* descriptor : {&in[1], &out[1], &errors[1]}) close_one(*descriptor);
    child->to_ = in[0];
    child->from_ = out[0];
    child->errors_ = errors[0];
    if (failed != 0) {
        child->pid_ = -1;
        return Refusal{Code::unavailable, "The program " + argv[0] +
                                              " cannot be started: " + std::strerror(failed) + "."};
    }
    for (const int descriptor : {child->to_, child->from_, child->errors_})
        ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return child;
}

ChildProcess::~ChildProcess() {
    for (int* descriptor : {&to_, &from_, &errors_}) close_one(*descriptor);
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void ChildProcess::read_errors() {
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto count = ::read(errors_, bytes.data(), bytes.size());
        if (count <= 0) {
            if (count == 0 || (errno != EAGAIN && errno != EINTR)) close_one(errors_);
            return;
        }
        said_.append(bytes.data(), static_cast<std::size_t>(count));
        if (said_.size() > kept_errors) said_.erase(0, said_.size() - kept_errors);
    }
}

Refusal ChildProcess::broken(const std::string& why) {
    usable_ = false;
    if (errors_ >= 0) read_errors();
    std::string said;
    for (const char c : repair_utf8(said_)) said += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return {Code::unavailable,
            "The program " + why +
                (trim(said).empty() ? std::string(".") : "; it said: " + std::string(trim(said)))};
}

Result<std::string> ChildProcess::exchange(std::string_view line, const ExchangeLimits& limits,
                                           const std::function<bool(std::string_view)>& takes,
                                           const std::stop_token& stop) {
    using Steady = std::chrono::steady_clock;
    if (!usable_) return broken("is of no use any more");
    const auto end = Steady::now() + std::chrono::milliseconds(limits.timeout);
    std::string out(line);
    out += '\n';
    std::size_t sent = 0, read = 0, looked = 0;
    std::vector<char> bytes(64 << 10);
    for (;;) {
        const auto newline = pending_.find('\n', looked);
        if (newline != std::string::npos) {
            std::string found = pending_.substr(0, newline);
            pending_.erase(0, newline + 1);
            looked = 0;
            if (takes(found)) return found;
            continue;
        }
        looked = pending_.size();
        if (stop.stop_requested()) {
            usable_ = false;
            return Refusal{Code::cancelled, "Drafting was stopped."};
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Steady::now()).count();
        if (left <= 0)
            return broken("did not answer within " + std::to_string(limits.timeout / 1000) + " s");
        constexpr std::int64_t look_up = 100;
        pollfd ends[3] = {
            {from_, POLLIN, 0}, {errors_, POLLIN, 0}, {sent < out.size() ? to_ : -1, POLLOUT, 0}};
        if (::poll(ends, 3, static_cast<int>(std::min<std::int64_t>(left, look_up))) < 0 &&
            errno != EINTR)
            return broken("cannot be listened to");
        if (errors_ >= 0 && ends[1].revents != 0) read_errors();
        if (sent < out.size() && ends[2].revents != 0) {
            const auto count = ::send(to_, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
            if (count > 0) sent += static_cast<std::size_t>(count);
            if (count < 0 && errno != EAGAIN && errno != EINTR && ends[0].revents == 0)
                return broken("ended before it had read its task");
        }
        if (ends[0].revents == 0) continue;
        const auto count = ::read(from_, bytes.data(), bytes.size());
        if (count == 0) return broken("ended without an answer");
        if (count < 0 && errno != EAGAIN && errno != EINTR) return broken("cannot be read");
        if (count <= 0) continue;
        read += static_cast<std::size_t>(count);
        if (read > limits.most_bytes)
            return broken("wrote more than " + std::to_string(limits.most_bytes) +
                          " bytes for one task");
        pending_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

Result<> ChildProcess::wait(short events, Clock::time_point until, const std::stop_token& stop) {
    constexpr std::chrono::milliseconds slice(100);
    if (!usable_) return broken("is of no use any more");
    for (;;) {
        if (stop.stop_requested()) {
            usable_ = false;
            return Refusal{Code::cancelled, "It was stopped."};
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return broken("did not answer in time");
        pollfd ends[2] = {{events == POLLOUT ? to_ : from_, events, 0}, {errors_, POLLIN, 0}};
        if (::poll(ends, 2, static_cast<int>(std::min(left, slice).count())) < 0 && errno != EINTR)
            return broken("cannot be listened to");
        if (errors_ >= 0 && ends[1].revents != 0) read_errors();
        if (ends[0].revents != 0) return Done{};
    }
}

Result<> ChildProcess::send(std::string_view bytes, Clock::time_point until,
                            const std::stop_token& stop) {
    while (!bytes.empty()) {
        TRY(wait(POLLOUT, until, stop));
        const auto sent = ::send(to_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (sent <= 0) return broken("ended before it had read its task");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return Done{};
}

Result<bool> ChildProcess::read_some(Clock::time_point until, const std::stop_token& stop) {
    std::array<char, 65'536> bytes{};
    for (;;) {
        TRY(wait(POLLIN, until, stop));
        const auto got = ::read(from_, bytes.data(), bytes.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got < 0) return broken("cannot be read");
        pending_.append(bytes.data(), static_cast<std::size_t>(got));
        return got > 0;
    }
}

Result<std::string> ChildProcess::receive(std::size_t size, Clock::time_point until,
                                          const std::stop_token& stop) {
    while (pending_.size() < size) {
        const bool more = TRY(read_some(until, stop));
        if (!more) return broken("ended before it answered");
    }
    std::string out = pending_.substr(0, size);
    pending_.erase(0, size);
    return out;
}

Result<std::string> ChildProcess::receive_all(std::size_t most, Clock::time_point until) {
    while (pending_.size() < most) {
        const bool more = TRY(read_some(until, {}));
        if (!more) break;
    }
    std::string out = pending_.substr(0, most);
    pending_.clear();
    return out;
}

}  // namespace countersign
