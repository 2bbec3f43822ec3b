// The job that drafts ahead of people, in queue order. Items are fetched and decoded by a thread of
// their own while the net works on the one before, and drafts are written in groups: the net should
// never wait. Tasks that somebody opened meanwhile keep what they have.
#include <set>

#include "app/asking.h"
#include "app/item_fetcher.h"
#include "app/job_work.h"
#include "base/log.h"
#include "base/metrics.h"
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
        for (const auto& model :
             world_.db.read([&](Session& s) { return list_models(s, project_->id); })) {
            if (!model.enabled || !find_model_kind(model.kind) || (only != 0 && model.id != only))
                continue;
            auto open = open_model(world_, model, *project_);
            if (!open) {
                told[model.name] = open.refusal().message;
                continue;
            }
            const auto before = written_;
            TRY(draft_by(model, *open));
            told[model.name] = std::to_string(written_ - before) + " drafts";
        }
        job_.total = job_.done;
        job_.result = {{"drafts", written_}, {"failed", failed_.size()}, {"models", told}};
        return Done{};
    }

private:
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
        own_ = controls_of(model, *open.drafter, project_->schema);
        const int page = text() ? 2'000 : 256;
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
        if (text()) {
            TRY(ask_texts(tasks, version, drafter));
        } else {
            ItemFetcher fetcher(world_, project_->schema, tasks, media, drafter.enough_side(),
                                drafter.wants_medium());
            for (const auto& task : tasks) TRY(ask_one(task, version, drafter, fetcher.take()));
        }
        flush();
        return static_cast<std::int64_t>(tasks.size());
    }

    Result<> ask_texts(const std::vector<Task>& tasks, Id version, Drafter& drafter) {
        for (const auto& task : tasks)
            TRY(ask_one(task, version, drafter, fetch_item(world_, project_->schema, task, {})));
        return Done{};
    }

    Result<> ask_one(const Task& task, Id version, Drafter& drafter, Result<Item> item) {
        auto draft = item ? ask(drafter, project_->schema, *item, context_.stop())
                          : Result<Draft>(item.refusal());
        ++job_.done;
        if (!draft &&
            (draft.refusal().code == Code::unavailable || draft.refusal().code == Code::cancelled))
            return draft.refusal();
        if (!draft) {
            failed_.insert(task.id);
            failed_here_.insert(task.id);
            count(Metric::drafts_failed);
            log_warn("draft.failed",
                     {{"task", wire_id('t', task.id)}, {"why", draft.refusal().message}});
            return Done{};
        }
        draft->task = task.id;
        draft->model_version = version;
        draft->created = world_.clock.now();
        waiting_.push_back(*std::move(draft));
        const auto modality = project_->schema.modality;
        const std::size_t group = text() ? 1'000 : modality == Modality::image ? 32 : 1;
        if (waiting_.size() >= group) flush();
        return Done{};
    }

    void flush() {
        if (!waiting_.empty()) {
            std::int64_t written = 0;
            context_.save([&](Session& s) {
                auto drafts = waiting_;
                for (auto& draft : drafts) carry_others(s, project_->schema, own_, draft);
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
    std::vector<Draft> waiting_;
    std::set<Id> failed_, failed_here_;
    std::int64_t written_ = 0;
};

}  // namespace

Result<> run_draft(JobContext& context) {
    auto& world = context.world();
    auto project = world.cache->project(world.db, world.clock, context.job().project);
    if (!project) return Refusal{Code::not_found, "The project to draft is gone."};
    return DraftWork(context, std::move(project)).run();
}

}  // namespace countersign
