#include "store/rows.h"

namespace countersign {

Task task_from(const RowView& row, int first) {
    Task t;
    t.id = row.integer(first);
    t.project = row.integer(first + 1);
    t.key = row.text(first + 2);
    t.data = row.text(first + 3);
    t.meta = row.text(first + 4);
    t.media = row.integer(first + 5);
    t.lane = static_cast<Lane>(row.integer(first + 6));
    t.priority = static_cast<int>(row.integer(first + 7));
    t.state = static_cast<TaskState>(row.integer(first + 8));
    t.created = row.integer(first + 9);
    return t;
}

Media media_from(const RowView& row, int first) {
    Media m;
    m.id = row.integer(first);
    m.sha256 = row.text(first + 1);
    m.type = row.text(first + 2);
    m.bytes = row.integer(first + 3);
    m.width = static_cast<int>(row.integer(first + 4));
    m.height = static_cast<int>(row.integer(first + 5));
    m.orientation = static_cast<int>(row.integer(first + 6));
    m.seconds = row.real(first + 7);
    return m;
}

Draft draft_from(const RowView& row, int first) {
    Draft d;
    d.id = row.integer(first);
    d.task = row.integer(first + 1);
    d.model_version = row.integer(first + 2);
    d.confidence = real_or_none(row, first + 3);
    d.probability = real_or_none(row, first + 4);
    d.grounding = static_cast<Grounding>(row.integer(first + 5));
    d.regions = stored_regions(row.text(first + 6));
    d.created = row.integer(first + 7);
    d.current = row.integer(first + 8) != 0;
    return d;
}

Annotation annotation_from(const RowView& row, int first) {
    Annotation a;
    a.id = row.integer(first);
    a.task = row.integer(first + 1);
    a.person = row.integer(first + 2);
    a.assignment = row.integer(first + 3);
    a.draft = row.integer(first + 4);
    a.arm = static_cast<Arm>(row.integer(first + 5));
    a.action = static_cast<Action>(row.integer(first + 6));
    a.regions = stored_regions(row.text(first + 7));
    a.edits = static_cast<int>(row.integer(first + 8));
    a.active_ms = row.integer(first + 9);
    a.flagged = row.integer(first + 10) != 0;
    a.comment = row.text(first + 11);
    a.created = row.integer(first + 12);
    a.withdrawn = row.integer(first + 13);
    return a;
}

std::optional<double> real_or_none(const RowView& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.real(column);
}

Arg real_or_null(const std::optional<double>& value) {
    if (!value) return nullptr;
    return *value;
}

Regions stored_regions(std::string_view text) {
    if (text == "[]") return {};
    auto regions = regions_from(text);
    if (!regions) throw Breakdown("Stored regions do not read back: " + regions.refusal().message);
    return *std::move(regions);
}

}  // namespace countersign
