#include "models/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace countersign {

namespace {

Refusal ended() {
    return {Code::unavailable, "The program ended before it answered."};
}

}  // namespace

Result<WorkerProcess> WorkerProcess::start(const std::vector<std::string>& command) {
    int ends[2];
    if (command.empty() || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return Refusal{Code::unavailable, "No program could be started: too many open files."};
    std::vector<char*> words;
    for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const char* plain[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, normal;
    sigemptyset(&none);
    sigemptyset(&normal);
    for (const int signal : {SIGPIPE, SIGTERM, SIGINT, SIGHUP}) sigaddset(&normal, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &normal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t process = -1;
    const int failed = posix_spawn(&process, words[0], &files, &attributes, words.data(),
                                   const_cast<char* const*>(plain));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        return Refusal{Code::unavailable, "The program " + command[0] + " cannot be started."};
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return WorkerProcess(process, ends[0]);
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), socket_(std::exchange(other.socket_, -1)) {}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
    if (this == &other) return *this;
    end();
    process_ = std::exchange(other.process_, -1);
    socket_ = std::exchange(other.socket_, -1);
    return *this;
}

WorkerProcess::~WorkerProcess() {
    end();
}

void WorkerProcess::end() {
    if (socket_ >= 0) close(socket_);
    if (process_ > 0) {
        kill(process_, SIGKILL);
        while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
    }
    process_ = socket_ = -1;
}

Result<> WorkerProcess::wait(short events, Clock::time_point until,
                             const std::stop_token& stop) const {
    constexpr std::chrono::milliseconds slice(100);
    while (true) {
        if (stop.stop_requested()) return Refusal{Code::cancelled, "It was stopped."};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0)
            return Refusal{Code::unavailable, "The program did not answer in time."};
        pollfd waiting{socket_, events, 0};
        const int ready = poll(&waiting, 1, static_cast<int>(std::min(left, slice).count()));
        if (ready > 0) return Done{};
        if (ready < 0 && errno != EINTR) return ended();
    }
}

Result<> WorkerProcess::send(std::string_view bytes, Clock::time_point until,
                             const std::stop_token& stop) {
    while (!bytes.empty()) {
        TRY(wait(POLLOUT, until, stop));
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (sent <= 0) return ended();
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return Done{};
}

Result<std::string> WorkerProcess::receive(std::size_t size, Clock::time_point until,
                                           const std::stop_token& stop) {
    std::string out;
    char part[65'536];
    while (out.size() < size) {
        TRY(wait(POLLIN, until, stop));
        const auto got = read(socket_, part, std::min(sizeof part, size - out.size()));
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) return ended();
        out.append(part, static_cast<std::size_t>(got));
    }
    return out;
}

Result<std::string> WorkerProcess::receive_all(std::size_t most, Clock::time_point until) {
    std::string out;
    char part[4'096];
    while (out.size() < most) {
        TRY(wait(POLLIN, until, {}));
        const auto got = read(socket_, part, std::min(sizeof part, most - out.size()));
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got < 0) return ended();
        if (got == 0) break;
        out.append(part, static_cast<std::size_t>(got));
    }
    return out;
}

}  // namespace countersign
