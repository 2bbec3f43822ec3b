#include "store/job_store.h"

#include "store/notification_store.h"
#include "store/sql.h"

namespace countersign {

namespace {

#define JOB_COLUMNS                                                                               \
    "id, project_id, kind, state, payload, checkpoint, result, done, total, rate, attempts, "     \
    "max_attempts, run_after, worker, lease_until, cancel, error, created_by, created, started, " \
    "finished"

constexpr Sql insert_sql =
    "INSERT INTO job (project_id, kind, state, payload, checkpoint, result, done, total, rate, "
    "attempts, max_attempts, run_after, worker, lease_until, cancel, error, created_by, created, "
    "started, finished) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, 0, '', "
    "$13, $14, 0, 0) RETURNING id";
constexpr Sql job_by_id = "SELECT " JOB_COLUMNS " FROM job WHERE id = $1";
constexpr Sql jobs_before =
    "SELECT " JOB_COLUMNS " FROM job WHERE id < $1 ORDER BY id DESC LIMIT $2";
constexpr Sql jobs_of_project_before =
    "SELECT " JOB_COLUMNS " FROM job WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
constexpr Sql open_job =
    "SELECT " JOB_COLUMNS
    " FROM job WHERE project_id = $1 AND kind = $2 AND state < 2 ORDER BY id LIMIT 1";
constexpr Sql last_done = "SELECT " JOB_COLUMNS
                          " FROM job WHERE project_id = $1 AND kind = $2 AND state = 2 "
                          "ORDER BY id DESC LIMIT 1";
constexpr Sql open_jobs_sql =
    "SELECT " JOB_COLUMNS
    " FROM job {open_jobs} WHERE project_id = $1 AND state < 2 ORDER BY id LIMIT 100";
constexpr Sql due_job =
    "SELECT " JOB_COLUMNS
    " FROM job {open_jobs} WHERE state < 2 AND ((state = 0 AND run_after <= $1) OR (state = 1 AND "
    "lease_until < $2)) ORDER BY id LIMIT 1 {skip_locked}";
constexpr Sql take_sql =
    "UPDATE job SET state = 1, worker = $1, lease_until = $2, attempts = $3, started = $4 "
    "WHERE id = $5";
constexpr Sql bury_sql =
    "UPDATE job SET state = 4, worker = '', lease_until = 0, error = $1, finished = $2 "
    "WHERE id = $3";
constexpr Sql keep_sql =
    "UPDATE job SET lease_until = $1, done = $2, total = $3, rate = $4, checkpoint = $5 "
    "WHERE id = $6 AND state = 1 AND worker = $7 AND attempts = $8";
constexpr Sql finish_sql =
    "UPDATE job SET state = $1, result = $2, error = $3, run_after = $4, checkpoint = $5, done = "
    "$6, "
    "total = $7, rate = $8, finished = $9, worker = '', lease_until = 0 "
    "WHERE id = $10 AND state = 1 AND worker = $11 AND attempts = $12";
constexpr Sql give_back_sql =
    "UPDATE job SET state = 0, attempts = attempts - 1, run_after = $1, worker = '', lease_until = "
    "0 "
    "WHERE id = $2 AND state = 1 AND worker = $3 AND attempts = $4";
constexpr Sql cancel_queued =
    "UPDATE job SET state = 3, cancel = 1, finished = $1 WHERE id = $2 AND state = 0";
constexpr Sql cancel_running = "UPDATE job SET cancel = 1 WHERE id = $1 AND state = 1";
constexpr Sql retry_sql =
    "UPDATE job SET state = 0, cancel = 0, attempts = 0, run_after = $1, error = '', finished = 0 "
    "WHERE id = $2 AND state IN (3, 4)";
constexpr Sql insert_row_verdict =
    "INSERT INTO import_verdict (job_id, row_number, source, verdict, reason) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
constexpr Sql verdicts_after =
    "SELECT row_number, source, verdict, reason FROM import_verdict "
    "WHERE job_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3";

Json stored_json(std::string_view text) {
    auto value = parse_json(text);
    if (!value) throw Breakdown("Stored JSON does not read back: " + value.refusal().message);
    return *std::move(value);
}

Job job_from(const RowView& row) {
    Job j;
    j.id = row.integer(0);
    j.project = row.integer(1);
    j.kind = row.text(2);
    j.state = static_cast<JobState>(row.integer(3));
    j.payload = stored_json(row.text(4));
    j.checkpoint = stored_json(row.text(5));
    j.result = stored_json(row.text(6));
    j.done = row.integer(7);
    j.total = row.integer(8);
    j.rate = row.real(9);
    j.attempts = static_cast<int>(row.integer(10));
    j.max_attempts = static_cast<int>(row.integer(11));
    j.run_after = row.integer(12);
    j.worker = row.text(13);
    j.lease_until = row.integer(14);
    j.cancel = row.integer(15) != 0;
    j.error = row.text(16);
    j.created_by = row.integer(17);
    j.created = row.integer(18);
    j.started = row.integer(19);
    j.finished = row.integer(20);
    return j;
}

std::vector<Job> jobs(Session& s, std::string_view sql, const std::vector<Arg>& args) {
    std::vector<Job> out;
    s.run(sql, args, [&](const RowView& row) { out.push_back(job_from(row)); });
    return out;
}

void tell_end(Session& s, const Job& job, Millis now) {
    Notification what;
    what.person = job.created_by;
    what.kind = NotificationKind::job_ended;
    what.project = job.project;
    what.about = job.id;
    what.created = now;
    tell(s, what);
}

}  // namespace

Id insert_job(Session& s, const Job& j) {
    const auto payload = to_text(j.payload), checkpoint = to_text(j.checkpoint),
               result = to_text(j.result);
    return *s.one(insert_sql,
                  {j.project, j.kind, static_cast<std::int64_t>(j.state), payload, checkpoint,
                   result, j.done, j.total, j.rate, std::int64_t{j.attempts},
                   std::int64_t{j.max_attempts}, j.run_after, j.created_by, j.created},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<Job> find_job(Session& s, Id id) {
    return s.one(job_by_id, {id}, job_from);
}

std::vector<Job> list_jobs(Session& s, Id project, Id before, int limit) {
    const Id from = before > 0 ? before : INT64_MAX;
    if (project == 0) return jobs(s, jobs_before, {from, std::int64_t{limit}});
    return jobs(s, jobs_of_project_before, {project, from, std::int64_t{limit}});
}

std::optional<Job> find_open_job(Session& s, Id project, std::string_view kind) {
    return s.one(open_job, {project, kind}, job_from);
}

std::optional<Job> find_last_done(Session& s, Id project, std::string_view kind) {
    return s.one(last_done, {project, kind}, job_from);
}

std::vector<Job> open_jobs(Session& s, Id project) {
    return jobs(s, open_jobs_sql, {project});
}

std::optional<Job> take_job(Session& s, std::string_view worker, Millis now, Millis until) {
    for (;;) {
        auto job = s.one(due_job, {now, now}, job_from);
        if (!job) return std::nullopt;
        const bool died = job->state == JobState::running;
        if (died && job->attempts >= job->max_attempts) {
            s.run(bury_sql, {std::string_view("Its worker stopped without a word each time it was "
                                              "tried. Look in the server's log, then retry it."),
                             now, job->id});
            tell_end(s, *job, now);
            continue;
        }
        job->state = JobState::running;
        job->worker = worker;
        job->lease_until = until;
        ++job->attempts;
        if (job->started == 0) job->started = now;
        s.run(take_sql, {worker, until, std::int64_t{job->attempts}, job->started, job->id});
        return job;
    }
}

bool keep_job(Session& s, const Job& j, Millis until) {
    const auto checkpoint = to_text(j.checkpoint);
    return s.run(keep_sql, {until, j.done, j.total, j.rate, checkpoint, j.id, j.worker,
                            std::int64_t{j.attempts}}) == 1;
}

void finish_job(Session& s, const Job& j, Millis now) {
    const auto result = to_text(j.result), checkpoint = to_text(j.checkpoint);
    const auto ended = s.run(
        finish_sql, {static_cast<std::int64_t>(j.state), result, j.error, j.run_after, checkpoint,
                     j.done, j.total, j.rate, j.state == JobState::queued ? Millis{0} : now, j.id,
                     j.worker, std::int64_t{j.attempts}});
    if (ended == 1 && (j.state == JobState::done || j.state == JobState::dead)) tell_end(s, j, now);
}

void give_back_job(Session& s, const Job& j, Millis run_after) {
    s.run(give_back_sql, {run_after, j.id, j.worker, std::int64_t{j.attempts}});
}

bool cancel_job(Session& s, Id id, Millis now) {
    return s.run(cancel_queued, {now, id}) == 1 || s.run(cancel_running, {id}) == 1;
}

bool retry_job(Session& s, Id id, Millis now) {
    return s.run(retry_sql, {now, id}) == 1;
}

void insert_verdicts(Session& s, Id job, const std::vector<RowVerdict>& verdicts) {
    for (const auto& v : verdicts)
        s.run(insert_row_verdict, {job, v.row, v.source, v.verdict, v.reason});
}

std::vector<RowVerdict> list_verdicts(Session& s, Id job, std::int64_t after_row, int limit) {
    std::vector<RowVerdict> out;
    s.run(verdicts_after, {job, after_row, std::int64_t{limit}}, [&](const RowView& row) {
        out.push_back({row.integer(0), row.string(1), row.string(2), row.string(3)});
    });
    return out;
}

}  // namespace countersign
