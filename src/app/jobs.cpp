#include "app/jobs.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <thread>

#include "app/job_work.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "store/desk_store.h"
#include "store/event_store.h"
#include "store/job_store.h"
#include "store/live_store.h"
#include "store/notification_store.h"
#include "store/people_store.h"

namespace countersign {

namespace {

constexpr Millis job_lease = 15'000;  ///< A worker without a sign of life for this long is dead.
constexpr Millis heartbeat = 4'000;
constexpr Millis between_reports = 300;
constexpr Millis idle_poll = 1'000;  ///< Retries fall due and other servers queue jobs.
constexpr Millis rare_sweep = 600'000;
constexpr Millis day_ms = 86'400'000;
constexpr Millis first_backoff = 2'000, longest_backoff = 300'000;

std::string worker_name(int number) {
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    return std::string(host) + ":" + std::to_string(getpid()) + ":" + std::to_string(number) + ":" +
           hex(random_bytes(4));
}

/// 2 s, 8 s, 32 s ... at most 5 min, each by a quarter more or less so that many do not come at
/// once.
Millis backoff(int attempts, Id job) {
    double wait = static_cast<double>(first_backoff);
    for (int i = 1; i < attempts; ++i) wait *= 4;
    wait = std::min(wait, static_cast<double>(longest_backoff));
    const auto spread = counter_uniform(0x6a6f62, static_cast<std::uint64_t>(job),
                                        static_cast<std::uint64_t>(attempts));
    return static_cast<Millis>(wait * (0.75 + 0.5 * spread));
}

}  // namespace

std::span<const JobKind> job_kinds() {
    static constexpr JobKind rows[] = {
        {"import", "Import files", false, run_import},
        {"draft", "Draft ahead of people", true, run_draft},
        {"learn", "Learn from what was reviewed", true, run_learn},
        {"embed", "Prepare the search for similar items", true, run_embed},
        {"look", "Look at pictures and recordings", true, run_look},
        {"check", "Look for what is wrong", true, run_check},
        {"compare", "Compare two ways of asking", true, run_compare},
    };
    return rows;
}

const JobKind* find_job_kind(std::string_view kind) {
    for (const auto& row : job_kinds())
        if (row.kind == kind) return &row;
    return nullptr;
}

namespace {

/// A job at work. The worker changes job() freely; what the store knows is changed by save() and
/// report() on the worker's thread and keep() on the heartbeat's, never at the same time.
class Running final : public JobContext {
public:
    Running(World& world, const Job& job, std::stop_token stop)
        : world_(world),
          job_(job),
          kept_(job),
          stop_(std::move(stop)),
          last_(world.clock.now()),
          last_done_(job.done) {}

    World& world() override { return world_; }
    Job& job() override { return job_; }
    std::stop_token stop() override { return stop_; }

    void report() override {
        if (stop_.stop_requested()) throw JobStopped{false};
        if (lost_) throw JobStopped{false};
        if (cancelled_) throw JobStopped{true};
        const Millis now = world_.clock.now();
        if (now - last_ < between_reports) return;
        measure(now);
        kept_.with([&](Job& kept) {
            kept = job_;
            after(world_.db.write([&](Session& s) { return keep(s, kept); }));
        });
        if (lost_) throw JobStopped{false};
        if (cancelled_) throw JobStopped{true};
    }

    void save(const std::function<void(Session&)>& work) override {
        if (stop_.stop_requested()) throw JobStopped{false};
        measure(world_.clock.now());
        kept_.with([&](Job& kept) {
            const auto saved = world_.db.write_bulk([&](Session& s) -> Result<> {
                work(s);
                const Kept answer = keep(s, job_);
                after(answer);
                if (!answer.ours) return Refusal{Code::conflict, "The job passed on."};
                return Done{};
            });
            if (!saved) throw JobStopped{false};
            kept = job_;
        });
        if (cancelled_) throw JobStopped{true};
    }

    /// The heartbeat: what was last written, once more.
    void keep_alive() {
        kept_.with(
            [&](Job& kept) { after(world_.db.write([&](Session& s) { return keep(s, kept); })); });
    }

private:
    struct Kept {
        bool ours = false, cancel = false;
    };
    Kept keep(Session& s, const Job& job) {
        if (!keep_job(s, job, world_.clock.now() + job_lease)) return {};
        const auto row = find_job(s, job.id);
        return {true, row && row->cancel};
    }
    void after(const Kept& answer) {
        if (!answer.ours) lost_ = true;
        if (answer.cancel) cancelled_ = true;
    }
    void measure(Millis now) {
        if (now - last_ < between_reports) return;
        const double seconds = static_cast<double>(now - last_) / 1000;
        const double lately = static_cast<double>(job_.done - last_done_) / seconds;
        const double weight = std::min(1.0, seconds / 5);
        job_.rate = job_.rate == 0 ? lately : job_.rate + weight * (lately - job_.rate);
        last_ = now;
        last_done_ = job_.done;
    }

