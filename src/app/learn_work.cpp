// The job that trains text learners from what people decided, and queues drafting with the result.
#include "app/job_work.h"
#include "app/learners.h"
#include "base/log.h"
#include "base/rng.h"
#include "models/text_learner_training.h"
#include "store/event_store.h"
#include "store/model_store.h"
#include "store/project_store.h"

namespace countersign {

namespace {

/// More labels than this are sampled evenly: training time grows with them, accuracy hardly.
constexpr std::size_t most_labels = 50'000;

struct Gathered {
    std::vector<LabelledText> labels;
    std::int64_t all = 0;  ///< Labelled tasks in the project.
};

/// Every label, or an even sample of them (Vitter 1985, algorithm R).
Gathered gather(JobContext& context, const Project& project, std::string_view control) {
    Gathered out;
    Rng rng(project.seed);
    constexpr int page = 5'000;
    std::int64_t seen = 0;
    for (Id after = 0;;) {
        const auto rows = context.world().db.read(
            [&](Session& s) { return labels_to_learn(s, project.id, after, page); });
        for (const auto& row : rows) {
            ++out.all;
            auto example = lesson(row, project.schema, control);
            if (!example) continue;
            ++seen;
            if (out.labels.size() < most_labels) {
                out.labels.push_back(*std::move(example));
            } else {
                const auto place = rng.below(static_cast<std::uint32_t>(seen));
                if (place < most_labels) out.labels[place] = *std::move(example);
            }
        }
        if (rows.empty()) return out;
        after = rows.back().task;
        context.report();
    }
}

std::string control_of(const Model& model, const Schema& schema) {
    const auto named = model.config.is_object() ? model.config.value("control", "") : std::string();
    const auto control = text_learner_control(schema, named);
    return control ? (*control)->name : "";
}

/// The sentence that says what became of it.
Result<std::string> learn(JobContext& context, const Project& project, const Model& model) {
    auto& world = context.world();
    const auto* control = project.schema.control(control_of(model, project.schema));
    if (!control) return std::string("The schema has no single choice to learn.");
    const auto gathered = gather(context, project, control->name);
    const auto latest = world.db.read([&](Session& s) { return list_versions(s, model.id); });
    if (!latest.empty() && latest.front().learned_from == gathered.all)
        return std::string("Nothing was reviewed since it last learned.");
    auto trained = train_text_learner(gathered.labels, *control, project.seed, context.stop());
    if (!trained && trained.refusal().code == Code::cancelled) return trained.refusal();
    if (!trained) return trained.refusal().message;
    context.report();
    ModelVersion version;
    version.model = model.id;
    version.name = TRY(TextLearner::open(trained->state)).version();
    version.quality = std::move(trained->quality);
    version.state = std::move(trained->state);
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
    for (const auto& model : world.db.read([&](Session& s) { return list_models(s, project->id); }))
        if (model.enabled && model.kind == "text-learner")
            told[model.name] = TRY(learn(context, *project, model));
    context.job().result = {{"models", told}};
    queue_job(world, project->id, "draft", Json::object(), 0, true);
    return Done{};
}

}  // namespace countersign
