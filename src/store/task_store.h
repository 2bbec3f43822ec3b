// Tasks and media, in bulk and one by one.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/task.h"
#include "store/db.h"

namespace countersign {

Id insert_media(Session& s, const Media& media);  ///< Returns the existing id for the same sha256.
std::optional<Media> find_media(Session& s, Id id);
std::optional<Media> find_media_by_hash(Session& s, std::string_view sha256);

/// Whether any task of `project` shows this medium: who may see the project may see the medium.
std::optional<Id> project_of_media(Session& s, Id media);

struct NewTask {
    std::string_view key;   ///< Unique in the project.
    std::string_view data;  ///< JSON object text.
    std::string_view meta;  ///< JSON object text or empty.
    Id media = 0;
    int priority = 128;
    Id import = 0;  ///< The job that brought it, and its row there, counted from 1.
    std::int64_t row = 0;
};
enum class Inserted { added, same, differs };  ///< differs: the key is taken by other content.
struct InsertOutcome {
    Inserted outcome;
    Id task = 0;  ///< The new or the existing task.
};
/// One outcome a task, in order. Adds queue rows and the progress counters. The hot path of import.
std::vector<InsertOutcome> insert_tasks(Session& s, Id project, const std::vector<NewTask>& tasks,
                                        Millis now);

std::optional<Task> find_task(Session& s, Id id);
std::optional<Task> find_task_by_key(Session& s, Id project, std::string_view key);
/// Tasks whose key ends in `/name` or equals it, at most two: files name images by their last part.
std::vector<Task> find_tasks_by_file(Session& s, Id project, std::string_view name);

/// What an export is made of: a task with everything around it, raw JSON texts as stored.
struct ExportRow {
    const Task* task;
    const Media* media;  ///< Null for text.
    bool gold = false;   ///< Its answer is known: it is nobody's work.
    struct DraftText {
        Id id;
        std::string_view model, version, regions;
        std::optional<double> confidence, probability;
        std::string_view grounding;
        Millis created;
    };
    struct AnnotationText {
        Id id;
        std::string_view person, regions, action, arm, comment;
        Id draft;
        int edits;
        std::int64_t active_ms;
        bool flagged, current;  ///< current: it is the task's label.
        Millis created;
        int schema_version = 1, guideline_version = 1;
    };
    std::vector<DraftText> drafts;            ///< Current drafts only.
    std::vector<AnnotationText> annotations;  ///< Not withdrawn.
};
/// Calls `each` for up to `limit` tasks with id > `after`, in id order; returns the last id, or 0
/// when there was none. `decided_only`: tasks with a label. Short transactions: call page by page.
Id export_page(Session& s, Id project, Id after, int limit, bool decided_only,
               const std::function<void(const ExportRow&)>& each);

/// The same for these tasks of the project, which stand in id order.
void export_tasks(Session& s, Id project, const std::vector<Id>& tasks,
                  const std::function<void(const ExportRow&)>& each);

}  // namespace countersign