    World& world_;
    Job job_;
    Guarded<Job> kept_;
    std::stop_token stop_;
    Millis last_;
    std::int64_t last_done_;
    std::atomic<bool> lost_ = false, cancelled_ = false;
};

}  // namespace

struct Jobs::Impl {
    World& world;
    std::mutex mutex;
    std::condition_variable_any waking;
    std::uint64_t wakes = 0;
    Guarded<std::vector<std::shared_ptr<Running>>> running;
    std::vector<std::jthread> threads;  ///< Last: they end before what they use.

    explicit Impl(World& w) : world(w) {}

    std::optional<Job> take(const std::string& worker) {
        const Millis now = world.clock.now();
        return world.db.write(
            [&](Session& s) { return take_job(s, worker, now, now + job_lease); });
    }

    void finish(Job job, JobState state) {
        job.state = state;
        const Millis now = world.clock.now();
        world.db.write([&](Session& s) { finish_job(s, job, now); });
        if (state == JobState::dead) count(Metric::jobs_dead);
        log_info("job.ended", {{"job", wire_id('j', job.id)},
                               {"kind", job.kind},
                               {"state", name_of(state)},
                               {"done", job.done},
                               {"error", job.error}});
    }

    void fail(Job job, std::string why, bool worth_a_retry) {
        job.error = std::move(why);
        if (!worth_a_retry || job.attempts >= job.max_attempts)
            return finish(std::move(job), JobState::dead);
        job.run_after = world.clock.now() + backoff(job.attempts, job.id);
        finish(std::move(job), JobState::queued);
    }

    void give_back(const Job& job, Millis wait) {
        const Millis after = world.clock.now() + wait;
        world.db.write([&](Session& s) { give_back_job(s, job, after); });
    }

    bool must_wait(const Job& job) {
        const Millis now = world.clock.now();
        return world.db.read([&](Session& s) {
            const auto others = list_jobs(s, job.project, 0, 100);
            return std::any_of(others.begin(), others.end(), [&](const Job& other) {
                return other.id != job.id && other.kind == job.kind &&
                       other.state == JobState::running && other.lease_until > now &&
                       std::tie(other.started, other.id) < std::tie(job.started, job.id);
            });
        });
    }

    void run(const Job& job, std::stop_token stop) {
        const JobKind* kind = find_job_kind(job.kind);
        if (!kind) return fail(job, "This program does not know jobs of this kind.", false);
        if (job.attempts > job.max_attempts)
            return fail(job,
                        "Its worker died " + std::to_string(job.max_attempts) +
                            " times: see the server's log.",
                        false);
        if (kind->alone && must_wait(job)) return give_back(job, idle_poll);
        auto context = std::make_shared<Running>(world, job, std::move(stop));
        running.with([&](auto& list) { list.push_back(context); });
        count(Metric::jobs_running);
        work(*kind, *context);
        count(Metric::jobs_running, -1);
        running.with([&](auto& list) { std::erase(list, context); });
    }

    void work(const JobKind& kind, Running& context) {
        try {
            const auto answer = kind.work(context);
            if (answer) {
                context.job().error.clear();
                finish(context.job(), JobState::done);
            } else if (answer.refusal().code == Code::cancelled) {
                stopped(context, JobStopped{!context.stop().stop_requested()});
            } else {
                fail(context.job(), answer.refusal().message,
                     answer.refusal().code == Code::unavailable);
            }
        } catch (const JobStopped& why) {
            stopped(context, why);
        } catch (const std::exception& error) {
            log_error("job.failed", {{"job", wire_id('j', context.job().id)},
                                     {"kind", kind.kind},
                                     {"error", error.what()}});
            fail(context.job(), error.what(), true);
        }
    }

    void stopped(Running& context, const JobStopped& why) {
        if (why.cancelled) return finish(context.job(), JobState::cancelled);
        // Lost to another worker: it is theirs now, and nothing of it is ours to write.
        if (context.stop().stop_requested()) give_back(context.job(), 0);
    }

    void serve(const std::string& worker, const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            const auto seen = [&] {
                std::scoped_lock hold(mutex);
                return wakes;
            }();
            try {
                if (auto job = take(worker)) {
                    run(*std::move(job), stop);
                    continue;
                }
            } catch (const std::exception& error) {
                log_error("job.worker", {{"error", error.what()}});
            }
            std::unique_lock hold(mutex);
            waking.wait_for(hold, stop, std::chrono::milliseconds(idle_poll),
                            [&] { return wakes != seen; });
        }
    }

