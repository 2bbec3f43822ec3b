#include "app/gold.h"

#include <algorithm>

#include "app/gold_view.h"
#include "base/text.h"
#include "core/label_names.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/people_store.h"
#include "store/project_store.h"
#include "store/task_store.h"
#include "store/trial_store.h"

namespace countersign {

namespace {

constexpr std::size_t most_at_once = 1'000, most_reason = 1'000;
/// Trials from which a person's last ones are compared with those before, and how many of them.
constexpr std::size_t enough_for_drift = 20, most_recent = 20;

Refusal no_such_project(Id project) {
    return {Code::not_found, "There is no project " + wire_id('p', project) + "."};
}

void note_gold(Session& s, World& world, const Caller& by, Id project, std::string kind,
               const Json& body) {
    Event event;
    event.project = project;
    event.kind = std::move(kind);
    event.person = by.person;
    event.body = to_text(body);
    event.created = world.clock.now();
    append_event(s, event, world.key);
}

Json ids_of(const std::vector<Id>& tasks) {
    auto out = Json::array();
    for (const Id task : tasks) out.push_back(wire_id('t', task));
    return out;
}

Result<> check_count(const std::vector<Id>& tasks) {
    if (tasks.empty()) return Refusal{Code::invalid, "tasks is empty: name the tasks."};
    if (tasks.size() > most_at_once)
        return Refusal{Code::too_large, "At most 1,000 tasks at once: send them in parts."};
    return Done{};
}

Result<> check_may_vouch(Session& s, const Caller& caller, const Project& project, Id task) {
    const auto found = find_task(s, task);
    if (!found || found->project != project.id)
        return Refusal{Code::not_found,
                       "There is no task " + wire_id('t', task) + " in this project."};
    if (!gold_is_hidden(s, caller, project)) return Done{};
    const bool tried = find_trial_of_task(s, project.id, caller.person, task).has_value();
    if (tried || !had_task(s, caller, *found))
        return Refusal{Code::forbidden, "Task " + wire_id('t', task) +
                                            " is not one you decided: ask a supervisor to make it "
                                            "gold."};
    return Done{};
}

void add_drift(Standing& standing, const std::vector<TrialLine>& lines) {
    if (lines.size() < enough_for_drift) return;
    const auto recent = std::min(most_recent, lines.size() / 2);
    const auto agreed = [](const TrialLine& line) { return line.agreed; };
    const auto split = lines.end() - static_cast<std::ptrdiff_t>(recent);
    const auto before = static_cast<std::size_t>(std::count_if(lines.begin(), split, agreed));
    const auto after = static_cast<std::size_t>(std::count_if(split, lines.end(), agreed));
    const auto earlier = lines.size() - recent;
    standing.recent = static_cast<std::int64_t>(recent);
    standing.recent_agreed = static_cast<std::int64_t>(after);
    standing.moved = static_cast<double>(after) / static_cast<double>(recent) -
                     static_cast<double>(before) / static_cast<double>(earlier);
    standing.moved_by = difference_of_shares(after, recent, before, earlier);
}

Standing standing_of(Id person, const std::vector<TrialLine>& lines) {
    Standing out;
    out.person = person;
    out.trials = static_cast<std::int64_t>(lines.size());
    for (const auto& line : lines) {
        out.agreed += line.agreed ? 1 : 0;
        out.mean_score += line.score / static_cast<double>(lines.size());
    }
    out.accuracy = wilson(static_cast<std::size_t>(out.agreed), lines.size());
    add_drift(out, lines);
    return out;
}

}  // namespace

OnboardingView onboarding_view(Session& s, Onboarding about) {
    OnboardingView out;
    out.round = count_round(s, about);
    for (const auto& trial : unshown_trials(s, about)) out.unshown.push_back(trial.annotation.id);
    out.about = about;
    return out;
}

std::optional<OnboardingView> onboarding_before_work(Session& s, const Project& project,
                                                     const Caller& caller) {
    if (project.policy.onboarding == 0 || caller.role != Role::annotator) return std::nullopt;
    auto about = onboarding_of(s, project, caller.person);
    if (!about || about->state == OnboardingState::passed) return std::nullopt;
    return onboarding_view(s, *about);
}

Result<std::int64_t> GoldTasks::mark(const Caller& caller, Id project_id,
                                     const std::vector<Id>& tasks) {
    TRY(check_count(tasks));
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<std::int64_t> {
        const auto project = find_project(s, project_id);
        if (!project) return no_such_project(project_id);
        for (const Id task : tasks) TRY(check_may_vouch(s, caller, *project, task));
        std::vector<Id> marked;
        for (const Id task : tasks)
            if (TRY(mark_gold(s, *project, task, caller.person, now))) marked.push_back(task);
        if (!marked.empty())
            note_gold(s, world_, caller, project_id, "gold.marked", {{"tasks", ids_of(marked)}});
        return static_cast<std::int64_t>(marked.size());
    });
}

