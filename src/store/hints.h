// Where a search may start. On PostgreSQL every leased row leaves a dead index entry at the head of
// the queue for as long as any old snapshot lives, so that finding the first ready row gets slower
// and slower; starting at the last rank that was found does not. A drafter's search for the next
// undrafted task has the same shape on both engines.
//
// A hint may be too high (a task came back, another server imported): it is forgotten every two
// seconds, whenever this process puts a task back, and whenever a search with it finds too little.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "base/guarded.h"
#include "base/ids.h"

namespace countersign {

class Hints {
public:
    /// `purpose` 0 is leasing, else the id of the model version that drafts.
    std::int64_t floor(Id project, Id purpose) {
        const auto now = std::chrono::steady_clock::now();
        return floors_.with([&](Floors& floors) -> std::int64_t {
            const auto found = floors.find({project, purpose});
            if (found == floors.end()) return 0;
            if (now - found->second.since < std::chrono::seconds(purpose ? 30 : 2))
                return found->second.rank;
            floors.erase(found);
            return 0;
        });
    }
    void raise(Id project, Id purpose, std::int64_t rank) {
        const auto now = std::chrono::steady_clock::now();
        floors_.with([&](Floors& floors) {
            floors.try_emplace({project, purpose}, Floor{rank, now}).first->second.rank = rank;
        });
    }
    void forget(Id project) {
        floors_.with([&](Floors& floors) {
            floors.erase(floors.lower_bound({project, 0}), floors.lower_bound({project + 1, 0}));
        });
    }
    void forget(Id project, Id purpose) {
        floors_.with([&](Floors& floors) { floors.erase({project, purpose}); });
    }
    /// 0, 1, 2, ...: for what is due once in a while, whoever comes by then.
    std::uint64_t next_turn() { return turn_++; }

private:
    struct Floor {
        std::int64_t rank;
        std::chrono::steady_clock::time_point since;
    };
    using Floors = std::map<std::pair<Id, Id>, Floor>;
    Guarded<Floors> floors_;
    std::atomic<std::uint64_t> turn_ = 0;
};

}  // namespace countersign
