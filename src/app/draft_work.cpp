// The job that drafts ahead of people, in queue order. Items are fetched and decoded by a thread of
// their own while the net works on the one before, and drafts are written in groups: the net should
// never wait. Tasks that somebody opened meanwhile keep what they have.
#include <set>

#include "app/asking.h"
#include "app/asking_together.h"
#include "app/item_fetcher.h"
#include "app/job_work.h"
#include "app/model_chain.h"
#include "base/log.h"
#include "base/metrics.h"
#include "models/cue_answerer.h"
#include "store/model_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

/// A learner's drafts age with every version, so that only what people will soon see is drafted.
/// Pictures take a thousand times as long as texts.
struct Horizon {
    std::int64_t least, per_label;
};
constexpr Horizon text_horizon{2'000, 20}, picture_horizon{200, 5};

/// A model that has no answer to so many tasks in a row is asked no more: it costs and gives
/// nothing.
constexpr int most_failed_in_a_row = 20;

class DraftWork {
public:
    DraftWork(JobContext& context, std::shared_ptr<const Project> project)
        : context_(context),
          world_(context.world()),
          job_(context.job()),
          project_(std::move(project)) {}

    Result<> run() {
        const Id only = job_.payload.value("model", Id{0});
        job_.done = 0;
        Json told = Json::object();
        const auto models = in_drafting_order(
            world_.db.read([&](Session& s) { return list_models(s, project_->id); }));
        for (const auto& model : models) {
            const auto* kind = find_model_kind(model.kind);
            if (!model.enabled || !kind || (only != 0 && model.id != only) ||
                cue_use(kind, model.config) == CueUse::only)
                continue;
            auto open = open_model(world_, model, *project_);
            if (!open) {
                told[model.name] = open.refusal().message;
                continue;
            }
            const auto before = written_;
            read_ = models_read(model, models);
            const auto done = draft_by(model, *open);
            told[model.name] = std::to_string(written_ - before) + " drafts";
            if (waits_ > 0)
                told[model.name] = told[model.name].get<std::string>() + ", and " +
                                   std::to_string(waits_) +
                                   " tasks wait for a draft of the model that it reads";
            if (done) continue;
            // What is asked elsewhere may fail for a while without holding up the others.
            const bool elsewhere = !find_model_kind(model.kind)->embedded;
            if (!elsewhere || done.refusal().code == Code::cancelled) return done.refusal();
            told[model.name] = done.refusal().message + " It wrote " +
                               std::to_string(written_ - before) + " drafts.";
            stopped_[wire_id('k', model.id)] = told[model.name];
            if (only == model.id && done.refusal().code == Code::unavailable) {
                tell(told);
                return done.refusal();
            }
        }
        job_.total = job_.done;
        tell(told);
        return Done{};
    }

private:
    void tell(const Json& told) {
        job_.result = {{"drafts", written_}, {"failed", failed_.size()}, {"models", told}};
        if (!stopped_.empty()) job_.result["stopped"] = stopped_;
        if (job_.checkpoint.contains("spent")) job_.result["spent"] = job_.checkpoint["spent"];
    }

    bool text() const { return project_->schema.modality == Modality::text; }

    /// How many more drafts the version should have among the tasks that wait.
    std::int64_t wanted(const Model& model, Id version) {
        return world_.db.read([&](Session& s) {
            const auto missing = count_to_draft(s, project_->id, model.id, version);
            const auto stored = find_model_version(s, version);
            if (!stored || stored->learned_from == 0) return missing;
            const auto& far = text() ? text_horizon : picture_horizon;
            const auto horizon = std::max(far.least, far.per_label * stored->learned_from);
            const auto progress = find_progress(s, project_->id);
            const auto have = progress.ready + progress.gold - missing;
            return std::min(missing, std::max<std::int64_t>(0, horizon - have));
        });
    }

    Result<> draft_by(const Model& model, OpenModel& open) {
        const Id version = ensure_version(world_, model, open);
        auto left = wanted(model, version);
        job_.total = job_.done + left;
        failed_here_.clear();
        waits_ = 0;
        own_ = controls_of(model, *open.drafter, project_->schema);
        elsewhere_ = !find_model_kind(model.kind)->embedded;
        const int page = elsewhere_ ? 200 : text() ? 2'000 : 256;
        failed_in_a_row_ = 0;
        spent_before_ = elsewhere_ ? spent_by(world_, model.id) : Usage{};
        while (left > 0) {
            const auto limit = static_cast<int>(std::min<std::int64_t>(page, left));
            const auto done = TRY(draft_page(model, version, *open.drafter, limit));
            if (done == 0) break;
            left -= done;
            if (left <= 0) left = wanted(model, version);
        }
        return Done{};
    }

    /// Returns how many tasks were asked about; 0: none is left.
    Result<std::int64_t> draft_page(const Model& model, Id version, Drafter& drafter, int limit) {
        std::vector<Task> tasks;
        std::vector<std::optional<Media>> media;
        world_.db.read([&](Session& s) {
            const int with_failed = limit + static_cast<int>(failed_here_.size());
            for (auto& task : tasks_to_draft(s, project_->id, model.id, version, with_failed)) {
                if (failed_here_.contains(task.id)) continue;
                media.push_back(task.media != 0 ? find_media(s, task.media) : std::nullopt);
                tasks.push_back(std::move(task));
            }
        });
        if (tasks.empty()) return std::int64_t{0};
        if (elsewhere_) {
            const auto asked = ask_together(tasks, media, model, version);
            flush();
            if (!asked) return asked.refusal();
        } else if (text()) {
            TRY(ask_texts(tasks, version, drafter));
        } else {
            ItemFetcher fetcher(world_, project_->schema, tasks, media, drafter.enough_side(),
                                drafter.wants_medium());
            for (const auto& task : tasks) TRY(ask_one(task, version, drafter, fetcher.take()));
        }
        flush();
        return static_cast<std::int64_t>(tasks.size());
    }

    /// Several at a time, each by a drafter of its own. What was answered when one may not go on is
    /// kept.
    Result<> ask_together(const std::vector<Task>& tasks,
                          const std::vector<std::optional<Media>>& media, const Model& model,
                          Id version) {
        const auto limits = TRY(limits_from(model.config));
        AskingTogether together(world_, *project_, model, tasks, media,
                                static_cast<std::size_t>(limits.concurrency));
        std::optional<Refusal> fatal;
        while (auto answer = together.take([&] {
            note_spending(model);
            context_.report();
        })) {
            const auto code =
                answer->draft ? std::nullopt : std::optional(answer->draft.refusal().code);
            if (fatal && code) continue;
            if (code == Code::unavailable || code == Code::conflict || code == Code::forbidden ||
                code == Code::cancelled) {
                fatal = answer->draft.refusal();
                together.stop();
                continue;
            }
            // A task that waits for another model's draft is nobody's failure.
            if (code != Code::not_found) failed_in_a_row_ = code ? failed_in_a_row_ + 1 : 0;
            const std::string why = code ? answer->draft.refusal().message : std::string();
            settle(tasks[answer->index], version, std::move(answer->draft));
            if (failed_in_a_row_ >= most_failed_in_a_row && !fatal) {
                fatal = Refusal{Code::conflict, "It had no answer to " +
                                                    std::to_string(failed_in_a_row_) +
                                                    " tasks in a row. The last: " + why};
                together.stop();
            }
        }
        note_spending(model);
        if (fatal) return *fatal;
        return Done{};
    }

    void note_spending(const Model& model) {
        const auto now = spent_by(world_, model.id);
        const auto& then = spent_before_;
        job_.checkpoint = {{"spent",
                            {{"model", wire_id('k', model.id)},
                             {"calls", now.calls - then.calls},
                             {"tokens_in", now.tokens_in - then.tokens_in},
                             {"tokens_out", now.tokens_out - then.tokens_out},
                             {"money", static_cast<double>(now.micros - then.micros) / 1e6}}}};
    }

    Result<> ask_texts(const std::vector<Task>& tasks, Id version, Drafter& drafter) {
        for (const auto& task : tasks)
            TRY(ask_one(task, version, drafter, fetch_item(world_, project_->schema, task, {})));
        return Done{};
    }

    Result<> ask_one(const Task& task, Id version, Drafter& drafter, Result<Item> item) {
        auto draft = item ? ask(drafter, project_->schema, *item, context_.stop())
                          : Result<Draft>(item.refusal());
        if (!draft && (draft.refusal().code == Code::unavailable ||
                       draft.refusal().code == Code::cancelled)) {
            ++job_.done;
            return draft.refusal();
        }
        settle(task, version, std::move(draft));
        return Done{};
    }

    void settle(const Task& task, Id version, Result<Draft> draft) {
        ++job_.done;
        if (!draft && draft.refusal().code == Code::not_found) {
            failed_here_.insert(task.id);
            ++waits_;
            return;
        }
        if (!draft) {
            failed_.insert(task.id);
            failed_here_.insert(task.id);
            count(Metric::drafts_failed);
            log_warn("draft.failed",
                     {{"task", wire_id('t', task.id)}, {"why", draft.refusal().message}});
            return;
        }
        draft->task = task.id;
        draft->model_version = version;
        draft->created = world_.clock.now();
        waiting_.push_back(*std::move(draft));
        const auto modality = project_->schema.modality;
        const std::size_t group = elsewhere_                    ? 8
                                  : text()                      ? 1'000
                                  : modality == Modality::image ? 32
                                                                : 1;
        if (waiting_.size() >= group) flush();
    }

    void flush() {
        if (!waiting_.empty()) {
            std::int64_t written = 0;
            context_.save([&](Session& s) {
                auto drafts = waiting_;
                for (auto& draft : drafts) carry_others(s, project_->schema, own_, draft, read_);
                written = insert_drafts(s, project_->id, drafts, true);
            });
            count(Metric::drafts_written, static_cast<double>(written));
            written_ += written;
            // What is leased by now was not written and is not ready any more: it does not come
            // again.
            waiting_.clear();
        }
        context_.report();
    }

    JobContext& context_;
    World& world_;
    Job& job_;
    std::shared_ptr<const Project> project_;
    std::set<std::string> own_;  ///< Controls that the model at work drafts.
    std::vector<Id> read_;       ///< Models whose drafts it reads.
    std::int64_t waits_ = 0;     ///< Tasks that these have not drafted.
    std::vector<Draft> waiting_;
    std::set<Id> failed_, failed_here_;
    std::int64_t written_ = 0;
    bool elsewhere_ = false;  ///< The model at work is.
    int failed_in_a_row_ = 0;
    Json stopped_ = Json::object();  ///< Models that stopped early, and why.
    Usage spent_before_;             ///< By the model at work, when it began.
};

}  // namespace

Result<> run_draft(JobContext& context) {
    auto& world = context.world();
    auto project = world.cache->project(world.db, world.clock, context.job().project);
    if (!project) return Refusal{Code::not_found, "The project to draft is gone."};
    return DraftWork(context, std::move(project)).run();
}

}  // namespace countersign
