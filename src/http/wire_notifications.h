// Wire types of notifications.
#pragma once

#include <string>
#include <vector>

#include "app/notifications.h"
#include "base/fields.h"

namespace countersign {

struct NotificationOut {
    std::string cursor;
    NotificationKind kind = NotificationKind::mentioned;
    std::string project;
    std::string project_name;
    Nullable<std::string> task;
    std::string task_key;
    std::string by;
    std::string said;
    std::int64_t number = 0;
    Nullable<std::string> job;
    std::string job_kind;
    Nullable<JobState> job_state;
    bool read = false;
    Millis created = 0;
};
template <class V>
void fields(V& v, NotificationOut& o) {
    v("cursor", o.cursor, "its place in the list");
    v("kind", o.kind, "what happened");
    v("project", o.project, "p...: where");
    v("project_name", o.project_name, "its name now");
    v("task", o.task, "t..., or null: about the project");
    v("task_key", o.task_key, "name its source gave it");
    v("by", o.by, "shown name of who did it; empty: the program");
    v("said", o.said,
      "the start of the comment, of the verdict's reason or of the job's error; empty also where "
      "the "
      "caller may not see it before answering");
    v("number", o.number, "assigned, taken_back: tasks; guideline_changed: the version");
    v("job", o.job, "j..., or null");
    v("job_kind", o.job_kind, "of the job");
    v("job_state", o.job_state, "of the job, now");
    v("read", o.read, "marked as read");
    v("created", o.created, "ms UTC");
}

struct NotificationsOut {
    std::vector<NotificationOut> items;
    Nullable<std::string> next;
    std::string cursor;
    std::int64_t unread = 0;
};
template <class V>
void fields(V& v, NotificationsOut& o) {
    v("items", o.items, "newest first; with after: oldest first");
    v("next", o.next,
      "there are more: send it as cursor (with after: as after) to go on; null: that was all");
    v("cursor", o.cursor, "send it as after, later, for what has come since");
    v("unread", o.unread, "in the whole list, counted up to 1000");
}

struct MarkReadBody {
    std::string up_to;
    std::string only;
};
template <class V>
void fields(V& v, MarkReadBody& o) {
    v("up_to", o.up_to, "the cursor up to which all are read");
    v("only", o.only, "the cursor of the one that is; instead of up_to");
}

struct UnreadOut {
    std::int64_t unread = 0;
};
template <class V>
void fields(V& v, UnreadOut& o) {
    v("unread", o.unread, "left in the list, counted up to 1000");
}

struct NotificationChoice {
    NotificationKind kind = NotificationKind::mentioned;
    bool on = true;
};
template <class V>
void fields(V& v, NotificationChoice& o) {
    v("kind", o.kind, "what happens");
    v("on", o.on, "the caller is told of it");
}

struct NotificationChoices {
    std::vector<NotificationChoice> kinds;
};
template <class V>
void fields(V& v, NotificationChoices& o) {
    v("kinds", o.kinds, "those left out are on");
}

}  // namespace countersign
