// What a board of the work of the moment is made of. Nothing here costs more with more tasks: held
// tasks come from their index, and how fast people decide from `pace`, a row for each person and
// minute in which they decided something, written with the decision and kept for a working day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/job.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// Adds `by` (1, or -1 when it is taken back) to the minute of `at`.
void count_pace(Session& s, Id project, Id person, Action action, Millis at, int by);
/// Forgets what was decided before.
void prune_pace(Session& s, Millis before);

struct PersonPace {
    Id person = 0;
    std::string display;
    std::int64_t last_5 = 0, last_60 = 0;  ///< Decisions in so many minutes.
    /// Since `from`.
    std::int64_t accepted = 0, edited = 0, rejected = 0, created = 0, skipped = 0;
    Millis last = 0;  ///< The minute of the last one.
};
/// Those who decided something since `from`; `person` 0: everybody.
std::vector<PersonPace> pace_by_person(Session& s, Id project, Id person, Millis from, Millis now);
/// Decisions in each of `n` stretches of `width` since `from`, both whole minutes.
std::vector<std::int64_t> pace_in_time(Session& s, Id project, Id person, Millis from, Millis width,
                                       int n);

struct HeldTask {
    Id person = 0, task = 0;
    std::string display, key;
    Millis since = 0, until = 0;
    Millis saved = 0;  ///< When work on it was last saved; 0: never.
};
/// Tasks that people hold, person by person; `person` 0: everybody's.
std::vector<HeldTask> held_tasks(Session& s, Id project, Id person, int limit);

/// Tasks of one lane in each state. Tasks of the lane routine are the rest, and not counted.
struct LaneCount {
    Lane lane = Lane::edge;
    TaskState state = TaskState::ready;
    std::int64_t tasks = 0;
};
std::vector<LaneCount> count_lanes(Session& s, Id project);

/// Takes the tasks `person` holds from them, or just `task` when it is not 0, and puts them back
/// where they came from; those that were meant for them are anybody's. An answer under the lease
/// that ended is refused. Returns the tasks.
std::vector<Id> take_from(Session& s, Id project, Id person, Id task);

}  // namespace countersign
