// The job that gives every task its embedding: fits what makes them when there is nothing fitted or
// the project has outgrown it, then goes through the tasks that have none. What it made is kept, so
// that a job that was cancelled or taken over goes on where it was. What served before serves until
// the new one is whole.
#include <algorithm>
#include <filesystem>

#include "app/item_fetcher.h"
#include "app/job_work.h"
#include "app/media_looks.h"
#include "base/log.h"
#include "base/rng.h"
#include "models/embedder.h"
#include "store/embedding_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr int id_page = 20'000;
constexpr std::size_t texts_at_once = 1'000, pictures_at_once = 32;
constexpr std::string_view text_embeddings = "text";

class EmbedWork {
public:
    EmbedWork(JobContext& context, std::shared_ptr<const Project> project)
        : context_(context),
          world_(context.world()),
          job_(context.job()),
          project_(std::move(project)) {}

    Result<> run() {
        if (!text()) pictures_ = TRY(open_pictures());
        job_.done = 0;
        job_.total =
            world_.db.read([&](Session& s) { return find_progress(s, project_->id).total; });
        TRY(choose_embedder());
        read_made();
        for (Id after = 0; auto missing = next_missing(after);) TRY(embed(*missing));
        if (!embedder_.ready)
            context_.save([&](Session& s) { serve_embedder(s, project_->id, embedder_.id); });
        job_.total = job_.done;
        job_.result = {{"tasks", job_.done}, {"made", made_now_}, {"unreadable", unreadable_}};
        if (made_now_ > 0) check_anew(world_, project_->id);
        return Done{};
    }

private:
    bool text() const { return project_->schema.modality == Modality::text; }

    Result<std::unique_ptr<ImageEmbedder>> open_pictures() {
        auto opened = TRY(ImageEmbedder::open(world_.models_dir, ""));
        return std::make_unique<ImageEmbedder>(std::move(opened));
    }

    /// The newest, unless the project has outgrown what it was fitted on, or better features came.
    Result<> choose_embedder() {
        const auto newest =
            world_.db.read([&](Session& s) { return newest_embedder(s, project_->id); });
        if (newest && fits(*newest)) {
            embedder_ = *newest;
            if (!text()) return Done{};
            texts_ = std::make_unique<TextEmbedder>(TRY(TextEmbedder::from(
                world_.db.read([&](Session& s) { return embedder_state(s, embedder_.id); }))));
            return Done{};
        }
        embedder_.project = project_->id;
        embedder_.features = text() ? text_embeddings : pictures_->name();
        embedder_.dims = text() ? TextEmbedder::dims : ImageEmbedder::most_dims;
        embedder_.created = world_.clock.now();
        if (text()) {
            const auto sample = TRY(sampled_texts());
            embedder_.fitted = static_cast<std::int64_t>(sample.size());
            texts_ = std::make_unique<TextEmbedder>(
                TRY(TextEmbedder::fit(sample, project_->seed, context_.stop())));
            embedder_.state = texts_->state();
        }
        context_.save([&](Session& s) { embedder_.id = insert_embedder(s, embedder_); });
        return Done{};
    }

    bool fits(const Embedder& embedder) const {
        if (!text()) return embedder.features == pictures_->name();
        const auto most = static_cast<std::int64_t>(TextEmbedder::most_texts);
        return embedder.features == text_embeddings &&
               std::min(job_.total, most) < 2 * std::max<std::int64_t>(1, embedder.fitted);
    }

    /// All texts, or an even sample of them.
    Result<std::vector<std::string>> sampled_texts() {
        const auto most = static_cast<std::int64_t>(TextEmbedder::most_texts);
        const auto every = std::max<std::int64_t>(1, (job_.total + most - 1) / most);
        std::vector<std::string> out;
        std::int64_t n = 0;
        for (Id after = 0;;) {
            const auto ids = world_.db.read(
                [&](Session& s) { return task_ids_after(s, project_->id, after, id_page); });
            if (ids.empty()) return out;
            after = ids.back();
            std::vector<Id> chosen;
            for (const Id id : ids)
                if (n++ % every == 0) chosen.push_back(id);
            for (const auto& task :
                 world_.db.read([&](Session& s) { return tasks_by_id(s, project_->id, chosen); }))
                out.push_back(item_text(task, project_->schema.source));
            context_.report();
        }
    }

