#include "base/text.h"
#include "http/routes.h"
#include "http/wire_team.h"

namespace countersign {

namespace {

DisputeOut dispute_out(Services& on, const DisputeView& view) {
    DisputeOut out;
    out.task = task_out(view.dispute.task);
    if (view.dispute.media.id != 0) out.media.emplace(media_out(view.dispute.media));
    if (view.draft)
        out.draft.emplace(draft_out(
            *view.draft,
            on.world.cache->version(on.world.db, on.world.clock, view.draft->model_version)));
    const auto& opinions = view.dispute.opinions;
    for (std::size_t i = 0; i < opinions.size(); ++i) {
        const auto author = view.authors.find(opinions[i].person);
        OpinionOut opinion{annotation_out(opinions[i]),
                           author == view.authors.end() ? "" : author->second,
                           view.from_first[i],
                           view.from_draft[i],
                           {}};
        if (!view.odds.empty()) opinion.probability.emplace(view.odds[i]);
        out.opinions.push_back(std::move(opinion));
    }
    if (!opinions.empty()) out.suggested = wire_id('a', opinions[view.suggested].id);
    out.in_favour = view.in_favour;
    if (!view.odds.empty()) out.none_right.emplace(view.none_right);
    out.ground = view.ground;
    out.several = static_cast<std::int64_t>(view.several);
    out.verdicts = static_cast<std::int64_t>(view.verdicts);
    return out;
}

Result<Response> list_disputes(Services& on, Request& request) {
    const int limit = TRY(request.limit(20, 50));
    const auto found = TRY(on.team.disputes(TRY(request.id("p")), TRY(request.cursor()), limit));
    std::vector<DisputeOut> items;
    for (const auto& view : found) items.push_back(dispute_out(on, view));
    const bool more = static_cast<int>(found.size()) == limit;
    return page(items, more ? found.back().dispute.task.id : 0);
}

Result<Response> find_dispute(Services& on, Request& request) {
    return answer(dispute_out(on, TRY(on.team.dispute(TRY(request.id("t"))))));
}

Result<Response> decide(Services& on, Request& request) {
    auto body = TRY(request.json<VerdictBody>());
    Verdict verdict;
    verdict.task = TRY(request.id("t"));
    if (!body.annotation.empty()) verdict.chosen = TRY(body_id('a', "annotation", body.annotation));
    verdict.regions = std::move(body.regions);
    verdict.reason = std::move(body.reason);
    verdict.active_ms = body.active_ms;
    return answer(annotation_out(TRY(on.team.decide(request.caller, std::move(verdict)))), 201);
}

Result<Response> take_back(Services& on, Request& request) {
    TRY(on.team.take_back(request.caller, TRY(request.id("t"))));
    return no_content();
}

Result<Response> send_back(Services& on, Request& request) {
    const auto body = TRY(request.json<SendBackBody>());
    TRY(on.team.send_back(request.caller, TRY(request.id("t")), body.comment));
    return no_content();
}

Result<Response> assign(Services& on, Request& request) {
    const auto body = TRY(request.json<AssignBody>());
    std::vector<Id> tasks;
    for (const auto& task : body.tasks) tasks.push_back(TRY(body_id('t', "tasks", task)));
    const Id person = body.person.empty() ? 0 : TRY(body_id('u', "person", body.person));
    if (body.filter && !tasks.empty())
        return Refusal{Code::invalid, "Name tasks or give a filter, not both."};
    const auto project = TRY(request.id("p"));
    Team::Assigned done;
    if (body.filter) {
        const auto filter = TRY(parse_task_filter(*body.filter));
        done = TRY(on.team.assign_matching(request.caller, project, filter, body.cursor, person));
    } else {
        done = TRY(on.team.assign(request.caller, project, tasks, person));
    }
    AssignedOut out;
    out.changed = done.changed;
    for (const auto& [whom, those] : done.before) {
        AssignedFromOut from;
        if (whom != 0) from.person = wire_id('u', whom);
        for (const Id task : those) from.tasks.push_back(wire_id('t', task));
        out.before.push_back(std::move(from));
    }
    if (!done.next.empty()) out.next.emplace(done.next);
    return answer(out);
}

Result<Response> list_colleagues(Services& on, Request& request) {
    const int limit = TRY(request.limit(8, 50));
    const std::string search(request.ask("search"));
    if (search.size() > 200 || !is_utf8(search))
        return Refusal{Code::invalid, "search must be UTF-8 of at most 200 bytes."};
    std::vector<ColleagueOut> items;
    for (const auto& person : TRY(on.team.people(TRY(request.id("p")), search, limit)))
        items.push_back({wire_id('u', person.id), person.name, person.display});
    return page(items, 0);
}

Result<Response> guideline_change(Services& on, Request& request) {
    GuidelineNewsOut out;
    if (auto change = TRY(on.team.guideline_change(request.caller, TRY(request.id("p")))))
        out.change.emplace(
            GuidelineChangeOut{change->from, change->to, change->before, change->after});
    return answer(out);
}

}  // namespace

std::vector<Route> team_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/disputes",
         .access = needs(Permission::decide),
         .summary = "Tasks whose answers differ, each with all opinions and the draft",
         .handle = list_disputes,
         .gives = page_of<DisputeOut>,
         .query = {cursor_field, limit_field}},
        {.method = "GET",
         .pattern = "/api/v1/tasks/{t}/dispute",
         .access = needs(Permission::decide),
         .summary = "One dispute",
         .handle = find_dispute,
         .gives = schema_of<DisputeOut>},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/verdict",
         .access = needs(Permission::decide),
         .summary = "Decide a dispute; 409 when somebody else did, 403 for one's own answers",
         .handle = decide,
         .status = 201,
         .takes = schema_of<VerdictBody>,
         .gives = schema_of<AnnotationOut>},
        {.method = "DELETE",
         .pattern = "/api/v1/tasks/{t}/verdict",
         .access = needs(Permission::decide),
         .summary = "Take a verdict back: the task is disputed again",
         .handle = take_back,
         .status = 204},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/send-back",
         .access = needs(Permission::decide),
         .summary = "Ask one more person before a dispute is decided",
         .handle = send_back,
         .status = 204,
         .takes = schema_of<SendBackBody>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/assign",
         .access = needs(Permission::manage_project),
         .summary = "Make ready tasks those of one person, or anybody's again",
         .handle = assign,
         .takes = schema_of<AssignBody>,
         .gives = schema_of<AssignedOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/people",
         .access = needs(Permission::label),
         .summary = "Whom a comment in the project may mention, those who work on it first",
         .handle = list_colleagues,
         .gives = page_of<ColleagueOut>,
         .query = {{"search", "how their sign-in name, or a word of their shown name, starts"},
                   {"limit", "1 to 50; usually 8"}}},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/guideline-change",
         .access = needs(Permission::label),
         .summary = "How the guideline changed since the caller's last decision",
         .handle = guideline_change,
         .gives = schema_of<GuidelineNewsOut>},
    };
}

}  // namespace countersign
