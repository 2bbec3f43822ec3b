#include "app/drafting.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <thread>

#include "app/asking.h"
#include "app/jobs.h"
#include "app/learners.h"
#include "app/model_chain.h"
#include "app/model_files.h"
#include "app/similar.h"
#include "base/log.h"
#include "models/cue_answerer.h"
#include "store/event_store.h"
#include "store/job_store.h"
#include "store/project_store.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr std::string_view imported_kind = "imported";

bool learns(const Model& model) {
    const auto* kind = find_model_kind(model.kind);
    return kind && kind->learns();
}

bool only_answers_cues(const Model& model) {
    return cue_use(find_model_kind(model.kind), model.config) == CueUse::only;
}

Refusal no_model(Id id) {
    return {Code::not_found, "There is no model " + wire_id('k', id) + "."};
}

void record(Session& s, World& world, const Caller& caller, const Model& model,
            std::string_view kind) {
    Event event;
    event.project = model.project;
    event.kind = kind;
    event.person = caller.person;
    event.body = to_text(
        {{"model", wire_id('k', model.id)}, {"name", model.name}, {"enabled", model.enabled}});
    event.created = world.clock.now();
    append_event(s, std::move(event), world.key);
}

/// Whether the config is right. Nobody is asked.
Result<> open_once(World& world, const Project& project, const Model& model,
                   const ModelKind& kind) {
    const auto placed = TRY(place_model(world, model));
    OpenAsk ask{project.schema, placed.config, placed.dir};
    const auto outside = world.connectors->outside(world, model.id);
    ask.outside = &outside;
    const auto opened = kind.open(ask);
    if (!opened) return opened.refusal();
    return Done{};
}

}  // namespace

/// One thread teaches: decisions wait for it in a queue, never the people who make them.
struct Drafting::Impl {
    struct Notice {
        std::shared_ptr<const Project> project;
        std::optional<Annotation> annotation;  ///< None: tasks arrived.
        bool withdrawn = false;                ///< The annotation was taken back.
    };

    World& world;
    Learners learners;
    Probes probes;
    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<Notice> notices;
    bool busy = false;
    std::map<Id, Millis> learning_queued;  ///< Used by the thread only.
    std::jthread thread;                   ///< Last: it ends before what it uses.

    explicit Impl(World& w) : world(w), learners(w), probes(w) {
        thread = std::jthread([this](const std::stop_token& stop) { teach(stop); });
    }

    void tell(Notice notice) {
        {
            std::scoped_lock hold(mutex);
            notices.push_back(std::move(notice));
        }
        changed.notify_all();
    }

    void teach(const std::stop_token& stop) {
        std::unique_lock hold(mutex);
        while (changed.wait(hold, stop, [&] { return !notices.empty(); })) {
            auto notice = std::move(notices.front());
            notices.pop_front();
            busy = true;
            hold.unlock();
            try {
                heed(notice);
            } catch (const std::exception& error) {
                log_error("drafting.teach", {{"error", error.what()}});
            }
            hold.lock();
            busy = false;
            changed.notify_all();
        }
    }

    void heed(const Notice& notice) {
        const Id project = notice.project->id;
        const auto models = world.db.read([&](Session& s) { return list_models(s, project); });
        bool learn = false;
        for (const auto& model : models) {
            if (!model.enabled || !learns(model)) continue;
            if (notice.withdrawn) {
                learners.unteach(*notice.project, model, *notice.annotation);
                continue;
            }
            learn = learn ||
                    (notice.annotation ? learners.teach(*notice.project, model, *notice.annotation)
                                       : learners.due(project, model));
        }
        if (learn) queue_learning(project);
        const bool more =
            !notice.annotation && std::any_of(models.begin(), models.end(), [](const Model& m) {
                return m.enabled && m.kind != imported_kind && !only_answers_cues(m);
            });
        if (more) queue_job(world, project, "draft", Json::object(), 0, true);
        if (!notice.annotation) embed_arrivals(world, project);
    }

