// A program that works beside this one and may die without harm: started without a shell, with
// nothing of this one's environment or open files, and talked to through its standard input and
// output, which are one socket.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace countersign {

class WorkerProcess {
public:
    using Clock = std::chrono::steady_clock;

    /// `command`: an absolute path and arguments. Refuses (Code::unavailable) what cannot start.
    static Result<WorkerProcess> start(const std::vector<std::string>& command);
    WorkerProcess(WorkerProcess&& other) noexcept;
    WorkerProcess& operator=(WorkerProcess&& other) noexcept;
    ~WorkerProcess();  ///< Ends the program, whatever it does.

    /// Refuse (Code::unavailable) when the program ended or did not get on before `until`, and
    /// (Code::cancelled) on a stop. After a refusal the program is of no use.
    Result<> send(std::string_view bytes, Clock::time_point until,
                  const std::stop_token& stop = {});
    /// Exactly `size` bytes.
    Result<std::string> receive(std::size_t size, Clock::time_point until,
                                const std::stop_token& stop = {});
    /// Everything until its output ends, at most `most` bytes.
    Result<std::string> receive_all(std::size_t most, Clock::time_point until);

    int id() const { return process_; }

private:
    WorkerProcess(int process, int socket) : process_(process), socket_(socket) {}
    Result<> wait(short events, Clock::time_point until, const std::stop_token& stop) const;
    void end();

    int process_ = -1, socket_ = -1;
};

}  // namespace countersign
