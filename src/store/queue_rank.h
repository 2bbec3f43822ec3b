// The order of the queue as one number: lower comes sooner. Tasks that not everybody may get have a
// stretch of their own, so that the search for a fresh one never wades through them.
#pragma once

#include <cstdint>

#include "base/ids.h"

namespace countersign {

/// Behind every task that nobody skipped.
constexpr std::int64_t tail_rank = std::int64_t{256} << 40;
/// Added for tasks that have answers and need more: not for those who gave them.
constexpr std::int64_t opinion_rank = std::int64_t{512} << 40;
/// Added for tasks that are meant for one person.
constexpr std::int64_t assigned_rank = std::int64_t{1024} << 40;

/// `priority` in [0, 255], `task` below 2^40.
constexpr std::int64_t queue_rank(int priority, Id task) {
    return (static_cast<std::int64_t>(255 - priority) << 40) | task;
}

}  // namespace countersign
