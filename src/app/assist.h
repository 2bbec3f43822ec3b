// Help that a person asks for in the middle of a task: box -> polygon, and a model that answers
// what somebody points at. Answers are suggestions that the desk shows; nothing is stored.
#pragma once

#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "app/world.h"
#include "base/guarded.h"
#include "core/cue.h"
#include "core/model.h"
#include "core/people.h"
#include "core/task.h"
#include "media/image.h"
#include "models/outline.h"

namespace countersign {

/// What a model said to a cue.
struct CueAnswer {
    Model model;
    std::string version;
    Regions
        regions;  ///< As drafts have them, grounded; "drafted_by" in their meta names the model.
};

class Assist {
public:
    explicit Assist(World& world) : world_(world) {}

    /// The outline of the thing in a box on the task's image, refined by the clicks in `ask`.
    /// Refuses: not_found; conflict when the caller does not hold the task; unsupported when it has
    /// no image; invalid, see find_outline().
    Result<OutlineRings> outline(const Caller& caller, Id task, const OutlineAsk& ask);

    /// The project's models that are on and answer cues.
    std::vector<Model> cue_models(Id project);
    /// Asks one of them, now: one try more than none, half a minute at most, and beside what is
    /// drafted at the same time.
    ///
    /// Where drafts are measured by hiding some (Policy::blind_share), only tasks that show one are
    /// answered: blind controls are those that no model helped with, and they look like tasks
    /// without a draft.
    ///
    /// Refuses: not_found; conflict when the caller does not hold the task, when it may not be
    /// helped with, or when the model's budget is used up; unsupported for recordings; invalid, see
    /// check_cue(); unavailable, naming the model, when it has no answer.
    Result<CueAnswer> cue(const Caller& caller, Id task, Id model, Cue cue, std::stop_token stop);

private:
    /// The next click is on the same photo: the last ones stay decoded.
    struct Decoded {
        std::string sha256;
        double scale = 1;  ///< Pixels of the medium for one of `image`.
        std::shared_ptr<const Image> image;
    };
    Result<Decoded> decoded(const Media& media);

    World& world_;
    Guarded<std::list<Decoded>> recent_;  ///< Newest first.
};

}  // namespace countersign
