// Starts a stand-in of a server (tests/standins) and ends it again.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace countersign::testing {

class Standin {
public:
    /// `name`: a script of tests/standins in Python or, as *.mjs, for Node, which prints its port
    /// as its first line.
    explicit Standin(const std::string& name, const std::vector<std::string>& more = {}) {
        const char* source = std::getenv("COUNTERSIGN_SOURCE");
        const std::string script = std::string(source ? source : ".") + "/tests/standins/" + name;
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("no pipe for a stand-in");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        std::vector<std::string> words = {
            "/usr/bin/env", script.ends_with(".mjs") ? "node" : "/usr/bin/python3", script};
        words.insert(words.end(), more.begin(), more.end());
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        std::string line;
        for (char c; !failed && ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
        ::close(ends[0]);
        if (failed || line.empty()) throw std::runtime_error("the stand-in " + name + " is silent");
        port_ = std::stoi(line);
    }
    Standin(const Standin&) = delete;
    Standin& operator=(const Standin&) = delete;
    ~Standin() { end(); }

    int port() const { return port_; }
    std::string url(const std::string& path = "") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    void end() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

private:
    pid_t pid_ = 0;
    int port_ = 0;
};

}  // namespace countersign::testing
