// Wire types of batch review.
#pragma once

#include <string>
#include <vector>

#include "app/batch.h"
#include "http/wire_tasks.h"

namespace countersign {

struct ClassTotalOut {
    std::string control, label;
    std::int64_t count = 0, calibrated = 0;
    double expected_wrong = 0;
};
template <class V>
void fields(V& v, ClassTotalOut& o) {
    v("control", o.control, "the control the drafts answer");
    v("label", o.label, "the one label that all of each draft has");
    v("count", o.count, "tasks that wait and may be taken in a batch");
    v("calibrated", o.calibrated, "of them with a calibrated probability");
    v("expected_wrong", o.expected_wrong,
      "sum of 1 - probability; what the model claims counts where nothing is calibrated");
}

struct BatchOpenBody {
    std::string control, label;
    int limit = 48;
};
template <class V>
void fields(V& v, BatchOpenBody& o) {
    v("control", o.control, "name of a control");
    v("label", o.label, "one of its labels");
    v("limit", o.limit, "tasks to hold, 1 to 200");
}

struct BatchItemOut {
    TaskOut task;
    Nullable<MediaOut> media;
    std::string assignment;
    Millis until = 0;
    std::vector<Region> regions;
    double probability = 0;
    bool calibrated = false;
};
template <class V>
void fields(V& v, BatchItemOut& o) {
    v("task", o.task, "the task");
    v("media", o.media, "null: text");
    v("assignment", o.assignment, "s...: the lease token");
    v("until", o.until, "ms UTC: held until then");
    v("regions", o.regions, "what would be accepted");
    v("probability", o.probability, "that it is right, 0 to 1");
    v("calibrated", o.calibrated, "false: the model's own claim");
}

struct BatchHeldBody {
    std::string task, assignment;
};
template <class V>
void fields(V& v, BatchHeldBody& o) {
    v("task", o.task, "t...");
    v("assignment", o.assignment, "s...");
}

struct BatchAcceptBody {
    std::string control, label;
    std::vector<BatchHeldBody> tasks;
    std::vector<std::string> marked;
    std::int64_t active_ms = 0;
};
template <class V>
void fields(V& v, BatchAcceptBody& o) {
    v("control", o.control, "name of the control");
    v("label", o.label, "one of its labels");
    v("tasks", o.tasks, "all that were looked at, 1 to 200");
    v("marked", o.marked, "t... of them that are left to the desk");
    v("active_ms", o.active_ms, "visible and active time");
}

struct BatchReviewBody {
    std::vector<BatchHeldBody> tasks;
    std::vector<std::string> marked;
    std::int64_t active_ms = 0;
};
template <class V>
void fields(V& v, BatchReviewBody& o) {
    v("tasks", o.tasks, "those of the sample that were looked at, 1 to 200");
    v("marked", o.marked, "t... of them that are wrong");
    v("active_ms", o.active_ms, "visible and active time");
}

struct BatchOut {
    std::string id, control, label;
    std::int64_t population = 0, sample = 0;
    double alpha = 0, delta = 0;
    std::int64_t errors = -1, most_wrong = -1;
    std::int64_t accepted = 0, marked = 0, lost = 0, remaining = 0;
    bool undone = false;
    Progress progress;
};
template <class V>
void fields(V& v, BatchOut& o) {
    v("id", o.id, "b...");
    v("control", o.control, "the control");
    v("label", o.label, "the label");
    v("population", o.population, "tasks a sample answers for; 0: each was looked at");
    v("sample", o.sample, "tasks of the sample");
    v("alpha", o.alpha, "largest share of wrong ones asked for");
    v("delta", o.delta, "the bound holds with confidence 1 - delta");
    v("errors", o.errors, "wrong or lost in the sample; -1: not reviewed yet");
    v("most_wrong", o.most_wrong, "the bound: at most so many of the population; -1: not yet");
    v("accepted", o.accepted, "tasks accepted so far");
    v("marked", o.marked, "tasks left to the desk");
    v("lost", o.lost, "tasks that somebody else took in the meantime");
    v("remaining", o.remaining, "tasks that this step left: send it again");
    v("undone", o.undone, "taken back as a whole");
    v("progress", o.progress, "counters of the project");
}

struct BatchPageOut {
    ClassTotalOut total;
    std::vector<BatchItemOut> items;
    Nullable<BatchOut> sample;
};
template <class V>
void fields(V& v, BatchPageOut& o) {
    v("total", o.total, "all tasks of the class");
    v("items", o.items, "least certain first");
    v("sample", o.sample, "one's own sample of this class that is not finished, or null");
}

struct SampleBody {
    std::string control, label;
    double alpha = 0.02, delta = 0.05;
    int errors = 0;
};
template <class V>
void fields(V& v, SampleBody& o) {
    v("control", o.control, "name of a control");
    v("label", o.label, "one of its labels");
    v("alpha", o.alpha, "largest share of wrong ones in the whole");
    v("delta", o.delta, "the bound is to hold with confidence 1 - delta");
    v("errors", o.errors, "wrong ones that the sample is sized for, 0 to 2");
}

struct SamplePlanOut {
    std::int64_t population = 0;
    std::vector<std::int64_t> sizes;
};
template <class V>
void fields(V& v, SamplePlanOut& o) {
    v("population", o.population, "tasks of the class");
    v("sizes", o.sizes, "sample sizes that show the bound with 0, 1 and 2 errors; -1: none does");
}

struct SampledOut {
    BatchOut batch;
    std::vector<BatchItemOut> items;
};
template <class V>
void fields(V& v, SampledOut& o) {
    v("batch", o.batch, "how it stands");
    v("items", o.items, "of the sample, not reviewed yet, at most 200");
}

}  // namespace countersign
