#include "http/routes.h"
#include "http/wire_jobs.h"
#include "http/wire_projects.h"

namespace countersign {

namespace {

Result<Response> list_templates(Services&, Request&) {
    std::vector<TemplateOut> items;
    for (const auto& t : project_templates())
        items.push_back({std::string(t.name), std::string(t.title), std::string(t.description),
                         t.schema, std::string(t.guideline)});
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> list_formats(Services&, Request&) {
    return json_response(200, {{"items", to_json(format_list())}});
}

ProjectProgress progress_out(Services& on, const Caller& caller, Id project,
                             const Progress& progress) {
    return {progress, on.inspector.open_seen(caller, project)};
}

ProjectOut seen_by(Services& on, const Caller& caller, const Project& project) {
    const auto progress = on.projects.progress_seen(caller, project);
    return project_out(project, progress_out(on, caller, project.id, progress),
                       on.projects.hides_lists(caller, project));
}

Result<Response> list_projects(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto archived = TRY(request.flag("archived"));
    const auto listed = on.projects.list(TRY(request.cursor()), limit, archived.value_or(false));
    std::vector<ProjectOut> items;
    for (const auto& row : listed) items.push_back(seen_by(on, request.caller, row.project));
    return page(items, static_cast<int>(listed.size()) == limit ? listed.back().project.id : 0);
}

Result<Response> create_project(Services& on, Request& request) {
    const auto body = TRY(request.json<NewProjectBody>());
    Project wanted;
    wanted.name = body.name;
    wanted.description = body.description;
    wanted.schema = body.schema;
    wanted.guideline = body.guideline;
    wanted.policy = body.policy;
    const auto project = TRY(on.projects.create(request.caller, std::move(wanted)));
    on.drafting.add_defaults(project);
    return answer(project_out(project, {}, false), 201);
}

Result<Response> find_project(Services& on, Request& request) {
    const auto id = TRY(request.id("p"));
    const auto project = TRY(on.projects.find(id));
    return answer(seen_by(on, request.caller, project));
}

Result<Response> change_project(Services& on, Request& request) {
    const auto id = TRY(request.id("p"));
    const auto body = TRY(request.json<ProjectChangeBody>());
    const auto project = TRY(on.projects.change(request.caller, id,
                                                {.name = body.name,
                                                 .description = body.description,
                                                 .guideline = body.guideline,
                                                 .policy = body.policy,
                                                 .schema = body.schema,
                                                 .archived = body.archived}));
    return answer(seen_by(on, request.caller, project));
}

Result<Response> renamings(Services& on, Request& request) {
    const auto body = TRY(request.json<SchemaBody>());
    Json items = Json::array();
    for (const auto& one : TRY(on.projects.renamings(TRY(request.id("p")), body.schema)))
        items.push_back(to_json(RenamingOut{one.change.control, one.change.name, one.change.from,
                                            one.change.to, one.tasks, one.more}));
    return json_response(200, {{"items", std::move(items)}});
}

Result<Response> progress(Services& on, Request& request) {
    const auto id = TRY(request.id("p"));
    const auto progress = TRY(on.projects.progress(request.caller, id));
    return answer(progress_out(on, request.caller, id, progress));
}

}  // namespace

std::vector<Route> project_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/templates",
         .access = needs(Permission::see_projects),
         .summary = "Schemas and guidelines to start a project from",
         .handle = list_templates,
         .gives = list_of<TemplateOut>},
        {.method = "GET",
         .pattern = "/api/v1/formats",
         .access = needs(Permission::see_projects),
         .summary = "File formats and what they can carry",
         .handle = list_formats,
         .gives = list_of<FormatOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects",
         .access = needs(Permission::see_projects),
         .summary = "Projects with their progress",
         .handle = list_projects,
         .gives = page_of<ProjectOut>,
         .query = {cursor_field, limit_field, {"archived", "1: archived projects instead"}}},
        {.method = "POST",
         .pattern = "/api/v1/projects",
         .access = needs(Permission::manage_project),
         .summary = "Make a project; the embedded models that fit are added",
         .handle = create_project,
         .status = 201,
         .takes = schema_of<NewProjectBody>,
         .gives = schema_of<ProjectOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}",
         .access = needs(Permission::see_projects),
         .summary = "One project",
         .handle = find_project,
         .gives = schema_of<ProjectOut>},
        {.method = "PATCH",
         .pattern = "/api/v1/projects/{p}",
         .access = needs(Permission::manage_project),
         .summary = "Change a project; a schema that loses labels in use is refused",
         .handle = change_project,
         .takes = schema_of<ProjectChangeBody>,
         .gives = schema_of<ProjectOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/renamings",
         .access = needs(Permission::manage_project),
         .summary = "What would read as another label under a schema, in how many tasks; nothing "
                    "is changed",
         .handle = renamings,
         .takes = schema_of<SchemaBody>,
         .gives = list_of<RenamingOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/progress",
         .access = needs(Permission::see_projects),
         .summary = "Counters of a project",
         .handle = progress,
         .gives = schema_of<ProjectProgress>},
    };
}

}  // namespace countersign
