#include "base/fiber.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace countersign {
namespace {

/// The smallest event loop: runs what is posted until it is told how much that will be.
class Loop {
public:
    PostToLoop post() {
        return [this](std::function<void()> work) {
            std::scoped_lock hold(mutex_);
            queue_.push_back(std::move(work));
            filled_.notify_one();
        };
    }
    void run(int count) {
        for (; count > 0; --count) {
            std::unique_lock hold(mutex_);
            filled_.wait(hold, [this] { return !queue_.empty(); });
            auto work = std::move(queue_.front());
            queue_.pop_front();
            hold.unlock();
            work();
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::function<void()>> queue_;
};

TEST_CASE("a hundred fibers of one thread wait for another thread and go on in their turn") {
    constexpr int count = 100, rounds = 3;
    Loop loop;
    std::vector<std::shared_ptr<Signal>> waiting;
    std::vector<int> ended;
    const auto self = std::this_thread::get_id();
    for (int i = 0; i < count; ++i)
        run_on_fiber(
            [&, i] {
                const std::string own(100, static_cast<char>('a' + i % 26));
                for (int round = 0; round < rounds; ++round) {
                    const auto signal = std::make_shared<Signal>();
                    waiting.push_back(signal);
                    signal->wait();
                    CHECK(std::this_thread::get_id() == self);
                }
                CHECK(own == std::string(100, static_cast<char>('a' + i % 26)));
                ended.push_back(i);
            },
            loop.post());
    for (int round = 0; round < rounds; ++round) {
        CHECK(ended.empty());
        REQUIRE(waiting.size() == count);
        std::thread([set = std::exchange(waiting, {})] {
            for (const auto& signal : set) signal->set();
        }).detach();
        loop.run(count);
    }
    REQUIRE(ended.size() == count);
    CHECK(std::is_sorted(ended.begin(), ended.end()));
}

TEST_CASE("a signal that is set before its fiber sleeps is not lost") {
    Loop loop;
    bool ended = false;
    run_on_fiber(
        [&] {
            const auto signal = std::make_shared<Signal>();
            std::thread([signal] { signal->set(); }).join();
            signal->wait();
            ended = true;
        },
        loop.post());
    CHECK_FALSE(ended);
    loop.run(1);
    CHECK(ended);
}

TEST_CASE("an exception ends inside its fiber") {
    Loop loop;
    std::string caught;
    run_on_fiber(
        [&] {
            const auto signal = std::make_shared<Signal>();
            signal->set();
            try {
                signal->wait();
                throw std::runtime_error("boom");
            } catch (const std::exception& e) {
                caught = e.what();
            }
        },
        loop.post());
    loop.run(1);
    CHECK(caught == "boom");
}

TEST_CASE("a plain thread blocks until its signal is set") {
    const auto signal = std::make_shared<Signal>();
    std::jthread other([signal] { signal->set(); });
    signal->wait();
}

}  // namespace
}  // namespace countersign
