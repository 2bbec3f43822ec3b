// What people are told of. tell() belongs in the transaction of the fact that it tells, so that
// nothing is told that did not happen, and nothing that happened is told twice or not at all.
//
// Strategy: each person's list has a counter of its own, whose row is held until the commit, so
// that a cursor never passes a notification that is still being written. To keep that wait short,
// tell() comes late in a transaction, right before append_event().
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "core/job.h"
#include "core/notification.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// Tells `what.person`; `seq` and `read` are given here. Nobody is told of what they did
/// themselves, of a kind they switched off, after their account was, or again of what stands
/// unread and says it all.
void tell(Session& s, const Notification& what);
/// Tells each of them the same.
void tell_all(Session& s, Notification what, const std::set<Id>& people);

/// Everybody who may decide a dispute of `project` and did not answer `task` is told that one
/// waits.
void tell_of_dispute(Session& s, Id project, Id task, Millis now);
/// The verdict on `task` no longer stands: who has not read of it need not.
void untell_verdict(Session& s, Id task, const std::set<Id>& people);

/// A notification with what stands where it points, as it is now.
struct NotificationRow {
    Notification what;
    std::string project, task_key, by;  ///< Names.
    TaskState state = TaskState::ready;
    bool answered = false;  ///< The person's own answer to the task stands.
    std::string said;       ///< The comment, the verdict's reason or the job's error.
    std::string job_kind;
    std::optional<JobState> job_state;
};
/// Newest first, those with a seq below `before`.
std::vector<NotificationRow> newest_notifications(Session& s, Id person, Id before, int limit);
/// Oldest first, those with a seq above `after`.
std::vector<NotificationRow> notifications_after(Session& s, Id person, Id after, int limit);

/// Changes with every change of the person's list.
Id notification_version(Session& s, Id person);
/// Counted up to `most`.
std::int64_t count_unread(Session& s, Id person, std::int64_t most);
/// Those up to `seq`; with `only`, just that one.
void mark_read(Session& s, Id person, Id seq, bool only);

std::vector<NotificationKind> kinds_off(Session& s, Id person);
void save_kinds_off(Session& s, Id person, const std::vector<NotificationKind>& off);

/// Forgets some of those created before `before_read` that were read, and before `before_all`.
void prune_notifications(Session& s, Millis before_read, Millis before_all);

/// Who wrote a comment under the task, or gave an answer that stands.
std::set<Id> people_under(Session& s, Id task);
/// Active people who decided in the project, or whom tasks of it wait for.
std::set<Id> people_at_work(Session& s, Id project);

}  // namespace countersign
