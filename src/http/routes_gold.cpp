#include "http/routes.h"
#include "http/wire_gold.h"

namespace countersign {

OnboardingOut onboarding_out(const OnboardingView& view) {
    OnboardingOut out;
    out.state = view.about.state;
    out.round = view.about.round;
    out.answered = view.round.answered;
    out.wanted = view.about.wanted;
    out.least = view.about.least;
    if (view.about.score) out.score.emplace(*view.about.score);
    for (const Id annotation : view.unshown) out.unseen.push_back(wire_id('a', annotation));
    out.starved = view.about.state == OnboardingState::underway && view.starved();
    return out;
}

namespace {

StandingOut standing_out(const Standing& standing) {
    StandingOut out;
    out.person = wire_id('u', standing.person);
    out.display = standing.display;
    if (standing.onboarding) out.onboarding.emplace(onboarding_out(*standing.onboarding));
    out.trials = standing.trials;
    out.agreed = standing.agreed;
    out.mean_score = standing.mean_score;
    out.accuracy = {standing.accuracy.low, standing.accuracy.high};
    out.recent = standing.recent;
    out.recent_agreed = standing.recent_agreed;
    out.moved = standing.moved;
    out.moved_by = {standing.moved_by.low, standing.moved_by.high};
    if (standing.recent > 0)
        out.drift = standing.moved_by.low > 0    ? "better"
                    : standing.moved_by.high < 0 ? "worse"
                                                 : "";
    return out;
}

Result<std::vector<Id>> tasks_of(const std::vector<std::string>& texts) {
    std::vector<Id> out;
    for (const auto& text : texts) out.push_back(TRY(body_id('t', "tasks", text)));
    return out;
}

Result<Response> list_gold(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto rows = TRY(on.gold.list(TRY(request.id("p")), TRY(request.cursor()), limit));
    std::vector<GoldOut> items;
    for (const auto& row : rows)
        items.push_back(
            {task_out(row.task), row.person, row.labels, row.created, row.trials, row.agreed});
    return page(items, static_cast<int>(rows.size()) == limit ? rows.back().task.id : 0);
}

Result<Response> mark_gold(Services& on, Request& request) {
    const auto body = TRY(request.json<GoldBody>());
    const auto tasks = TRY(tasks_of(body.tasks));
    return answer(GoldChangedOut{TRY(on.gold.mark(request.caller, TRY(request.id("p")), tasks))});
}

Result<Response> withdraw_gold(Services& on, Request& request) {
    const auto body = TRY(request.json<WithdrawGoldBody>());
    const auto tasks = TRY(tasks_of(body.tasks));
    return answer(GoldChangedOut{
        TRY(on.gold.withdraw(request.caller, TRY(request.id("p")), tasks, body.reason))});
}

Result<Response> standings(Services& on, Request& request) {
    std::vector<StandingOut> items;
    for (const auto& standing : TRY(on.gold.standings(TRY(request.id("p")))))
        items.push_back(standing_out(standing));
    return json_response(200, {{"items", to_json(items)}});
}

Result<Response> onboarding(Services& on, Request& request) {
    OnboardingStandOut out;
    if (const auto view = TRY(on.gold.onboarding(request.caller, TRY(request.id("p")))))
        out.onboarding.emplace(onboarding_out(*view));
    return answer(out);
}

Result<Response> feedback(Services& on, Request& request) {
    const auto body = TRY(request.json<FeedbackBody>());
    const auto annotation = TRY(body_id('a', "annotation", body.annotation));
    const auto given = TRY(on.gold.feedback(request.caller, TRY(request.id("p")), annotation));
    FeedbackOut out;
    out.task = task_out(given.task);
    if (given.media.id != 0) out.media.emplace(media_out(given.media));
    out.answer = annotation_out(given.answer);
    out.trusted = given.trusted;
    out.differences = given.differences;
    out.score = given.score;
    out.agreed = given.agreed;
    out.onboarding = onboarding_out(given.stands);
    return answer(out);
}

Result<Response> let_pass(Services& on, Request& request) {
    const auto body = TRY(request.json<PersonBody>());
    TRY(on.gold.let_pass(request.caller, TRY(request.id("p")),
                         TRY(body_id('u', "person", body.person))));
    return no_content();
}

Result<Response> begin_again(Services& on, Request& request) {
    const auto body = TRY(request.json<PersonBody>());
    TRY(on.gold.begin_again(request.caller, TRY(request.id("p")),
                            TRY(body_id('u', "person", body.person))));
    return no_content();
}

}  // namespace

std::vector<Route> gold_routes() {
    const auto label = needs(Permission::label);
    const auto supervise = needs(Permission::manage_project);
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/gold",
         .access = supervise,
         .summary = "Tasks whose answer is known, with how people fared on each",
         .handle = list_gold,
         .gives = page_of<GoldOut>,
         .query = {cursor_field, limit_field}},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/gold",
         .access = needs(Permission::decide),
         .summary = "Make decided tasks gold, all or none; their label is the trusted answer",
         .handle = mark_gold,
         .takes = schema_of<GoldBody>,
         .gives = schema_of<GoldChangedOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/gold/withdraw",
         .access = supervise,
         .summary = "Make gold tasks work again; trials on them no longer count",
         .handle = withdraw_gold,
         .takes = schema_of<WithdrawGoldBody>,
         .gives = schema_of<GoldChangedOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/standings",
         .access = needs(Permission::see_people),
         .summary = "How people fare on gold tasks, and in their onboarding",
         .handle = standings,
         .gives = list_of<StandingOut>},
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/onboarding",
         .access = label,
         .summary = "Where the caller's onboarding stands",
         .handle = onboarding,
         .gives = schema_of<OnboardingStandOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/onboarding/feedback",
         .access = label,
         .summary = "The trusted answer beside one's own, which can no longer be undone then",
         .handle = feedback,
         .takes = schema_of<FeedbackBody>,
         .gives = schema_of<FeedbackOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/onboarding/let-pass",
         .access = supervise,
         .summary = "Let a person go on to work whatever their score",
         .handle = let_pass,
         .status = 204,
         .takes = schema_of<PersonBody>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/onboarding/again",
         .access = supervise,
         .summary = "Give a person who failed another round with other gold tasks",
         .handle = begin_again,
         .status = 204,
         .takes = schema_of<PersonBody>},
    };
}

}  // namespace countersign
