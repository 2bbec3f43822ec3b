#include "app/workbench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "app/asking.h"
#include "app/asking_together.h"
#include "app/job_work.h"
#include "app/prefill.h"
#include "core/label_names.h"
#include "models/chat.h"
#include "quality/near_duplicates.h"
#include "store/gold_store.h"
#include "store/model_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

struct Subject {
    Model model;
    std::shared_ptr<const Project> project;
    const ModelKind* kind = nullptr;
};

Result<Subject> subject_of(World& world, Id id, const std::optional<Json>& config) {
    const auto model = world.db.read([&](Session& s) { return find_model(s, id); });
    if (!model) return Refusal{Code::not_found, "There is no model " + wire_id('k', id) + "."};
    Subject out{*model, world.cache->project(world.db, world.clock, model->project),
                find_model_kind(model->kind)};
    if (!out.project || !out.kind)
        return Refusal{Code::conflict, "\"" + model->name + "\" is no model that can be asked."};
    if (config && !config->is_null() && !config->empty()) out.model.config = *config;
    return out;
}

struct Items {
    std::vector<Task> tasks;
    std::vector<std::optional<Media>> media;
};

void find_media_of(Session& s, Items& items) {
    for (const auto& task : items.tasks)
        items.media.push_back(task.media != 0 ? find_media(s, task.media) : std::nullopt);
}

/// An id that no version has, so that every waiting task counts as without a draft.
constexpr Id no_such_version = -1;

Items waiting_tasks(World& world, const Model& model, Id version, int most) {
    return world.db.read([&](Session& s) {
        Items items;
        items.tasks = tasks_to_draft(s, model.project, model.id, version, most);
        find_media_of(s, items);
        return items;
    });
}

/// The version that a run would write under, if there is one yet.
Id version_of(World& world, const Model& model, const Drafter& drafter) {
    const auto latest = world.db.read([&](Session& s) { return latest_version(s, model.id); });
    const bool same = latest && latest->name == drafter.version() && latest->quality.is_object() &&
                      latest->quality.value("config", Json()) == model.config;
    return same ? latest->id : no_such_version;
}

Usage since(const Usage& now, const Usage& then) {
    return {now.calls - then.calls, now.tokens_in - then.tokens_in,
            now.tokens_out - then.tokens_out, now.micros - then.micros};
}

int limit_of(const Model& model) {
    const auto limits = limits_from(model.config);
    return limits ? limits->concurrency : 1;
}

/// Drafts of the tasks, in their order. `tick` is told how many there are by now, may throw, and is
/// called now and then.
std::vector<Result<Draft>> drafts_by(World& world, const Subject& subject, const Items& items,
                                     const std::function<void(std::int64_t)>& tick) {
    std::vector<Result<Draft>> out(items.tasks.size(),
                                   Refusal{Code::cancelled, "It was not asked any more."});
    AskingTogether together(world, *subject.project, subject.model, items.tasks, items.media,
                            static_cast<std::size_t>(limit_of(subject.model)));
    std::int64_t done = 0;
    while (auto answer = together.take([&] { tick(done); })) {
        const bool over = !answer->draft && (answer->draft.refusal().code == Code::unavailable ||
                                             answer->draft.refusal().code == Code::conflict);
        if (over) together.stop();
        out[answer->index] = std::move(answer->draft);
        tick(++done);
    }
    return out;
}

// ------------------------------------------------------------------------------------------- plans

/// Student's t, 97.5 %, for 1 to 19 degrees of freedom.
constexpr double t_quantiles[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                  2.306,  2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
                                  2.131,  2.120, 2.110, 2.101, 2.093};

/// The sum over `many` of which `values` are a sample. With one value: half to twice.
Guess sum_of(const std::vector<double>& values, double many) {
    if (values.empty()) return {};
    const auto n = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / n;
    for (const double value : values) squares += (value - mean) * (value - mean);
    if (values.size() < 2) return {mean * many / 2, mean * many, mean * many * 2};
    const auto row = std::min(values.size() - 2, std::size(t_quantiles) - 1);
    const double half = t_quantiles[row] * std::sqrt(squares / (n - 1) / n);
    return {std::max(0.0, mean - half) * many, mean * many, (mean + half) * many};
}

