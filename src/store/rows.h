// Columns to core values, for the statements that read whole tasks, media and drafts.
#pragma once

#include "core/task.h"
#include "store/db.h"

namespace countersign {

/// The columns of task_from(), in order, for a table or alias `t` joined with its queue row `q`.
#define TASK_COLUMNS                                                                       \
    "t.id, t.project_id, t.key, t.data, t.meta, t.media_id, t.lane, t.priority, q.state, " \
    "t.created"
constexpr int task_columns = 10;
Task task_from(const RowView& row, int first = 0);

#define MEDIA_COLUMNS "m.id, m.sha256, m.type, m.bytes, m.width, m.height, m.orientation, m.seconds"
constexpr int media_columns = 8;
Media media_from(const RowView& row, int first = 0);

#define DRAFT_COLUMNS                                                                 \
    "d.id, d.task_id, d.model_version_id, d.confidence, d.probability, d.grounding, " \
    "d.regions, d.created, d.current"
constexpr int columns_of_draft = 9;
Draft draft_from(const RowView& row, int first = 0);

#define ANNOTATION_COLUMNS                                                                    \
    "a.id, a.task_id, a.person_id, a.assignment_id, a.draft_id, a.arm, a.action, a.regions, " \
    "a.edits, a.active_ms, a.flagged, a.comment, a.created, a.withdrawn"
constexpr int annotation_columns = 14;
Annotation annotation_from(const RowView& row, int first = 0);

std::optional<double> real_or_none(const RowView& row, int column);
Arg real_or_null(const std::optional<double>& value);

/// Regions that this program wrote; throws Breakdown when they do not read back.
Regions stored_regions(std::string_view text);

}  // namespace countersign
