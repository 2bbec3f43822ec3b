// Wire types of disputes, verdicts and assignments.
#pragma once

#include <string>
#include <vector>

#include "app/team.h"
#include "http/wire_tasks.h"

namespace countersign {

struct OpinionOut {
    AnnotationOut annotation;
    std::string author;
    std::vector<Difference> from_first;
    std::vector<Difference> from_draft;
    Nullable<double> probability;
};
template <class V>
void fields(V& v, OpinionOut& o) {
    v("annotation", o.annotation, "what this person decided");
    v("author", o.author, "shown name");
    v("from_first", o.from_first,
      "where it differs from the first opinion (a: the first's region)");
    v("from_draft", o.from_draft, "where it differs from the draft (a: the draft's region)");
    v("probability", o.probability,
      "that it is right, by all answers to tasks that several people answered; null: not known");
}

struct DisputeOut {
    TaskOut task;
    Nullable<MediaOut> media;
    Nullable<DraftOut> draft;
    std::vector<OpinionOut> opinions;
    std::string suggested;
    int in_favour = 0;
    Nullable<double> none_right;
    OddsGround ground = OddsGround::few;
    std::int64_t several = 0, verdicts = 0;
};
template <class V>
void fields(V& v, DisputeOut& o) {
    v("task", o.task, "the task");
    v("media", o.media, "null: text");
    v("draft", o.draft, "the draft that people saw, or null");
    v("opinions", o.opinions, "oldest first");
    v("suggested", o.suggested, "a...: the opinion that most share");
    v("in_favour", o.in_favour, "people who share it");
    v("none_right", o.none_right, "that none of the opinions is right; null: not known");
    v("ground", o.ground,
      "what the probabilities were held against; few: nothing yet, they are a rough guess");
    v("several", o.several, "tasks of the project that several people answered");
    v("verdicts", o.verdicts, "of those, decided by a specialist");
}

struct VerdictBody {
    std::string annotation;
    std::vector<Region> regions;
    std::string reason;
    std::int64_t active_ms = 0;
};
template <class V>
void fields(V& v, VerdictBody& o) {
    v("annotation", o.annotation, "a...: the opinion that holds; empty: the regions below do");
    v("regions", o.regions, "the specialist's own answer");
    v("reason", o.reason, "why, for those who answered");
    v("active_ms", o.active_ms, "visible and active time");
}

struct SendBackBody {
    std::string comment;
};
template <class V>
void fields(V& v, SendBackBody& o) {
    v("comment", o.comment, "stands under the task");
}

struct ColleagueOut {
    std::string id;
    std::string name;
    std::string display;
};
template <class V>
void fields(V& v, ColleagueOut& o) {
    v("id", o.id, "u...");
    v("name", o.name, "sign-in name");
    v("display", o.display, "shown name");
}

struct AssignBody {
    std::vector<std::string> tasks;
    std::optional<std::string> filter;
    std::string cursor;
    std::string person;
};
template <class V>
void fields(V& v, AssignBody& o) {
    v("tasks", o.tasks, "t..., at most 10,000");
    v("filter", o.filter, "instead of tasks: those that match, 10,000 at a time");
    v("cursor", o.cursor, "filter: the next of the answer before");
    v("person", o.person, "u...; empty: anybody's again");
}

struct AssignedFromOut {
    std::string person;
    std::vector<std::string> tasks;
};
template <class V>
void fields(V& v, AssignedFromOut& o) {
    v("person", o.person, "u...; empty: anybody's");
    v("tasks", o.tasks, "t...: those that were");
}

struct AssignedOut {
    std::int64_t changed = 0;
    std::vector<AssignedFromOut> before;
    Nullable<std::string> next;
};
template <class V>
void fields(V& v, AssignedOut& o) {
    v("changed", o.changed, "tasks that changed; those leased, done or disputed stay as they are");
    v("before", o.before, "whose they were: assigning them back undoes it");
    v("next", o.next, "filter: send it as cursor to go on; null: all were looked at");
}

struct GuidelineChangeOut {
    int from = 0, to = 0;
    std::string before, after;
};
template <class V>
void fields(V& v, GuidelineChangeOut& o) {
    v("from", o.from, "version under which the caller decided last");
    v("to", o.to, "version now");
    v("before", o.before, "Markdown");
    v("after", o.after, "Markdown");
}

struct GuidelineNewsOut {
    Nullable<GuidelineChangeOut> change;
};
template <class V>
void fields(V& v, GuidelineNewsOut& o) {
    v("change", o.change, "null: it stands as the caller knows it, or they never decided here");
}

}  // namespace countersign
