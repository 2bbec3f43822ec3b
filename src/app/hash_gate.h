// Lets two threads hash passwords at a time (each hash takes 64 MiB), a few wait, and sends the
// rest away: a flood of sign-ins costs neither memory nor everybody's handler threads.
#pragma once

#include <condition_variable>
#include <mutex>
#include <type_traits>

#include "base/result.h"

namespace countersign {

class HashGate {
public:
    template <class F>
    Result<std::invoke_result_t<F>> through(F work) {
        {
            std::unique_lock hold(mutex_);
            if (waiting_ >= most_waiting)
                return Refusal{Code::too_many, "Many people sign in now: try again in a moment."};
            ++waiting_;
            free_.wait(hold, [&] { return running_ < most_running; });
            --waiting_;
            ++running_;
        }
        const Leave leave{*this};
        return work();
    }

private:
    struct Leave {
        HashGate& gate;
        ~Leave() {
            {
                std::scoped_lock hold(gate.mutex_);
                --gate.running_;
            }
            gate.free_.notify_one();
        }
    };
    static constexpr int most_running = 2, most_waiting = 12;
    std::mutex mutex_;
    std::condition_variable free_;
    int running_ = 0, waiting_ = 0;
};

}  // namespace countersign
