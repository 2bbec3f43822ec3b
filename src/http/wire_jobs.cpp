#include "http/wire_jobs.h"

#include "app/exports.h"

namespace countersign {

JobOut job_out(const Job& j) {
    JobOut out;
    out.id = wire_id('j', j.id);
    out.project = wire_id('p', j.project);
    out.kind = j.kind;
    out.title = j.kind;
    for (const auto& row : job_kinds())
        if (row.kind == j.kind) out.title = row.title;
    out.state = j.state;
    out.done = j.done;
    out.total = j.total;
    out.rate = j.rate;
    if (j.state == JobState::running && j.rate > 0 && j.total > j.done)
        out.seconds_left.emplace(static_cast<double>(j.total - j.done) / j.rate);
    out.attempts = j.attempts;
    out.error = j.error;
    out.result = j.result;
    if (j.state == JobState::running && j.checkpoint.is_object() && j.checkpoint.contains("spent"))
        out.result = j.checkpoint;
    out.payload = j.payload;
    out.created = j.created;
    out.started = j.started;
    out.finished = j.finished;
    out.cancel = j.cancel;
    return out;
}

std::vector<FormatOut> format_list() {
    std::vector<FormatOut> list;
    for (const auto& row : formats())
        list.push_back({std::string(row.name), std::string(row.title), std::string(row.extension),
                        row.read != nullptr, row.write != nullptr, row.modalities, row.controls,
                        row.lossless});
    return list;
}

}  // namespace countersign
