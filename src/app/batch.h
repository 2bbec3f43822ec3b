// Batch review: routine drafts of one class in one look, all but the marked accepted together, and
// very large batches by a random sample whose bound is stated. Every public function is one use
// case; the answers are ordinary ones (record_answer), so that overlap, counters and learning work.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/people.h"
#include "store/batch_store.h"

namespace countersign {

/// Tasks of one class that the caller may take in a batch, and what is to be expected of them.
struct ClassTotal {
    ItemClass what;
    std::int64_t count = 0;
    std::int64_t calibrated = 0;  ///< Of them with a calibrated probability.
    double expected_wrong = 0;    ///< Sum of 1 - probability, tasks.
};

struct BatchItem {
    Task task;
    Media media;  ///< id 0 for text.
    Assignment assignment;
    Regions regions;  ///< As they would be accepted.
    double probability = 0;
    bool calibrated = false;
};

/// What the caller decided on a page.
struct BatchAnswer {
    struct Held {
        Id task = 0, assignment = 0;
    };
    std::vector<Held> tasks;
    std::vector<Id> marked;  ///< Of them: left to the desk.
    std::int64_t active_ms = 0;
    std::string idempotency_key;
};

/// How a batch stands after a step. `remaining`: tasks that the step left for a further call.
struct BatchStand {
    Batch batch;
    std::int64_t accepted = 0, marked = 0, lost = 0, remaining = 0;
    Progress progress;
};

struct BatchPage {
    ClassTotal total;
    std::vector<BatchItem> items;      ///< Least certain first; held by the caller.
    std::optional<BatchStand> sample;  ///< The caller's last of this class, if it is not finished.
};

/// Sample sizes that would show the bound wanted with no, one or two errors found.
struct SamplePlan {
    std::int64_t population = 0;
    std::vector<std::optional<std::int64_t>> sizes;
};

struct SampleAsk {
    ItemClass what;
    double alpha = 0.02;  ///< Largest share of wrong ones in the whole, (0, 0.5].
    double delta = 0.05;  ///< Confidence is 1 - delta, (0, 0.5].
    int errors = 0;       ///< Errors that the sample is sized for, 0 to 2.
};

class Batches {
public:
    static constexpr int most_items = 200;  ///< A page, and a step over a large batch.
    explicit Batches(World& world) : world_(world) {}

    /// Every class with tasks for this caller, most tasks first.
    Result<std::vector<ClassTotal>> classes(const Caller& caller, Id project);
    /// Takes the least certain tasks of a class, at most `limit`, and holds them for the caller.
    Result<BatchPage> open(const Caller& caller, Id project, const ItemClass& what, int limit);
    /// Accepts what the caller holds but the marked ones, in one transaction; those that passed on
    /// in the meantime are left out and counted as lost.
    Result<BatchStand> accept(const Caller& caller, Id project, const ItemClass& what,
                              const BatchAnswer& answer);
    /// Takes a batch back, up to `most_undone` tasks a call. Refuses while anything later was
    /// decided on one of its tasks.
    Result<BatchStand> undo(const Caller& caller, Id batch);

    Result<SamplePlan> plan(const Caller& caller, Id project, const SampleAsk& ask);
    /// Fixes the population and draws its sample.
    Result<BatchStand> draw(const Caller& caller, Id project, const SampleAsk& ask);
    struct Sampled {
        BatchStand stand;
        std::vector<BatchItem> items;  ///< Of the sample, not reviewed yet; held by the caller.
    };
    Result<Sampled> sample(const Caller& caller, Id batch);
    /// Accepts and marks within the sample. When none of it is left the bound is stated; a task
    /// that somebody else took counts as wrong.
    Result<BatchStand> review(const Caller& caller, Id batch, const BatchAnswer& answer);
    /// Accepts the next tasks on the sample's word, if its bound allows.
    Result<BatchStand> rest(const Caller& caller, Id batch);

private:
    World& world_;
};

}  // namespace countersign
