// A model that is asked elsewhere mostly waits: several tasks at a time, each by a thread with a
// drafter of its own. Answers come as they are ready.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "app/asking.h"

namespace countersign {

/// What it is given must outlive it. Ends with all its threads, which give up what they are at.
class AskingTogether {
public:
    struct Answer {
        std::size_t index;  ///< Of the task.
        Result<Draft> draft;
    };

    AskingTogether(World& world, const Project& project, const Model& model,
                   const std::vector<Task>& tasks, const std::vector<std::optional<Media>>& media,
                   std::size_t at_a_time);
    ~AskingTogether() { stop(); }

    /// The next answer; nothing behind the last. `meanwhile` is called now and then, and may throw.
    std::optional<Answer> take(const std::function<void()>& meanwhile);
    /// No further task is asked about; answers that are there, or on their way, still come.
    void stop() { stopping_.request_stop(); }

private:
    void work(const std::stop_token& stop);
    Result<Draft> one(std::size_t index, OpenModel& open, const std::stop_token& stop);

    World& world_;
    const Project& project_;
    const Model& model_;
    const std::vector<Task>& tasks_;
    const std::vector<std::optional<Media>>& media_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::size_t next_ = 0, at_work_ = 0;
    std::deque<Answer> ready_;
    std::stop_source stopping_;
    std::vector<std::jthread> threads_;  ///< Last: they end before what they use.
};

}  // namespace countersign
