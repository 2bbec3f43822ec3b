#include "http/routes.h"
#include "http/wire_jobs.h"
#include "http/wire_workbench.h"

namespace countersign {

namespace {

GuessOut guess_out(const Guess& guess) {
    return {guess.low, guess.mid, guess.high};
}

std::string_view role_of(PromptMessage::Role role) {
    return role == PromptMessage::Role::system ? "system"
           : role == PromptMessage::Role::user ? "user"
                                               : "assistant";
}

Result<Response> plan_run(Services& on, Request& request) {
    const auto body = TRY(request.json<PlanBody>());
    const auto plan = TRY(Workbench(on.world).plan(request.caller, TRY(request.id("p")),
                                                   TRY(request.id("k")), body.sample));
    PlanOut out;
    out.tasks = plan.tasks;
    out.sampled = plan.sampled;
    out.failed = plan.failed;
    out.how = plan.how;
    out.note = plan.note;
    out.tokens_in = guess_out(plan.tokens_in);
    out.tokens_out = guess_out(plan.tokens_out);
    out.money = guess_out(plan.money);
    out.seconds = guess_out(plan.seconds);
    out.spent = spend_out(plan.spent);
    if (plan.budget_left) out.budget_left.emplace(*plan.budget_left);
    if (plan.tokens_left) out.tokens_left.emplace(*plan.tokens_left);
    out.fits = plan.fits;
    return answer(out);
}

Result<Response> show_prompt(Services& on, Request& request) {
    const auto body = TRY(request.json<PromptBody>());
    const auto task = TRY(body_id('t', "task", body.task));
    const auto shown =
        TRY(Workbench(on.world).prompt(request.caller, TRY(request.id("k")), task, body.config));
    PromptOut out{shown.version, shown.tokens, {}, shown.prompt.answer_schema};
    for (const auto& message : shown.prompt.messages)
        out.messages.push_back({std::string(role_of(message.role)), message.text, message.picture});
    return answer(out);
}

Result<Response> try_several(Services& on, Request& request) {
    const auto body = TRY(request.json<TrialBody>());
    const auto trial = TRY(
        Workbench(on.world).try_on(request.caller, TRY(request.id("k")), body.count, body.config));
    TrialOut out;
    for (const auto& tried : trial.tasks) {
        TriedTaskOut row{wire_id('t', tried.task.id), tried.task.key, std::nullopt, tried.why};
        if (tried.draft) row.draft = draft_out(*tried.draft, {});
        out.tasks.push_back(std::move(row));
    }
    out.spent = spend_out(trial.spent);
    return answer(out);
}

Result<Response> start_comparison(Services& on, Request& request) {
    const auto ask = TRY(request.json<CompareAsk>());
    const auto job =
        TRY(Workbench(on.world).start_compare(request.caller, TRY(request.id("k")), ask));
    return answer(job_out(job), 202);
}

}  // namespace

std::vector<Route> workbench_routes() {
    return {
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/models/{k}/plan",
         .access = needs(Permission::manage_project),
         .summary = "What a run would take: tasks, tokens, money, time, from a sample",
         .handle = plan_run,
         .takes = schema_of<PlanBody>,
         .gives = schema_of<PlanOut>,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/models/{k}/prompt",
         .access = needs(Permission::manage_project),
         .summary = "What a model is told about a task",
         .handle = show_prompt,
         .takes = schema_of<PromptBody>,
         .gives = schema_of<PromptOut>,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/models/{k}/trial",
         .access = needs(Permission::manage_project),
         .summary = "Ask a model about the next tasks, without storing drafts",
         .handle = try_several,
         .takes = schema_of<TrialBody>,
         .gives = schema_of<TrialOut>,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/models/{k}/comparisons",
         .access = needs(Permission::manage_project),
         .summary =
             "Which of two ways of asking is right more often where the answer is known, by a "
             "job: its result is the comparison",
         .handle = start_comparison,
         .status = 202,
         .takes = schema_of<CompareAsk>,
         .gives = schema_of<JobOut>},
    };
}

}  // namespace countersign
