#include "base/text.h"
#include "http/routes.h"
#include "http/wire_similar.h"

namespace countersign {

namespace {

constexpr int most_similar = 200, usual_similar = 50;

Response similar_response(const SimilarAnswer& found) {
    std::string body = R"({"state":)";
    append_json_string(body, found.state);
    body += R"(,"why":)";
    append_json_string(body, found.why);
    body += R"(,"items":[)";
    for (const auto& one : found.tasks) {
        if (body.back() != '[') body += ',';
        body += R"({"score":)";
        append_json_number(body, one.score);
        body += R"(,"row":)";
        append_task_row(body, one.row);
        body += '}';
    }
    body += R"(],"job":)";
    body += found.job ? to_text(to_json(job_out(*found.job))) : "null";
    body += '}';
    return text_response(200, "application/json", std::move(body));
}

Result<Response> similar_to_task(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto filter = TRY(parse_task_filter(request.ask("filter")));
    const auto found = TRY(on.similar.to_task(request.caller, TRY(request.id("t")), filter, limit));
    return similar_response(found);
}

Result<Response> similar_to_text(Services& on, Request& request) {
    const auto project = TRY(request.id("p"));
    const auto body = TRY(request.json<SimilarBody>());
    constexpr std::size_t most_text = 10'000;
    if (body.text.empty() || body.text.size() > most_text || !is_utf8(body.text))
        return Refusal{Code::invalid, "text must be UTF-8 of 1 to 10,000 bytes."};
    const int limit = body.limit.value_or(usual_similar);
    if (limit < 1 || limit > most_similar)
        return Refusal{Code::invalid, "limit must be a number from 1 to 200."};
    const auto filter = TRY(parse_task_filter(body.filter));
    const auto found = TRY(on.similar.to_text(request.caller, project, body.text, filter, limit));
    return similar_response(found);
}

Result<Response> prepare_similar(Services& on, Request& request) {
    const auto job = TRY(on.similar.prepare(request.caller, TRY(request.id("p"))));
    return answer(job_out(job), 202);
}

}  // namespace

std::vector<Route> similar_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/tasks/{t}/similar",
         .access = needs(Permission::see_projects),
         .summary = "The tasks most like this one, of those that match",
         .handle = similar_to_task,
         .gives = schema_of<SimilarOut>,
         .query = {limit_field, filter_field},
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/similar",
         .access = needs(Permission::see_projects),
         .summary = "The tasks most like a text",
         .handle = similar_to_text,
         .takes = schema_of<SimilarBody>,
         .gives = schema_of<SimilarOut>,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/similar/prepare",
         .access = needs(Permission::see_projects),
         .summary = "Look at every task once, in the background, so that similar ones can be "
                    "found; tasks that come later are looked at as they come",
         .handle = prepare_similar,
         .status = 202,
         .gives = schema_of<JobOut>},
    };
}

}  // namespace countersign