    /// Every decision calls for training until the version is there: once a while is enough.
    void queue_learning(Id project) {
        constexpr Millis a_while = 3'000;
        const Millis now = world.clock.now();
        Millis& last = learning_queued[project];
        if (now - last < a_while) return;
        last = now;
        queue_job(world, project, "learn", Json::object(), 0, true);
    }

    ModelView view(Session& s, const Model& model, const std::string& fault,
                   const std::vector<Job>& jobs);
};

Drafting::Drafting(World& world) : impl_(std::make_unique<Impl>(world)) {
    world.decided = [this](const Project& project, const Annotation& annotation) {
        learned(project, annotation);
    };
    world.withdrawn = [this](const Project& project, const Annotation& annotation) {
        auto kept = impl_->world.cache->project(impl_->world.db, impl_->world.clock, project.id);
        if (kept) impl_->tell({std::move(kept), annotation, true});
    };
    world.tasks_arrived = [this](Id project) { tasks_arrived(project); };
}

Drafting::~Drafting() {
    impl_->world.decided = {};
    impl_->world.withdrawn = {};
    impl_->world.tasks_arrived = {};
}

void Drafting::learned(const Project& project, const Annotation& annotation) {
    auto kept = impl_->world.cache->project(impl_->world.db, impl_->world.clock, project.id);
    if (kept) impl_->tell({std::move(kept), annotation, false});
}

void Drafting::tasks_arrived(Id project) {
    auto kept = impl_->world.cache->project(impl_->world.db, impl_->world.clock, project);
    if (kept) impl_->tell({std::move(kept), std::nullopt, false});
}

void Drafting::settle() {
    std::unique_lock hold(impl_->mutex);
    impl_->changed.wait(hold, [&] { return impl_->notices.empty() && !impl_->busy; });
}

void Drafting::add_defaults(const Project& project) {
    auto& world = impl_->world;
    for (const auto& kind : model_kinds()) {
        if (!kind.embedded || !kind.takes(project.schema.modality)) continue;
        auto config = kind.guess(project.schema);
        if (!config) continue;
        Model model;
        model.project = project.id;
        model.kind = kind.kind;
        model.name = kind.title;
        model.config = *std::move(config);
        model.created = world.clock.now();
        world.db.write([&](Session& s) { insert_model(s, model); });
    }
}

Result<Model> Drafting::add(const Caller& caller, Id project_id, const std::string& kind_name,
                            const std::string& name, const Json& config) {
    auto& world = impl_->world;
    const auto project = world.cache->project(world.db, world.clock, project_id);
    if (!project)
        return Refusal{Code::not_found, "There is no project " + wire_id('p', project_id) + "."};
    const auto* kind = find_model_kind(kind_name);
    if (!kind) {
        std::string names;
        for (const auto& row : model_kinds())
            names += (names.empty() ? "" : ", ") + std::string(row.kind);
        return Refusal{Code::invalid, "There is no model kind \"" + kind_name +
                                          "\": choose one of " + names + "."};
    }
    Model model;
    model.project = project_id;
    model.kind = kind->kind;
    model.name = name.empty() ? std::string(kind->title) : name;
    model.config =
        config.is_object() && !config.empty() ? config : TRY(kind->guess(project->schema));
    model.enabled = kind->embedded;
    model.created = world.clock.now();
    TRY(check_chain(model, world.db.read([&](Session& s) { return list_models(s, project_id); })));
    // A model that is not there yet, or has not learned yet, may be added; one that is wrong may
    // not.
    const auto opened = open_once(world, *project, model, *kind);
    if (!opened && opened.refusal().code != Code::unavailable) return opened.refusal();
    world.db.write([&](Session& s) {
        model.id = insert_model(s, model);
        record(s, world, caller, model, "model.added");
    });
    tasks_arrived(project_id);
    return model;
}

