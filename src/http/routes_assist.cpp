#include <cmath>

#include "app/assist.h"
#include "http/routes.h"
#include "http/wire_assist.h"
#include "http/wire_tasks.h"

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

Result<Response> list_cue_models(Services& on, Request& request) {
    const auto project = TRY(on.projects.find(TRY(request.id("p"))));
    std::vector<CueModelOut> items;
    for (const auto& model : on.assist.cue_models(project.id))
        items.push_back({wire_id('k', model.id), model.name});
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> ask_by_cue(Services& on, Request& request) {
    auto body = TRY(request.json<CueBody>());
    const auto model = TRY(body_id('k', "model", body.model));
    Cue cue{std::move(body.label), std::move(body.boxes), std::move(body.points),
            std::move(body.regions)};
    const auto task = TRY(request.id("t"));
    auto said = TRY(on.assist.cue(request.caller, task, model, std::move(cue), {}));
    auto out = to_json(CueOut{wire_id('k', said.model.id), said.model.name, said.version, {}});
    out["regions"] = compact_regions(said.regions);
    return json_response(200, out);
}

}  // namespace

std::vector<Route> assist_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/cue-models",
         .access = needs(Permission::label),
         .summary = "Models that answer at the desk when somebody points at something",
         .handle = list_cue_models,
         .gives = list_of<CueModelOut>},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/cue",
         .access = needs(Permission::label),
         .summary = "Ask a model about what one points at; nothing is stored. 409 when the task "
                    "is not with the caller or is for people alone; 503 names the model that "
                    "has no answer",
         .handle = ask_by_cue,
         .takes = schema_of<CueBody>,
         .gives = schema_of<CueOut>,
         .slow = true},
        {.method = "POST",
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