    void tick(const std::stop_token& stop) {
        Millis last_rare = 0;
        std::mutex own;
        std::condition_variable_any never;
        while (!stop.stop_requested()) {
            try {
                const Millis now = world.clock.now();
                for (const auto& one : running.with([](const auto& list) { return list; }))
                    one->keep_alive();
                const auto expired =
                    world.db.write([&](Session& s) { return sweep_leases(s, now); });
                if (expired > 0) count(Metric::leases_expired, static_cast<double>(expired));
                if (now - last_rare > rare_sweep) {
                    world.db.write([&](Session& s) {
                        delete_expired_tokens(s, now);
                        prune_notifications(s, now - 30 * day_ms, now - 180 * day_ms);
                        prune_pace(s, now - day_ms);
                    });
                    last_rare = now;
                }
            } catch (const std::exception& error) {
                log_error("job.tick", {{"error", error.what()}});
            }
            std::unique_lock hold(own);
            never.wait_for(hold, stop, std::chrono::milliseconds(heartbeat), [] { return false; });
        }
    }
};

Jobs::Jobs(World& world) : impl_(std::make_unique<Impl>(world)) {}
Jobs::~Jobs() {
    stop();
}

void Jobs::start(int workers) {
    for (int i = 0; i < workers; ++i)
        impl_->threads.emplace_back([this, name = worker_name(i)](const std::stop_token& stop) {
            impl_->serve(name, stop);
        });
    impl_->threads.emplace_back([this](const std::stop_token& stop) { impl_->tick(stop); });
}

void Jobs::stop() {
    for (auto& thread : impl_->threads) thread.request_stop();
    impl_->threads.clear();
}

void Jobs::wake() {
    {
        std::scoped_lock hold(impl_->mutex);
        ++impl_->wakes;
    }
    impl_->waking.notify_all();
}

void Jobs::run_until_idle() {
    const auto name = worker_name(-1);
    while (auto job = impl_->take(name)) impl_->run(*std::move(job), {});
}

namespace {
Refusal no_job(Id id) {
    return {Code::not_found, "There is no job " + wire_id('j', id) + "."};
}
}  // namespace

Result<Job> Jobs::find(Id id) {
    auto job = impl_->world.db.read([&](Session& s) { return find_job(s, id); });
    if (!job) return no_job(id);
    return *std::move(job);
}

std::vector<Job> Jobs::list(Id project, Id before, int limit) {
    return impl_->world.db.read(
        [&](Session& s) { return list_jobs(s, project, before, std::clamp(limit, 1, 200)); });
}

namespace {

using Change = bool (*)(Session&, Id, Millis);

Result<Job> change(World& world, const Caller& caller, Id id, Change how, std::string_view event,
                   std::string_view refused) {
    const Millis now = world.clock.now();
    return world.db.write([&](Session& s) -> Result<Job> {
        const auto job = find_job(s, id);
        if (!job) return no_job(id);
        if (!how(s, id, now))
            return Refusal{Code::conflict, "Job " + wire_id('j', id) + " is " +
                                               std::string(name_of(job->state)) + ": " +
                                               std::string(refused)};
        // Who cancels somebody else's work says so; an end that comes by itself is told when it
        // comes.
        if (how == cancel_job) {
            Notification what;
            what.person = job->created_by;
            what.kind = NotificationKind::job_ended;
            what.project = job->project;
            what.by = caller.person;
            what.about = id;
            what.created = now;
            tell(s, what);
        }
        Event done;
        done.project = job->project;
        done.kind = event;
        done.person = caller.person;
        done.body = "{\"job\":\"" + wire_id('j', id) + "\"}";
        done.created = now;
        append_event(s, std::move(done), world.key);
        return find_job(s, id).value();
    });
}

}  // namespace

Result<Job> Jobs::cancel(const Caller& caller, Id id) {
    return change(impl_->world, caller, id, cancel_job, "job.cancelled",
                  "only queued and running jobs can be cancelled.");
}

Result<Job> Jobs::retry(const Caller& caller, Id id) {
    auto job = change(impl_->world, caller, id, retry_job, "job.retried",
                      "only cancelled and dead jobs can be retried.");
    if (job) wake();
    return job;
}

Job queue_job(World& world, Id project, std::string_view kind, Json payload, Id person, bool once) {
    Job job;
    job.project = project;
    job.kind = kind;
    job.payload = std::move(payload);
    job.created_by = person;
    job.created = world.clock.now();
    Job queued = world.db.write([&](Session& s) {
        if (once && find_open_job(s, project, kind)) {
            for (auto& other : list_jobs(s, project, 0, 100))
                if (other.kind == kind && other.state == JobState::queued &&
                    other.payload == job.payload)
                    return std::move(other);
        }
        const Id id = insert_job(s, job);
        return find_job(s, id).value();
    });
    if (world.wake_jobs) world.wake_jobs();
    return queued;
}

}  // namespace countersign
