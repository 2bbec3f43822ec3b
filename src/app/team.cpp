#include "app/team.h"

#include "app/lists.h"
#include "app/remarks.h"
#include "core/label_names.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/model_store.h"
#include "store/notification_store.h"
#include "store/people_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr std::size_t most_assigned = 10'000;

Refusal no_dispute(Id task) {
    return {Code::not_found,
            "Task " + wire_id('t', task) + " is not disputed: somebody else may have decided."};
}

void read_now(const Project& project, Dispute& dispute) {
    const LabelNames names(project.schema);
    for (auto& opinion : dispute.opinions) opinion.regions = names.now(std::move(opinion.regions));
}

DisputeView viewed(Session& s, const Project& project, Dispute dispute) {
    read_now(project, dispute);
    DisputeView out;
    std::vector<Regions> said;
    Id shown = 0;
    for (const auto& opinion : dispute.opinions) {
        said.push_back(opinion.regions);
        if (const auto person = find_person(s, opinion.person))
            out.authors[opinion.person] = person->display;
        if (opinion.draft != 0) shown = opinion.draft;
    }
    if (shown != 0) out.draft = find_draft(s, shown);
    if (out.draft)
        out.draft->regions = LabelNames(project.schema).now(std::move(out.draft->regions));
    for (const auto& regions : said) {
        out.from_first.push_back(differences(said.front(), regions));
        out.from_draft.push_back(out.draft ? differences(out.draft->regions, regions)
                                           : std::vector<Difference>());
    }
    if (!said.empty()) {
        const auto found = consensus(said);
        out.suggested = found.opinion;
        out.in_favour = found.in_favour;
    }
    out.dispute = std::move(dispute);
    return out;
}

Event event_of(const Caller& caller, Id project, Id task, std::string kind, const Json& body,
               Millis now) {
    Event event;
    event.project = project;
    event.kind = std::move(kind);
    event.person = caller.person;
    event.task = task;
    event.body = to_text(body);
    event.created = now;
    return event;
}

std::set<Id> authors_of(const std::optional<Dispute>& dispute) {
    std::set<Id> out;
    if (dispute)
        for (const auto& opinion : dispute->opinions) out.insert(opinion.person);
    return out;
}

/// Those of them whose answer says something else than what was decided.
std::set<Id> overruled(const Dispute& dispute, const Regions& decided) {
    std::set<Id> out;
    for (const auto& opinion : dispute.opinions)
        if (!differences(decided, opinion.regions).empty()) out.insert(opinion.person);
    return out;
}

}  // namespace

Result<std::vector<DisputeView>> Team::disputes(Id project, Id after, int limit) {
    const auto about = world_.cache->project(world_.db, world_.clock, project);
    if (!about)
        return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
    auto out = world_.db.read([&](Session& s) {
        std::vector<DisputeView> views;
        for (auto& dispute : list_disputes(s, project, after, limit))
            views.push_back(viewed(s, *about, std::move(dispute)));
        return views;
    });
    add_odds(*about, out);
    return out;
}

void Team::add_odds(const Project& project, std::vector<DisputeView>& views) {
    std::vector<const Dispute*> disputes;
    for (const auto& view : views) disputes.push_back(&view.dispute);
    if (disputes.empty()) return;
    const auto fit = odds_.fit(project, disputes);
    for (auto& view : views) {
        if (const auto* odds = fit->of(view.dispute)) {
            for (const auto& one : odds->opinions) view.odds.push_back(one.probability);
            view.none_right = odds->none;
        }
        view.ground = fit->ground;
        view.several = fit->tasks;
        view.verdicts = fit->verdicts;
    }
}

Result<DisputeView> Team::dispute(Id task) {
    std::vector<DisputeView> out;
    const auto about = world_.db.read([&](Session& s) -> std::optional<Project> {
        auto found = find_dispute(s, task);
        out.clear();
        if (!found) return std::nullopt;
        auto project = find_project(s, found->task.project).value();
        out.push_back(viewed(s, project, *std::move(found)));
        return project;
    });
    if (!about) return no_dispute(task);
    add_odds(*about, out);
    return std::move(out.front());
}

Result<Annotation> Team::decide(const Caller& caller, Verdict verdict) {
    const auto about = world_.db.read([&](Session& s) { return find_dispute(s, verdict.task); });
    if (!about) return no_dispute(verdict.task);
    const auto project = world_.cache->project(world_.db, world_.clock, about->task.project);
    for (const auto& opinion : about->opinions)
        if (opinion.person == caller.person)
            return Refusal{Code::forbidden,
                           "You answered this task yourself: another specialist has to decide."};
    if (verdict.chosen == 0) {
        const auto text = item_text(about->task, project->schema.source);
        verdict.regions = TRY(check_regions(
            project->schema, LabelNames(project->schema).now(std::move(verdict.regions)),
            {about->media.width, about->media.height, text, about->media.seconds}, true));
        for (auto& region : verdict.regions)
            if (region.origin == Origin::model) region.origin = Origin::edited;
    }
    verdict.person = caller.person;
    const Millis now = world_.clock.now();
    auto written = world_.db.write([&](Session& s) -> Result<Annotation> {
        auto dispute = find_dispute(s, verdict.task);
        auto decided = TRY(record_verdict(s, *project, verdict, now));
        const Json body = {{"annotation", wire_id('a', decided.id)},
                           {"own", verdict.chosen == 0},
                           {"regions_sha256", hex(sha256(regions_text(decided.regions)))}};
        Notification what;
        what.kind = NotificationKind::decided_otherwise;
        what.project = project->id;
        what.task = verdict.task;
        what.by = caller.person;
        what.about = decided.id;
        what.created = now;
        if (dispute) {
            read_now(*project, *dispute);
            const auto said = LabelNames(project->schema).now(decided.regions);
            tell_all(s, what, overruled(*dispute, said));
        }
        append_event(s, event_of(caller, project->id, verdict.task, "dispute.decided", body, now),
                     world_.key);
        return decided;
    });
    auto annotation = TRY(std::move(written));
    if (world_.decided) world_.decided(*project, annotation);
    return annotation;
}

