#include "app/model_quality.h"

#include <algorithm>

#include "app/asking.h"
#include "core/label_names.h"
#include "store/model_store.h"

namespace countersign {

namespace {

constexpr std::int64_t most_labels = 20'000;

}  // namespace

Result<std::vector<ModelQuality>> model_quality(World& world, Id project_id, bool trusted) {
    const auto project = world.cache->project(world.db, world.clock, project_id);
    if (!project)
        return Refusal{Code::not_found, "There is no project " + wire_id('p', project_id) + "."};
    const LabelNames names(project->schema);
    const auto models = world.db.read([&](Session& s) { return list_models(s, project_id); });
    const auto labels = world.db.read([&](Session& s) { return count_labels(s, project_id); });
    const auto step = std::max<std::int64_t>(1, (labels + most_labels - 1) / most_labels);
    std::vector<ModelQuality> out;
    for (const auto& model : models) {
        DraftScores scores(project->schema);
        constexpr int page = 500;
        for (Id after = 0;;) {
            const auto rows = world.db.read([&](Session& s) {
                return judged_drafts(s, project_id, model.id, trusted, step, after, page);
            });
            for (const auto& row : rows) {
                auto draft = names.now(row.draft);
                std::erase_if(draft, is_carried);
                scores.add(names.now(row.label), draft);
            }
            if (rows.size() < page) break;
            after = rows.back().task;
        }
        if (scores.tasks() == 0) continue;
        ModelQuality quality;
        quality.model = model;
        quality.tasks = scores.tasks();
        quality.controls = scores.scores(project->seed, 400);
        quality.overall = overall(quality.controls);
        quality.claims = scores.claims(project->seed);
        out.push_back(std::move(quality));
    }
    std::stable_sort(out.begin(), out.end(), [](const ModelQuality& a, const ModelQuality& b) {
        return a.overall > b.overall;
    });
    return out;
}

}  // namespace countersign
