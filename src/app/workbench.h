// Trying a model before it runs: what a run would take, what it is told about a task, what it says
// about some, and which of two ways of asking is right more often where the answer is known.
//
// Nothing here writes drafts. Real questions are paid for and count against the budget; answers
// that made sense are kept, so that a run after a trial does not pay for them again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/model.h"
#include "core/people.h"
#include "core/task.h"
#include "models/connector.h"
#include "models/prompt.h"
#include "quality/paired.h"

namespace countersign {

/// A figure and its interval of 95 %.
struct Guess {
    double low = 0, mid = 0, high = 0;
};

struct RunPlan {
    std::int64_t tasks = 0;  ///< Without a draft by this way of asking.
    int sampled = 0;         ///< Questions that were asked to find out.
    int failed = 0;          ///< Of these, without an answer.
    std::string how;         ///< "sample" or "estimate": how the figures came about.
    std::string note;        ///< A sentence for people.
    Guess tokens_in, tokens_out, money, seconds;
    Usage spent;                        ///< So far, this plan included.
    std::optional<double> budget_left;  ///< Money; none: no budget.
    std::optional<std::int64_t> tokens_left;
    bool fits = true;  ///< The high guess is within the budget.
};

struct TriedTask {
    Task task;
    std::optional<Draft> draft;
    std::string why;  ///< Why there is none.
};
struct ModelTrial {
    std::vector<TriedTask> tasks;
    Usage spent;  ///< By this trial.
};

struct ComparedTask {
    Task task;
    double a = 0, b = 0;       ///< F1 of the regions, 0 to 1.
    std::string why_a, why_b;  ///< Why there is no answer.
};
struct Comparison {
    std::string known_by;  ///< "gold" or "blind": where the right answers come from.
    std::vector<ComparedTask> tasks;
    double a = 0, b = 0;                                         ///< Mean F1.
    PairedDifference difference;                                 ///< b minus a.
    std::int64_t only_a = 0, only_b = 0, both = 0, neither = 0;  ///< Tasks all right.
    double p = 1;  ///< McNemar's, of only_a and only_b.
    Usage spent;
    std::string verdict;  ///< A sentence for people.
};

struct TaskPrompt {
    Prompt prompt;
    std::string version;
    std::int64_t tokens = 0;
};

class Workbench {
public:
    static constexpr int most_tried = 20, most_sampled = 20, most_compared = 200;
    explicit Workbench(World& world) : world_(world) {}

    // `config`: another one than the model has; it is checked as if it were set.

    /// Asks about `sample` tasks (0: none, the figures are estimates) to find out what a run takes.
    Result<RunPlan> plan(const Caller& caller, Id project, Id model, int sample);
    /// Refuses (unsupported) a model that is told no prompt.
    Result<TaskPrompt> prompt(const Caller& caller, Id model, Id task,
                              const std::optional<Json>& config);
    /// The next `count` tasks that wait.
    Result<ModelTrial> try_on(const Caller& caller, Id model, int count,
                              const std::optional<Json>& config);
    /// Both ways on the same `most` tasks: gold ones, else those that somebody answered without
    /// seeing a draft.
    Result<Comparison> compare(const Caller& caller, Id model, const Json& a, const Json& b,
                               int most);

private:
    World& world_;
};

/// F1 of `said` against `right`, over the answers to `controls`: labels and spans alike, boxes with
/// an IoU of at least 0.5, texts but for case and white space. 1 when both are empty.
double answer_score(const Regions& right, const Regions& said,
                    const std::vector<std::string>& controls);

}  // namespace countersign
