#include "app/asking_together.h"

#include <algorithm>

namespace countersign {

AskingTogether::AskingTogether(World& world, const Project& project, const Model& model,
                               const std::vector<Task>& tasks,
                               const std::vector<std::optional<Media>>& media,
                               std::size_t at_a_time)
    : world_(world), project_(project), model_(model), tasks_(tasks), media_(media) {
    const auto count = std::min(at_a_time, tasks.size());
    at_work_ = count;
    for (std::size_t i = 0; i < count; ++i)
        threads_.emplace_back([this] { work(stopping_.get_token()); });
}

void AskingTogether::work(const std::stop_token& stop) {
    std::optional<OpenModel> open;
    for (;;) {
        std::size_t index = 0;
        {
            std::scoped_lock hold(mutex_);
            if (next_ >= tasks_.size() || stop.stop_requested()) {
                --at_work_;
                changed_.notify_all();
                return;
            }
            index = next_++;
        }
        Result<Draft> draft = Refusal{Code::cancelled, "Drafting was stopped."};
        try {
            if (!open) {
                auto opened = open_model(world_, model_, project_);
                if (opened)
                    open = *std::move(opened);
                else
                    draft = opened.refusal();
            }
            if (open) draft = one(index, *open, stop);
        } catch (const std::exception& error) {
            draft = Refusal{Code::invalid, error.what()};
        }
        std::scoped_lock hold(mutex_);
        ready_.push_back({index, std::move(draft)});
        changed_.notify_all();
    }
}

Result<Draft> AskingTogether::one(std::size_t index, OpenModel& open, const std::stop_token& stop) {
    const auto item =
        TRY(fetch_item(world_, project_.schema, tasks_[index], media_[index],
                       open.drafter->enough_side(), stop, open.drafter->wants_medium()));
    return ask(*open.drafter, project_.schema, item, stop);
}

std::optional<AskingTogether::Answer> AskingTogether::take(const std::function<void()>& meanwhile) {
    constexpr std::chrono::milliseconds now_and_then{300};
    for (;;) {
        {
            std::unique_lock hold(mutex_);
            changed_.wait_for(hold, now_and_then, [&] { return !ready_.empty() || at_work_ == 0; });
            if (!ready_.empty()) {
                auto answer = std::move(ready_.front());
                ready_.pop_front();
                return answer;
            }
            if (at_work_ == 0) return std::nullopt;
        }
        meanwhile();
    }
}

}  // namespace countersign
