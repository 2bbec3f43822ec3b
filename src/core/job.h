// Background work as a row that people can watch.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/fields.h"
#include "base/ids.h"

namespace countersign {

/// queued -> running -> done | cancelled | dead (gave up, with the reason) ; running -> queued
/// (retry)
enum class JobState { queued, running, done, cancelled, dead };
inline std::span<const EnumName<JobState>> enum_names(JobState) {
    static constexpr EnumName<JobState> rows[] = {{JobState::queued, "queued"},
                                                  {JobState::running, "running"},
                                                  {JobState::done, "done"},
                                                  {JobState::cancelled, "cancelled"},
                                                  {JobState::dead, "dead"}};
    return rows;
}

struct Job {
    Id id = 0;
    Id project = 0;
    std::string kind;  ///< A row of the job kinds table (app/jobs): "import", "draft".
    JobState state = JobState::queued;
    Json payload;                      ///< What to do.
    Json checkpoint;                   ///< How far it came: a taken-over job resumes here.
    Json result;                       ///< What it reports when done.
    std::int64_t done = 0, total = 0;  ///< total 0: unknown.
    double rate = 0;                   ///< Units a second, lately.
    int attempts = 0, max_attempts = 3;
    Millis run_after = 0;  ///< Not before (backoff).
    std::string worker;
    Millis lease_until = 0;
    bool cancel = false;  ///< Somebody asked for it to stop.
    std::string error;    ///< The last failure, one sentence.
    Id created_by = 0;
    Millis created = 0, started = 0, finished = 0;
};

}  // namespace countersign