Result<std::int64_t> GoldTasks::withdraw(const Caller& caller, Id project_id,
                                         const std::vector<Id>& tasks, const std::string& reason) {
    TRY(check_count(tasks));
    const auto why = trim(reason);
    if (why.empty() || why.size() > most_reason || !is_utf8(why))
        return Refusal{Code::invalid,
                       "reason must say in 1 to 1,000 bytes why the answer is not to be trusted."};
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<std::int64_t> {
        const auto project = find_project(s, project_id);
        if (!project) return no_such_project(project_id);
        for (const Id task : tasks) TRY(withdraw_gold(s, *project, task, caller.person, why, now));
        note_gold(s, world_, caller, project_id, "gold.withdrawn",
                  {{"tasks", ids_of(tasks)}, {"reason", why}});
        return static_cast<std::int64_t>(tasks.size());
    });
}

Result<std::vector<GoldRow>> GoldTasks::list(Id project, Id after, int limit) {
    return world_.db.read([&](Session& s) -> Result<std::vector<GoldRow>> {
        const auto about = find_project(s, project);
        if (!about) return no_such_project(project);
        auto rows = list_gold(s, project, after, limit);
        const LabelNames names(about->schema);
        for (auto& row : rows) row.labels = names.list_now(row.labels);
        return rows;
    });
}

Result<std::vector<Standing>> GoldTasks::standings(Id project) {
    return world_.db.read([&](Session& s) -> Result<std::vector<Standing>> {
        if (!find_project(s, project)) return no_such_project(project);
        std::map<Id, std::vector<TrialLine>> hidden;
        for (const auto& line : list_trials(s, project))
            if (line.purpose == TrialPurpose::hidden) hidden[line.person].push_back(line);
        std::map<Id, Onboarding> onboarding;
        for (const auto& about : list_onboarding(s, project)) {
            onboarding[about.person] = about;
            hidden.try_emplace(about.person);
        }
        std::vector<Standing> out;
        for (const auto& [person, lines] : hidden) {
            auto standing = standing_of(person, lines);
            if (const auto known = find_person(s, person)) standing.display = known->display;
            if (const auto about = onboarding.find(person); about != onboarding.end())
                standing.onboarding = onboarding_view(s, about->second);
            out.push_back(std::move(standing));
        }
        return out;
    });
}

Result<std::optional<OnboardingView>> GoldTasks::onboarding(const Caller& caller, Id project_id) {
    using View = std::optional<OnboardingView>;
    return world_.db.read([&](Session& s) -> Result<View> {
        if (!find_project(s, project_id)) return no_such_project(project_id);
        const auto about = find_onboarding(s, project_id, caller.person);
        return about ? View{onboarding_view(s, *about)} : View{};
    });
}

Result<Feedback> GoldTasks::feedback(const Caller& caller, Id project_id, Id annotation) {
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<Feedback> {
        const auto trial = find_trial_of_annotation(s, annotation);
        const auto about = find_onboarding(s, project_id, caller.person);
        if (!about || !trial || trial->project != project_id ||
            trial->annotation.person != caller.person ||
            trial->purpose != TrialPurpose::onboarding ||
            (trial->state != TrialState::answered && trial->state != TrialState::withdrawn))
            return Refusal{Code::not_found, "There is no answer " + wire_id('a', annotation) +
                                                " of your onboarding in this project."};
        Feedback out;
        out.answer = seen_by_author(trial->annotation);
        out.task = find_task(s, out.answer.task).value();
        out.task.state = TaskState::done;
        if (out.task.media != 0) out.media = find_media(s, out.task.media).value_or(Media{});
        const LabelNames names(find_project(s, project_id).value().schema);
        out.answer.regions = names.now(std::move(out.answer.regions));
        out.trusted = names.now(find_gold(s, project_id, out.answer.task).value().regions);
        out.differences = differences(out.trusted, out.answer.regions);
        out.score = trial->score.value_or(0);
        out.agreed = trial->agreed;
        if (const auto end = show_trial(s, *about, out.answer.task, now))
            note_gold(s, world_, caller, project_id, "onboarding." + std::string(name_of(*end)),
                      {{"round", about->round},
                       {"score", find_onboarding(s, project_id, caller.person)->score.value_or(0)},
                       {"least", about->least}});
        out.stands = onboarding_view(s, *find_onboarding(s, project_id, caller.person));
        return out;
    });
}

Result<> GoldTasks::let_pass(const Caller& caller, Id project, Id person) {
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<> {
        if (!find_project(s, project)) return no_such_project(project);
        TRY(::countersign::let_pass(s, project, person, caller.person, now));
        note_gold(s, world_, caller, project, "onboarding.let_pass",
                  {{"person", wire_id('u', person)}});
        return Done{};
    });
}

Result<> GoldTasks::begin_again(const Caller& caller, Id project_id, Id person) {
    return world_.db.write([&](Session& s) -> Result<> {
        const auto project = find_project(s, project_id);
        if (!project) return no_such_project(project_id);
        const auto begun = TRY(::countersign::begin_again(s, *project, person));
        note_gold(s, world_, caller, project_id, "onboarding.begun_again",
                  {{"person", wire_id('u', person)}, {"round", begun.round}});
        return Done{};
    });
}

}  // namespace countersign
