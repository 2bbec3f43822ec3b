// A pool of things that one thread uses at a time: connections. Borrowing waits when all are out.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace countersign {

template <class T>
class Pool {
public:
    /// Makes `warm` at once (a first use would pay for it) and at most `most` in all.
    Pool(std::function<std::unique_ptr<T>()> make, std::size_t warm, std::size_t most)
        : make_(std::move(make)), most_(most) {
        for (; made_ < warm; ++made_) idle_.push_back(make_());
    }

    /// Runs `use` on a borrowed one. One that `use` threw from is thrown away, not given back.
    void with(const std::function<void(T&)>& use) {
        auto borrowed = borrow();
        try {
            use(*borrowed);
        } catch (...) {
            borrowed.reset();
            give_back(nullptr);
            throw;
        }
        give_back(std::move(borrowed));
    }

private:
    std::unique_ptr<T> borrow() {
        {
            std::unique_lock hold(mutex_);
            free_.wait(hold, [&] { return !idle_.empty() || made_ < most_; });
            if (!idle_.empty()) {
                auto one = std::move(idle_.back());
                idle_.pop_back();
                return one;
            }
            ++made_;
        }
        try {
            return make_();
        } catch (...) {
            give_back(nullptr);
            throw;
        }
    }
    void give_back(std::unique_ptr<T> one) {
        std::scoped_lock hold(mutex_);
        if (one)
            idle_.push_back(std::move(one));
        else
            --made_;
        free_.notify_one();
    }

    std::function<std::unique_ptr<T>()> make_;
    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::size_t made_ = 0;
    std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace countersign
