#include "http/routes.h"
#include "http/wire_batch.h"

namespace countersign {

namespace {

ClassTotalOut total_out(const ClassTotal& t) {
    return {t.what.control, t.what.label, t.count, t.calibrated, t.expected_wrong};
}

std::vector<BatchItemOut> items_out(const std::vector<BatchItem>& items) {
    std::vector<BatchItemOut> out;
    for (const auto& item : items) {
        auto& one = out.emplace_back();
        one.task = task_out(item.task);
        if (item.media.id != 0) one.media.emplace(media_out(item.media));
        one.assignment = wire_id('s', item.assignment.id);
        one.until = item.assignment.until;
        one.regions = item.regions;
        one.probability = item.probability;
        one.calibrated = item.calibrated;
    }
    return out;
}

BatchOut batch_out(Services& on, const Request& request, const BatchStand& stand) {
    const Batch& b = stand.batch;
    BatchOut out;
    out.id = wire_id('b', b.id);
    out.control = b.what.control;
    out.label = b.what.label;
    out.population = b.population;
    out.sample = b.sample;
    out.alpha = b.alpha;
    out.delta = b.delta;
    out.errors = b.errors;
    out.most_wrong = b.most_wrong;
    out.accepted = stand.accepted;
    out.marked = stand.marked;
    out.lost = stand.lost;
    out.remaining = stand.remaining;
    out.undone = b.undone != 0;
    const auto seen = on.projects.progress(request.caller, b.project);
    out.progress = seen ? *seen : stand.progress;
    return out;
}

template <class Body>
Result<BatchAnswer> batch_answer(const Body& body) {
    BatchAnswer out;
    for (const auto& one : body.tasks)
        out.tasks.push_back(
            {TRY(body_id('t', "tasks", one.task)), TRY(body_id('s', "tasks", one.assignment))});
    for (const auto& task : body.marked) out.marked.push_back(TRY(body_id('t', "marked", task)));
    out.active_ms = body.active_ms;
    return out;
}

SampleAsk sample_ask(SampleBody&& body) {
    return {{std::move(body.control), std::move(body.label)}, body.alpha, body.delta, body.errors};
}

Result<Response> list_classes(Services& on, Request& request) {
    Json items = Json::array();
    for (const auto& total : TRY(on.batches.classes(request.caller, TRY(request.id("p")))))
        items.push_back(to_json(total_out(total)));
    return json_response(200, {{"items", std::move(items)}});
}

Result<Response> open_batch(Services& on, Request& request) {
    auto body = TRY(request.json<BatchOpenBody>());
    if (body.limit < 1 || body.limit > Batches::most_items)
        return Refusal{Code::invalid, "limit must be from 1 to 200."};
    const auto page =
        TRY(on.batches.open(request.caller, TRY(request.id("p")),
                            {std::move(body.control), std::move(body.label)}, body.limit));
    BatchPageOut out{total_out(page.total), items_out(page.items), {}};
    if (page.sample) out.sample.emplace(batch_out(on, request, *page.sample));
    return answer(out);
}

Result<Response> accept_batch(Services& on, Request& request) {
    auto body = TRY(request.json<BatchAcceptBody>());
    auto given = TRY(batch_answer(body));
    given.idempotency_key = TRY(idempotency_key(request));
    return answer(
        batch_out(on, request,
                  TRY(on.batches.accept(request.caller, TRY(request.id("p")),
                                        {std::move(body.control), std::move(body.label)}, given))),
        201);
}

Result<Response> undo_batch(Services& on, Request& request) {
    return answer(
        batch_out(on, request, TRY(on.batches.undo(request.caller, TRY(request.id("b"))))));
}

Result<Response> plan_sample(Services& on, Request& request) {
    const auto plan = TRY(on.batches.plan(request.caller, TRY(request.id("p")),
                                          sample_ask(TRY(request.json<SampleBody>()))));
    SamplePlanOut out{plan.population, {}};
    for (const auto& size : plan.sizes) out.sizes.push_back(size.value_or(-1));
    return answer(out);
}

Result<Response> draw_sample_of(Services& on, Request& request) {
    return answer(batch_out(on, request,
                            TRY(on.batches.draw(request.caller, TRY(request.id("p")),
                                                sample_ask(TRY(request.json<SampleBody>()))))),
                  201);
}

Result<Response> sample_items(Services& on, Request& request) {
    const auto sampled = TRY(on.batches.sample(request.caller, TRY(request.id("b"))));
    return answer(SampledOut{batch_out(on, request, sampled.stand), items_out(sampled.items)});
}

Result<Response> review_sample(Services& on, Request& request) {
    const auto given = TRY(batch_answer(TRY(request.json<BatchReviewBody>())));
    return answer(batch_out(on, request,
                            TRY(on.batches.review(request.caller, TRY(request.id("b")), given))));
}

Result<Response> accept_rest(Services& on, Request& request) {
    return answer(
        batch_out(on, request, TRY(on.batches.rest(request.caller, TRY(request.id("b"))))));
}

}  // namespace

std::vector<Route> batch_routes() {
    const auto label = needs(Permission::label);
    const auto supervise = needs(Permission::manage_project);
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/batch",
         .access = label,
         .summary = "Classes of routine drafts that wait, most tasks first",
         .handle = list_classes,
         .gives = list_of<ClassTotalOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/batch",
         .access = label,
         .summary = "Take the least certain drafts of one class and hold them",
         .handle = open_batch,
         .takes = schema_of<BatchOpenBody>,
         .gives = schema_of<BatchPageOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/batch/accept",
         .access = label,
         .summary = "Accept all but the marked, which go back to the queue",
         .handle = accept_batch,
         .status = 201,
         .takes = schema_of<BatchAcceptBody>,
         .gives = schema_of<BatchOut>,
         .idempotent = true},
        {.method = "POST",
         .pattern = "/api/v1/batch/{b}/undo",
         .access = label,
         .summary = "Take a whole batch back; 409 when one of its tasks was decided since",
         .handle = undo_batch,
         .gives = schema_of<BatchOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/batch/plan",
         .access = supervise,
         .summary = "How large a sample would have to be",
         .handle = plan_sample,
         .takes = schema_of<SampleBody>,
         .gives = schema_of<SamplePlanOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/batch/sample",
         .access = supervise,
         .summary = "Draw a sample that is to answer for all tasks of a class",
         .handle = draw_sample_of,
         .status = 201,
         .takes = schema_of<SampleBody>,
         .gives = schema_of<BatchOut>},
        {.method = "POST",
         .pattern = "/api/v1/batch/{b}/items",
         .access = supervise,
         .summary = "Take the tasks of one's sample that are not reviewed yet",
         .handle = sample_items,
         .gives = schema_of<SampledOut>},
        {.method = "POST",
         .pattern = "/api/v1/batch/{b}/review",
         .access = supervise,
         .summary = "Accept all but the wrong ones of a sample; the last call states the bound",
         .handle = review_sample,
         .takes = schema_of<BatchReviewBody>,
         .gives = schema_of<BatchOut>},
        {.method = "POST",
         .pattern = "/api/v1/batch/{b}/rest",
         .access = supervise,
         .summary = "Accept the next 200 on the sample's word; 409 when its bound is too wide",
         .handle = accept_rest,
         .gives = schema_of<BatchOut>},
    };
}

}  // namespace countersign
