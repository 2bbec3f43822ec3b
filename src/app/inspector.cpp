#include "app/inspector.h"

#include <algorithm>
#include <set>

#include "app/jobs.h"
#include "app/watch.h"
#include "base/text.h"
#include "core/label_names.h"
#include "quality/exact_share.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/job_store.h"
#include "store/label_store.h"
#include "store/notification_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

Inspector::Inspector(World& world) : world_(world) {}

void Inspector::start() {
    watch_ = std::make_shared<Watch>(world_);
}

void Inspector::stop() {
    watch_.reset();
}

void Inspector::settle() {
    if (watch_) watch_->settle();
}

namespace {

constexpr std::int64_t least_judged = 5;
constexpr std::size_t most_reason = 2'000;

std::string_view on_name(Place::On on) {
    return on == Place::On::text ? "text" : on == Place::On::image ? "image" : "audio";
}

Refusal no_project(Id project) {
    return {Code::not_found, "There is no project " + wire_id('p', project) + "."};
}

/// The kinds that people mostly dismiss, as bits.
std::uint64_t shown_less(const std::vector<KindTally>& tallies) {
    std::uint64_t out = 0;
    for (const auto& tally : tallies)
        if (tally.is_shown_less()) out |= std::uint64_t{1} << static_cast<int>(tally.kind);
    return out;
}

/// Those who answered the task are told that it is asked again.
void tell_authors(Session& s, const Caller& caller, Id project, Id task, Millis now) {
    std::set<Id> authors;
    for (const auto& a : annotations_of(s, task))
        if (a.withdrawn == 0 && a.assignment != 0 && a.person != caller.person)
            authors.insert(a.person);
    Notification what;
    what.kind = NotificationKind::sent_back;
    what.project = project;
    what.task = task;
    what.by = caller.person;
    what.created = now;
    tell_all(s, what, authors);
}

void record(Session& s, World& world, const Caller& caller, Id project, std::string_view kind,
            const std::vector<Id>& findings, Json body, Millis now) {
    Json ids = Json::array();
    for (const Id id : findings) ids.push_back(wire_id('f', id));
    body["findings"] = std::move(ids);
    Event event;
    event.project = project;
    event.kind = kind;
    event.person = caller.person;
    event.body = to_text(body);
    event.created = now;
    append_event(s, std::move(event), world.key);
}

/// What is known of a task's item; its text is kept in `text`.
ItemFacts facts_of_item(Session& s, const Project& project, const Task& task, std::string& text) {
    const auto media = task.media != 0 ? find_media(s, task.media).value_or(Media{}) : Media{};
    text = item_text(task, project.schema.source);
    return {media.width, media.height, text, media.seconds};
}

/// The task's label without what repair() mends.
Result<Corrected> mend_label(Session& s, const Project& project, Id task, Id person, Millis now) {
    const Refusal nothing{
        Code::conflict, "The label has changed since: there is nothing left to mend. Check again."};
    const auto about = find_task(s, task);
    const auto label = find_label(s, project.id, task);
    if (!about || !label) return nothing;
    std::string text;
    const auto facts = facts_of_item(s, project, *about, text);
    auto given = find_annotation(s, label->annotation).value();
    Annotation correction;
    correction.task = task;
    correction.person = person;
    correction.regions = LabelNames(project.schema).now(std::move(given.regions));
    if (repair(correction.regions, facts).empty()) return nothing;
    correction.regions =
        TRY(check_regions(project.schema, std::move(correction.regions), facts, true));
    correction.comment = "Mended after a check.";
    correction.created = now;
    return correct_label(s, project, std::move(correction));
}

Result<> check_asked(const std::vector<Id>& findings) {
    if (findings.empty()) return Refusal{Code::invalid, "findings must name at least one."};
    if (findings.size() > Inspector::most_at_once)
        return Refusal{Code::too_large,
                       "At most 1,000 findings are decided at once: send them in parts."};
    return Done{};
}

}  // namespace

std::string body_text(const FindingBody& body) {
    Json out = {{"sentence", body.sentence}};
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) out[name] = value;
    };
    put("control", body.control);
    put("label", body.label);
    put("region", body.region);
    if (const auto& p = body.place)
        out["place"] = {
            {"on", on_name(p->on)}, {"start", p->start},  {"end", p->end}, {"x", p->x}, {"y", p->y},
            {"width", p->width},    {"height", p->height}};
    for (const auto& e : body.evidence)
        out["evidence"].push_back({{"task", e.task}, {"name", e.name}, {"sentence", e.sentence}});
    return to_text(out);
}

