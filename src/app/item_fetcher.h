// The items of tasks, one after the other: fetched and decoded by a thread of their own, a few
// ahead of a net that works on the one before.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/asking.h"

namespace countersign {

/// What it is given must outlive it.
class ItemFetcher {
public:
    ItemFetcher(World& world, const Schema& schema, const std::vector<Task>& tasks,
                const std::vector<std::optional<Media>>& media, int enough = enough_for_one_look,
                bool medium = false)
        : thread_([&, enough, medium](const std::stop_token& stop) {
              for (std::size_t i = 0; i < tasks.size() && !stop.stop_requested(); ++i)
                  put(fetch(world, schema, tasks[i], media[i], enough, stop, medium), stop);
          }) {}
    ~ItemFetcher() { thread_.request_stop(); }

    Result<Item> take() {
        std::unique_lock hold(mutex_);
        changed_.wait(hold, [&] { return !ready_.empty(); });
        auto item = std::move(ready_.front());
        ready_.pop_front();
        hold.unlock();
        changed_.notify_all();
        return item;
    }

private:
    static Result<Item> fetch(World& world, const Schema& schema, const Task& task,
                              const std::optional<Media>& media, int enough,
                              const std::stop_token& stop, bool medium) {
        try {
            return fetch_item(world, schema, task, media, enough, stop, medium);
        } catch (const std::exception& error) {
            return Refusal{Code::invalid, error.what()};
        }
    }
    void put(Result<Item>&& item, const std::stop_token& stop) {
        // An hour of sound is 115 MB.
        const std::size_t ahead = item && item->sound.samples.size() > 16'000'000 ? 1 : 4;
        std::unique_lock hold(mutex_);
        changed_.wait(hold, stop, [&] { return ready_.size() < ahead; });
        ready_.push_back(std::move(item));
        hold.unlock();
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Result<Item>> ready_;
    std::jthread thread_;
};

}  // namespace countersign
