// Trying a model before it runs: what a run would take, what it is told about a task, what it says
// about some, and which of two ways of asking is right more often where the answer is known.
//
// Nothing here writes drafts. Real questions are paid for and count against the budget; answers
// that made sense are kept, so that a run after a trial does not pay for them again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/spend.h"
#include "app/world.h"
#include "core/job.h"
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
    std::string task;
    double a = 0, b = 0;
    std::string why_a, why_b;
};
template <class V>
void fields(V& v, ComparedTask& o) {
    v("task", o.task, "t...");
    v("a", o.a, "F1 of its answer, 0 to 1");
    v("b", o.b, "the same of the second");
    v("why_a", o.why_a, "why there is no answer");
    v("why_b", o.why_b, "the same of the second");
}

/// The result of a job of kind "compare".
struct Comparison {
    std::string known_by;
    std::string verdict;
    double a = 0, b = 0;
    double difference = 0, low = 0, high = 0;
    std::int64_t both = 0, only_a = 0, only_b = 0, neither = 0;
    double p = 1;
    SpendOut spent;
    std::vector<ComparedTask> tasks;
};
template <class V>
void fields(V& v, Comparison& o) {
    v("known_by", o.known_by, "gold, or blind: answers given without seeing a draft");
    v("verdict", o.verdict, "a sentence for people");
    v("a", o.a, "mean F1 of the first way of asking");
    v("b", o.b, "mean F1 of the second");
    v("difference", o.difference, "b minus a");
    v("low", o.low, "of its 95 % interval, by paired bootstrap over tasks");
    v("high", o.high, "of its 95 % interval");
    v("both", o.both, "tasks that both have all right");
    v("only_a", o.only_a, "only the first");
    v("only_b", o.only_b, "only the second");
    v("neither", o.neither, "neither");
    v("p", o.p, "McNemar's exact test of only_a against only_b");
    v("spent", o.spent, "by this comparison");
    v("tasks", o.tasks, "one by one");
}

/// Two ways of asking: a config each (null: the model's own), the second perhaps of another model
/// of the project.
struct CompareAsk {
    Json a, b;
    std::string other;
    int most = 50;
};
template <class V>
void fields(V& v, CompareAsk& o) {
    v("a", o.a, "a config; null: the model's");
    v("b", o.b, "another; null: the model's, or the other model's");
    v("other", o.other, "k...: the second way is this model's; empty: the same model's");
    v("most", o.most, "tasks, 1 to 200");
}

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
    /// Queues a job that asks both ways about the same `most` tasks: gold ones, else those that
    /// somebody answered without seeing a draft. Its result is a Comparison. What cannot be
    /// compared is refused at once.
    Result<Job> start_compare(const Caller& caller, Id model, const CompareAsk& ask);

private:
    World& world_;
};

/// F1 of `said` against `right`, over the answers to `controls`: labels and spans alike, boxes with
/// an IoU of at least 0.5, texts but for case and white space. 1 when both are empty.
double answer_score(const Regions& right, const Regions& said,
                    const std::vector<std::string>& controls);

}  // namespace countersign