struct Measured {
    std::vector<double> tokens_in, tokens_out, money, seconds;
};

void ask_sample(World& world, const Subject& subject, Drafter& drafter, const Items& items,
                RunPlan& plan, Measured& out) {
    for (std::size_t i = 0; i < items.tasks.size(); ++i) {
        const auto before = spent_by(world, subject.model.id);
        const auto began = std::chrono::steady_clock::now();
        const auto item = fetch_item(world, subject.project->schema, items.tasks[i], items.media[i],
                                     drafter.enough_side(), {}, drafter.wants_medium());
        const auto draft =
            item ? ask(drafter, subject.project->schema, *item, {}) : Result<Draft>(item.refusal());
        ++plan.sampled;
        if (!draft) {
            ++plan.failed;
            plan.note = draft.refusal().message;
            if (draft.refusal().code == Code::unavailable || draft.refusal().code == Code::conflict)
                return;
            continue;
        }
        const auto took = since(spent_by(world, subject.model.id), before);
        if (took.calls == 0) continue;  // It was answered before, and kept.
        out.tokens_in.push_back(static_cast<double>(took.tokens_in));
        out.tokens_out.push_back(static_cast<double>(took.tokens_out));
        out.money.push_back(static_cast<double>(took.micros) / 1e6);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
        out.seconds.push_back(seconds.count());
    }
}

/// From the prompts alone. An answer is taken to have a tenth of the tokens that it may have.
void estimate(World& world, const Subject& subject, ChatDrafter& drafter, const Items& items,
              RunPlan& plan, Measured& out) {
    const auto limits = limits_from(subject.model.config);
    const double longest = subject.model.config.value("max_tokens", Json(1024)).get<double>();
    for (std::size_t i = 0; i < items.tasks.size(); ++i) {
        const auto item =
            fetch_item(world, subject.project->schema, items.tasks[i], items.media[i]);
        if (!item) continue;
        DraftAsk ask{item->text, item->image.bgr.empty() ? nullptr : &item->image, nullptr};
        ask.task = item->task;
        const auto shown = drafter.show(ask);
        if (!shown) {
            plan.note = shown.refusal().message;
            continue;
        }
        const Usage usage{1, shown->tokens, static_cast<std::int64_t>(longest / 10), 0};
        out.tokens_in.push_back(static_cast<double>(usage.tokens_in));
        out.tokens_out.push_back(static_cast<double>(usage.tokens_out));
        if (limits) out.money.push_back(static_cast<double>(limits->micros_of(usage)) / 1e6);
    }
}

void hold_against_budget(const ConnectorLimits& limits, RunPlan& plan) {
    if (limits.budget > 0) {
        plan.budget_left.emplace(
            std::max(0.0, limits.budget - static_cast<double>(plan.spent.micros) / 1e6));
        plan.fits = plan.fits && plan.money.high <= *plan.budget_left;
    }
    if (limits.budget_tokens > 0) {
        plan.tokens_left.emplace(
            std::max<std::int64_t>(0, limits.budget_tokens - plan.spent.tokens()));
        plan.fits = plan.fits && plan.tokens_in.high + plan.tokens_out.high <=
                                     static_cast<double>(*plan.tokens_left);
    }
}

// --------------------------------------------------------------------------------------
// comparisons

bool same_answer(const Region& a, const Region& b) {
    if (a.control != b.control || a.kind != b.kind) return false;
    if (a.kind == ControlKind::text) return normal_text(a.text) == normal_text(b.text);
    auto left = a.labels, right = b.labels;
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    if (left != right) return false;
    if (a.kind == ControlKind::spans) return a.start == b.start && a.end == b.end;
    return !facts_of(a.kind).drawn || iou(a, b) >= 0.5;
}