Result<Model> Drafting::change(const Caller& caller, Id id, const Change& change) {
    auto& world = impl_->world;
    const auto found = world.db.read([&](Session& s) { return find_model(s, id); });
    if (!found) return no_model(id);
    Model model = *found;
    if (change.name) {
        if (change.name->empty()) return Refusal{Code::invalid, "A model needs a name."};
        model.name = *change.name;
    }
    if (change.config) {
        const auto* kind = find_model_kind(model.kind);
        if (!kind)
            return Refusal{Code::invalid, "Drafts that came with files have nothing to configure."};
        model.config = *change.config;
        TRY(check_chain(model,
                        world.db.read([&](Session& s) { return list_models(s, model.project); })));
        const auto project = world.cache->project(world.db, world.clock, model.project);
        const auto opened = open_once(world, *project, model, *kind);
        if (!opened && opened.refusal().code != Code::unavailable) return opened.refusal();
    }
    if (change.enabled) model.enabled = *change.enabled;
    world.db.write([&](Session& s) {
        update_model(s, model);
        record(s, world, caller, model, "model.changed");
    });
    world.cache->forget_models();
    impl_->probes.forget(id);
    if (model.enabled && (change.config || change.enabled)) tasks_arrived(model.project);
    return model;
}

Result<std::vector<SecretView>> Drafting::set_secret(const Caller& caller, Id id,
                                                     const std::string& name,
                                                     const std::string& value) {
    auto& world = impl_->world;
    const auto model = world.db.read([&](Session& s) { return find_model(s, id); });
    if (!model) return no_model(id);
    const auto* kind = find_model_kind(model->kind);
    const bool known =
        kind && std::any_of(kind->config_fields.begin(), kind->config_fields.end(),
                            [&](const ConfigField& field) {
                                return field.kind == FieldKind::secret && field.name == name;
                            });
    if (!known)
        return Refusal{Code::invalid, "\"" + model->name + "\" has no secret \"" + name + "\"."};
    if (value.empty())
        world.connectors->remove_secret(world, id, name);
    else
        TRY(world.connectors->set_secret(world, id, name, value));
    world.db.write([&](Session& s) { record(s, world, caller, *model, "model.changed"); });
    impl_->probes.forget(id);
    return secrets_of(world, id);
}

std::vector<ModelVersion> Drafting::versions(Id model) {
    return impl_->world.db.read([&](Session& s) { return list_versions(s, model); });
}

Result<Job> Drafting::draft_now(const Caller& caller, Id id) {
    auto& world = impl_->world;
    const auto model = world.db.read([&](Session& s) { return find_model(s, id); });
    if (!model) return no_model(id);
    if (!model->enabled)
        return Refusal{Code::conflict,
                       "\"" + model->name + "\" is switched off: switch it on first."};
    if (!find_model_kind(model->kind))
        return Refusal{Code::conflict, "\"" + model->name +
                                           "\" is the name of drafts that came with files: "
                                           "there is no model here to ask."};
    if (only_answers_cues(*model))
        return Refusal{Code::conflict,
                       "\"" + model->name +
                           "\" only answers people who point at something: set its \"cues\" to "
                           "\"also\" to have it draft."};
    if (learns(*model))
        queue_job(world, model->project, "learn", Json::object(), caller.person, true);
    return queue_job(world, model->project, "draft", {{"model", id}}, caller.person, true);
}

Result<Draft> Drafting::try_on(const Caller&, Id id, Id task_id) {
    auto& world = impl_->world;
    std::optional<Model> model;
    std::optional<Task> task;
    std::optional<Media> media;
    world.db.read([&](Session& s) {
        model = find_model(s, id);
        task = find_task(s, task_id);
        if (task && task->media != 0) media = find_media(s, task->media);
    });
    if (!model) return no_model(id);
    if (!task || task->project != model->project)
        return Refusal{Code::not_found,
                       "There is no task " + wire_id('t', task_id) + " in the model's project."};
    const auto project = world.cache->project(world.db, world.clock, model->project);
    const auto open = TRY(open_model(world, *model, *project));
    const auto item =
        TRY(fetch_item(world, project->schema, *task, media, open.drafter->enough_side(), {},
                       open.drafter->wants_medium()));
    return ask(*open.drafter, project->schema, item, {});
}

