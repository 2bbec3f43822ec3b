#include "http/routes.h"
#include "http/wire_lists.h"
#include "http/wire_tasks.h"

namespace countersign {

namespace {

Result<Response> list_tasks(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto project = TRY(request.id("p"));
    const auto filter = TRY(parse_task_filter(request.ask("filter")));
    const auto sort = TRY(parse_task_sort(request.ask("sort")));
    const auto page =
        TRY(on.lists.tasks(request.caller, project, filter, sort, request.ask("cursor"), limit));
    std::string body = "{\"items\":[";
    for (const auto& row : page.rows) {
        if (body.back() != '[') body += ',';
        append_task_row(body, row);
    }
    body += "],\"next\":";
    body += page.next.empty() ? "null" : '"' + page.next + '"';
    body += '}';
    return text_response(200, "application/json", std::move(body));
}

Result<Response> count_tasks(Services& on, Request& request) {
    const auto filter = TRY(parse_task_filter(request.ask("filter")));
    const auto count = TRY(on.lists.count(request.caller, TRY(request.id("p")), filter));
    return answer(TaskCountOut{count.count, count.more});
}

Result<Response> list_filter_fields(Services&, Request& request) {
    Json items = Json::array();
    for (const auto& row : filter_fields()) {
        if (!row.for_all && !may(request.caller.role, Permission::manage_project)) continue;
        FilterFieldOut out{std::string(row.name), row.kind, std::string(row.meaning), {}};
        for (const auto choice : row.choices) out.choices.emplace_back(choice);
        items.push_back(to_json(out));
    }
    return json_response(200, {{"items", std::move(items)}});
}

ViewOut view_out(const TaskView& v) {
    return {wire_id('v', v.id), v.name,   filter_text(v.filter), sort_text(v.sort), v.columns,
            v.person == 0,      v.created};
}

Result<TaskView> changed_by(const Request& request, const ViewBody& body, TaskView view) {
    if (body.name) view.name = *body.name;
    if (body.filter) view.filter = TRY(parse_task_filter(*body.filter));
    if (body.sort) view.sort = TRY(parse_task_sort(*body.sort));
    if (body.columns) view.columns = *body.columns;
    if (body.shared) view.person = *body.shared ? 0 : request.caller.person;
    return view;
}

Result<Response> list_views(Services& on, Request& request) {
    Json items = Json::array();
    for (const auto& view : TRY(on.lists.views(request.caller, TRY(request.id("p")))))
        items.push_back(to_json(view_out(view)));
    return json_response(200, {{"items", std::move(items)}});
}

Result<Response> add_view(Services& on, Request& request) {
    TaskView fresh;
    fresh.project = TRY(request.id("p"));
    fresh.person = request.caller.person;
    const auto body = TRY(request.json<ViewBody>());
    auto view = TRY(changed_by(request, body, std::move(fresh)));
    return answer(view_out(TRY(on.lists.add_view(request.caller, std::move(view)))), 201);
}

Result<Response> change_view(Services& on, Request& request) {
    const auto body = TRY(request.json<ViewBody>());
    auto before = TRY(on.lists.find_view(request.caller, TRY(request.id("v"))));
    auto view = TRY(changed_by(request, body, std::move(before)));
    return answer(view_out(TRY(on.lists.change_view(request.caller, std::move(view)))));
}

Result<Response> delete_view(Services& on, Request& request) {
    TRY(on.lists.delete_view(request.caller, TRY(request.id("v"))));
    return no_content();
}

const QueryField sort_field{"sort",
                            "imported, key, probability or decided; - before it: the last first"};

}  // namespace

std::vector<Route> list_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/tasks",
         .access = needs(Permission::see_projects),
         .summary = "Tasks of a project, filtered and sorted; a page may hold fewer than asked for "
                    "and still have a next one",
         .handle = list_tasks,
         .gives = page_of<TaskRowOut>,
         .query = {cursor_field, limit_field, filter_field, sort_field}},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/tasks/count",
         .access = needs(Permission::see_projects),
         .summary = "How many tasks match: exactly when that is cheap",
         .handle = count_tasks,
         .gives = schema_of<TaskCountOut>,
         .query = {filter_field}},
        {.method = "GET",
         .pattern = "/api/v1/filter-fields",
         .access = signed_in,
         .summary = "What the caller may filter tasks by",
         .handle = list_filter_fields,
         .gives = list_of<FilterFieldOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/views",
         .access = needs(Permission::see_projects),
         .summary = "Views of a project: everybody's and the caller's own",
         .handle = list_views,
         .gives = list_of<ViewOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/views",
         .access = needs(Permission::see_projects),
         .summary = "Keep a view; supervisors also for everybody",
         .handle = add_view,
         .status = 201,
         .takes = schema_of<ViewBody>,
         .gives = schema_of<ViewOut>},
        {.method = "PATCH",
         .pattern = "/api/v1/views/{v}",
         .access = needs(Permission::see_projects),
         .summary = "Rename or change a view",
         .handle = change_view,
         .takes = schema_of<ViewBody>,
         .gives = schema_of<ViewOut>},
        {.method = "DELETE",
         .pattern = "/api/v1/views/{v}",
         .access = needs(Permission::see_projects),
         .summary = "Delete a view",
         .handle = delete_view,
         .status = 204},
    };
}

}  // namespace countersign
