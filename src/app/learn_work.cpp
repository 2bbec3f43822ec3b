// The job that trains learners from what people decided, and queues drafting with the result.
#include "app/asking.h"
#include "app/job_work.h"
#include "app/learners.h"
#include "base/log.h"
#include "base/rng.h"
#include "core/label_names.h"
#include "store/event_store.h"
#include "store/model_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

/// What the learner reads: every label, or an even sample of them (Vitter 1985, algorithm R).
struct Gathered {
    std::vector<LearnRow> rows;
    std::int64_t all = 0;  ///< Labelled tasks in the project.
};

Gathered gather(JobContext& context, const Project& project, std::size_t most) {
    Gathered out;
    Rng rng(project.seed);
    constexpr int page = 5'000;
    for (Id after = 0;;) {
        auto rows = context.world().db.read(
            [&](Session& s) { return labels_to_learn(s, project.id, after, page); });
        if (rows.empty()) return out;
        after = rows.back().task;
        for (auto& row : rows) {
            ++out.all;
            if (out.rows.size() < most) {
                out.rows.push_back(std::move(row));
            } else {
                const auto place = rng.below(static_cast<std::uint32_t>(out.all));
                if (place < most) out.rows[place] = std::move(row);
            }
        }
        context.report();
    }
}

/// Hands the rows to a learner one by one, each with its picture or its sound.
class ReviewedRowReader {
public:
    ReviewedRowReader(JobContext& context, const Project& project, std::vector<LearnRow> rows)
        : context_(context), project_(project), rows_(std::move(rows)) {}

    std::optional<LabelledItem> next() {
        while (at_ < rows_.size() && !context_.stop().stop_requested()) {
            const auto row = std::move(rows_[at_++]);
            auto item = lesson(row, project_.schema);
            if (project_.schema.modality == Modality::text) return item;
            context_.report();
            if (add_medium(row, item)) return item;
        }
        return std::nullopt;
    }

private:
    /// False when there is no file any more: the row teaches nothing.
    bool add_medium(const LearnRow& row, LabelledItem& item) {
        auto& world = context_.world();
        const auto media =
            row.media == 0 ? std::nullopt
                           : world.db.read([&](Session& s) { return find_media(s, row.media); });
        Task task;
        task.data = row.data;
        auto fetched = fetch_item(world, project_.schema, task, media);
        if (!fetched) {
            log_warn("learn.medium",
                     {{"task", wire_id('t', row.task)}, {"why", fetched.refusal().message}});
            return false;
        }
        item.sound = std::move(fetched->sound);
        if (project_.schema.modality == Modality::image) scale_to(*fetched, item.regions);
        item.image = std::move(fetched->image);
        return true;
    }

    JobContext& context_;
    const Project& project_;
    std::vector<LearnRow> rows_;
    std::size_t at_ = 0;
};

/// The sentence that says what became of it.
Result<std::string> learn(JobContext& context, const Project& project, const Model& model,
                          const ModelKind& kind) {
    auto& world = context.world();
    auto gathered = gather(context, project, kind.most_labels);
    const auto latest = world.db.read([&](Session& s) { return list_versions(s, model.id); });
    if (!latest.empty() && latest.front().learned_from == gathered.all)
        return std::string("Nothing was reviewed since it last learned.");
    if (kind.ready) {
        std::vector<const Regions*> reviewed;
        const LabelNames names(project.schema);
        for (auto& row : gathered.rows) {
            row.regions = names.now(std::move(row.regions));
            reviewed.push_back(&row.regions);
        }
        const auto ready = kind.ready(project.schema, model.config, reviewed);
        if (!ready) return ready.refusal().message;
    }
    ReviewedRowReader reader(context, project, std::move(gathered.rows));
    const NextItem next = [&] { return reader.next(); };
    auto learned = kind.learn(
        {project.schema, model.config, world.models_dir, next, project.seed, context.stop()});
    if (context.stop().stop_requested())
        return Refusal{Code::cancelled, "Learning was stopped before it ended."};
    if (!learned && learned.refusal().code == Code::cancelled) return learned.refusal();
    if (!learned) return learned.refusal().message;
    context.report();
    ModelVersion version;
    version.model = model.id;
    version.name = std::move(learned->name);
    version.quality = std::move(learned->quality);
    version.state = std::move(learned->state);
    version.learned_from = gathered.all;
    version.created = world.clock.now();
    context.save([&](Session& s) {
        const Id id = insert_model_version(s, version);
        Event event;
        event.project = project.id;
        event.kind = "model.learned";
        event.body = to_text({{"model", wire_id('k', model.id)},
                              {"version", wire_id('w', id)},
                              {"learned_from", version.learned_from},
                              {"state_sha256", hex(sha256(version.state))}});
        event.created = version.created;
        append_event(s, std::move(event), world.key);
    });
    return version.name;
}

}  // namespace

Result<> run_learn(JobContext& context) {
    auto& world = context.world();
    const auto project = world.cache->project(world.db, world.clock, context.job().project);
    if (!project) return Refusal{Code::not_found, "The project to learn from is gone."};
    Json told = Json::object();
    for (const auto& model :
         world.db.read([&](Session& s) { return list_models(s, project->id); })) {
        const auto* kind = find_model_kind(model.kind);
        if (model.enabled && kind && kind->learns())
            told[model.name] = TRY(learn(context, *project, model, *kind));
    }
    context.job().result = {{"models", told}};
    queue_job(world, project->id, "draft", Json::object(), 0, true);
    return Done{};
}

}  // namespace countersign
