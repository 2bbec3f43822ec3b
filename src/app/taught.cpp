#include "app/taught.h"

#include <algorithm>

namespace countersign {

namespace {
/// Lessons that can be untaught: they are taught again in well under a second.
constexpr std::int64_t most_lessons = 5'000;
}  // namespace

Result<Taught> Taught::open(std::string state) {
    auto learner = TRY(TextLearner::open(state));
    return Taught(std::move(state), std::move(learner));
}

const TextLearner& Taught::learner() {
    if (!stale_) return learner_;
    stale_ = false;
    if (auto fresh = TextLearner::open(state_)) learner_ = *std::move(fresh);
    for (const auto& lesson : lessons_) learner_.learn(lesson.example);
    return learner_;
}

void Taught::teach(Id annotation, LabelledText example) {
    learner();
    learner_.learn(example);
    ++since_;
    if (since_ <= most_lessons)
        lessons_.push_back({annotation, std::move(example)});
    else
        lessons_.clear();
}

bool Taught::unteach(Id annotation) {
    const auto lesson = std::find_if(lessons_.begin(), lessons_.end(), [&](const Lesson& one) {
        return one.annotation == annotation;
    });
    if (lesson == lessons_.end()) return false;
    lessons_.erase(lesson);
    --since_;
    stale_ = true;
    return true;
}

}  // namespace countersign
