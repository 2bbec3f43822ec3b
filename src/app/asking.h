// Asking a model about one task: fetch the item, ask, ground, scale back. What the drafting job and
// "try it on this task" share.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/world.h"
#include "base/guarded.h"
#include "core/model.h"
#include "core/project.h"
#include "core/task.h"
#include "models/drafter.h"
#include "models/voice_activity.h"
#include "store/db.h"

namespace countersign {

struct OpenModel {
    std::unique_ptr<Drafter> drafter;
    Id learned = 0;  ///< The version whose weights these are; 0: a fixed model.
};
/// The model with the weights of its latest version. Refuses (unavailable) when it is not installed
/// or has not learned enough.
Result<OpenModel> open_model(World& world, const Model& model, const Project& project);

/// The version that its drafts are written under. For a fixed model one is made, and a new one when
/// its weights or its config have changed.
Id ensure_version(World& world, const Model& model, const OpenModel& open);

struct Item {
    Id task = 0;
    std::string key, data;            ///< The task's.
    std::string medium, medium_type;  ///< The stored file, where it was asked for.
    std::string text;
    Image image;                ///< Perhaps smaller than the medium.
    double scale = 1;           ///< Pixels of the medium for one of `image`.
    int width = 0, height = 0;  ///< Of the medium.
    Sound sound;
    /// Where somebody speaks; nothing when the model that knows is not installed.
    std::optional<std::vector<TimeSpan>> voiced;
    double seconds = 0;  ///< Of the medium; 0: not known.
};
/// A picture may come shrunk to `enough` pixels on its shorter side. Refuses recordings of more
/// than four hours, whose samples would fill the memory. `medium`: the stored file is wanted too.
Result<Item> fetch_item(World& world, const Schema& schema, const Task& task,
                        const std::optional<Media>& media, int enough = enough_for_one_look,
                        const std::stop_token& stop = {}, bool medium = false);

/// Regions in pixels of the medium -> in those of the item's image, as a learner wants them.
void scale_to(const Item& item, Regions& regions);

/// A grounded draft; task, version and time are the caller's to fill.
Result<Draft> ask(Drafter& drafter, const Schema& schema, const Item& item, std::stop_token stop);

/// Whether a draft's region came along from another model (carry_others).
bool is_carried(const Region& region);

/// A task shows one draft: `draft`, which names its version, with what the project's other models
/// that are on drafted for the task. Answers to controls that are not `own` come along; the
/// draft is then as probable as both together. So do boxes of other models, which may share a
/// control: of two that lie on one place the more probable stays. What came along has an id of its
/// own and "drafted_by" in its meta. `read`: models whose drafts this one was made of; of controls
/// that are `own` nothing of theirs comes along.
void carry_others(Session& s, const Schema& schema, const std::set<std::string>& own, Draft& draft,
                  const std::vector<Id>& read = {});
/// Names of the schema's controls of that kind.
std::set<std::string> controls_of_kind(const Schema& schema, ControlKind kind);
/// Names of the controls that a model drafts.
std::set<std::string> controls_of(const Model& model, const Drafter& drafter, const Schema& schema);

/// Whether a model can be opened, remembered: a missing file is looked for again after a while.
class Probes {
public:
    explicit Probes(World& world) : world_(world) {}
    /// Why it cannot, with the next step; empty when it can.
    std::string fault(const Model& model, const Project& project);
    void forget(Id model);

private:
    static constexpr Millis look_again = 10'000;
    struct Probe {
        std::string fault;
        Millis looked = 0;
    };
    World& world_;
    Guarded<std::map<Id, Probe>> probes_;
};

}  // namespace countersign