FindingBody read_body(std::string_view text) {
    FindingBody out;
    const auto json = parse_json(text);
    if (!json || !json->is_object()) throw Breakdown("A stored finding does not read back.");
    out.sentence = json->value("sentence", "");
    out.control = json->value("control", "");
    out.label = json->value("label", "");
    out.region = json->value("region", "");
    if (const auto at = json->find("place"); at != json->end()) {
        Place p;
        const auto on = at->value("on", "text");
        p.on = on == "image"   ? Place::On::image
               : on == "audio" ? Place::On::audio
                               : Place::On::text;
        p.start = at->value("start", 0.0), p.end = at->value("end", 0.0);
        p.x = at->value("x", 0.0), p.y = at->value("y", 0.0);
        p.width = at->value("width", 0.0), p.height = at->value("height", 0.0);
        out.place = p;
    }
    if (const auto at = json->find("evidence"); at != json->end())
        for (const auto& e : *at)
            out.evidence.push_back(
                {e.value("task", Id{0}), e.value("name", ""), e.value("sentence", "")});
    return out;
}

std::optional<KindTally::Precision> KindTally::precision() const {
    if (judged() < least_judged) return std::nullopt;
    const auto interval = exact_share(fixed, judged());
    return Precision{static_cast<double>(fixed) / static_cast<double>(judged()), interval.low,
                     interval.high};
}

bool KindTally::is_shown_less() const {
    const auto found = precision();
    return found && found->high < 0.5;
}

std::vector<KindTally> tallies(const std::vector<FindingCount>& counts) {
    std::vector<KindTally> out;
    for (const auto& row : enum_names(FindingKind{})) {
        if (row.value == FindingKind::unreadable) continue;
        KindTally tally;
        tally.kind = row.value;
        for (const auto& count : counts) {
            if (count.kind != static_cast<int>(row.value)) continue;
            if (count.state == FindingState::open) tally.open += count.n;
            if (count.state == FindingState::waiting) tally.waiting += count.n;
            if (count.state == FindingState::fixed) tally.fixed += count.n;
            if (count.state == FindingState::dismissed) tally.dismissed += count.n;
        }
        out.push_back(tally);
    }
    return out;
}

Result<FindingList> Inspector::list(Id project, const Filter& filter, std::string_view after,
                                    int limit) {
    return world_.db.read([&](Session& s) -> Result<FindingList> {
        if (!find_project(s, project)) return no_project(project);
        FindingAsk ask;
        ask.project = project;
        if (filter.kind) ask.kind = static_cast<int>(*filter.kind);
        ask.check = filter.check;
        ask.state = filter.state;
        ask.task = filter.task;
        ask.shown_less = shown_less(tallies(count_findings(s, project)));
        ask.limit = limit;
        auto page = TRY(list_findings(s, ask, after));
        FindingList out;
        out.next = std::move(page.next);
        for (auto& stored : page.findings) {
            FindingView view;
            view.body = read_body(stored.body);
            view.row = check_called(stored.check);
            view.stored = std::move(stored);
            out.findings.push_back(std::move(view));
        }
        return out;
    });
}

namespace {

/// What the last check says that it left out; nothing of a check by a program that did not say.
std::vector<std::string> left_undone(Session& s, Id project) {
    std::vector<std::string> out;
    const auto job = find_last_done(s, project, "check");
    if (!job) return out;
    const auto said = job->result.find("not_done");
    if (said == job->result.end() || !said->is_array()) return out;
    for (const auto& why : *said)
        if (why.is_string()) out.push_back(why.get<std::string>());
    return out;
}

}  // namespace

Result<FindingSummary> Inspector::summary(Id project) {
    return world_.db.read([&](Session& s) -> Result<FindingSummary> {
        if (!find_project(s, project)) return no_project(project);
        FindingSummary out;
        out.kinds = tallies(count_findings(s, project));
        if (const auto at = last_check(s, project)) {
            out.checked = at->checked;
            out.not_done = left_undone(s, project);
        }
        out.job = find_open_job(s, project, "check");
        return out;
    });
}

std::int64_t Inspector::open_seen(const Caller& caller, Id project) {
    if (!may(caller.role, Permission::manage_project)) return 0;
    return world_.db.read([&](Session& s) { return count_open_findings(s, project); });
}

Result<Job> Inspector::check(const Caller& caller, Id project) {
    const auto about = world_.cache->project(world_.db, world_.clock, project);
    if (!about) return no_project(project);
    if (auto open = world_.db.read([&](Session& s) { return find_open_job(s, project, "check"); }))
        return *std::move(open);
    return queue_job(world_, project, "check", Json::object(), caller.person, true);
}

