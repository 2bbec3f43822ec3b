// Models, their versions, and the drafts they wrote.
#pragma once

#include <optional>
#include <vector>

#include "core/model.h"
#include "core/project.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

Id insert_model(Session& s, const Model& model);
void update_model(Session& s, const Model& model);
std::optional<Model> find_model(Session& s, Id id);
std::vector<Model> list_models(Session& s, Id project);

Id insert_model_version(Session& s, const ModelVersion& version);
std::optional<ModelVersion> find_model_version(Session& s, Id id);
std::optional<ModelVersion> latest_version(Session& s, Id model);
std::vector<ModelVersion> list_versions(Session& s, Id model);  ///< Newest first, without state.

/// Writes drafts; an earlier current draft of the same model on the task stops being current.
/// A task that is leased to somebody or done keeps the draft it has (nothing is written for it)
/// unless `only_untouched` is false. Keeps the progress counters. Returns how many were written.
std::int64_t insert_drafts(Session& s, Id project, const std::vector<Draft>& drafts,
                           bool only_untouched);

std::optional<Draft> find_draft(Session& s, Id id);
std::vector<Draft> drafts_of(Session& s, Id task);  ///< Newest first, replaced ones too.

/// Current drafts of the task by models that are on, but not by the one that `version` is of.
/// Newest first.
struct DraftOfModel {
    Draft draft;
    Id model;
};
std::vector<DraftOfModel> drafts_of_others(Session& s, Id task, Id version);

/// Tasks a model should draft next: ready (nobody has opened them), in queue order, without a
/// current draft by `version`. At most `limit`.
std::vector<Task> tasks_to_draft(Session& s, Id project, Id model, Id version, int limit);
std::int64_t count_to_draft(Session& s, Id project, Id model, Id version);

/// What a learner learns from: current human labels of one control, with how they came about.
struct LearnRow {
    Id task;
    std::string data;  ///< The task's data JSON.
    Id media;
    Regions regions;
    Action action;
    Arm arm;
};
std::vector<LearnRow> labels_to_learn(Session& s, Id project, Id after_task, int limit);
/// A labelled task with what a model currently drafts on it.
struct JudgedDraft {
    Id task;
    Regions label, draft;
};
/// Of every `step`-th task with a label, by rising task. `trusted`: only labels that no draft can
/// have influenced: given blind or where no draft was, imported, gold, or a verdict on a dispute.
std::vector<JudgedDraft> judged_drafts(Session& s, Id project, Id model, bool trusted,
                                       std::int64_t step, Id after_task, int limit);
std::int64_t count_labels(Session& s, Id project);  ///< Tasks with a human label.

struct ModelStats {
    Id model = 0;
    std::int64_t drafted = 0;   ///< Current drafts.
    std::int64_t decided = 0;   ///< Decisions on tasks where its draft was shown.
    std::int64_t accepted = 0;  ///< Of these, accepted as they stood.
    std::int64_t grounded = 0, repaired = 0, weak = 0, ungrounded = 0;  ///< Its drafts by verdict.
};
ModelStats stats_of(Session& s, Id model);

}  // namespace countersign