    void read_made() {
        constexpr int blocks = 64;
        for (Id after = 0;;) {
            const Id last = world_.db.read([&](Session& s) {
                return embeddings_after(s, embedder_, after, blocks,
                                        [&](std::span<const Id> tasks, std::string_view) {
                                            made_.insert(made_.end(), tasks.begin(), tasks.end());
                                        });
            });
            if (last == 0) break;
            after = last;
        }
        std::sort(made_.begin(), made_.end());
        job_.done = static_cast<std::int64_t>(made_.size());
        context_.report();
    }

    /// Of the next page of tasks those without an embedding; nothing behind the last page.
    std::optional<std::vector<Id>> next_missing(Id& after) {
        const auto ids = world_.db.read(
            [&](Session& s) { return task_ids_after(s, project_->id, after, id_page); });
        if (ids.empty()) return std::nullopt;
        after = ids.back();
        std::vector<Id> out;
        std::set_difference(ids.begin(), ids.end(), made_.begin(), made_.end(),
                            std::back_inserter(out));
        return out;
    }

    Result<> embed(const std::vector<Id>& missing) {
        const std::size_t group = text() ? texts_at_once : pictures_at_once;
        for (std::size_t i = 0; i < missing.size(); i += group) {
            const auto end = std::min(i + group, missing.size());
            TRY(embed_group({missing.begin() + static_cast<std::ptrdiff_t>(i),
                             missing.begin() + static_cast<std::ptrdiff_t>(end)}));
        }
        return Done{};
    }

    Result<> embed_group(const std::vector<Id>& ids) {
        std::vector<Task> tasks;
        std::vector<std::optional<Media>> media;
        world_.db.read([&](Session& s) {
            tasks = tasks_by_id(s, project_->id, ids);
            for (const auto& task : tasks)
                media.push_back(task.media != 0 ? find_media(s, task.media) : std::nullopt);
        });
        std::vector<Id> made;
        std::string vectors;
        const auto keep = [&](const Task& task, std::string vector) {
            vector.resize(embedder_.dims);
            made.push_back(task.id);
            vectors += vector;
        };
        if (text()) {
            for (const auto& task : tasks)
                keep(task, (*texts_)(item_text(task, project_->schema.source)));
        } else {
            ItemFetcher fetcher(world_, project_->schema, tasks, media);
            for (const auto& task : tasks) {
                keep(task, TRY(look_at(task, fetcher.take())));
                context_.report();
            }
        }
        job_.done += static_cast<std::int64_t>(made.size());
        made_now_ += static_cast<std::int64_t>(made.size());
        context_.save([&](Session& s) { insert_embeddings(s, embedder_.id, made, vectors); });
        context_.report();
        return Done{};
    }

    /// A picture that cannot be read says nothing, and is not tried again.
    Result<std::string> look_at(const Task& task, const Result<Item>& item) {
        if (item) return (*pictures_)(item->image);
        if (item.refusal().code == Code::unavailable) return item.refusal();
        ++unreadable_;
        log_warn("embed.picture",
                 {{"task", wire_id('t', task.id)}, {"why", item.refusal().message}});
        return std::string();
    }

    JobContext& context_;
    World& world_;
    Job& job_;
    std::shared_ptr<const Project> project_;
    Embedder embedder_;
    std::unique_ptr<TextEmbedder> texts_;
    std::unique_ptr<ImageEmbedder> pictures_;
    std::vector<Id> made_;  ///< Rising; what had its embedding when the job began.
    std::int64_t made_now_ = 0, unreadable_ = 0;
};

}  // namespace

Result<> run_embed(JobContext& context) {
    auto& world = context.world();
    auto project = world.cache->project(world.db, world.clock, context.job().project);
    if (!project) return Refusal{Code::not_found, "The project to search in is gone."};
    return EmbedWork(context, std::move(project)).run();
}

}  // namespace countersign
