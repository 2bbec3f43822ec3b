#include "http/routes.h"
#include "http/wire_jobs.h"

namespace countersign {

namespace {

Result<Response> list_jobs(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto project = TRY(on.projects.find(TRY(request.id("p"))));
    const auto jobs = on.jobs.list(project.id, TRY(request.cursor()), limit);
    std::vector<JobOut> items;
    for (const auto& job : jobs) items.push_back(job_out(job));
    return page(items, static_cast<int>(jobs.size()) == limit ? jobs.back().id : 0);
}

Result<Response> find_job(Services& on, Request& request) {
    return answer(job_out(TRY(on.jobs.find(TRY(request.id("j"))))));
}

Result<Response> cancel_job(Services& on, Request& request) {
    return answer(job_out(TRY(on.jobs.cancel(request.caller, TRY(request.id("j"))))));
}

Result<Response> retry_job(Services& on, Request& request) {
    return answer(job_out(TRY(on.jobs.retry(request.caller, TRY(request.id("j"))))));
}

Result<Response> list_verdicts(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto job = TRY(on.jobs.find(TRY(request.id("j"))));
    const auto rows = TRY(on.imports.verdicts(job.id, TRY(request.cursor()), limit));
    std::vector<VerdictOut> items;
    for (const auto& row : rows) items.push_back({row.row, row.source, row.verdict, row.reason});
    return page(items, static_cast<int>(rows.size()) == limit ? rows.back().row : 0);
}

}  // namespace

std::vector<Route> job_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/jobs",
         .access = needs(Permission::see_projects),
         .summary = "Background jobs of a project, newest first",
         .handle = list_jobs,
         .gives = page_of<JobOut>,
         .query = {cursor_field, limit_field}},
        {.method = "GET",
         .pattern = "/api/v1/jobs/{j}",
         .access = needs(Permission::see_projects),
         .summary = "One job: progress, rate, time left, result",
         .handle = find_job,
         .gives = schema_of<JobOut>},
        {.method = "POST",
         .pattern = "/api/v1/jobs/{j}/cancel",
         .access = needs(Permission::manage_project),
         .summary = "Ask a job to stop",
         .handle = cancel_job,
         .gives = schema_of<JobOut>},
        {.method = "POST",
         .pattern = "/api/v1/jobs/{j}/retry",
         .access = needs(Permission::manage_project),
         .summary = "Run a dead or cancelled job again, from where it came to",
         .handle = retry_job,
         .gives = schema_of<JobOut>},
        {.method = "GET",
         .pattern = "/api/v1/jobs/{j}/verdicts",
         .access = needs(Permission::manage_project),
         .summary = "Rows that an import repaired or rejected, and why",
         .handle = list_verdicts,
         .gives = page_of<VerdictOut>,
         .query = {cursor_field, limit_field}},
    };
}

}  // namespace countersign