// ---------------------------------------------------------------------------- the Models page

namespace {
/// Counting walks the queue; in a long one the difference of two counters is near enough.
std::int64_t left_to_draft(Session& s, const ModelView& view) {
    constexpr std::int64_t long_queue = 50'000;
    const auto ready = find_progress(s, view.model.project).ready;
    if (ready > long_queue) return std::max<std::int64_t>(0, ready - view.stats.drafted);
    return count_to_draft(s, view.model.project, view.model.id,
                          view.version ? view.version->id : 0);
}
}  // namespace

ModelView Drafting::Impl::view(Session& s, const Model& model, const std::string& fault,
                               const std::vector<Job>& jobs) {
    ModelView view;
    view.model = model;
    const auto versions = list_versions(s, model.id);
    if (!versions.empty()) view.version = versions.front();
    view.stats = stats_of(s, model.id);
    const auto say = [&](std::string_view state, std::string why) {
        view.state = state;
        view.why = std::move(why);
        return view;
    };
    if (model.kind == imported_kind) return say("ready", "Its drafts came with imported files.");
    const bool only_cues = only_answers_cues(model);
    if (!only_cues) view.to_draft = left_to_draft(s, view);
    if (!model.enabled) return say("off", "It is switched off.");
    if (const auto* kind = find_model_kind(model.kind);
        kind && kind->learns() && !kind->needs.empty() && !view.version && !fault.empty())
        return say("waiting", "It starts to draft with " + std::to_string(kind->least_labels) +
                                  " " + std::string(kind->needs) + "; there are " +
                                  std::to_string(count_labels(s, model.project)) + " so far.");
    if (!fault.empty()) return say("off", fault);
    if (only_cues) return say("ready", "It answers people at the desk who point at something.");
    for (const auto& job : jobs) {
        if (job.kind != "draft") continue;
        if (job.state == JobState::running)
            return say("drafting",
                       std::to_string(view.to_draft) + " waiting tasks have no draft of it yet.");
        if (job.state == JobState::dead) return say("failed", "Drafting gave up: " + job.error);
        const auto id = wire_id('k', model.id);
        if (job.state == JobState::done && view.to_draft > 0 && job.result.contains("stopped") &&
            job.result["stopped"].contains(id))
            return say("failed", job.result["stopped"][id].get<std::string>());
        if (job.state != JobState::queued) break;
    }
    if (learns(model) && view.version && view.version->learned_from > 0)
        return say("ready", "It learned from " + std::to_string(view.version->learned_from) +
                                " reviewed items and drafts ahead of you as you go on.");
    if (view.to_draft > 0)
        return say("waiting", std::to_string(view.to_draft) + " tasks wait for its drafts.");
    return say("ready", "Every waiting task has its draft.");
}

std::vector<ModelView> Drafting::models(Id project_id) {
    auto& world = impl_->world;
    const auto project = world.cache->project(world.db, world.clock, project_id);
    if (!project) return {};
    const auto models = world.db.read([&](Session& s) { return list_models(s, project_id); });
    std::vector<std::string> faults;
    for (const auto& model : models)
        faults.push_back(find_model_kind(model.kind) ? impl_->probes.fault(model, *project)
                                                     : std::string());
    auto views = world.db.read([&](Session& s) {
        const auto jobs = list_jobs(s, project_id, 0, 50);
        std::vector<ModelView> out;
        for (std::size_t i = 0; i < models.size(); ++i)
            out.push_back(impl_->view(s, models[i], faults[i], jobs));
        return out;
    });
    for (auto& view : views)
        if (const auto* kind = find_model_kind(view.model.kind); kind && !kind->embedded) {
            view.spent = spent_by(world, view.model.id);
            view.secrets = secrets_of(world, view.model.id);
        }
    return views;
}

}  // namespace countersign
