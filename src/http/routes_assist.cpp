#include <cmath>

#include "app/assist.h"
#include "http/routes.h"
#include "http/wire_assist.h"

namespace countersign {

namespace {

Result<std::vector<Spot>> spots(std::string_view field,
                                const std::vector<std::vector<double>>& pairs) {
    constexpr std::size_t most = 100;
    const auto refuse = [&](std::string_view why) {
        return Refusal{Code::invalid, std::string(field) + std::string(why)};
    };
    if (pairs.size() > most) return refuse(" may hold at most 100 points.");
    std::vector<Spot> out;
    for (const auto& pair : pairs) {
        if (pair.size() != 2 || !std::isfinite(pair[0]) || !std::isfinite(pair[1]))
            return refuse(" must hold pairs of numbers: [[x, y], ...].");
        out.push_back({pair[0], pair[1]});
    }
    return out;
}

Result<Response> assist(Services& on, Request& request) {
    const auto body = TRY(request.json<AssistBody>());
    OutlineAsk ask{body.box.x, body.box.y, body.box.width, body.box.height, {}, {}};
    ask.include = TRY(spots("include", body.include));
    ask.exclude = TRY(spots("exclude", body.exclude));
    if (!std::isfinite(ask.x + ask.y + ask.width + ask.height))
        return Refusal{Code::invalid, "box must be finite numbers."};
    auto found = TRY(on.assist.outline(request.caller, TRY(request.id("t")), ask));
    return answer(AssistOut{{std::move(found.points), std::move(found.rings)}});
}

}  // namespace

std::vector<Route> assist_routes() {
    return {{.method = "POST",
             .pattern = "/api/v1/tasks/{t}/assist",
             .access = needs(Permission::label),
             .summary = "Box to polygon: the outline of the thing in a box; 409 when the task is "
                        "not with the caller",
             .handle = assist,
             .takes = schema_of<AssistBody>,
             .gives = schema_of<AssistOut>,
             .slow = true}};
}

}  // namespace countersign
