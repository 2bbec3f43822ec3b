// Data and its lock are one thing: Guarded<T> can only be touched through with().
#pragma once

#include <mutex>
#include <utility>

namespace countersign {

template <class T>
class Guarded {
public:
    template <class... Args>
    explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

    /// Runs `use` on the value under the lock and returns what it returns.
    template <class F>
    decltype(auto) with(F&& use) {
        std::scoped_lock hold(mutex_);
        return std::forward<F>(use)(value_);
    }

private:
    std::mutex mutex_;
    T value_;
};

}  // namespace countersign