struct Known {
    Items items;
    std::vector<Regions> right;
    std::string by;
};

Known known_answers(World& world, const Project& project, int most) {
    Known out;
    const LabelNames names(project.schema);
    world.db.read([&](Session& s) {
        out.by = "gold";
        for (const auto& row : list_gold(s, project.id, 0, most))
            if (const auto gold = find_gold(s, project.id, row.task.id)) {
                out.items.tasks.push_back(row.task);
                out.right.push_back(names.now(gold->regions));
            }
        if (out.items.tasks.empty()) {
            out.by = "blind";
            constexpr int page = 2'000;
            for (Id after = 0; static_cast<int>(out.right.size()) < most;) {
                const auto rows = labels_to_learn(s, project.id, after, page);
                if (rows.empty()) break;
                after = rows.back().task;
                for (const auto& row : rows) {
                    if (row.arm != Arm::blind || static_cast<int>(out.right.size()) >= most)
                        continue;
                    const auto task = find_task(s, row.task);
                    if (!task) continue;
                    out.items.tasks.push_back(*task);
                    out.right.push_back(names.now(row.regions));
                }
            }
        }
        find_media_of(s, out.items);
    });
    return out;
}

std::string verdict_of(const Comparison& c) {
    const auto n = c.tasks.size();
    if (c.low > 0) return "The second is better on these tasks.";
    if (c.high < 0) return "The first is better on these tasks.";
    return "These " + std::to_string(n) +
           " tasks do not tell them apart: mark more gold, or take the cheaper one.";
}

Refusal out_of(std::string_view what, int most) {
    return {Code::invalid,
            "\"" + std::string(what) + "\" must be from 1 to " + std::to_string(most) + "."};
}

}  // namespace

double answer_score(const Regions& right, const Regions& said,
                    const std::vector<std::string>& controls) {
    const auto asked = [&](const Region& region) {
        return controls.empty() ||
               std::find(controls.begin(), controls.end(), region.control) != controls.end();
    };
    std::vector<const Region*> wanted;
    for (const auto& region : right)
        if (asked(region)) wanted.push_back(&region);
    double all = static_cast<double>(wanted.size()), found = 0;
    for (const auto& region : said) {
        if (!asked(region)) continue;
        ++all;
        const auto match = std::find_if(wanted.begin(), wanted.end(), [&](const Region* known) {
            return same_answer(*known, region);
        });
        if (match == wanted.end()) continue;
        ++found;
        wanted.erase(match);
    }
    return all > 0 ? 2 * found / all : 1;
}

Result<RunPlan> Workbench::plan(const Caller&, Id project, Id model, int sample) {
    if (sample < 0 || sample > most_sampled)
        return Refusal{Code::invalid,
                       "\"sample\" must be from 0 to " + std::to_string(most_sampled) + "."};
    const auto subject = TRY(subject_of(world_, model, std::nullopt));
    if (subject.model.project != project)
        return Refusal{Code::not_found, "The project has no model " + wire_id('k', model) + "."};
    const auto limits = TRY(limits_from(subject.model.config));
    const auto open = TRY(open_model(world_, subject.model, *subject.project));
    const Id version = version_of(world_, subject.model, *open.drafter);
    RunPlan plan;
    plan.tasks = world_.db.read(
        [&](Session& s) { return count_to_draft(s, project, subject.model.id, version); });
    Measured measured;
    plan.how = "sample";
    if (sample > 0)
        ask_sample(world_, subject, *open.drafter,
                   waiting_tasks(world_, subject.model, version, sample), plan, measured);
    auto* chat = dynamic_cast<ChatDrafter*>(open.drafter.get());
    if (measured.tokens_in.empty() && chat) {
        plan.how = "estimate";
        estimate(world_, subject, *chat,
                 waiting_tasks(world_, subject.model, version, most_sampled), plan, measured);
    }
    const auto many = static_cast<double>(plan.tasks);
    plan.tokens_in = sum_of(measured.tokens_in, many);
    plan.tokens_out = sum_of(measured.tokens_out, many);
    plan.money = sum_of(measured.money, many);
    plan.seconds = sum_of(measured.seconds, many / limits.concurrency);
    plan.spent = spent_by(world_, subject.model.id);
    hold_against_budget(limits, plan);
    if (plan.note.empty())
        plan.note = plan.how == "sample"
                        ? "From " + std::to_string(measured.tokens_in.size()) + " real questions."
                        : "From the length of the prompts: no question was asked.";
    return plan;
}

