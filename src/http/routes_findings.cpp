#include "http/routes.h"
#include "http/wire_findings.h"
#include "http/wire_tasks.h"

namespace countersign {

namespace {

FindingPlaceOut place_out(const Place& p) {
    const auto on = p.on == Place::On::text ? "text" : p.on == Place::On::image ? "image" : "audio";
    return {on, p.start, p.end, p.x, p.y, p.width, p.height};
}

FindingOut finding_out(const FindingView& view) {
    const auto& f = view.stored;
    FindingOut out;
    out.id = wire_id('f', f.id);
    out.kind = static_cast<FindingKind>(f.kind);
    out.check = f.check;
    out.level = static_cast<FindingLevel>(f.level);
    if (view.row) {
        out.title = view.row->title;
        out.score_means = view.row->score;
        out.advice = view.row->advice;
        out.is_repaired = view.row->is_repaired;
    }
    out.score = f.score;
    out.sentence = view.body.sentence;
    if (f.task != 0) out.task = wire_id('t', f.task);
    out.name = f.task_key;
    if (f.annotation != 0) out.annotation = wire_id('a', f.annotation);
    out.control = view.body.control;
    out.label = view.body.label;
    out.region = view.body.region;
    if (f.person != 0) out.person = wire_id('u', f.person);
    out.person_name = f.person_name;
    if (view.body.place) out.place.emplace(place_out(*view.body.place));
    for (const auto& e : view.body.evidence)
        out.evidence.push_back({e.task != 0 ? wire_id('t', e.task) : "", e.name, e.sentence});
    out.state = f.state;
    out.reason = f.reason;
    out.decided_by = f.decided_by_name;
    out.decided_at = f.decided;
    out.found_at = f.found;
    return out;
}

std::string_view kind_title(FindingKind kind) {
    switch (kind) {
        case FindingKind::unreadable:
            return "Unreadable";
        case FindingKind::geometry:
            return "Geometry";
        case FindingKind::boundary:
            return "Boundaries";
        case FindingKind::inconsistent:
            return "Inconsistent labels";
        case FindingKind::duplicate:
            return "Duplicates";
        case FindingKind::leak:
            return "Leaks between splits";
        case FindingKind::low_confidence:
            return "Unsure drafts";
        case FindingKind::label_error:
            return "Label errors";
        case FindingKind::outlier:
            return "Outliers";
        case FindingKind::labels:
            return "The set of labels";
        case FindingKind::rubber_stamp:
            return "Very fast answers";
        case FindingKind::drift:
            return "Drift";
    }
    return "";
}

FindingKindOut kind_out(const KindTally& tally) {
    FindingKindOut out;
    out.kind = tally.kind;
    out.title = kind_title(tally.kind);
    out.open = tally.open;
    out.waiting = tally.waiting;
    out.fixed = tally.fixed;
    out.dismissed = tally.dismissed;
    out.judged = tally.judged();
    if (const auto precision = tally.precision()) {
        out.precision.emplace(precision->share);
        out.precision_low.emplace(precision->low);
        out.precision_high.emplace(precision->high);
    }
    out.is_shown_less = tally.is_shown_less();
    return out;
}

template <class E>
Result<std::optional<E>> asked_name(const Request& request, std::string_view field) {
    const auto text = request.ask(field);
    if (text.empty()) return std::optional<E>{};
    if (const auto value = from_name<E>(text)) return std::optional<E>{*value};
    std::string names;
    for (const auto& row : enum_names(E{}))
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    return Refusal{Code::invalid, std::string(field) + " must be one of " + names + "."};
}

Result<Inspector::Filter> filter_of(const Request& request) {
    Inspector::Filter out;
    out.kind = TRY(asked_name<FindingKind>(request, "kind"));
    out.check = request.ask("check");
    if (!out.check.empty() && !check_called(out.check))
        return Refusal{Code::invalid, "There is no check of that name: see the reference."};
    if (request.ask("state") == "all")
        out.state.reset();
    else if (const auto state = TRY(asked_name<FindingState>(request, "state")))
        out.state = state;
    if (const std::string task(request.ask("task")); !task.empty())
        out.task = TRY(body_id('t', "task", task));
    return out;
}

Result<Response> list_findings(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto found = TRY(on.inspector.list(TRY(request.id("p")), TRY(filter_of(request)),
                                             request.ask("after"), limit));
    FindingsOut out;
    for (const auto& view : found.findings) out.findings.push_back(finding_out(view));
    if (!found.next.empty()) out.next.emplace(found.next);
    return answer(out);
}

Result<Response> finding_summary(Services& on, Request& request) {
    const auto found = TRY(on.inspector.summary(TRY(request.id("p"))));
    FindingSummaryOut out;
    for (const auto& tally : found.kinds) out.kinds.push_back(kind_out(tally));
    out.checked_at = found.checked;
    out.not_done = found.not_done;
    if (found.job) out.job.emplace(job_out(*found.job));
    return answer(out);
}

Result<Response> check_project(Services& on, Request& request) {
    return answer(job_out(TRY(on.inspector.check(request.caller, TRY(request.id("p"))))), 202);
}

Result<std::vector<Id>> finding_ids(const std::vector<std::string>& texts) {
    std::vector<Id> out;
    for (const auto& text : texts) out.push_back(TRY(body_id('f', "findings", text)));
    return out;
}

std::vector<FindingRefusedOut> refused_out(const Inspector::Outcome& outcome) {
    std::vector<FindingRefusedOut> out;
    for (const auto& one : outcome.refused) out.push_back({wire_id('f', one.finding), one.reason});
    return out;
}

Result<Response> decide_findings(Services& on, Request& request) {
    const auto body = TRY(request.json<DecideFindingsBody>());
    const auto done =
        TRY(on.inspector.decide(request.caller, TRY(request.id("p")),
                                TRY(finding_ids(body.findings)), body.verdict, body.reason));
    return answer(FindingsDecidedOut{done.done, refused_out(done)});
}

Result<Response> mend_findings(Services& on, Request& request) {
    const auto body = TRY(request.json<FindingIdsBody>());
    const auto done = TRY(
        on.inspector.mend(request.caller, TRY(request.id("p")), TRY(finding_ids(body.findings))));
    return answer(FindingsDecidedOut{done.done, refused_out(done)});
}

Result<Response> mend_answer(Services& on, Request& request) {
    auto body = TRY(request.json<MendBody>());
    auto mended = TRY(on.inspector.mended(TRY(request.id("t")), std::move(body.regions)));
    MendedOut said;
    for (auto& r : mended.repairs)
        said.repairs.push_back({std::move(r.region), std::move(r.before), std::move(r.after)});
    auto out = to_json(said);
    out["regions"] = compact_regions(mended.regions);
    return json_response(200, out);
}

Result<Response> undo_findings(Services& on, Request& request) {
    const auto body = TRY(request.json<FindingIdsBody>());
    const auto done = TRY(
        on.inspector.undo(request.caller, TRY(request.id("p")), TRY(finding_ids(body.findings))));
    return answer(FindingsUndoneOut{done.done, refused_out(done)});
}

}  // namespace

std::vector<Route> finding_routes() {
    const auto supervise = needs(Permission::manage_project);
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/findings",
         .access = supervise,
         .summary = "What looks wrong in the project, worst first",
         .handle = list_findings,
         .gives = schema_of<FindingsOut>,
         .query = {{"kind", "geometry, boundary, inconsistent, ...; empty: all"},
                   {"check", "a check's name; empty: all"},
                   {"state", "open (usual), waiting, fixed, dismissed, gone, or all"},
                   {"task", "t...: of this task alone"},
                   {"after", "the next of the page before"},
                   limit_field}},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/findings/summary",
         .access = supervise,
         .summary = "Findings by kind, how often each kind was right, and the check under way",
         .handle = finding_summary,
         .gives = schema_of<FindingSummaryOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/findings/check",
         .access = supervise,
         .summary = "Check the whole project, in the background",
         .handle = check_project,
         .status = 202,
         .gives = schema_of<JobOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/findings/decide",
         .access = supervise,
         .summary = "Have tasks labelled again, or say that findings are fixed or wrong",
         .handle = decide_findings,
         .takes = schema_of<DecideFindingsBody>,
         .gives = schema_of<FindingsDecidedOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/findings/fix",
         .access = supervise,
         .summary = "Mend the labels that findings were found in, where that is safe",
         .handle = mend_findings,
         .takes = schema_of<FindingIdsBody>,
         .gives = schema_of<FindingsDecidedOut>},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/mend",
         .access = supervise,
         .summary = "An answer to the task without what is safely mended; nothing is written",
         .handle = mend_answer,
         .takes = schema_of<MendBody>,
         .gives = schema_of<MendedOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/findings/undo",
         .access = supervise,
         .summary = "Take decisions on findings back",
         .handle = undo_findings,
         .takes = schema_of<FindingIdsBody>,
         .gives = schema_of<FindingsUndoneOut>},
    };
}

}  // namespace countersign
