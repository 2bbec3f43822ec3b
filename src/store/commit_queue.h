// Writes that wait for the one writer thread. People's writes go before bulk ones.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "base/fiber.h"
#include "store/db.h"

namespace countersign {

class WaitingWrite {
public:
    explicit WaitingWrite(const std::function<bool(Session&)>& what) : use(what) {}
    const std::function<bool(Session&)>& use;  ///< Lives on the waiting caller's stack.

    /// Lets the caller go on; only the first call counts. `why` null: all is well.
    void tell(std::exception_ptr why) {
        if (told_) return;
        told_ = true;
        why_ = std::move(why);
        finished_.set();
    }
    /// Waits to be told; throws what went wrong.
    void wait() {
        finished_.wait();
        // Taken out, so that the exception ends in this thread and not in the writer's.
        if (why_) std::rethrow_exception(std::exchange(why_, nullptr));
    }

private:
    Signal finished_;
    std::exception_ptr why_;
    bool told_ = false;
};
using WaitingWritePtr = std::shared_ptr<WaitingWrite>;

class CommitQueue {
public:
    /// Queues `use` and returns once it was told how that went.
    void wait_for(const std::function<bool(Session&)>& use, bool bulk) {
        const auto write = std::make_shared<WaitingWrite>(use);
        {
            std::scoped_lock hold(mutex_);
            if (stopped_) throw Breakdown("The database is closing.");
            (bulk ? bulk_ : people_).push_back(write);
        }
        filled_.notify_one();
        write->wait();
    }

    struct Next {
        WaitingWritePtr write;  ///< Null: stopped and empty.
        bool bulk = false;
    };
    Next wait() {
        std::unique_lock hold(mutex_);
        filled_.wait(hold, [&] { return stopped_ || !people_.empty() || !bulk_.empty(); });
        if (!people_.empty()) return {pop(people_), false};
        if (!bulk_.empty()) return {pop(bulk_), true};
        return {};
    }
    /// The next of people's writes, if one waits.
    WaitingWritePtr try_person() {
        std::scoped_lock hold(mutex_);
        return people_.empty() ? nullptr : pop(people_);
    }
    bool idle() {
        std::scoped_lock hold(mutex_);
        return people_.empty() && bulk_.empty();
    }
    void stop() {
        std::scoped_lock hold(mutex_);
        stopped_ = true;
        filled_.notify_all();
    }

private:
    static WaitingWritePtr pop(std::deque<WaitingWritePtr>& from) {
        auto first = std::move(from.front());
        from.pop_front();
        return first;
    }
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<WaitingWritePtr> people_, bulk_;
    bool stopped_ = false;
};

}  // namespace countersign