Result<TaskPrompt> Workbench::prompt(const Caller&, Id model, Id task_id,
                                     const std::optional<Json>& config) {
    const auto subject = TRY(subject_of(world_, model, config));
    const auto open = TRY(open_model(world_, subject.model, *subject.project));
    auto* chat = dynamic_cast<ChatDrafter*>(open.drafter.get());
    if (!chat)
        return Refusal{Code::unsupported,
                       "\"" + subject.model.name + "\" is told no prompt: it is given the item."};
    Items items;
    world_.db.read([&](Session& s) {
        if (const auto task = find_task(s, task_id)) items.tasks.push_back(*task);
        find_media_of(s, items);
    });
    if (items.tasks.empty() || items.tasks[0].project != subject.model.project)
        return Refusal{Code::not_found,
                       "There is no task " + wire_id('t', task_id) + " in the model's project."};
    const auto item = TRY(fetch_item(world_, subject.project->schema, items.tasks[0],
                                     items.media[0], open.drafter->enough_side()));
    DraftAsk ask{item.text, item.image.bgr.empty() ? nullptr : &item.image, nullptr};
    ask.task = item.task;
    auto shown = TRY(chat->show(ask));
    return TaskPrompt{std::move(shown.prompt), std::move(shown.version), shown.tokens};
}

Result<ModelTrial> Workbench::try_on(const Caller&, Id model, int count,
                                     const std::optional<Json>& config) {
    if (count < 1 || count > most_tried) return out_of("count", most_tried);
    const auto subject = TRY(subject_of(world_, model, config));
    TRY(open_model(world_, subject.model, *subject.project));
    const auto before = spent_by(world_, model);
    auto items = waiting_tasks(world_, subject.model, no_such_version, count);
    auto drafts = drafts_by(world_, subject, items, [](std::int64_t) {});
    ModelTrial out;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        TriedTask tried{std::move(items.tasks[i]), std::nullopt, {}};
        if (drafts[i])
            tried.draft = *std::move(drafts[i]);
        else
            tried.why = drafts[i].refusal().message;
        out.tasks.push_back(std::move(tried));
    }
    out.spent = since(spent_by(world_, model), before);
    return out;
}

namespace {

/// Two ways of asking that can be held against each other.
struct Contest {
    Subject first, second;
    std::vector<std::string> shared;  ///< Controls that both answer.
    Known known;
};

Result<Contest> contest_of(World& world, Id model, const CompareAsk& ask) {
    if (ask.most < 1 || ask.most > Workbench::most_compared)
        return out_of("most", Workbench::most_compared);
    Id other = model;
    if (!ask.other.empty()) {
        const auto named = parse_id('k', ask.other);
        if (!named) return Refusal{Code::invalid, "\"other\" must be the id of a model, as k..."};
        other = *named;
    }
    Contest out;
    out.first = TRY(subject_of(world, model, ask.a));
    out.second = TRY(subject_of(world, other, ask.b));
    if (out.second.model.project != out.first.model.project)
        return Refusal{Code::not_found, "The project has no model " + wire_id('k', other) + "."};
    const auto answers = [&](const Subject& by) -> Result<std::set<std::string>> {
        const auto open = TRY(open_model(world, by.model, *by.project));
        return controls_of(by.model, *open.drafter, by.project->schema);
    };
    const auto first = TRY(answers(out.first)), second = TRY(answers(out.second));
    std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                          std::back_inserter(out.shared));
    if (out.shared.empty())
        return Refusal{Code::invalid, "The two ways of asking have no control in common."};
    out.known = known_answers(world, *out.first.project, ask.most);
    if (out.known.items.tasks.empty())
        return Refusal{Code::conflict,
                       "No task has a known answer: mark some as gold, or label with blind "
                       "controls on."};
    return out;
}

