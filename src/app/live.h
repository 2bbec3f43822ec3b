// The live board: who is at work, how the work goes, and where it has come to a stop, so that a
// supervisor sees who could use help. Whoever is not a supervisor sees their own line alone.
#pragma once

#include <string>
#include <vector>

#include "app/world.h"
#include "core/job.h"
#include "core/people.h"
#include "store/live_store.h"

namespace countersign {

struct BoardPerson {
    PersonPace pace;
    std::vector<HeldTask> held;
    Millis seen = 0;     ///< Last sign of work: a decision, work saved, a task taken.
    bool stuck = false;  ///< Holds tasks, and gave no sign for as long as a lease lasts.
};

struct Board {
    Millis now = 0;
    Progress progress;
    std::vector<LaneCount> lanes;  ///< All that are not routine.
    std::vector<BoardPerson> people;
    Millis history_from = 0, history_width = 0;
    std::vector<std::int64_t> history;  ///< Decisions a stretch.
    std::vector<Job> jobs;              ///< That wait or work.
    bool whole = false;                 ///< Everybody's lines, not just the caller's.
};

class Live {
public:
    explicit Live(World& world) : world_(world) {}

    Result<Board> board(const Caller& caller, Id project);
    /// Puts back what `person` holds, or just `task` when it is not 0, and tells them. Refuses with
    /// conflict when they hold it no more. Returns how many.
    Result<std::int64_t> take_back(const Caller& caller, Id project, Id person, Id task);

private:
    World& world_;
};

}  // namespace countersign
