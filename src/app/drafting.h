// Models of a project, and the background jobs that draft ahead of people.
//
// ask model -> ground (models/grounding) -> calibrate (score map or learner's own) -> store: Draft.
// Learners are trained in a job whenever the reviewed items have grown by a third, and redraft what
// nobody has opened; never work in progress. The text learner learns after every decision too (in
// memory, per project).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/job.h"
#include "core/model.h"
#include "core/people.h"
#include "core/project.h"
#include "models/drafter.h"
#include "store/desk_store.h"
#include "store/model_store.h"

namespace countersign {

struct ModelView {
    Model model;
    std::optional<ModelVersion> version;  ///< The latest.
    ModelStats stats;
    std::int64_t to_draft = 0;  ///< Ready tasks without a draft by the latest version.
    std::string state;          ///< "ready", "drafting", "waiting", "off", "failed"
    std::string why;  ///< A sentence: what it waits for ("needs 10 reviewed labels, has 4").
    std::optional<Usage> spent;       ///< Of a model that is asked elsewhere.
    std::vector<SecretView> secrets;  ///< Those that are set.
};

class Drafting {
public:
    explicit Drafting(World& world);
    ~Drafting();

    std::vector<ModelView> models(Id project);
    /// A model that is asked elsewhere is off until somebody switches it on: until then it costs
    /// nothing.
    Result<Model> add(const Caller& caller, Id project, const std::string& kind,
                      const std::string& name, const Json& config);
    struct Change {
        std::optional<std::string> name;
        std::optional<Json> config;
        std::optional<bool> enabled;
    };
    Result<Model> change(const Caller& caller, Id model, const Change& change);
    /// Sets a secret of the model's kind, or removes it when `value` is empty.
    Result<std::vector<SecretView>> set_secret(const Caller& caller, Id model,
                                               const std::string& name, const std::string& value);
    std::vector<ModelVersion> versions(Id model);
    /// Queues a job that drafts what lacks a draft by this model.
    Result<Job> draft_now(const Caller& caller, Id model);
    /// Asks a model about one task, now, without storing anything.
    Result<Draft> try_on(const Caller& caller, Id model, Id task);
    /// The default models for a new project's schema.
    void add_defaults(const Project& project);

    /// Called after a decision was stored: teaches the learner, queues retraining and redrafting.
    void learned(const Project& project, const Annotation& annotation);
    /// Called when tasks came in: queues drafting for every enabled model of the project.
    void tasks_arrived(Id project);
    /// Waits until everything that was told above has been heeded (jobs may still be queued).
    void settle();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace countersign
