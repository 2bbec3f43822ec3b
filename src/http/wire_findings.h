// Wire types of findings: what looks wrong, and what is done about it.
#pragma once

#include <string>
#include <vector>

#include "app/inspector.h"
#include "http/wire_jobs.h"

namespace countersign {

struct FindingPlaceOut {
    std::string on;
    double start = 0, end = 0;
    double x = 0, y = 0, width = 0, height = 0;
};
template <class V>
void fields(V& v, FindingPlaceOut& o) {
    v("on", o.on, "text, image or audio");
    v("start", o.start, "text: code points; audio: seconds");
    v("end", o.end, "the same, behind the last");
    v("x", o.x, "image: left, pixels of the upright image");
    v("y", o.y, "top");
    v("width", o.width, "pixels");
    v("height", o.height, "pixels");
}

struct FindingEvidenceOut {
    std::string task;
    std::string name;
    std::string sentence;
};
template <class V>
void fields(V& v, FindingEvidenceOut& o) {
    v("task", o.task, "t...; empty: none in particular");
    v("name", o.name, "its key");
    v("sentence", o.sentence, "what it shows");
}

struct FindingOut {
    std::string id;
    FindingKind kind = FindingKind::geometry;
    std::string check;
    FindingLevel level = FindingLevel::note;
    std::string title;
    double score = 0;
    std::string score_means;
    std::string advice;
    std::string sentence;
    std::string task;
    std::string name;
    std::string annotation;
    std::string control;
    std::string label;
    std::string region;
    std::string person;
    std::string person_name;
    Nullable<FindingPlaceOut> place;
    std::vector<FindingEvidenceOut> evidence;
    bool is_repaired = false;
    FindingState state = FindingState::open;
    std::string reason;
    std::string decided_by;
    Millis decided_at = 0;
    Millis found_at = 0;
};
template <class V>
void fields(V& v, FindingOut& o) {
    v("id", o.id, "f...");
    v("kind", o.kind, "what sort of thing is wrong");
    v("check", o.check, "which check found it: docs/reference/findings.md");
    v("level", o.level, "note, warning or error");
    v("title", o.title, "the check in a few words");
    v("score", o.score, "0 to 1, higher is worse");
    v("score_means", o.score_means, "what the score is");
    v("advice", o.advice, "what to do");
    v("sentence", o.sentence, "why this was found");
    v("task", o.task, "t...; empty: it is about no one task");
    v("name", o.name, "the task's key, or a shown name");
    v("annotation", o.annotation, "a...: the label it was found in; empty: none");
    v("control", o.control, "empty: none in particular");
    v("label", o.label, "empty: none in particular");
    v("region", o.region, "the region's id in the annotation; empty: none in particular");
    v("person", o.person, "u...: whom it is about; empty: nobody");
    v("person_name", o.person_name, "their shown name");
    v("place", o.place, "where in the item, or null");
    v("evidence", o.evidence, "other tasks that the sentence leans on");
    v("is_repaired", o.is_repaired, "POST findings/fix can mend it");
    v("state", o.state, "waiting: its task is with people again");
    v("reason", o.reason, "why it was decided so");
    v("decided_by", o.decided_by, "shown name; empty: nobody, or a check");
    v("decided_at", o.decided_at, "ms UTC; 0: not yet");
    v("found_at", o.found_at, "ms UTC");
}

struct FindingsOut {
    std::vector<FindingOut> findings;
    Nullable<std::string> next;
};
template <class V>
void fields(V& v, FindingsOut& o) {
    v("findings", o.findings, "worst first; kinds that are mostly dismissed behind all others");
    v("next", o.next, "send it as after to go on; null: this was the last page");
}

struct FindingKindOut {
    FindingKind kind = FindingKind::geometry;
    std::string title;
    std::int64_t open = 0;
    std::int64_t waiting = 0;
    std::int64_t fixed = 0;
    std::int64_t dismissed = 0;
    Nullable<double> precision;
    Nullable<double> precision_low;
    Nullable<double> precision_high;
    std::int64_t judged = 0;
    bool is_shown_less = false;
};
template <class V>
void fields(V& v, FindingKindOut& o) {
    v("kind", o.kind, "what sort of thing is wrong");
    v("title", o.title, "shown name");
    v("open", o.open, "findings that wait for somebody");
    v("waiting", o.waiting, "findings whose task is with people again");
    v("fixed", o.fixed, "findings that were right");
    v("dismissed", o.dismissed, "findings that were not");
    v("precision", o.precision, "fixed / (fixed + dismissed); null: fewer than five");
    v("precision_low", o.precision_low, "low end of the 95 % interval (Clopper-Pearson)");
    v("precision_high", o.precision_high, "its high end");
    v("judged", o.judged, "fixed + dismissed");
    v("is_shown_less", o.is_shown_less,
      "most are surely false alarms: its findings come behind all others");
}

struct FindingSummaryOut {
    std::vector<FindingKindOut> kinds;
    Millis checked_at = 0;
    std::vector<std::string> not_done;
    Nullable<JobOut> job;
};
template <class V>
void fields(V& v, FindingSummaryOut& o) {
    v("kinds", o.kinds, "all kinds that a project can have");
    v("checked_at", o.checked_at, "ms UTC, when the project was last checked whole; 0: never");
    v("not_done", o.not_done, "what that check did not look for, and why: sentences");
    v("job", o.job, "the check that waits or works, or null");
}

struct DecideFindingsBody {
    std::vector<std::string> findings;
    FindingVerdict verdict = FindingVerdict::dismissed;
    std::string reason;
};
template <class V>
void fields(V& v, DecideFindingsBody& o) {
    v("findings", o.findings, "f..., at most 1,000");
    v("verdict", o.verdict,
      "relabel: the task is asked of people again; fixed: done elsewhere; dismissed: it is right "
      "as it is, and not found again");
    v("reason", o.reason, "for dismissed, required: why it is right");
}

struct FindingIdsBody {
    std::vector<std::string> findings;
};
template <class V>
void fields(V& v, FindingIdsBody& o) {
    v("findings", o.findings, "f..., at most 1,000");
}

struct MendBody {
    Regions regions;
};
template <class V>
void fields(V& v, MendBody& o) {
    v("regions", o.regions, "an answer to the task, at most 5,000 regions");
}

struct RepairOut {
    std::string region;
    std::string before;
    std::string after;
};
template <class V>
void fields(V& v, RepairOut& o) {
    v("region", o.region, "its id");
    v("before", o.before, "the region in words");
    v("after", o.after, "the same, mended; empty: it goes");
}

struct MendedOut {
    Regions regions;
    std::vector<RepairOut> repairs;
};
template <class V>
void fields(V& v, MendedOut& o) {
    v("regions", o.regions, "the answer, mended");
    v("repairs", o.repairs, "what was mended; empty: nothing");
}

struct FindingRefusedOut {
    std::string id;
    std::string reason;
};
template <class V>
void fields(V& v, FindingRefusedOut& o) {
    v("id", o.id, "f...");
    v("reason", o.reason, "a sentence");
}

struct FindingsDecidedOut {
    std::int64_t decided = 0;
    std::vector<FindingRefusedOut> refused;
};
template <class V>
void fields(V& v, FindingsDecidedOut& o) {
    v("decided", o.decided, "findings that changed");
    v("refused", o.refused, "those that did not, and why");
}

struct FindingsUndoneOut {
    std::int64_t undone = 0;
    std::vector<FindingRefusedOut> refused;
};
template <class V>
void fields(V& v, FindingsUndoneOut& o) {
    v("undone", o.undone, "findings that are open again");
    v("refused", o.refused, "those that are not, and why");
}

}  // namespace countersign
