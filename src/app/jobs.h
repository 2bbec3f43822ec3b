// Background jobs: N workers lease rows, work, heartbeat and repeat, and honour a stop token. A job
// whose worker died is taken over from its checkpoint; one that keeps failing is dead, with the
// reason.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/job.h"
#include "core/people.h"

namespace countersign {

/// Handed to a job at work. `report` writes progress (at most a few times a second) and throws
/// JobStopped when the job was cancelled, taken over, or the program is stopping.
struct JobStopped {
    bool cancelled;  ///< False: the program stops or lost the lease; the job goes on elsewhere.
};
class JobContext {
public:
    virtual ~JobContext() = default;
    virtual World& world() = 0;
    virtual Job& job() = 0;  ///< Change done, total, checkpoint, result here; then report().
    virtual void report() = 0;
    /// Runs `work` and writes job().checkpoint in one transaction, so that a job that is taken over
    /// goes on exactly where it was. Throws JobStopped, leaving nothing behind, as report() does.
    virtual void save(const std::function<void(Session&)>& work) = 0;
    virtual std::stop_token stop() = 0;
};

struct JobKind {
    std::string_view kind;  ///< "import", "draft", "learn", "embed", "check", "compare"
    std::string_view title;
    bool alone;  ///< One at a time a project: a second one waits for the first.
    /// A refusal or an exception is a failure: retried with backoff when it is `unavailable` or an
    /// exception, dead at once when the input is at fault.
    Result<> (*work)(JobContext& context);
};
std::span<const JobKind> job_kinds();
const JobKind* find_job_kind(std::string_view kind);

class Jobs {
public:
    explicit Jobs(World& world);
    ~Jobs();  ///< Stops gracefully: jobs at work give their lease back.
    void start(int workers);
    void stop();
    void wake();

    Result<Job> find(Id id);
    std::vector<Job> list(Id project, Id before, int limit);
    Result<Job> cancel(const Caller& caller, Id id);
    Result<Job> retry(const Caller& caller, Id id);
    /// Runs due jobs on this thread until none is left (tests, `countersign import`).
    void run_until_idle();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Queues a job and wakes the runner. With `once`, an open job of the kind on the project is
/// returned instead of a second one.
Job queue_job(World& world, Id project, std::string_view kind, Json payload, Id person,
              bool once = false);

}  // namespace countersign
