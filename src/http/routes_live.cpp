#include <array>

#include "http/routes.h"
#include "http/wire_live.h"
#include "http/wire_team.h"

namespace countersign {

namespace {

/// Routine is what the other lanes leave of the whole.
std::vector<LiveLaneOut> lanes_out(const Board& board) {
    std::vector<LiveLaneOut> out;
    LiveLaneOut routine{Lane::routine, board.progress.ready, board.progress.leased,
                        board.progress.done, board.progress.disputed};
    const auto of = [](LiveLaneOut& lane, TaskState state) -> std::int64_t& {
        switch (state) {
            case TaskState::ready:
                return lane.ready;
            case TaskState::leased:
                return lane.leased;
            case TaskState::done:
                return lane.done;
            case TaskState::disputed:
                break;
        }
        return lane.disputed;
    };
    for (const auto& count : board.lanes) {
        if (out.empty() || out.back().lane != count.lane) out.push_back({count.lane});
        of(out.back(), count.state) += count.tasks;
        of(routine, count.state) -= count.tasks;
    }
    out.insert(out.begin(), routine);
    return out;
}

LivePersonOut line_out(const BoardPerson& line) {
    const auto& p = line.pace;
    LivePersonOut out{wire_id('u', p.person),
                      p.display,
                      p.last_5,
                      p.last_60,
                      p.accepted,
                      p.edited,
                      p.rejected,
                      p.created,
                      p.skipped,
                      line.seen,
                      line.stuck,
                      {}};
    for (const auto& h : line.held)
        out.held.push_back({wire_id('t', h.task), h.key, h.since, h.until, h.saved});
    return out;
}

Result<Response> live_board(Services& on, Request& request) {
    const auto board = TRY(on.live.board(request.caller, TRY(request.id("p"))));
    LiveOut out;
    out.now = board.now;
    out.whole = board.whole;
    for (const auto& line : board.people) out.people.push_back(line_out(line));
    out.lanes = lanes_out(board);
    out.history = {board.history_from, board.history_width, board.history};
    for (const auto& job : board.jobs) out.jobs.push_back(job_out(job));
    return answer(out);
}

Result<Response> take_tasks_back(Services& on, Request& request) {
    const auto body = TRY(request.json<TakeBackBody>());
    const Id project = TRY(request.id("p"));
    const Id person = TRY(body_id('u', "person", body.person));
    const Id task = body.task.empty() ? 0 : TRY(body_id('t', "task", body.task));
    return answer(AssignedOut{TRY(on.live.take_back(request.caller, project, person, task))});
}

}  // namespace

std::vector<Route> live_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/live",
         .access = needs(Permission::label),
         .summary =
             "Who is at work, the pace, the queue and the jobs of the moment; supervisors see "
             "everybody, others their own line",
         .handle = live_board,
         .gives = schema_of<LiveOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/take-back",
         .access = needs(Permission::manage_project),
         .summary =
             "Put tasks that somebody holds back into the queue, and tell them; 409 when they "
             "hold them no more",
         .handle = take_tasks_back,
         .takes = schema_of<TakeBackBody>,
         .gives = schema_of<AssignedOut>},
    };
}

}  // namespace countersign
