// What people are told of, each in a list of their own. A notification says that something happened
// and where; what was said there is read when the list is, by the rules of who may see what.
#pragma once

#include "base/clock.h"
#include "base/fields.h"
#include "base/ids.h"

namespace countersign {

/// Stored by position: new kinds go to the end.
enum class NotificationKind {
    mentioned,
    replied,
    assigned,
    decided_otherwise,
    sent_back,
    dispute_waits,
    guideline_changed,
    job_ended,
    taken_back
};
inline std::span<const EnumName<NotificationKind>> enum_names(NotificationKind) {
    static constexpr EnumName<NotificationKind> rows[] = {
        {NotificationKind::mentioned, "mentioned"},
        {NotificationKind::replied, "replied"},
        {NotificationKind::assigned, "assigned"},
        {NotificationKind::decided_otherwise, "decided_otherwise"},
        {NotificationKind::sent_back, "sent_back"},
        {NotificationKind::dispute_waits, "dispute_waits"},
        {NotificationKind::guideline_changed, "guideline_changed"},
        {NotificationKind::job_ended, "job_ended"},
        {NotificationKind::taken_back, "taken_back"}};
    return rows;
}

/// Kinds that stand for a state of the project: one that is not read yet says it all.
inline bool stands_for_all(NotificationKind kind) {
    return kind == NotificationKind::dispute_waits || kind == NotificationKind::guideline_changed;
}

struct Notification {
    Id person = 0;
    Id seq = 0;  ///< Cursor: grows within the person's list, in the order of the commits.
    NotificationKind kind = NotificationKind::mentioned;
    Id project = 0, task = 0;
    Id by = 0;                ///< Who did it; 0: the program.
    Id about = 0;             ///< The comment, the annotation that was decided for, or the job.
    std::int64_t number = 0;  ///< assigned, taken_back: tasks; guideline_changed: the version.
    Millis created = 0;
    bool read = false;
};

}  // namespace countersign
