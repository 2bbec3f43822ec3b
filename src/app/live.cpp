#include "app/live.h"

#include <algorithm>
#include <map>

#include "app/gold_view.h"
#include "app/sight.h"
#include "store/event_store.h"
#include "store/job_store.h"
#include "store/notification_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr Millis board_minute = 60'000, stretch = 10 * board_minute;
constexpr int stretches = 48;
constexpr int most_held = 1000;

std::vector<BoardPerson> lines_of(std::vector<PersonPace>&& paces, std::vector<HeldTask>&& held,
                                  Millis now, Millis lease) {
    std::map<Id, BoardPerson> lines;
    for (auto& pace : paces) {
        auto& line = lines[pace.person];
        line.seen = std::min(now, pace.last + board_minute);
        line.pace = std::move(pace);
    }
    for (auto& task : held) {
        auto& line = lines[task.person];
        line.pace.person = task.person;
        line.pace.display = task.display;
        line.seen = std::max({line.seen, task.since, task.saved});
        line.held.push_back(std::move(task));
    }
    std::vector<BoardPerson> out;
    for (auto& [person, line] : lines) {
        line.stuck = !line.held.empty() && now - line.seen > lease;
        out.push_back(std::move(line));
    }
    std::stable_sort(out.begin(), out.end(), [](const BoardPerson& a, const BoardPerson& b) {
        return a.pace.display < b.pace.display;
    });
    return out;
}

}  // namespace

Result<Board> Live::board(const Caller& caller, Id id) {
    const auto project = world_.cache->project(world_.db, world_.clock, id);
    if (!project) return Refusal{Code::not_found, "There is no project " + wire_id('p', id) + "."};
    Board out;
    out.now = world_.clock.now();
    out.whole = sees_everything(caller.role);
    out.history_width = stretch;
    // The last stretch is the one that is going on.
    out.history_from = (out.now / stretch - (stretches - 1)) * stretch;
    if (world_.db.read([&](Session& s) { return gold_is_hidden(s, caller, *project); }))
        return Refusal{Code::forbidden,
                       "In this project only supervisors see the live board: some tasks have a "
                       "known answer, and what it counts would tell them from work."};
    const Id whose = out.whole ? 0 : caller.person;
    world_.db.read([&](Session& s) {
        out.progress = find_progress(s, id);
        out.lanes = count_lanes(s, id);
        out.people = lines_of(pace_by_person(s, id, whose, out.history_from, out.now),
                              held_tasks(s, id, whose, most_held), out.now,
                              project->policy.lease_minutes * board_minute);
        out.history = pace_in_time(s, id, whose, out.history_from, stretch, stretches);
        if (out.whole) out.jobs = open_jobs(s, id);
    });
    return out;
}

Result<std::int64_t> Live::take_back(const Caller& caller, Id project, Id person, Id task) {
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<std::int64_t> {
        if (!find_project(s, project))
            return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
        const auto taken = take_from(s, project, person, task);
        if (taken.empty())
            return Refusal{Code::conflict,
                           task != 0 ? "Task " + wire_id('t', task) +
                                           " is not on this person's desk any more: they decided, "
                                           "or it went back by itself."
                                     : "This person holds no task of the project any more."};
        Notification what;
        what.person = person;
        what.kind = NotificationKind::taken_back;
        what.project = project;
        what.by = caller.person;
        what.created = now;
        what.number = static_cast<std::int64_t>(taken.size());
        if (taken.size() == 1) what.task = taken[0];
        tell(s, what);
        for (const Id one : taken) {
            Event event;
            event.project = project;
            event.kind = "lease.taken_back";
            event.person = caller.person;
            event.task = one;
            event.body = to_text(Json{{"from", wire_id('u', person)}});
            event.created = now;
            append_event(s, std::move(event), world_.key);
        }
        return static_cast<std::int64_t>(taken.size());
    });
}

}  // namespace countersign