Comparison comparison_of(const Contest& contest, const std::vector<Result<Draft>>& by_first,
                         const std::vector<Result<Draft>>& by_second) {
    Comparison out;
    out.known_by = contest.known.by;
    std::vector<double> scores_a, scores_b;
    const auto n = static_cast<double>(by_first.size());
    for (std::size_t i = 0; i < by_first.size(); ++i) {
        ComparedTask row;
        row.task = wire_id('t', contest.known.items.tasks[i].id);
        const auto score = [&](const Result<Draft>& draft, std::string& why) {
            if (draft) return answer_score(contest.known.right[i], draft->regions, contest.shared);
            why = draft.refusal().message;
            return 0.0;
        };
        row.a = score(by_first[i], row.why_a);
        row.b = score(by_second[i], row.why_b);
        scores_a.push_back(row.a);
        scores_b.push_back(row.b);
        const bool right_a = row.a == 1, right_b = row.b == 1;
        ++(right_a ? (right_b ? out.both : out.only_a) : (right_b ? out.only_b : out.neither));
        out.a += row.a / n;
        out.b += row.b / n;
        out.tasks.push_back(std::move(row));
    }
    const auto difference = paired_difference(scores_a, scores_b, contest.first.project->seed);
    out.difference = difference.difference;
    out.low = difference.interval.low;
    out.high = difference.interval.high;
    out.p = mcnemar(out.only_a, out.only_b);
    out.verdict = verdict_of(out);
    return out;
}

/// Of both models, where they are two.
Usage spent_by_both(World& world, const Contest& contest) {
    auto spent = spent_by(world, contest.first.model.id);
    if (contest.second.model.id != contest.first.model.id)
        spent += spent_by(world, contest.second.model.id);
    return spent;
}

/// `tick` is told how many of the questions, two a task, are answered; it may throw.
Comparison compared(World& world, const Contest& contest,
                    const std::function<void(std::int64_t)>& tick) {
    const auto each = static_cast<std::int64_t>(contest.known.items.tasks.size());
    const auto before = spent_by_both(world, contest);
    const auto by_first = drafts_by(world, contest.first, contest.known.items, tick);
    const auto by_second = drafts_by(world, contest.second, contest.known.items,
                                     [&](std::int64_t done) { tick(each + done); });
    auto out = comparison_of(contest, by_first, by_second);
    out.spent = spend_out(since(spent_by_both(world, contest), before));
    return out;
}

}  // namespace

Result<Job> Workbench::start_compare(const Caller& caller, Id model, const CompareAsk& ask) {
    const auto contest = TRY(contest_of(world_, model, ask));
    Json payload = to_json(ask);
    payload["model"] = wire_id('k', model);
    return queue_job(world_, contest.first.model.project, "compare", std::move(payload),
                     caller.person);
}

Result<> run_compare(JobContext& context) {
    auto& world = context.world();
    auto& job = context.job();
    Json payload = job.payload;
    const auto model = parse_id('k', payload.value("model", std::string()));
    payload.erase("model");
    const auto asked = TRY(from_json<CompareAsk>(payload));
    const auto contest = TRY(contest_of(world, model.value_or(0), asked));
    job.total = 2 * static_cast<std::int64_t>(contest.known.items.tasks.size());
    const auto comparison = compared(world, contest, [&](std::int64_t done) {
        job.done = done;
        context.report();
    });
    job.done = job.total;
    job.result = to_json(comparison);
    return Done{};
}

}  // namespace countersign