Result<> Team::take_back(const Caller& caller, Id task) {
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<> {
        const auto found = find_task(s, task);
        if (!found) return no_dispute(task);
        const auto project = *find_project(s, found->project);
        TRY(withdraw_verdict(s, project, task, now));
        untell_verdict(s, task, authors_of(find_dispute(s, task)));
        append_event(s, event_of(caller, project.id, task, "dispute.reopened", Json::object(), now),
                     world_.key);
        return Done{};
    });
}

Result<> Team::send_back(const Caller& caller, Id task, const std::string& comment) {
    std::optional<Remark> remark;
    if (!comment.empty()) remark = TRY(read_remark(world_, comment));
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<> {
        const auto found = find_dispute(s, task);
        if (!found) return no_dispute(task);
        const auto project = *find_project(s, found->task.project);
        TRY(::countersign::send_back(s, project, task));
        Notification what;
        what.kind = NotificationKind::sent_back;
        what.project = project.id;
        what.task = task;
        what.by = caller.person;
        what.created = now;
        const auto authors = authors_of(found);
        if (remark) what.about = write_remark(s, caller, found->task, *remark, now, authors).id;
        tell_all(s, what, authors);
        append_event(s,
                     event_of(caller, project.id, task, "dispute.sent_back", Json::object(), now),
                     world_.key);
        return Done{};
    });
}

Result<Team::Assigned> Team::assign(const Caller& caller, Id project, const std::vector<Id>& tasks,
                                    Id person) {
    if (tasks.size() > most_assigned)
        return Refusal{Code::too_large,
                       "At most 10,000 tasks are assigned at once: send them in "
                       "parts."};
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<Assigned> {
        if (!find_project(s, project))
            return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
        if (person != 0) {
            const auto found = find_person(s, person);
            if (!found || !found->active)
                return Refusal{Code::not_found,
                               "There is no active person " + wire_id('u', person) + "."};
        }
        Assigned out;
        out.before = assign_tasks(s, project, tasks, person);
        for (const auto& [whom, those] : out.before)
            out.changed += static_cast<std::int64_t>(those.size());
        Json body = {{"tasks", out.changed}, {"to", nullptr}};
        if (person != 0) body["to"] = wire_id('u', person);
        if (out.changed == 0) return out;
        Notification what;
        what.person = person;
        what.kind = NotificationKind::assigned;
        what.project = project;
        what.by = caller.person;
        what.number = out.changed;
        what.created = now;
        tell(s, what);
        append_event(s, event_of(caller, project, 0, "tasks.assigned", body, now), world_.key);
        return out;
    });
}

Result<std::vector<Person>> Team::people(Id project, const std::string& search, int limit) {
    return world_.db.read([&](Session& s) -> Result<std::vector<Person>> {
        if (!find_project(s, project))
            return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
        return people_called(s, project, search, limit);
    });
}

Result<Team::Assigned> Team::assign_matching(const Caller& caller, Id project,
                                             const TaskFilter& filter, std::string_view cursor,
                                             Id person) {
    constexpr int page = 2000;
    const auto ask = TRY(ask_for(caller, project, filter, {}, world_.clock.now()));
    std::vector<Id> tasks;
    std::string next(cursor);
    do {
        const auto found =
            TRY(world_.db.read([&](Session& s) { return match_tasks(s, ask, next, page); }));
        tasks.insert(tasks.end(), found.tasks.begin(), found.tasks.end());
        next = found.next;
    } while (!next.empty() && tasks.size() + page <= most_assigned);
    auto out = TRY(assign(caller, project, tasks, person));
    out.next = std::move(next);
    return out;
}

Result<std::optional<GuidelineChange>> Team::guideline_change(const Caller& caller, Id project) {
    using Change = std::optional<GuidelineChange>;
    return world_.db.read([&](Session& s) -> Result<Change> {
        const auto now = find_project(s, project);
        if (!now)
            return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
        const auto from = last_guideline_version(s, project, caller.person);
        if (!from || *from == now->guideline_version) return Change{};
        auto before = find_guideline(s, project, *from).value_or("");
        if (before == now->guideline) return Change{};
        return Change{
            GuidelineChange{*from, now->guideline_version, std::move(before), now->guideline}};
    });
}

}  // namespace countersign
