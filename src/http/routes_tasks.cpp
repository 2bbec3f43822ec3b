#include <charconv>

#include "http/routes.h"
#include "http/wire_tasks.h"

namespace countersign {

namespace {

/// ?name= as a value of an enum; refuses with the names there are.
template <class E>
Result<std::optional<E>> one_of(const Request& request, std::string_view name) {
    const auto text = request.ask(name);
    if (text.empty()) return std::optional<E>{};
    if (const auto value = from_name<E>(text)) return value;
    std::string names;
    for (const auto& row : enum_names(E{}))
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    return Refusal{Code::invalid, std::string(name) + " must be one of " + names + "."};
}

Result<std::optional<double>> share(const Request& request, std::string_view name) {
    const auto text = request.ask(name);
    if (text.empty()) return std::optional<double>{};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= 1)
        return std::optional<double>{value};
    return Refusal{Code::invalid, std::string(name) + " must be a number from 0 to 1."};
}

Result<TaskFilter> filter_of(const Request& request) {
    TaskFilter filter;
    filter.state = TRY(one_of<TaskState>(request, "state"));
    filter.action = TRY(one_of<Action>(request, "action"));
    filter.drafted = TRY(request.flag("drafted"));
    filter.flagged = TRY(request.flag("flagged"));
    filter.label = request.ask("label");
    filter.search = request.ask("search");
    filter.probability_below = TRY(share(request, "probability_below"));
    return filter;
}

Result<Response> list_tasks(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto project = TRY(request.id("p"));
    const auto filter = TRY(filter_of(request));
    const auto rows =
        TRY(on.desk.tasks(request.caller, project, filter, TRY(request.cursor()), limit));
    std::string body = "{\"items\":[";
    for (const auto& row : rows) {
        if (body.back() != '[') body += ',';
        append_task_row(body, row);
    }
    const bool more = static_cast<int>(rows.size()) == limit;
    body += "],\"next\":";
    body += more ? '"' + cursor_text(rows.back().task.id) + '"' : "null";
    body += '}';
    return text_response(200, "application/json", std::move(body));
}

Result<Response> find_task(Services& on, Request& request) {
    const auto detail = TRY(on.desk.detail(request.caller, TRY(request.id("t"))));
    TaskDetailOut out;
    out.task = task_out(detail.task);
    if (detail.media.id != 0) out.media.emplace(media_out(detail.media));
    for (const auto& draft : detail.drafts)
        out.drafts.push_back(draft_out(
            draft, on.world.cache->version(on.world.db, on.world.clock, draft.model_version)));
    for (const auto& annotation : detail.annotations)
        out.annotations.push_back(annotation_out(annotation));
    for (const auto& comment : detail.comments) out.comments.push_back(comment_out(comment));
    return answer(out);
}

Result<Response> list_comments(Services& on, Request& request) {
    const auto detail = TRY(on.desk.detail(request.caller, TRY(request.id("t"))));
    std::vector<CommentOut> items;
    for (const auto& comment : detail.comments) items.push_back(comment_out(comment));
    return page(items, 0);
}

struct CommentBody {
    std::string text;
};
template <class V>
void fields(V& v, CommentBody& o) {
    v("text", o.text, "1 to 10,000 bytes; @name or @u... mentions a person of the project");
}

Result<Response> add_comment(Services& on, Request& request) {
    const auto body = TRY(request.json<CommentBody>());
    const auto comment = TRY(on.desk.comment(request.caller, TRY(request.id("t")), body.text));
    return answer(comment_out(comment), 201);
}

}  // namespace

std::vector<Route> task_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/tasks",
         .access = needs(Permission::see_projects),
         .summary = "Tasks of a project, filtered",
         .handle = list_tasks,
         .gives = page_of<TaskRowOut>,
         .query = {cursor_field,
                   limit_field,
                   {"state", "ready, leased, done or disputed"},
                   {"drafted", "1 or 0: whether it has a draft"},
                   {"flagged", "1 or 0"},
                   {"action", "of its current label: accepted, edited, ..."},
                   {"label", "its current label has this name"},
                   {"search", "part of its key or data"},
                   {"probability_below", "of its current draft, 0 to 1"}}},
        {.method = "GET",
         .pattern = "/api/v1/tasks/{t}",
         .access = needs(Permission::see_projects),
         .summary = "One task with its drafts, annotations and comments",
         .handle = find_task,
         .gives = schema_of<TaskDetailOut>},
        {.method = "GET",
         .pattern = "/api/v1/tasks/{t}/comments",
         .access = needs(Permission::label),
         .summary = "Comments on a task",
         .handle = list_comments,
         .gives = page_of<CommentOut>},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/comments",
         .access = needs(Permission::label),
         .summary = "Comment on a task",
         .handle = add_comment,
         .status = 201,
         .takes = schema_of<CommentBody>,
         .gives = schema_of<CommentOut>},
    };
}

}  // namespace countersign
