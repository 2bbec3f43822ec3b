#include "app/history.h"

#include "app/gold_view.h"
#include "store/event_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {
Result<> need_project(Session& s, Id project) {
    if (find_project(s, project)) return Done{};
    return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
}
}  // namespace

Result<EventPage> project_events(World& world, const Caller& caller, Id project, Id after,
                                 int limit) {
    return world.db.read([&](Session& s) -> Result<EventPage> {
        TRY(need_project(s, project));
        EventPage out;
        out.events = list_events(s, project, after, limit);
        if (static_cast<int>(out.events.size()) == limit) out.next = out.events.back().id;
        if (gold_is_hidden(s, caller, *find_project(s, project)))
            out.events = events_for(caller, std::move(out.events));
        return out;
    });
}

Result<std::int64_t> verify_history(World& world, Id project) {
    return world.db.read([&](Session& s) -> Result<std::int64_t> {
        TRY(need_project(s, project));
        return verify_events(s, project, world.key.public_key);
    });
}

}  // namespace countersign