Result<Inspector::Outcome> Inspector::decide(const Caller& caller, Id project,
                                             const std::vector<Id>& findings,
                                             FindingVerdict verdict, const std::string& reason) {
    TRY(check_asked(findings));
    if (reason.size() > most_reason || !is_utf8(reason))
        return Refusal{Code::invalid, "reason must be UTF-8 of at most 2,000 bytes."};
    if (verdict == FindingVerdict::dismissed && reason.empty())
        return Refusal{Code::invalid,
                       "Dismissing needs a reason: it is what the next person reads who wonders."};
    const auto about = world_.cache->project(world_.db, world_.clock, project);
    if (!about) return no_project(project);
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<Outcome> {
        Outcome out;
        std::vector<Id> decided;
        std::set<Id> sent_back;
        for (const Id id : findings) {
            const auto refuse = [&](std::string why) {
                out.refused.push_back({id, std::move(why)});
            };
            const auto found = find_finding(s, project, id);
            if (!found) {
                refuse("There is no finding " + wire_id('f', id) + " in this project.");
                continue;
            }
            if (found->state != FindingState::open && found->state != FindingState::waiting) {
                refuse("It is " + std::string(name_of(found->state)) +
                       " already: undo that first.");
                continue;
            }
            auto state = verdict == FindingVerdict::dismissed ? FindingState::dismissed
                                                              : FindingState::fixed;
            std::string before;
            if (verdict == FindingVerdict::relabel) {
                if (found->task == 0) {
                    refuse("It is about no one task: nothing can be labelled again.");
                    continue;
                }
                state = FindingState::waiting;
                if (found->state == FindingState::waiting) {
                    refuse("Its task is with people already.");
                    continue;
                }
                if (!sent_back.contains(found->task)) {
                    auto asked = ask_again(s, *about, found->task);
                    if (!asked) {
                        refuse(asked.refusal().message);
                        continue;
                    }
                    before = *std::move(asked);
                    sent_back.insert(found->task);
                    tell_authors(s, caller, project, found->task, now);
                }
            }
            decide_finding(s, id, state, reason, caller.person, now, before);
            decided.push_back(id);
        }
        out.done = static_cast<std::int64_t>(decided.size());
        if (!decided.empty())
            record(s, world_, caller, project, "findings.decided", decided,
                   {{"verdict", std::string(name_of(verdict))}, {"reason", reason}}, now);
        return out;
    });
}

Result<Inspector::Outcome> Inspector::mend(const Caller& caller, Id project,
                                           const std::vector<Id>& findings) {
    TRY(check_asked(findings));
    const auto about = world_.cache->project(world_.db, world_.clock, project);
    if (!about) return no_project(project);
    const Millis now = world_.clock.now();
    std::vector<Annotation> corrections;
    auto written = world_.db.write([&](Session& s) -> Result<Outcome> {
        Outcome out;
        corrections.clear();
        std::vector<Id> decided;
        std::set<Id> mended;
        for (const Id id : findings) {
            const auto found = find_finding(s, project, id);
            const auto* row = found ? check_called(found->check) : nullptr;
            if (!row || !row->is_repaired || found->state != FindingState::open) {
                out.refused.push_back({id, "There is nothing that can be mended."});
                continue;
            }
            std::string before;
            if (!mended.contains(found->task)) {
                auto corrected = mend_label(s, *about, found->task, caller.person, now);
                if (!corrected) {
                    out.refused.push_back({id, corrected.refusal().message});
                    continue;
                }
                mended.insert(found->task);
                before = std::move(corrected->before);
                corrections.push_back(std::move(corrected->annotation));
            }
            decide_finding(s, id, FindingState::fixed, "", caller.person, now, before);
            decided.push_back(id);
        }
        out.done = static_cast<std::int64_t>(decided.size());
        if (!decided.empty())
            record(s, world_, caller, project, "findings.decided", decided, {{"verdict", "mended"}},
                   now);
        return out;
    });
    auto outcome = TRY(std::move(written));
    if (world_.decided)
        for (const auto& correction : corrections) world_.decided(*about, correction);
    return outcome;
}

Result<Inspector::Mended> Inspector::mended(Id task, Regions regions) {
    constexpr std::size_t most_regions = 5'000;
    if (regions.size() > most_regions)
        return Refusal{Code::too_large, "At most 5,000 regions are mended at once."};
    const auto about = world_.db.read([&](Session& s) { return find_task(s, task); });
    const auto project =
        about ? world_.cache->project(world_.db, world_.clock, about->project) : nullptr;
    if (!project) return Refusal{Code::not_found, "There is no task " + wire_id('t', task) + "."};
    std::string text;
    const auto facts =
        world_.db.read([&](Session& s) { return facts_of_item(s, *project, *about, text); });
    Mended out{std::move(regions), {}};
    out.repairs = repair(out.regions, facts);
    return out;
}

Result<Inspector::Outcome> Inspector::undo(const Caller& caller, Id project,
                                           const std::vector<Id>& findings) {
    TRY(check_asked(findings));
    const auto about = world_.cache->project(world_.db, world_.clock, project);
    if (!about) return no_project(project);
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<Outcome> {
        Outcome out;
        std::vector<Id> undone;
        for (const Id id : findings) {
            const auto found = find_finding(s, project, id);
            if (!found || found->decided_by == 0) {
                out.refused.push_back({id, "Nobody decided about it."});
                continue;
            }
            if (const auto before = kept_before(s, id); !before.empty())
                if (auto back = put_label_back(s, *about, found->task, before, now); !back) {
                    out.refused.push_back({id, back.refusal().message});
                    continue;
                }
            decide_finding(s, id, FindingState::open, "", 0, 0);
            undone.push_back(id);
        }
        out.done = static_cast<std::int64_t>(undone.size());
        if (!undone.empty())
            record(s, world_, caller, project, "findings.reopened", undone, Json::object(), now);
        return out;
    });
}

}  // namespace countersign
