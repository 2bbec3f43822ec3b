#include "app/gold_view.h"

#include <algorithm>

#include "store/dispute_store.h"
#include "store/project_store.h"

namespace countersign {

bool may_be_tried(const Caller& caller) {
    return !may(caller.role, Permission::manage_project);
}

bool gold_is_hidden(Session& s, const Caller& caller, const Project& project) {
    if (!may_be_tried(caller)) return false;
    return uses_gold(project.policy) || find_progress(s, project.id).gold > 0;
}

Progress progress_for(Session& s, const Caller& caller, const Project& project) {
    const auto progress = find_progress(s, project.id);
    if (!may_be_tried(caller) || (progress.gold == 0 && !uses_gold(project.policy)))
        return progress;
    auto out = seen_progress(s, project, caller.person, progress);
    out.accepted = out.edited = out.rejected = out.created = 0;
    out.skipped = out.imported = out.flagged = 0;
    return out;
}

bool had_task(Session& s, const Caller& caller, const Task& task) {
    if (task.state == TaskState::disputed && may(caller.role, Permission::decide)) return true;
    if (assignment_held_by(s, task.id, caller.person)) return true;
    if (verdict_is_by(s, task.id, caller.person)) return true;
    if (find_trial_of_task(s, task.project, caller.person, task.id)) return true;
    const auto given = annotations_of(s, task.id);
    return std::any_of(given.begin(), given.end(),
                       [&](const Annotation& a) { return a.person == caller.person; });
}

Annotation seen_by_author(Annotation annotation) {
    if (annotation.arm == Arm::blind) {
        annotation.draft = 0;
        annotation.edits = 0;
    }
    annotation.arm = Arm::assisted;
    return annotation;
}

std::vector<Event> events_for(const Caller& caller, std::vector<Event> events) {
    std::erase_if(events, [&](const Event& event) {
        if (event.kind.starts_with("gold.")) return true;
        if (event.kind.starts_with("onboarding.")) return event.person != caller.person;
        return event.task != 0 && event.person != caller.person;
    });
    // With the hash a guess at what is left out of an event could be checked.
    for (auto& event : events) event.hash.clear();
    return events;
}

}  // namespace countersign
