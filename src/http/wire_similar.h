// Wire types of the search for similar items. Rows are appended by hand, like those of lists.
#pragma once

#include <string>
#include <vector>

#include "app/similar.h"
#include "base/fields.h"
#include "http/wire_jobs.h"
#include "http/wire_tasks.h"

namespace countersign {

struct SimilarTaskOut {
    double score = 0;
    TaskRowOut row;
};
template <class V>
void fields(V& v, SimilarTaskOut& o) {
    v("score", o.score, "1: the same, 0: nothing in common");
    v("row", o.row, "the task, as in lists");
}

struct SimilarOut {
    std::string state;
    std::string why;
    std::vector<SimilarTaskOut> items;
    Nullable<JobOut> job;
};
template <class V>
void fields(V& v, SimilarOut& o) {
    v("state", o.state, "ready, preparing (ask again), or none: POST .../similar/prepare");
    v("why", o.why, "a sentence when there are no items");
    v("items", o.items, "most alike first");
    v("job", o.job, "the latest that prepares, unless ready");
}

struct SimilarBody {
    std::string text;
    std::string filter;
    std::optional<int> limit;
};
template <class V>
void fields(V& v, SimilarBody& o) {
    v("text", o.text, "1 to 10,000 bytes of UTF-8");
    v("filter", o.filter, "only tasks that match");
    v("limit", o.limit, "1 to 200; 50");
}

}  // namespace countersign
