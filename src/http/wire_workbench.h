// Wire types of trying models before they run.
#pragma once

#include <string>
#include <vector>

#include "app/workbench.h"
#include "base/fields.h"
#include "http/wire_models.h"
#include "http/wire_tasks.h"

namespace countersign {

struct GuessOut {
    double low = 0, mid = 0, high = 0;
};
template <class V>
void fields(V& v, GuessOut& o) {
    v("low", o.low, "low end of the 95 % interval");
    v("mid", o.mid, "the best guess");
    v("high", o.high, "high end");
}

struct PlanBody {
    int sample = 5;
};
template <class V>
void fields(V& v, PlanBody& o) {
    v("sample", o.sample, "tasks to ask about to find out, 0 to 20; 0: estimate without asking");
}

struct PlanOut {
    std::int64_t tasks = 0;
    int sampled = 0;
    int failed = 0;
    std::string how;
    std::string note;
    GuessOut tokens_in;
    GuessOut tokens_out;
    GuessOut money;
    GuessOut seconds;
    SpendOut spent;
    Nullable<double> budget_left;
    Nullable<std::int64_t> tokens_left;
    bool fits = true;
};
template <class V>
void fields(V& v, PlanOut& o) {
    v("tasks", o.tasks, "tasks that a run would ask about");
    v("sampled", o.sampled, "questions that were asked to find out");
    v("failed", o.failed, "of these, without an answer");
    v("how", o.how, "sample, or estimate: from the length of the prompts");
    v("note", o.note, "a sentence for people");
    v("tokens_in", o.tokens_in, "tokens that are sent");
    v("tokens_out", o.tokens_out, "tokens that are written");
    v("money", o.money, "by the model's prices");
    v("seconds", o.seconds, "how long it takes");
    v("spent", o.spent, "so far, this sample included");
    v("budget_left", o.budget_left, "money; null: no budget");
    v("tokens_left", o.tokens_left, "tokens; null: no budget of tokens");
    v("fits", o.fits, "the high ends are within the budget");
}

struct PromptBody {
    std::string task;
    std::optional<Json> config;
};
template <class V>
void fields(V& v, PromptBody& o) {
    v("task", o.task, "t...");
    v("config", o.config, "another config than the model's");
}

struct PromptMessageOut {
    std::string role;
    std::string text;
    bool picture = false;
};
template <class V>
void fields(V& v, PromptMessageOut& o) {
    v("role", o.role, "system, user, assistant");
    v("text", o.text, "what is said");
    v("picture", o.picture, "the item's picture goes with it");
}

struct PromptOut {
    std::string version;
    std::int64_t tokens = 0;
    std::vector<PromptMessageOut> messages;
    Json answer_schema;
};
template <class V>
void fields(V& v, PromptOut& o) {
    v("version", o.version, "names model, wording and what is asked");
    v("tokens", o.tokens, "roughly");
    v("messages", o.messages, "in order");
    v("answer_schema", o.answer_schema, "JSON Schema that the answer is held to");
}

struct TrialBody {
    int count = 20;
    std::optional<Json> config;
};
template <class V>
void fields(V& v, TrialBody& o) {
    v("count", o.count, "tasks, 1 to 20");
    v("config", o.config, "another config than the model's");
}

struct TriedTaskOut {
    std::string task;
    std::string key;
    std::optional<DraftOut> draft;
    std::string why;
};
template <class V>
void fields(V& v, TriedTaskOut& o) {
    v("task", o.task, "t...");
    v("key", o.key, "the name its source gave it");
    v("draft", o.draft, "what the model says; not stored");
    v("why", o.why, "why there is no draft");
}

struct TrialOut {
    std::vector<TriedTaskOut> tasks;
    SpendOut spent;
};
template <class V>
void fields(V& v, TrialOut& o) {
    v("tasks", o.tasks, "the next that wait");
    v("spent", o.spent, "by this trial");
}

}  // namespace countersign
