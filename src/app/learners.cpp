#include "app/learners.h"

#include <algorithm>
#include <cmath>

#include "app/asking.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/label_names.h"
#include "models/grounding.h"
#include "store/task_store.h"

namespace countersign {

namespace {
constexpr int head = 20;  ///< Tasks that are asked again after a lesson.
constexpr Millis between_redrafts = 500;
constexpr double worth_writing = 0.05;  ///< Change of probability, when the label stays.
constexpr double own_judgement = 2, accepted_draft = 1;
}  // namespace

LabelledItem lesson(const LearnRow& row, const Schema& schema) {
    LabelledItem out;
    if (schema.modality == Modality::text) {
        Task task;
        task.data = row.data;
        out.text = item_text(task, schema.source);
    }
    out.regions = LabelNames(schema).now(row.regions);
    out.weight = row.action == Action::accepted ? accepted_draft : own_judgement;
    out.assisted = row.arm == Arm::assisted &&
                   (row.action == Action::accepted || row.action == Action::edited ||
                    row.action == Action::rejected);
    return out;
}

/// Whether the model's kind calls for training with the labels there are.
static bool calls_for_training(const Model& model, std::int64_t labels, std::int64_t learned_from) {
    const auto* kind = find_model_kind(model.kind);
    return kind && kind->learns() &&
           should_train(*kind, static_cast<std::size_t>(labels),
                        static_cast<std::size_t>(learned_from));
}

Draft draft_text(const TextLearner& learner, const Schema& schema, std::string_view text,
                 std::int64_t since) {
    const auto top = learner.top(text);
    Region region;
    region.id = "d1";
    region.control = learner.control();
    region.kind = ControlKind::choices;
    region.labels = {top.label};
    region.confidence = top.confidence;
    region.probability = top.probability;
    region.origin = Origin::model;
    if (since > 0) region.meta = {{"learned_since", since}};
    auto grounded =
        ground(schema, {text, 0, 0, nullptr}, {{region}, top.confidence, top.probability});
    Draft draft;
    draft.grounding = worst_grounding(grounded.regions);
    draft.regions = std::move(grounded.regions);
    draft.confidence = top.confidence;
    draft.probability = top.probability;
    return draft;
}

void Learners::refresh(Live& live, const Model& model) {
    world_.db.read([&](Session& s) {
        if (live.labels < 0) live.labels = count_labels(s, model.project);
        const auto versions = list_versions(s, model.id);  // without their weights
        if (versions.empty() || versions.front().id == live.version) return;
        live.version = versions.front().id;
        live.learned_from = versions.front().learned_from;
        live.taught.reset();
        if (model.kind != text_learner_kind().kind) return;  // Taught by jobs only.
        const auto latest = find_model_version(s, live.version);
        auto opened = Taught::open(latest->state);
        if (!opened) {
            log_warn("learner.damaged",
                     {{"model", wire_id('k', model.id)}, {"why", opened.refusal().message}});
            return;
        }
        live.taught.emplace(*std::move(opened));
    });
}

bool Learners::due(Id project, const Model& model) {
    Live& live = live_[model.id];
    live.labels = -1;
    refresh(live, model);
    (void)project;
    return calls_for_training(model, live.labels, live.learned_from);
}

bool Learners::teach(const Project& project, const Model& model, const Annotation& annotation) {
    Live& live = live_[model.id];
    const bool counted = live.labels >= 0;
    refresh(live, model);
    if (annotation.action == Action::skipped) return false;
    if (counted) ++live.labels;
    if (live.taught) {
        const auto task = world_.db.read([&](Session& s) { return find_task(s, annotation.task); });
        const LearnRow row{annotation.task,    task ? task->data : "", 0,
                           annotation.regions, annotation.action,      annotation.arm};
        if (auto example =
                text_lesson(lesson(row, project.schema), live.taught->learner().control())) {
            live.taught->teach(annotation.id, *std::move(example));
            redraft(live, project, model);
        }
    }
    return calls_for_training(model, live.labels, live.learned_from);
}

void Learners::unteach(const Project& project, const Model& model, const Annotation& annotation) {
    Live& live = live_[model.id];
    const bool counted = live.labels >= 0;
    refresh(live, model);
    if (annotation.action == Action::skipped) return;
    if (counted) --live.labels;
    if (live.taught && live.taught->unteach(annotation.id)) redraft(live, project, model);
}

void Learners::redraft(Live& live, const Project& project, const Model& model) {
    const Millis now = world_.clock.now();
    if (now - live.redrafted < between_redrafts) return;
    live.redrafted = now;
    const auto own = controls_of_kind(project.schema, ControlKind::choices);
    std::vector<Draft> changed;
    world_.db.read([&](Session& s) {
        constexpr Id no_version = -1;  // So that what it drafted before comes again.
        for (const auto& task : tasks_to_draft(s, project.id, model.id, no_version, head)) {
            Draft draft = draft_text(live.taught->learner(), project.schema,
                                     item_text(task, project.schema.source), live.taught->since());
            draft.task = task.id;
            draft.model_version = live.version;
            draft.created = now;
            const auto same = [&](const Draft& known) {
                return known.current && known.model_version == live.version &&
                       !known.regions.empty() &&
                       known.regions[0].labels == draft.regions[0].labels &&
                       std::abs(known.regions[0].probability.value_or(0) - *draft.probability) <
                           worth_writing;
            };
            const auto known = drafts_of(s, task.id);
            if (std::any_of(known.begin(), known.end(), same)) continue;
            carry_others(s, project.schema, own, draft);
            changed.push_back(std::move(draft));
        }
    });
    if (changed.empty()) return;
    const auto written = world_.db.write_bulk(
        [&](Session& s) { return insert_drafts(s, project.id, changed, true); });
    count(Metric::drafts_written, static_cast<double>(written));
}

}  // namespace countersign
