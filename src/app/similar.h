// Items that are alike, found by their embeddings.
//
// A job (embed_work.cpp) makes them, from the first time that somebody asks for them in a project
// on; tasks that come in later get theirs as they come. Searches go through an index in memory,
// read from the store when it is first needed, and are exact until its graph is built
// (models/neighbours.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/world.h"
#include "core/job.h"
#include "core/people.h"
#include "store/task_list.h"

namespace countersign {

struct SimilarTask {
    TaskRow row;
    double score = 0;  ///< 1: the same, 0: nothing in common.
};

struct SimilarAnswer {
    /// "ready"; "preparing": the embeddings are being made, `job` says how far; "none": nobody
    /// asked for them yet, or it was stopped, and why.
    std::string state = "ready";
    std::string why;                 ///< A sentence when there is no row, and the next step.
    std::vector<SimilarTask> tasks;  ///< Most alike first.
    std::optional<Job> job;
};

class Similar {
public:
    /// Memory that the indexes of all projects may take; the ones not used for longest go first.
    static constexpr std::size_t usual_bytes = std::size_t{1} << 30;
    explicit Similar(World& world, std::size_t most_bytes = usual_bytes);
    ~Similar();

    /// The tasks most like this one, of those that match and that the caller may list.
    Result<SimilarAnswer> to_task(const Caller& caller, Id task, const TaskFilter& filter,
                                  int most);
    /// The same for a text; of projects of texts.
    Result<SimilarAnswer> to_text(const Caller& caller, Id project, std::string_view text,
                                  const TaskFilter& filter, int most);
    /// Queues the job that makes the embeddings; the open one if there is one.
    Result<Job> prepare(const Caller& caller, Id project);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Queues the job for tasks that came in, where embeddings are used.
void embed_arrivals(World& world, Id project);

}  // namespace countersign
