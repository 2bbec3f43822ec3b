// Wire types of tasks, drafts and annotations. The bodies that people wait for (next, submit, the
// task list) are appended by hand in wire_desk.cpp; a test holds them to these lists of fields.
#pragma once

#include <string>
#include <vector>
#include "app/desk.h"
#include "base/fields.h"
#include "http/wire_gold.h"
#include "http/wire_tasks.h"

namespace countersign {

struct HeldOut {
    std::string id;
    Millis until = 0;
};
template <class V>
void fields(V& v, HeldOut& o) {
    v("id", o.id, "s...: the lease token, send it with the answer");
    v("until", o.until, "ms UTC");
}

struct FormerOut {
    bool own = false;
    Millis created = 0;
    std::vector<Region> regions;
};
template <class V>
void fields(V& v, FormerOut& o) {
    v("own", o.own, "true: one's own answer; false: what was decided");
    v("created", o.created, "ms UTC");
    v("regions", o.regions, "what it said");
}

struct DeskTaskOut {
    std::string id;
    std::string project;
    std::string key;
    Json data;
    Json meta;
    Lane lane = Lane::routine;
    int priority = 0;
    Nullable<MediaOut> media;
    HeldOut assignment;
    Nullable<DraftHeadOut> draft;
    std::vector<Region> regions;
    std::vector<Region> maybes;
    Json work;
    Nullable<FormerOut> former;
};
template <class V>
void fields(V& v, DeskTaskOut& o) {
    v("id", o.id, "t...");
    v("project", o.project, "p...");
    v("key", o.key, "name its source gave it");
    v("data", o.data, "the item under the schema's source, and what came with it");
    v("meta", o.meta, "columns beside the item, or null");
    v("lane", o.lane, "why it comes to a person");
    v("priority", o.priority, "0 to 255, higher comes sooner");
    v("media", o.media, "null: text");
    v("assignment", o.assignment, "the lease");
    v("draft", o.draft, "null: none, or a blind control");
    v("regions", o.regions, "pre-filled");
    v("maybes", o.maybes, "less sure regions of the draft");
    v("work", o.work, "autosaved work, or null");
    v("former", o.former,
      "of a task that was sent back: its answer before, to start from; or null");
}

struct NextBody {
    int count = 1;
};
template <class V>
void fields(V& v, NextBody& o) {
    v("count", o.count, "tasks to hold, 1 to 30");
}

struct NextOut {
    std::vector<DeskTaskOut> tasks;
    Progress progress;
    Nullable<OnboardingOut> onboarding;
};
template <class V>
void fields(V& v, NextOut& o) {
    v("tasks", o.tasks, "empty: nothing to do");
    v("progress", o.progress, "counters of the project");
    v("onboarding", o.onboarding, "what comes before work; null: nothing, or it is passed");
}

struct TakeBody {
    std::vector<std::string> tasks;
};
template <class V>
void fields(V& v, TakeBody& o) {
    v("tasks", o.tasks, "t..., 1 to 30: the tasks to hold");
}

struct PassedOverOut {
    std::string task;
    PassedOver why = PassedOver::missing;
};
template <class V>
void fields(V& v, PassedOverOut& o) {
    v("task", o.task, "t...");
    v("why", o.why, "with or meant for somebody else, or what else keeps it from the caller");
}

struct TakenOut {
    std::vector<DeskTaskOut> tasks;
    std::vector<PassedOverOut> passed;
    Progress progress;
};
template <class V>
void fields(V& v, TakenOut& o) {
    v("tasks", o.tasks, "what the caller holds of them now, in the order asked");
    v("passed", o.passed, "the others");
    v("progress", o.progress, "counters of the project");
}

struct AnswerBody {
    std::string assignment;
    std::vector<Region> regions;
    bool rejected = false;
    std::int64_t active_ms = 0;
    bool flagged = false;
    std::string comment;
    int want = 0;
};
template <class V>
void fields(V& v, AnswerBody& o) {
    v("assignment", o.assignment, "s...: the lease token");
    v("regions", o.regions, "the decision");
    v("rejected", o.rejected, "the draft was thrown away");
    v("active_ms", o.active_ms, "visible and active time");
    v("flagged", o.flagged, "somebody should look at it");
    v("comment", o.comment, "remark");
    v("want", o.want, "tasks the reply should hold, 0 to 30");
}

struct SkipBody {
    std::string assignment;
    std::string comment;
    std::int64_t active_ms = 0;
    int want = 0;
};
template <class V>
void fields(V& v, SkipBody& o) {
    v("assignment", o.assignment, "s...: the lease token");
    v("comment", o.comment, "reason");
    v("active_ms", o.active_ms, "visible and active time");
    v("want", o.want, "tasks the reply should hold, 0 to 30");
}

struct ReplyOut {
    AnnotationOut annotation;
    std::vector<DeskTaskOut> next;
    Progress progress;
    Nullable<OnboardingOut> onboarding;
};
template <class V>
void fields(V& v, ReplyOut& o) {
    v("annotation", o.annotation, "what was recorded");
    v("next", o.next, "the tasks to go on with");
    v("progress", o.progress, "counters of the project");
    v("onboarding", o.onboarding, "what comes before work; null: nothing, or it is passed");
}

struct UndoneOut {
    DeskTaskOut task;
};
template <class V>
void fields(V& v, UndoneOut& o) {
    v("task", o.task, "on the desk again");
}

struct WorkBody {
    std::string assignment;
    Json work;
};
template <class V>
void fields(V& v, WorkBody& o) {
    v("assignment", o.assignment, "s...: the lease token");
    v("work", o.work, "anything");
}

struct UntilOut {
    Millis until = 0;
};
template <class V>
void fields(V& v, UntilOut& o) {
    v("until", o.until, "ms UTC");
}

void append_desk_task(std::string& out, const DeskTask& task);
void append_progress(std::string& out, const Progress& progress);
void append_onboarding(std::string& out, const std::optional<OnboardingView>& view);

}  // namespace countersign
