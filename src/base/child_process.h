// A program that works beside this one and may die without harm: started without a shell, with an
// environment of its own and no open file of ours, in a process group that ends with it.
//
// One that answers line by line is asked by exchange(): one line, then lines back until one is
// taken. Others are talked to in bytes, by send() and receive(). What the program writes to its
// standard error meanwhile is kept, the last of it, for the refusal. Used by one thread at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace countersign {

struct ExchangeLimits {
    Millis timeout = 60'000;            ///< For the line to be taken, written and answered.
    std::size_t most_bytes = 64 << 20;  ///< Of the answer.
};

class ChildProcess {
public:
    using Clock = std::chrono::steady_clock;

    /// `argv[0]` is an absolute path. Refuses with Code::unavailable what cannot be started.
    static Result<std::unique_ptr<ChildProcess>> start(const std::vector<std::string>& argv);
    ~ChildProcess();  ///< Ends the program and its children.
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// The line for which `takes` says yes; others are passed over. Refuses with Code::unavailable
    /// when the program ends, is late or writes too much, with Code::cancelled when `stop` says so:
    /// it is of no further use then.
    Result<std::string> exchange(std::string_view line, const ExchangeLimits& limits,
                                 const std::function<bool(std::string_view)>& takes,
                                 const std::stop_token& stop);

    /// Refuse as exchange() does, when the program did not get on before `until`.
    Result<> send(std::string_view bytes, Clock::time_point until,
                  const std::stop_token& stop = {});
    /// Exactly `size` bytes.
    Result<std::string> receive(std::size_t size, Clock::time_point until,
                                const std::stop_token& stop = {});
    /// Everything until its output ends, at most `most` bytes.
    Result<std::string> receive_all(std::size_t most, Clock::time_point until);

    bool usable() const { return usable_; }
    int id() const { return pid_; }

private:
    ChildProcess() = default;
    Refusal broken(const std::string& why);
    void read_errors();
    Result<> wait(short events, Clock::time_point until, const std::stop_token& stop);
    /// More of what it wrote, at least a byte; false at the end.
    Result<bool> read_some(Clock::time_point until, const std::stop_token& stop);

    int pid_ = -1, to_ = -1, from_ = -1, errors_ = -1;
    bool usable_ = true;
    std::string pending_, said_;
};

}  // namespace countersign
