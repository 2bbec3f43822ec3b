#include "app/history.h"

#include "store/event_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {
Result<> need_project(Session& s, Id project) {
    if (find_project(s, project)) return Done{};
    return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
}
}  // namespace

Result<std::vector<Event>> project_events(World& world, Id project, Id after, int limit) {
    return world.db.read([&](Session& s) -> Result<std::vector<Event>> {
        TRY(need_project(s, project));
        return list_events(s, project, after, limit);
    });
}

Result<std::int64_t> verify_history(World& world, Id project) {
    return world.db.read([&](Session& s) -> Result<std::int64_t> {
        TRY(need_project(s, project));
        return verify_events(s, project, world.key.public_key);
    });
}

}  // namespace countersign
