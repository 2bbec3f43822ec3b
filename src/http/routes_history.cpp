#include "app/history.h"
#include "http/routes.h"
#include "http/wire_projects.h"

namespace countersign {

namespace {

/// Which answers were blind controls stays hidden from those who give them.
void hide_arm(Json& body) {
    if (!body.is_object()) return;
    body.erase("arm");
    body.erase("draft");
    body.erase("trial");
    body.erase("score");
}

Result<Response> list_events(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto found = TRY(project_events(on.world, request.caller, TRY(request.id("p")),
                                          TRY(request.cursor()), limit));
    std::vector<EventOut> items;
    const bool all = may(request.caller.role, Permission::manage_project);
    for (const auto& event : found.events) {
        items.push_back(event_out(event));
        if (!all) hide_arm(items.back().body);
    }
    return page(items, found.next);
}

Result<Response> verify(Services& on, Request& request) {
    return answer(VerifyOut{TRY(verify_history(on.world, TRY(request.id("p")))), true});
}

}  // namespace

std::vector<Route> history_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/events",
         .access = needs(Permission::see_projects),
         .summary = "What happened in a project, oldest first",
         .handle = list_events,
         .gives = page_of<EventOut>,
         .query = {cursor_field, limit_field}},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/verify",
         .access = needs(Permission::manage_project),
         .summary = "Check every hash and signature of a project's history; 409 names the fault",
         .handle = verify,
         .gives = schema_of<VerifyOut>,
         .slow = true},
    };
}

}  // namespace countersign
