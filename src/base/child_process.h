// A program of the operator's that answers line by line: started without a shell, with an
// environment of its own and no open file of ours, in a process group that ends with it.
//
// exchange() writes one line and waits for lines back until one is taken; what the program writes
// to its standard error meanwhile is kept, the last of it, for the refusal. Used by one thread at a
// time.
#pragma once

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
    bool usable() const { return usable_; }

private:
    ChildProcess() = default;
    Refusal broken(const std::string& why);
    void read_errors();

    int pid_ = -1, to_ = -1, from_ = -1, errors_ = -1;
    bool usable_ = true;
    std::string pending_, said_;
};

}  // namespace countersign
