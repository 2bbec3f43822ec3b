#include "app/desk.h"

#include <algorithm>
#include <iterator>

#include "app/gold_view.h"
#include "app/measured.h"
#include "app/prefill.h"
#include "base/metrics.h"
#include "base/text.h"
#include "core/label_names.h"
#include "store/event_store.h"
#include "store/former_answer.h"
#include "store/project_store.h"

namespace countersign {

namespace {

constexpr int most_tasks = 30;
/// Tasks that a person may hold by naming them.
constexpr std::int64_t most_held = 100;

/// What an answer is about, known before the write so that the one writer does not wait for it.
/// None of it can change in between but the lease, which the write itself guards.
struct Answered {
    Task task;
    Media media;
    Assignment assignment;
    std::optional<Draft> draft;
    std::shared_ptr<const Project> project;
};

/// A draft that was written before its labels were renamed.
void read_now(const Project& project, std::optional<Draft>& draft) {
    if (draft) draft->regions = LabelNames(project.schema).now(std::move(draft->regions));
}

Result<Answered> read_answered(World& world, Id person, Id task, Id assignment) {
    Answered out;
    if (auto shown = world.handed_out->take(assignment);
        shown && shown->assignment.person == person && shown->task.id == task) {
        out.task = std::move(shown->task);
        out.media = std::move(shown->media);
        out.assignment = shown->assignment;
        out.draft = std::move(shown->draft);
        out.project = world.cache->project(world.db, world.clock, out.task.project);
        read_now(*out.project, out.draft);
        return out;
    }
    auto found = world.db.read([&](Session& s) -> Result<> {
        const auto held = find_assignment(s, assignment);
        if (!held || held->person != person || held->task != task)
            return Refusal{Code::not_found, "There is no assignment " + wire_id('s', assignment) +
                                                " of task " + wire_id('t', task) +
                                                " to you: fetch your next task."};
        out.assignment = *held;
        out.assignment.trial = find_trial(s, assignment).has_value();
        out.task = find_task(s, task).value();
        if (out.task.media != 0) out.media = find_media(s, out.task.media).value_or(Media{});
        if (held->draft != 0) out.draft = find_draft(s, held->draft);
        return Done{};
    });
    TRY(std::move(found));
    out.project = world.cache->project(world.db, world.clock, out.task.project);
    read_now(*out.project, out.draft);
    return out;
}

Result<std::shared_ptr<const Project>> open_project(World& world, Id id) {
    auto project = world.cache->project(world.db, world.clock, id);
    if (!project) return Refusal{Code::not_found, "There is no project " + wire_id('p', id) + "."};
    if (project->archived)
        return Refusal{Code::conflict, "The project \"" + project->name +
                                           "\" is archived: restore it to go on labelling."};
    return project;
}

DeskTask present(World& world, const Project& project, Leased&& leased) {
    DeskTask out{
        std::move(leased.task), std::move(leased.media), leased.assignment, {}, {}, {}, {}, {},
        std::move(leased.work)};
    read_now(project, leased.draft);
    if (leased.draft && leased.assignment.arm != Arm::blind) {
        const auto names = world.cache->version(world.db, world.clock, leased.draft->model_version);
        out.model = names.model;
        out.model_version = names.version;
        auto filled = prefill(*leased.draft, project.policy);
        out.regions = std::move(filled.regions);
        out.maybes = std::move(filled.maybes);
        out.draft = std::move(leased.draft);
    } else {
        out.assignment.draft = 0;
    }
    // Nothing that is sent may tell a blind task from one without a draft.
    out.assignment.arm = Arm::assisted;
    out.assignment.arm_probability = 1;
    return out;
}

/// The former answers of tasks, where they may be shown.
using Former = std::map<Id, Annotation>;

std::vector<DeskTask> present(World& world, const Project& project, std::vector<Leased>&& leased,
                              const Former& former, Millis now) {
    std::vector<DeskTask> out;
    out.reserve(leased.size());
    double fresh = 0;
    for (auto& one : leased) {
        fresh += one.assignment.leased == now ? 1 : 0;
        world.handed_out->keep(one);
        auto& task = out.emplace_back(present(world, project, std::move(one)));
        if (const auto before = former.find(task.task.id); before != former.end())
            task.former = FormerAnswer{before->second.person == task.assignment.person,
                                       before->second.created,
                                       LabelNames(project.schema).now(before->second.regions)};
    }
    if (fresh > 0) count(Metric::tasks_leased, fresh);
    return out;
}

Event decision_event(const Annotation& a, std::string_view kind, std::string_view digest,
                     Id project, const std::optional<Trial>& trial = {}) {
    std::string body = "{\"annotation\":\"" + wire_id('a', a.id) + "\",\"action\":\"" +
                       std::string(name_of(a.action)) + "\",\"arm\":\"" +
                       std::string(name_of(a.arm)) + '"';
    if (a.draft != 0) body += ",\"draft\":\"" + wire_id('d', a.draft) + '"';
    if (!digest.empty()) body += ",\"regions_sha256\":\"" + std::string(digest) + '"';
    if (trial) body += ",\"trial\":\"" + std::string(name_of(trial->purpose)) + '"';
    if (trial && trial->score) {
        body += ",\"score\":";
        append_json_number(body, *trial->score);
    }
    body += '}';
    Event event;
    event.project = project;
    event.kind = kind;
    event.person = a.person;
    event.task = a.task;
    event.body = std::move(body);
    event.created = a.created;
    return event;
}

/// What the tasks were answered before, but for those that must be begun without it.
Former former_of(Session& s, const Project& project, Id person, const std::vector<Leased>& tasks) {
    std::vector<Id> ids;
    for (const auto& one : tasks)
        if (!one.assignment.trial && one.work.empty()) ids.push_back(one.task.id);
    auto out = former_answers(s, person, ids);
    for (const auto& one : tasks) {
        const auto at = out.find(one.task.id);
        if (at == out.end()) continue;
        const bool of_others = at->second.person != person &&
                               annotations_needed(project.policy, project.seed, at->first) > 1;
        if (of_others || is_measured(s, project, one.assignment)) out.erase(at);
    }
    return out;
}

/// What a person is given, and what they see beside it.
struct HandedTo {
    std::vector<Leased> tasks;
    Former former;
    Progress progress;
    std::optional<OnboardingView> onboarding;
};
HandedTo hand_out(Session& s, const Project& project, const Caller& caller, int count, Millis now) {
    HandedTo out;
    const bool tried = may_be_tried(caller) && uses_gold(project.policy);
    if (tried) out.onboarding = onboarding_before_work(s, project, caller);
    if (count > 0) {
        if (!tried)
            out.tasks = lease(s, project, caller.person, count, now);
        else if (!out.onboarding)
            out.tasks = lease_with_gold(s, project, caller.person, count, now);
        else if (out.onboarding->about.state == OnboardingState::underway)
            out.tasks = lease_onboarding(s, project, out.onboarding->about, count, now);
    }
    out.former = former_of(s, project, caller.person, out.tasks);
    out.progress = progress_for(s, caller, project);
    return out;
}

struct Recorded {
    Annotation annotation;
    std::optional<Trial> trial;
    HandedTo next;
    bool repeated = false;
};

/// The earlier answer under this key, if there is one; the key of another task is refused.
Result<std::optional<Annotation>> earlier_answer(Session& s, Id person, const DeskAnswer& answer) {
    if (answer.idempotency_key.empty()) return std::optional<Annotation>{};
    const auto kept = find_idempotent(s, person, answer.idempotency_key);
    if (!kept) return std::optional<Annotation>{};
    const Id id = parse_id('a', *kept).value_or(0);
    auto annotation = find_annotation(s, id);
    if (!annotation)
        if (auto trial = find_trial_of_annotation(s, id)) annotation = std::move(trial->annotation);
    if (!annotation || annotation->task != answer.task)
        return Refusal{Code::conflict,
                       "The idempotency key was used for another answer: send a "
                       "new key with each answer."};
    return annotation;
}

using Record = Result<Annotation> (*)(Session&, const Project&, const Answer&, Millis);

/// One transaction: the answer, its event, its idempotency key, and the next tasks.
Result<DeskReply> record(World& world, const Caller& caller, const Answered& about,
                         const Answer& answer, const DeskAnswer& asked, Record how,
                         std::string_view event_kind) {
    const Project& project = *about.project;
    const Millis now = world.clock.now();
    const std::string digest =
        answer.action == Action::skipped ? "" : hex(sha256(regions_text(answer.regions)));
    const int want = std::clamp(asked.want, 0, most_tasks);
    world.db.note_person();
    auto written = world.db.write([&](Session& s) -> Result<Recorded> {
        Recorded out;
        if (auto earlier = TRY(earlier_answer(s, answer.person, asked))) {
            out.annotation = std::move(*earlier);
            out.repeated = true;
        } else {
            if (about.assignment.trial) {
                out.trial = TRY(record_trial(s, project, answer, now));
                out.annotation = out.trial->annotation;
            } else {
                out.annotation = TRY(how(s, project, answer, now));
            }
            if (!asked.idempotency_key.empty())
                save_idempotent(s, answer.person, asked.idempotency_key,
                                wire_id('a', out.annotation.id), now);
        }
        out.next = hand_out(s, project, caller, want, now);
        // Last, because other answers to the project wait from here to the commit.
        if (!out.repeated)
            append_event(s,
                         decision_event(out.annotation, event_kind, digest, project.id, out.trial),
                         world.key);
        return out;
    });
    auto recorded = TRY(std::move(written));
    if (!recorded.repeated) {
        count(Metric::decisions);
        if (world.decided && !recorded.trial) world.decided(project, recorded.annotation);
    }
    auto next = present(world, project, std::move(recorded.next.tasks), recorded.next.former, now);
    return DeskReply{seen_by_author(std::move(recorded.annotation)), std::move(next),
                     recorded.next.progress, std::move(recorded.next.onboarding)};
}

/// Whether the person answered or skipped the task under this very lease, taken back since or not.
bool was_answered(Session& s, Id person, Id task, Id assignment) {
    const auto lease = find_assignment(s, assignment);
    if (!lease || lease->person != person || lease->task != task) return false;
    if (const auto trial = find_trial(s, assignment)) return trial->state != TrialState::held;
    const auto answers = annotations_of(s, task);
    return std::any_of(answers.begin(), answers.end(),
                       [&](const Annotation& a) { return a.assignment == assignment; });
}

}  // namespace

Result<Desk::Next> Desk::next(const Caller& caller, Id project_id, int count) {
    const auto project = TRY(open_project(world_, project_id));
    const Millis now = world_.clock.now();
    world_.db.note_person();
    // Loaded in the write that took them: the writer's cache is warm, while each commit makes every
    // reader of SQLite read its pages again.
    auto given = world_.db.write([&](Session& s) {
        return hand_out(s, *project, caller, std::clamp(count, 1, most_tasks), now);
    });
    auto tasks = present(world_, *project, std::move(given.tasks), given.former, now);
    return Next{std::move(tasks), given.progress, std::move(given.onboarding)};
}

Result<Desk::Taken> Desk::take(const Caller& caller, Id project_id, const std::vector<Id>& tasks) {
    if (tasks.empty() || tasks.size() > most_tasks)
        return Refusal{Code::invalid, "tasks must name 1 to 30 tasks."};
    const auto project = TRY(open_project(world_, project_id));
    const Millis now = world_.clock.now();
    world_.db.note_person();
    struct Given {
        countersign::Taken taken;
        Former former;
        Progress progress;
    };
    auto written = world_.db.write([&](Session& s) -> Result<Given> {
        if (gold_is_hidden(s, caller, *project))
            return Refusal{Code::forbidden,
                           "In this project only supervisors choose tasks: some have a known "
                           "answer. Fetch your next task instead."};
        if (count_held(s, project_id, caller.person) > most_held)
            return Refusal{Code::conflict,
                           "You hold over 100 tasks: decide or skip some, or give them back by "
                           "leaving the desk."};
        Given out;
        out.taken = take_tasks(s, *project, caller.person, tasks, now);
        out.former = former_of(s, *project, caller.person, out.taken.tasks);
        out.progress = progress_for(s, caller, *project);
        return out;
    });
    auto given = TRY(std::move(written));
    Taken out;
    out.tasks = present(world_, *project, std::move(given.taken.tasks), given.former, now);
    out.passed = std::move(given.taken.passed);
    out.progress = given.progress;
    return out;
}

Result<DeskReply> Desk::submit(const Caller& caller, const DeskAnswer& asked) {
    auto about = TRY(read_answered(world_, caller.person, asked.task, asked.assignment));
    const Project& project = *about.project;
    // The item is parsed only for spans, which are cut out of it.
    const bool spans = std::any_of(asked.regions.begin(), asked.regions.end(),
                                   [](const Region& r) { return r.kind == ControlKind::spans; });
    const auto text = spans ? item_text(about.task, project.schema.source) : std::string();
    auto regions = TRY(
        check_regions(project.schema, LabelNames(project.schema).now(asked.regions),
                      {about.media.width, about.media.height, text, about.media.seconds}, true));
    const bool shown = about.draft && about.assignment.arm != Arm::blind;
    auto verdict = judge_answer(about.draft ? &*about.draft : nullptr, shown, project.policy,
                                std::move(regions), asked.rejected);
    Answer answer;
    answer.task = asked.task;
    answer.person = caller.person;
    answer.assignment = asked.assignment;
    answer.regions = std::move(verdict.regions);
    answer.action = verdict.action;
    answer.edits = verdict.edits;
    answer.active_ms = asked.active_ms;
    answer.flagged = asked.flagged;
    answer.comment = asked.comment;
    return record(world_, caller, about, answer, asked, record_answer, "annotation.submitted");
}

Result<DeskReply> Desk::skip(const Caller& caller, const DeskAnswer& asked) {
    const auto about = TRY(read_answered(world_, caller.person, asked.task, asked.assignment));
    Answer answer;
    answer.task = asked.task;
    answer.person = caller.person;
    answer.assignment = asked.assignment;
    answer.action = Action::skipped;
    answer.active_ms = asked.active_ms;
    answer.comment = asked.comment;
    return record(world_, caller, about, answer, asked, record_skip, "task.skipped");
}

Result<DeskTask> Desk::undo(const Caller& caller, Id annotation) {
    bool trial = false;
    Annotation taken_back;
    auto found = world_.db.read([&](Session& s) -> Result<Task> {
        auto own = find_annotation(s, annotation);
        if (!own)
            if (auto tried = find_trial_of_annotation(s, annotation)) {
                own = std::move(tried->annotation);
                trial = true;
            }
        if (!own || own->person != caller.person)
            return Refusal{Code::not_found,
                           "You made no decision " + wire_id('a', annotation) + "."};
        taken_back = *std::move(own);
        return find_task(s, taken_back.task).value();
    });
    const Task task = TRY(std::move(found));
    const auto project = TRY(open_project(world_, task.project));
    const Millis now = world_.clock.now();
    world_.db.note_person();
    auto written = world_.db.write([&](Session& s) -> Result<Leased> {
        auto leased = TRY(trial ? undo_trial(s, *project, annotation, caller.person, now)
                                : undo_answer(s, *project, annotation, caller.person, now));
        Event event;
        event.project = project->id;
        event.kind = "annotation.withdrawn";
        event.person = caller.person;
        event.task = task.id;
        event.body = "{\"annotation\":\"" + wire_id('a', annotation) + "\"}";
        event.created = now;
        append_event(s, std::move(event), world_.key);
        return leased;
    });
    auto leased = TRY(std::move(written));
    if (world_.withdrawn && !trial) world_.withdrawn(*project, taken_back);
    return present(world_, *project, std::move(leased));
}

Result<std::vector<Annotation>> Desk::recent(const Caller& caller, Id project, int limit) {
    const int most = std::clamp(limit, 1, 200);
    auto list = world_.db.read([&](Session& s) {
        auto work = recent_answers(s, project, caller.person, most);
        auto trials = recent_trials(s, project, caller.person, most);
        std::vector<Annotation> all;
        std::merge(std::make_move_iterator(work.begin()), std::make_move_iterator(work.end()),
                   std::make_move_iterator(trials.begin()), std::make_move_iterator(trials.end()),
                   std::back_inserter(all),
                   [](const Annotation& a, const Annotation& b) { return a.id > b.id; });
        if (static_cast<int>(all.size()) > most) all.resize(static_cast<std::size_t>(most));
        return all;
    });
    const auto about = world_.cache->project(world_.db, world_.clock, project);
    if (!about) return list;
    const LabelNames names(about->schema);
    for (auto& annotation : list) {
        annotation = seen_by_author(std::move(annotation));
        annotation.regions = names.now(std::move(annotation.regions));
    }
    return list;
}

Result<> Desk::save_work(const Caller& caller, Id task, Id assignment, const std::string& work) {
    constexpr std::size_t most_bytes = 4 << 20;
    if (work.size() > most_bytes)
        return Refusal{Code::too_large,
                       "Work in progress may hold at most 4 MiB: submit the task "
                       "or draw fewer regions."};
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<> {
        const auto holding = assignment_held_by(s, task, caller.person);
        if (!holding || holding->id != assignment) {
            // On its way when the answer came in: there is nothing left to save, and nothing lost.
            if (was_answered(s, caller.person, task, assignment)) return Done{};
            return Refusal{Code::conflict, "Task " + wire_id('t', task) +
                                               " is no longer with you: fetch your next task."};
        }
        ::countersign::save_work(s, task, caller.person, work, now);
        return Done{};
    });
}

Result<Millis> Desk::renew(const Caller& caller, Id assignment) {
    const auto task = world_.db.read([&](Session& s) -> std::optional<Task> {
        const auto held = find_assignment(s, assignment);
        return held && held->person == caller.person ? find_task(s, held->task) : std::nullopt;
    });
    if (!task)
        return Refusal{Code::not_found,
                       "There is no assignment " + wire_id('s', assignment) + " to you."};
    const auto project = TRY(open_project(world_, task->project));
    const Millis until = world_.clock.now() + Millis{60'000} * project->policy.lease_minutes;
    world_.db.note_person();
    const bool kept = world_.db.write([&](Session& s) {
        return renew_lease(s, assignment, caller.person, until) ||
               renew_trial(s, assignment, caller.person);
    });
    if (!kept)
        return Refusal{Code::conflict,
                       "Task " + wire_id('t', task->id) +
                           " has passed on to somebody else: fetch your next task."};
    return until;
}

Result<> Desk::release(const Caller& caller, Id project) {
    world_.db.write([&](Session& s) {
        release_leases(s, project, caller.person);
        release_trials(s, project, caller.person);
    });
    return Done{};
}

}  // namespace countersign
