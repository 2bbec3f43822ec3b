// The order of the queue as one number: lower comes sooner.
#pragma once

#include <cstdint>

#include "base/ids.h"

namespace countersign {

/// Behind every task that nobody skipped.
constexpr std::int64_t tail_rank = std::int64_t{256} << 40;

/// `priority` in [0, 255], `task` below 2^40.
constexpr std::int64_t queue_rank(int priority, Id task) {
    return (static_cast<std::int64_t>(255 - priority) << 40) | task;
}

}  // namespace countersign
