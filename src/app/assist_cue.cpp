// A person points, a model answers.
#include <algorithm>

#include "app/asking_cue.h"
#include "app/assist.h"
#include "app/measured.h"
#include "core/drafted_by.h"
#include "models/cue_answerer.h"
#include "store/model_store.h"
#include "store/project_store.h"
#include "store/task_store.h"
#include "store/trial_store.h"

namespace countersign {

namespace {

/// What is known before anybody is asked.
struct CueAsked {
    Task task;
    std::optional<Media> media;
    Model model;
    bool measured = false;  ///< No model may help with this task.
};

bool answers_cues(const Model& model) {
    return model.enabled && cue_use(find_model_kind(model.kind), model.config) != CueUse::no;
}

Result<CueAsked> read_asked(Session& s, const Caller& caller, Id task, Id model) {
    CueAsked out;
    auto found = find_task(s, task);
    if (!found) return Refusal{Code::not_found, "There is no task " + wire_id('t', task) + "."};
    out.task = *std::move(found);
    const auto held = assignment_held_by(s, task, caller.person);
    if (!held)
        return Refusal{Code::conflict,
                       "Task " + wire_id('t', task) + " is not with you: fetch your next task."};
    if (out.task.media != 0) out.media = find_media(s, out.task.media);
    auto asked = find_model(s, model);
    if (!asked || asked->project != out.task.project || !answers_cues(*asked))
        return Refusal{Code::not_found, "This project has no model " + wire_id('k', model) +
                                            " that answers at the desk: reload the page."};
    out.model = *std::move(asked);
    out.measured = is_measured(s, find_project(s, out.task.project).value(), *held);
    return out;
}

/// Somebody waits: it is not tried for long, nothing is kept of it, and it comes in beside the
/// questions of a drafting job.
Model for_one_who_waits(Model model) {
    constexpr int patience_s = 30, most_at_a_time = 64;
    const auto limit = [&](const char* name, int usual, int most) {
        const auto said = model.config.find(name);
        const int now =
            said != model.config.end() && said->is_number_integer() ? said->get<int>() : usual;
        return std::min(now, most);
    };
    model.config["timeout_s"] = limit("timeout_s", patience_s, patience_s);
    model.config["retries"] = limit("retries", 1, 1);
    model.config["concurrency"] = std::min(limit("concurrency", 4, most_at_a_time) + 1, 64);
    model.config["keep_answers"] = false;
    return model;
}

/// The model's name before its reason, and what to do instead.
Refusal no_answer(const Model& model, const Refusal& why) {
    const auto says = "\"" + model.name + "\" gave no answer. " + why.message +
                      " Go on by hand, and tell whoever looks after the project's models.";
    const bool told = why.code == Code::conflict || why.code == Code::cancelled;
    return {told ? why.code : Code::unavailable, says};
}

}  // namespace

std::vector<Model> Assist::cue_models(Id project) {
    auto models = world_.db.read([&](Session& s) { return list_models(s, project); });
    std::erase_if(models, [](const Model& m) { return !answers_cues(m); });
    return models;
}

Result<CueAnswer> Assist::cue(const Caller& caller, Id task, Id model, Cue cue,
                              std::stop_token stop) {
    const auto asked =
        TRY(world_.db.read([&](Session& s) { return read_asked(s, caller, task, model); }));
    const auto project = world_.cache->project(world_.db, world_.clock, asked.task.project);
    const auto& schema = project->schema;
    if (schema.modality == Modality::audio)
        return Refusal{Code::unsupported, "Models answer at the desk on texts and images only."};
    if (asked.measured)
        return Refusal{Code::conflict,
                       "This task is for you alone: it shows what people do without a model. Go on "
                       "by hand."};
    const auto open = open_model(world_, for_one_who_waits(asked.model), *project);
    if (!open) return no_answer(asked.model, open.refusal());
    const auto item =
        TRY(fetch_item(world_, schema, asked.task, asked.media, open->drafter->enough_side(), stop,
                       open->drafter->wants_medium()));
    cue = TRY(check_cue(schema, std::move(cue), {item.width, item.height, item.text}));
    auto draft = ask_by_cue(*open->drafter, schema, item, cue, std::move(stop));
    if (!draft) return no_answer(asked.model, draft.refusal());
    CueAnswer out{asked.model, open->drafter->version(), {}};
    for (auto& region : draft->regions) {
        if (region.grounding == Grounding::ungrounded) continue;
        if (!region.meta.is_object()) region.meta = Json::object();
        region.meta[drafted_by] = wire_id('k', asked.model.id);
        out.regions.push_back(std::move(region));
    }
    return out;
}

}  // namespace countersign
