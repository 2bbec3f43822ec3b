// Threads that run handlers, which are plain functions that may block.
//
// Stacks are 1 MiB: with the usual 8 MiB a kernel with transparent huge pages may back every
// touched stack with 2 MiB of memory.
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace countersign {

class HandlerThreads {
public:
    explicit HandlerThreads(int threads);
    ~HandlerThreads() { stop(); }
    void stop();  ///< Runs what is queued, then joins.
    /// `work` must not throw. Any thread.
    void post(std::function<void()> work);

private:
    static void* run(void* self);
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    bool stopping_ = false;
    std::vector<pthread_t> threads_;
};

}  // namespace countersign
