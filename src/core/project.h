// A project: one dataset, one schema, guidelines, one policy.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "core/schema.h"

namespace countersign {

/// TRUST.md section 1. Shares are probabilities in [0, 1].
struct Policy {
    double blind_share =
        0.10;  ///< Drafts exist and are not shown. Floor 0.02 while drafts are shown.
    double show_from = 0.40;  ///< Regions with a lower calibrated probability are hidden "maybes".
    double routine_from = 0.80;  ///< Drafts less likely to be kept whole are in no batch.
    int lease_minutes = 15;
    int overlap = 1;                ///< Annotations that a task needs, 1 to 10...
    double overlap_share = 1;       ///< ...for this share of the tasks; the others need one.
    double gold_share = 0;          ///< Share of handed-out tasks whose answer is known.
    int onboarding = 0;             ///< Gold tasks a new annotator answers before any other.
    double onboarding_least = 0.8;  ///< Mean score on them that passes.
    std::vector<std::string> skip_reasons;  ///< Offered at the desk; empty: a free remark.
};
template <class V>
void fields(V& v, Policy& p) {
    v("blind_share", p.blind_share,
      "share of tasks whose draft is hidden, to measure its effect; at least 0.02");
    v("show_from", p.show_from, "regions below this calibrated probability are not pre-filled");
    v("routine_from", p.routine_from,
      "drafts that people are less likely to keep as they stand come to the desk, not to a batch");
    v("lease_minutes", p.lease_minutes, "how long a task is held without a sign of life");
    v("overlap", p.overlap, "annotations a task needs, 1 to 10");
    v("overlap_share", p.overlap_share, "share of tasks that need them; the others need one");
    v("gold_share", p.gold_share, "share of handed-out tasks whose answer is known, up to 0.5");
    v("onboarding", p.onboarding, "gold tasks a new annotator answers before any other, up to 100");
    v("onboarding_least", p.onboarding_least, "mean score on those that passes, 0 to 1");
    v("skip_reasons", p.skip_reasons, "reasons to skip that the desk offers");
}
Result<Policy> check_policy(Policy policy);

struct Project {
    Id id = 0;
    std::string name;
    std::string description;
    Schema schema;
    int schema_version = 1;
    std::string guideline;  ///< Markdown.
    int guideline_version = 1;
    Policy policy;
    std::uint64_t seed = 0;  ///< Keys the arm draws.
    Millis created = 0;
    bool archived = false;
};

/// Kept up to date in the transactions that change them.
struct Progress {
    std::int64_t total = 0, ready = 0, leased = 0, done = 0, drafted = 0;
    std::int64_t accepted = 0, edited = 0, rejected = 0, created = 0, skipped = 0, imported = 0,
                 flagged = 0, disputed = 0, gold = 0;
};
template <class V>
void fields(V& v, Progress& p) {
    v("total", p.total, "tasks");
    v("ready", p.ready, "tasks that wait in the queue");
    v("leased", p.leased, "tasks with a person");
    v("done", p.done, "tasks with a countersigned label");
    v("drafted", p.drafted, "tasks with a current draft");
    v("accepted", p.accepted, "decisions: the draft as it stood");
    v("edited", p.edited, "decisions: the draft changed");
    v("rejected", p.rejected, "decisions: the draft thrown away");
    v("created", p.created, "decisions: labelled from nothing");
    v("skipped", p.skipped, "skips");
    v("imported", p.imported, "labels that came with the data");
    v("flagged", p.flagged, "decisions with a flag");
    v("disputed", p.disputed, "tasks whose answers differ, for a specialist to decide");
    v("gold", p.gold, "tasks whose answer is known; only supervisors see how many");
}

}  // namespace countersign
