// Waiting without holding a thread. A fiber runs a plain function on a stack of its own; where the
// function waits for a Signal, the thread goes on with other work and comes back to it later. So
// many requests that wait for one commit cost one thread and few wake-ups.
//
// Strategy. A fiber belongs to the thread that started it, which runs an event loop: `post` brings
// it back there, and nothing else runs it. Being posted is what orders a Signal that is set before
// its fiber has gone to sleep. A fiber that waits may hold no lock (its own thread would need it)
// and may not be inside a catch block (those are counted by thread).
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

namespace countersign {

class Fiber;

/// Queues a function for the thread of a fiber; called from any thread, must not throw.
using PostToLoop = std::function<void(std::function<void()>)>;

/// Runs `work`, which must not throw, on a fiber of this thread; returns when it ends or first
/// waits. The stack has 256 KiB.
void run_on_fiber(std::function<void()> work, PostToLoop post);

/// Something one caller waits for, once: a fiber by going to sleep, a plain thread by blocking.
/// Made by who waits; whoever sets it must keep it alive meanwhile.
class Signal {
public:
    Signal();
    void set();  ///< Any thread, once.
    void wait();

private:
    Fiber* fiber_;  ///< Null: a plain thread waits.
    std::mutex mutex_;
    std::condition_variable changed_;
    bool set_ = false;
};

}  // namespace countersign
