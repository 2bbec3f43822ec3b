// Embeddings of tasks, a block of them a row, and what made them. They are only ever read as a
// whole, into memory (docs/why/0016).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.h"
#include "store/db.h"

namespace countersign {

struct Embedder {
    Id id = 0;
    Id project = 0;
    std::string features;  ///< "text", "nanodet", "resnet34"
    std::size_t dims = 0;
    std::string state;        ///< Bytes; empty where nothing is fitted.
    std::int64_t fitted = 0;  ///< On so many tasks.
    bool ready = false;       ///< Every task that was there has its embedding.
    Millis created = 0;
};

Id insert_embedder(Session& s, const Embedder& embedder);
/// The newest, without its state.
std::optional<Embedder> newest_embedder(Session& s, Id project);
/// The one that searches use: the newest that is ready, without its state.
std::optional<Embedder> serving_embedder(Session& s, Id project);
std::string embedder_state(Session& s, Id embedder);
/// From now on it serves; all others of its project are deleted, with what they made.
void serve_embedder(Session& s, Id project, Id embedder);

/// `vectors`: as many bytes for each task.
void insert_embeddings(Session& s, Id embedder, std::span<const Id> tasks,
                       std::string_view vectors);
/// Calls `each` for the next `blocks` blocks behind `after`, in the order they were written;
/// returns the last one's id, or 0 when there was none.
Id embeddings_after(Session& s, const Embedder& embedder, Id after, int blocks,
                    const std::function<void(std::span<const Id>, std::string_view)>& each);

/// Ids of the project's tasks behind `after`, rising.
std::vector<Id> task_ids_after(Session& s, Id project, Id after, int limit);
/// In the order of ids; those that do not exist are left out.
std::vector<Task> tasks_by_id(Session& s, Id project, const std::vector<Id>& tasks);

}  // namespace countersign
