// What people may look at beside their own next task. A blind control is one only as long as nobody
// can look up the draft that was hidden from them: annotators and specialists see the drafts of
// tasks that are done or theirs to assist, and never those of a task they answered or hold blind.
#include <algorithm>

#include "app/desk.h"
#include "app/gold_view.h"
#include "app/remarks.h"
#include "app/sight.h"
#include "core/label_names.h"
#include "core/opinions.h"
#include "store/event_store.h"
#include "store/project_store.h"
#include "store/trial_store.h"

namespace countersign {

namespace {

Refusal no_task(Id id) {
    return {Code::not_found, "There is no task " + wire_id('t', id) + "."};
}

bool may_see_drafts(Session& s, const Caller& caller, const Task& task,
                    const std::vector<Annotation>& annotations) {
    if (sees_everything(caller.role)) {
        const auto holding = assignment_held_by(s, task.id, caller.person);
        return !(holding && holding->arm == Arm::blind);
    }
    const bool answered_blind = std::any_of(
        annotations.begin(), annotations.end(),
        [&](const Annotation& a) { return a.person == caller.person && a.arm == Arm::blind; });
    if (answered_blind) return false;
    if (const auto holding = assignment_held_by(s, task.id, caller.person))
        return holding->arm != Arm::blind;
    return task.state == TaskState::done;
}

bool may_see_opinions(const Caller& caller, const Task& task,
                      const std::vector<Annotation>& annotations) {
    const bool answered =
        std::any_of(annotations.begin(), annotations.end(), [&](const Annotation& a) {
            return a.person == caller.person && a.withdrawn == 0 && a.action != Action::skipped;
        });
    return sees_opinions(caller.role, task.state, answered);
}

/// A trial of the caller's as their own work would look: alone with it, by the same rules.
void show_as_work(Session& s, const Caller& caller, const Project& project, const Trial& trial,
                  Desk::TaskDetail& detail) {
    const bool held = trial.state == TrialState::held;
    const bool done = !held && trial.state != TrialState::skipped &&
                      annotations_needed(project.policy, project.seed, detail.task.id) == 1;
    detail.task.state = held ? TaskState::leased : done ? TaskState::done : TaskState::ready;
    detail.annotations.clear();
    if (trial.annotation.id != 0) detail.annotations.push_back(trial.annotation);
    std::erase_if(detail.comments, [&](const Comment& c) { return c.person != caller.person; });
    if (trial.annotation.arm != Arm::blind && (held || done))
        detail.drafts = drafts_of(s, detail.task.id);
}

}  // namespace

Result<Comment> Desk::comment(const Caller& caller, Id task, const std::string& text) {
    const auto remark = TRY(read_remark(world_, text));
    const Millis now = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<Comment> {
        const auto found = find_task(s, task);
        if (!found) return no_task(task);
        auto out = write_remark(s, caller, *found, remark, now);
        Event event;
        event.project = found->project;
        event.kind = "comment.added";
        event.person = caller.person;
        event.task = task;
        event.body = "{\"comment\":\"" + wire_id('c', out.id) + "\"}";
        event.created = now;
        append_event(s, std::move(event), world_.key);
        return out;
    });
}

Result<Desk::TaskDetail> Desk::detail(const Caller& caller, Id task) {
    return world_.db.read([&](Session& s) -> Result<TaskDetail> {
        auto found = find_task(s, task);
        if (!found) return no_task(task);
        TaskDetail out;
        out.task = std::move(*found);
        if (out.task.media != 0) out.media = find_media(s, out.task.media).value_or(Media{});
        out.annotations = annotations_of(s, task);
        out.comments = comments_of(s, task);
        const auto project = find_project(s, out.task.project).value();
        if (gold_is_hidden(s, caller, project) && !had_task(s, caller, out.task))
            return Refusal{Code::forbidden,
                           "In this project people look at the tasks they had themselves; task " +
                               wire_id('t', task) + " is not one of yours."};
        const auto trial = may_be_tried(caller)
                               ? find_trial_of_task(s, project.id, caller.person, task)
                               : std::nullopt;
        if (trial) {
            show_as_work(s, caller, project, *trial, out);
        } else {
            if (may_see_drafts(s, caller, out.task, out.annotations))
                out.drafts = drafts_of(s, task);
            if (!may_see_opinions(caller, out.task, out.annotations))
                std::erase_if(out.annotations,
                              [&](const Annotation& a) { return a.person != caller.person; });
        }
        const LabelNames names(project.schema);
        for (auto& draft : out.drafts) draft.regions = names.now(std::move(draft.regions));
        for (auto& annotation : out.annotations)
            annotation.regions = names.now(std::move(annotation.regions));
        if (!sees_everything(caller.role)) {
            for (auto& annotation : out.annotations) {
                if (annotation.arm == Arm::blind) annotation.draft = annotation.edits = 0;
                annotation.arm = Arm::assisted;
            }
        }
        return out;
    });
}

Result<Media> Desk::media(const Caller&, Id media) {
    return world_.db.read([&](Session& s) -> Result<Media> {
        auto found = find_media(s, media);
        if (!found || !project_of_media(s, media))
            return Refusal{Code::not_found, "There is no medium " + wire_id('m', media) + "."};
        return *std::move(found);
    });
}

}  // namespace countersign
