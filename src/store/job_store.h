// Jobs: rows that workers take, renew and finish, and the verdicts of imports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/job.h"
#include "store/db.h"

namespace countersign {

Id insert_job(Session& s, const Job& job);
std::optional<Job> find_job(Session& s, Id id);
std::vector<Job> list_jobs(Session& s, Id project, Id before,
                           int limit);  ///< Newest first; project 0: all.
/// A queued or running job of this kind for the project, if there is one.
std::optional<Job> find_open_job(Session& s, Id project, std::string_view kind);
/// The last of this kind that was done to its end, if there is one.
std::optional<Job> find_last_done(Session& s, Id project, std::string_view kind);
/// The project's jobs that wait or work, oldest first, at most 100.
std::vector<Job> open_jobs(Session& s, Id project);

/// Takes the oldest job that is due: queued, or running with an expired lease (its worker died).
std::optional<Job> take_job(Session& s, std::string_view worker, Millis now, Millis until);
/// Renews the lease and writes progress, rate, checkpoint. False: the job was taken by another
/// worker.
bool keep_job(Session& s, const Job& job, Millis until);
/// Ends it in job.state with job.result / job.error (queued with run_after: a retry). Whoever
/// started it is told when it is done or dead.
void finish_job(Session& s, const Job& job, Millis now);
/// Back into the queue as if it had not been taken; its last checkpoint stays.
void give_back_job(Session& s, const Job& job, Millis run_after);
/// Asks it to stop; a queued one is cancelled at once. False when it had ended.
bool cancel_job(Session& s, Id id, Millis now);
/// A dead or cancelled job back to queued, from its checkpoint. False when it is neither.
bool retry_job(Session& s, Id id, Millis now);

/// What became of one imported row. Accepted rows are not stored: they are counted in the job, and
/// the task names its import and row.
struct RowVerdict {
    std::int64_t row = 0;  ///< From 1, in the order of the files.
    std::string source;    ///< File and place: "labels.csv:17".
    std::string verdict;   ///< "repaired" or "rejected"
    std::string reason;    ///< What was mended, or why it was refused and what to do.
};
void insert_verdicts(Session& s, Id job, const std::vector<RowVerdict>& verdicts);
std::vector<RowVerdict> list_verdicts(Session& s, Id job, std::int64_t after_row, int limit);

}  // namespace countersign
