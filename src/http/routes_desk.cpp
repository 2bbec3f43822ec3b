#include "http/routes.h"
#include "http/wire_desk.h"

namespace countersign {

namespace {

void append_tasks(std::string& out, const std::vector<DeskTask>& tasks) {
    out += '[';
    for (const auto& task : tasks) {
        if (out.back() != '[') out += ',';
        append_desk_task(out, task);
    }
    out += ']';
}

Result<Response> next(Services& on, Request& request) {
    const auto body = TRY(request.json<NextBody>());
    if (body.count < 1 || body.count > 30)
        return Refusal{Code::invalid, "count must be from 1 to 30."};
    const auto given = TRY(on.desk.next(request.caller, TRY(request.id("p")), body.count));
    std::string out = "{\"tasks\":";
    append_tasks(out, given.tasks);
    out += ",\"progress\":";
    append_progress(out, given.progress);
    out += ",\"onboarding\":";
    append_onboarding(out, given.onboarding);
    out += '}';
    return text_response(200, "application/json", std::move(out));
}

Result<Response> take(Services& on, Request& request) {
    const auto body = TRY(request.json<TakeBody>());
    std::vector<Id> tasks;
    for (const auto& task : body.tasks) tasks.push_back(TRY(body_id('t', "tasks", task)));
    const auto given = TRY(on.desk.take(request.caller, TRY(request.id("p")), tasks));
    std::string out = "{\"tasks\":";
    append_tasks(out, given.tasks);
    out += ",\"passed\":[";
    for (const auto& [task, why] : given.passed) {
        if (out.back() != '[') out += ',';
        out += to_text(to_json(PassedOverOut{wire_id('t', task), why}));
    }
    out += "],\"progress\":";
    append_progress(out, given.progress);
    out += '}';
    return text_response(200, "application/json", std::move(out));
}

Response reply(const DeskReply& given) {
    std::string out = "{\"annotation\":";
    append_annotation(out, given.annotation);
    out += ",\"next\":";
    append_tasks(out, given.next);
    out += ",\"progress\":";
    append_progress(out, given.progress);
    out += ",\"onboarding\":";
    append_onboarding(out, given.onboarding);
    out += '}';
    return text_response(201, "application/json", std::move(out));
}

Result<> check_want(int want) {
    if (want >= 0 && want <= 30) return Done{};
    return Refusal{Code::invalid, "want must be from 0 to 30."};
}

Result<Response> submit(Services& on, Request& request) {
    auto body = TRY(request.json<AnswerBody>());
    TRY(check_want(body.want));
    DeskAnswer given;
    given.task = TRY(request.id("t"));
    given.assignment = TRY(body_id('s', "assignment", body.assignment));
    given.regions = std::move(body.regions);
    given.rejected = body.rejected;
    given.active_ms = body.active_ms;
    given.flagged = body.flagged;
    given.comment = std::move(body.comment);
    given.idempotency_key = TRY(idempotency_key(request));
    given.want = body.want;
    return reply(TRY(on.desk.submit(request.caller, given)));
}

Result<Response> skip(Services& on, Request& request) {
    auto body = TRY(request.json<SkipBody>());
    TRY(check_want(body.want));
    DeskAnswer given;
    given.task = TRY(request.id("t"));
    given.assignment = TRY(body_id('s', "assignment", body.assignment));
    given.active_ms = body.active_ms;
    given.comment = std::move(body.comment);
    given.idempotency_key = TRY(idempotency_key(request));
    given.want = body.want;
    return reply(TRY(on.desk.skip(request.caller, given)));
}

Result<Response> undo(Services& on, Request& request) {
    const auto task = TRY(on.desk.undo(request.caller, TRY(request.id("a"))));
    std::string out = "{\"task\":";
    append_desk_task(out, task);
    out += '}';
    return text_response(200, "application/json", std::move(out));
}

Result<Response> recent(Services& on, Request& request) {
    const auto list =
        TRY(on.desk.recent(request.caller, TRY(request.id("p")), TRY(request.limit(10))));
    std::string out = "{\"items\":[";
    for (const auto& annotation : list) {
        if (out.back() != '[') out += ',';
        append_annotation(out, annotation);
    }
    out += "]}";
    return text_response(200, "application/json", std::move(out));
}

Result<Response> save_work(Services& on, Request& request) {
    const auto body = TRY(request.json<WorkBody>());
    const auto assignment = TRY(body_id('s', "assignment", body.assignment));
    TRY(on.desk.save_work(request.caller, TRY(request.id("t")), assignment, to_text(body.work)));
    return no_content();
}

Result<Response> renew(Services& on, Request& request) {
    return answer(UntilOut{TRY(on.desk.renew(request.caller, TRY(request.id("s"))))});
}

Result<Response> release(Services& on, Request& request) {
    TRY(on.desk.release(request.caller, TRY(request.id("p"))));
    return no_content();
}

}  // namespace

std::vector<Route> desk_routes() {
    const auto label = needs(Permission::label);
    return {
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/next",
         .access = label,
         .summary = "The tasks one holds, then fresh ones",
         .handle = next,
         .takes = schema_of<NextBody>,
         .gives = schema_of<NextOut>,
         .waits = true},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/take",
         .access = label,
         .summary = "Hold the tasks one names, to work through a list in its order",
         .handle = take,
         .takes = schema_of<TakeBody>,
         .gives = schema_of<TakenOut>},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/annotations",
         .access = label,
         .summary = "Countersign: record a decision; 409 when the lease has passed on",
         .handle = submit,
         .status = 201,
         .takes = schema_of<AnswerBody>,
         .gives = schema_of<ReplyOut>,
         .body_limit = 8 << 20,
         .idempotent = true,
         .waits = true},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/skip",
         .access = label,
         .summary = "Leave a task to somebody else",
         .handle = skip,
         .status = 201,
         .takes = schema_of<SkipBody>,
         .gives = schema_of<ReplyOut>,
         .idempotent = true,
         .waits = true},
        {.method = "POST",
         .pattern = "/api/v1/annotations/{a}/undo",
         .access = label,
         .summary = "Take back one's own decision; the task is on the desk again",
         .handle = undo,
         .gives = schema_of<UndoneOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/recent",
         .access = label,
         .summary = "One's own last decisions, newest first",
         .handle = recent,
         .gives = list_of<AnnotationOut>,
         .query = {{"limit", "1 to 200; usually 10"}}},
        {.method = "PUT",
         .pattern = "/api/v1/tasks/{t}/work",
         .access = label,
         .summary = "Save work in progress; 409 when the lease has passed on",
         .handle = save_work,
         .status = 204,
         .takes = schema_of<WorkBody>,
         .body_limit = 5 << 20},
        {.method = "POST",
         .pattern = "/api/v1/assignments/{s}/renew",
         .access = label,
         .summary = "Hold a task for longer; 409 when it has passed on",
         .handle = renew,
         .gives = schema_of<UntilOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/release",
         .access = label,
         .summary = "Give back the tasks one holds",
         .handle = release,
         .status = 204},
    };
}

}  // namespace countersign
