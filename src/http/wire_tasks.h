// Wire types of tasks, drafts and annotations, and how they come from core values. Lists of tasks
// and annotations on the desk are appended by hand; a test holds them to these lists of fields.
#pragma once

#include <string>
#include <vector>
#include "app/desk.h"
#include "app/lists.h"
#include "base/fields.h"

namespace countersign {

struct MediaOut {
    std::string id;
    std::string url;
    int width = 0;
    int height = 0;
    double seconds = 0;
    std::string type;
};
template <class V>
void fields(V& v, MediaOut& o) {
    v("id", o.id, "m...");
    v("url", o.url, "path of the bytes");
    v("width", o.width, "pixels, upright");
    v("height", o.height, "pixels, upright");
    v("seconds", o.seconds, "of a recording, as decoded; 0: an image");
    v("type", o.type, "media type");
}

struct DraftHeadOut {
    std::string id;
    std::string model;
    std::string version;
    Nullable<double> confidence;
    Nullable<double> probability;
    Grounding grounding = Grounding::unchecked;
    Millis created = 0;
};
template <class V>
void fields(V& v, DraftHeadOut& o) {
    v("id", o.id, "d...");
    v("model", o.model, "name of the model");
    v("version", o.version, "name of its version");
    v("confidence", o.confidence, "what the model claims, 0 to 1");
    v("probability", o.probability, "calibrated, 0 to 1");
    v("grounding", o.grounding, "the worst of its regions");
    v("created", o.created, "ms UTC");
}

struct DraftOut {
    std::string id;
    std::string model;
    std::string version;
    Nullable<double> confidence;
    Nullable<double> probability;
    Grounding grounding = Grounding::unchecked;
    Millis created = 0;
    bool current = false;
    std::vector<Region> regions;
};
template <class V>
void fields(V& v, DraftOut& o) {
    v("id", o.id, "d...");
    v("model", o.model, "name of the model");
    v("version", o.version, "name of its version");
    v("confidence", o.confidence, "what the model claims, 0 to 1");
    v("probability", o.probability, "calibrated, 0 to 1");
    v("grounding", o.grounding, "the worst of its regions");
    v("created", o.created, "ms UTC");
    v("current", o.current, "not replaced by a later one");
    v("regions", o.regions, "what it proposes");
}

struct AnnotationOut {
    std::string id;
    std::string task;
    std::string person;
    Nullable<std::string> draft;
    Action action = Action::created;
    std::vector<Region> regions;
    int edits = 0;
    std::int64_t active_ms = 0;
    bool flagged = false;
    std::string comment;
    Millis created = 0;
    Millis withdrawn = 0;
};
template <class V>
void fields(V& v, AnnotationOut& o) {
    v("id", o.id, "a...");
    v("task", o.task, "t...");
    v("person", o.person, "u...");
    v("draft", o.draft, "d...: the draft that was shown");
    v("action", o.action, "decided by the server");
    v("regions", o.regions, "what the person decided");
    v("edits", o.edits, "changes against the draft");
    v("active_ms", o.active_ms, "visible and active time");
    v("flagged", o.flagged, "with a flag");
    v("comment", o.comment, "remark or reason");
    v("created", o.created, "ms UTC");
    v("withdrawn", o.withdrawn, "ms UTC; 0: it stands");
}

struct MentionOut {
    std::string person;
    std::string name;
    std::string display;
};
template <class V>
void fields(V& v, MentionOut& o) {
    v("person", o.person, "u...");
    v("name", o.name, "sign-in name now");
    v("display", o.display, "shown name now");
}

struct CommentOut {
    std::string id;
    std::string task;
    std::string person;
    std::string author;
    std::string text;
    Millis created = 0;
    std::vector<MentionOut> mentions;
};
template <class V>
void fields(V& v, CommentOut& o) {
    v("id", o.id, "c...");
    v("task", o.task, "t...");
    v("person", o.person, "u...");
    v("author", o.author, "shown name");
    v("text", o.text, "what was said; @u... in it is a person of mentions");
    v("created", o.created, "ms UTC");
    v("mentions", o.mentions, "whom it mentions");
}

struct TaskOut {
    std::string id;
    std::string key;
    Json data;
    Json meta;
    Nullable<std::string> media;
    TaskState state = TaskState::ready;
    Lane lane = Lane::routine;
    int priority = 0;
    Millis created = 0;
};
template <class V>
void fields(V& v, TaskOut& o) {
    v("id", o.id, "t...");
    v("key", o.key, "name its source gave it");
    v("data", o.data, "the item under the schema's source, and what came with it");
    v("meta", o.meta, "columns beside the item, or null");
    v("media", o.media, "m..., or null");
    v("state", o.state, "where it stands");
    v("lane", o.lane, "why it comes to a person");
    v("priority", o.priority, "0 to 255");
    v("created", o.created, "ms UTC");
}

struct TaskRowOut {
    TaskOut task;
    Nullable<Action> action;
    std::string person;
    std::string labels;
    Nullable<double> probability;
    bool flagged = false;
    Millis decided = 0;
    std::string holder;
    Millis lease_until = 0;
    std::string for_person;
};
template <class V>
void fields(V& v, TaskRowOut& o) {
    v("task", o.task, "the task");
    v("action", o.action, "of its current label");
    v("person", o.person, "who decided");
    v("labels", o.labels, "names, comma separated");
    v("probability", o.probability, "of its current draft");
    v("flagged", o.flagged, "with a flag");
    v("decided", o.decided, "ms UTC; 0: not yet");
    v("holder", o.holder, "who has it on the desk; empty: nobody, or not yours to see");
    v("lease_until", o.lease_until, "ms UTC until when; 0: nobody");
    v("for_person", o.for_person, "whom it is meant for; empty: anybody");
}

struct TaskDetailOut {
    TaskOut task;
    Nullable<MediaOut> media;
    std::vector<DraftOut> drafts;
    std::vector<AnnotationOut> annotations;
    std::vector<CommentOut> comments;
};
template <class V>
void fields(V& v, TaskDetailOut& o) {
    v("task", o.task, "the task");
    v("media", o.media, "null: text");
    v("drafts", o.drafts, "newest first");
    v("annotations", o.annotations, "newest first, withdrawn ones too");
    v("comments", o.comments, "oldest first");
}

void append_annotation(std::string& out, const Annotation& annotation);
void append_task_row(std::string& out, const TaskRow& row);
TaskOut task_out(const Task& task);
MediaOut media_out(const Media& media);
/// Without what does not count for a region's kind, as the store keeps them.
Json compact_regions(const Regions& regions);
AnnotationOut annotation_out(const Annotation& annotation);
CommentOut comment_out(const Comment& comment);
DraftOut draft_out(const Draft& draft, const VersionNames& names);

}  // namespace countersign
