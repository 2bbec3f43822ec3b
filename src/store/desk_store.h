// The queue, leases, answers and work in progress. Every function is one step of one transaction.
//
// Queue strategy: a narrow table ordered by one BIGINT rank = (255 - priority) << 40 | task,
// partial index over ready rows, a floor hint on PostgreSQL. Leasing on PostgreSQL uses FOR UPDATE
// SKIP LOCKED; on SQLite the one writer makes it exact. An answer is guarded by its lease token
// alone.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/project.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

struct Leased {
    Task task;
    Media media;                 ///< id 0 for text.
    std::optional<Draft> draft;  ///< Filled also when blind: the caller must not show it then.
    Assignment assignment;
    std::string work;  ///< Autosaved work (opaque JSON) or empty.
};

/// Leases `person` holds and that have not passed on, renewed to `until`, oldest first; then fresh
/// ones up to `count` together. Draws the arm of each fresh one and writes its assignment row.
/// Never hands a task to a person who skipped it while others wait.
std::vector<Leased> lease(Session& s, const Project& project, Id person, int count, Millis now);

/// What a person is given beside the queue's tasks: what they hold, oldest first, and what is
/// handed out in place of a fresh task, which then stays in the queue.
struct Besides {
    std::vector<Assignment> held;
    std::function<std::optional<Assignment>(Id task)> in_place_of;
};

/// lease() in two steps, for a short write: take the tasks in a write, load what is in them in a
/// read.
std::vector<Assignment> lease_tasks(Session& s, const Project& project, Id person, int count,
                                    Millis now, const Besides& besides = {});
Leased load_leased(Session& s, const Assignment& assignment);
/// One task, which the caller has found ready in this transaction and whose current draft is
/// `draft` (0: none).
Assignment lease_ready(Session& s, const Project& project, Id person, Id task, Id draft,
                       Millis now);

/// Writes the row of a hand-out and returns its id.
Id write_assignment(Session& s, Id project, const Assignment& assignment);
/// Without `until`: the queue knows it.
std::optional<Assignment> find_assignment(Session& s, Id id);

/// Renews a lease; false when it has passed on.
bool renew_lease(Session& s, Id assignment, Id person, Millis until);
/// Gives back the tasks this person has not worked on (closing the desk). Those with saved work
/// stay theirs until the lease ends.
void release_leases(Session& s, Id project, Id person);
/// Returns expired leases to the queue (their late answers are still taken until somebody else
/// holds the task); returns how many.
std::int64_t sweep_leases(Session& s, Millis now);

struct Answer {
    Id task = 0, person = 0, assignment = 0;
    Regions regions;
    Action action = Action::created;
    int edits = 0;
    std::int64_t active_ms = 0;
    bool flagged = false;
    std::string comment;
};
/// Writes the annotation and the task's label, closes the lease and the queue row, counts, drops
/// saved work. Refuses with Code::conflict when the lease has passed on to somebody else.
Result<Annotation> record_answer(Session& s, const Project& project, const Answer& answer,
                                 Millis now);

/// What refuses an answer whose lease has passed on, and an undo that comes too late.
Refusal lease_passed_on();
Refusal decision_moved_on();
/// +1 or -1 in the counter of an action.
void count_action(Progress& progress, Action action, int by);

/// Puts the task at the end of the queue for others and remembers that this person skipped it.
Result<Annotation> record_skip(Session& s, const Project& project, const Answer& answer,
                               Millis now);

/// Labels that came with the data: an annotation by `person` with Action::imported; the task is
/// done.
Annotation record_imported(Session& s, const Project& project, Id task, Id person,
                           const Regions& regions, Millis now);

/// Withdraws a person's own annotation (or skip) and gives the task back to that person, with the
/// regions as saved work. Refuses when it is not the latest decision on the task.
Result<Leased> undo_answer(Session& s, const Project& project, Id annotation, Id person,
                           Millis now);

/// This person's last decisions in the project that are not withdrawn, newest first.
std::vector<Annotation> recent_answers(Session& s, Id project, Id person, int limit);

/// The assignment as it was handed out, whether or not its lease still runs.
std::optional<Assignment> find_assignment(Session& s, Id id);
/// The assignment under which somebody holds the task now (expired, but not passed on, counts).
std::optional<Assignment> holding_assignment(Session& s, Id task);

std::optional<Annotation> find_annotation(Session& s, Id id);
std::vector<Annotation> annotations_of(Session& s, Id task);  ///< Newest first, withdrawn ones too.

void save_work(Session& s, Id task, Id person, std::string_view work, Millis now);

/// Exactly-once: the stored response of an earlier request with this key by this person, if any.
std::optional<std::string> find_idempotent(Session& s, Id person, std::string_view key);
void save_idempotent(Session& s, Id person, std::string_view key, std::string_view response,
                     Millis now);
void forget_idempotent(Session& s, Millis before);  ///< Those saved before.

/// A person whom a comment mentions. In its text they stand as "@" and their id on the wire.
struct Mentioned {
    Id person = 0;
    std::string name, display;
};
struct Comment {
    Id id = 0, task = 0, person = 0;
    std::string author, text;
    Millis created = 0;
    std::vector<Mentioned> mentions = {};
};
Id insert_comment(Session& s, const Comment& comment);
std::vector<Comment> comments_of(Session& s, Id task);

}  // namespace countersign
