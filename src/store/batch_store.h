// Batches: routine drafts of one class that are accepted together. Every function is one step of
// one transaction; the answers themselves are written by record_answer().
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/project.h"
#include "core/routine.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// A task that waits, whose draft is routine and pre-filled whole.
struct Candidate {
    Id task = 0, draft = 0, model = 0;
    double probability = 0;  ///< That it is right as a whole: calibrated, else the model's claim.
    bool calibrated = false;
};
/// Calls `each` for every candidate `person` may get: ready or held by them already, not meant for
/// others, not answered, skipped or marked; in no order. Those whose draft the person is not to see
/// (arm blind) are left out, so that not even a count tells of them. `one` empty: of every class.
/// O(waiting tasks).
void each_candidate(Session& s, const Project& project, Id person,
                    const std::optional<ItemClass>& one,
                    const std::function<void(const Candidate&, std::string_view class_text)>& each);

/// The draft as a candidate, wherever its task is.
std::optional<Candidate> find_candidate(Session& s, Id task, Id draft);

/// What somebody did with a draft of one class that was shown.
struct Kept {
    Id model = 0;
    double claimed = 0;  ///< Of the whole draft.
    bool kept = false;   ///< As it stood.
};
/// The newest such answers in the project to drafts without a calibrated probability, a bounded
/// look back. Those that nobody looked at (accepted on a sample's word) tell nothing and are left
/// out.
std::vector<Kept> kept_lately(Session& s, const Project& project);

enum class BatchState { waits, accepted, marked, unseen, lost, undone };

struct Batch {
    Id id = 0, project = 0, person = 0;
    ItemClass what;
    std::int64_t population = 0;  ///< 0: every task of it was looked at.
    std::int64_t sample = 0;
    double alpha = 0, delta = 0;
    std::int64_t errors = -1;      ///< Found in the sample; -1: it is not reviewed yet.
    std::int64_t most_wrong = -1;  ///< The bound, tasks.
    Millis created = 0, undone = 0;
};
Id insert_batch(Session& s, const Batch& batch);
std::optional<Batch> find_batch(Session& s, Id id);
/// The newest sampled batch of this person and class that is not taken back.
std::optional<Batch> open_sample(Session& s, Id project, Id person, const ItemClass& what);
/// States what the review of the sample found.
void note_bound(Session& s, Id batch, std::int64_t errors, std::int64_t most_wrong);
void note_undone(Session& s, Id batch, Millis now);

struct BatchTask {
    std::int64_t place = 0;
    Id task = 0, draft = 0, annotation = 0;
    BatchState state = BatchState::waits;
};
void insert_batch_tasks(Session& s, Id batch, const std::vector<BatchTask>& tasks);
/// Those in `state`, with a place in [from, below), in order.
std::vector<BatchTask> batch_tasks(Session& s, Id batch, BatchState state, std::int64_t from,
                                   std::int64_t below, int limit);
std::int64_t count_batch_tasks(Session& s, Id batch, BatchState state, std::int64_t from,
                               std::int64_t below);
void note_batch_task(Session& s, Id batch, std::int64_t place, BatchState state, Id annotation);
/// Whether somebody decided on a task of the batch after it did.
bool batch_moved_on(Session& s, Id batch);

/// Holds those of the tasks that still wait, with the draft they had, in the arm assisted; renews
/// those the person holds. The others, and those drawn blind, are left out.
std::vector<Assignment> lease_drafted(Session& s, const Project& project, Id person,
                                      const std::vector<BatchTask>& tasks, Millis now);
/// Back into the queue, without the work that was saved on it.
void release_one(Session& s, Id project, const Assignment& held);

}  // namespace countersign
