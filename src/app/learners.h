// The learners at work. All of them are trained by a job when labels have grown. The text learner
// is taught by every decision too: for each, the weights of its latest version and everything it
// was taught since, in memory. A learner's drafts change with the very next decision: the tasks at
// the head of the queue are asked again, at most twice a second, and never those somebody has
// opened.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/taught.h"
#include "app/world.h"
#include "core/model.h"
#include "models/text_learner.h"
#include "store/model_store.h"

namespace countersign {

/// What one decision teaches, without the picture. Blind, corrected and unaided labels count
/// double: a label that was merely accepted descends from the learner itself (TRUST.md section 10).
LabelledItem lesson(const LearnRow& row, const Schema& schema);

/// A draft of `text`, grounded. `since`: lessons behind the version, kept in the region's meta.
Draft draft_text(const TextLearner& learner, const Schema& schema, std::string_view text,
                 std::int64_t since);

class Learners {
public:
    explicit Learners(World& world) : world_(world) {}

    /// Teaches the project's learner one decision and redrafts the head of the queue. True when
    /// there are enough labels to train (again).
    bool teach(const Project& project, const Model& model, const Annotation& annotation);
    /// A decision was taken back: it counts no more, and what it taught is untaught.
    void unteach(const Project& project, const Model& model, const Annotation& annotation);
    /// True when the labels that are there call for training, and nobody was taught by teach().
    bool due(Id project, const Model& model);

private:
    struct Live {
        Id version = 0;
        std::optional<Taught> taught;
        std::int64_t learned_from = 0;
        std::int64_t labels = -1;  ///< In the project; counted once, then kept.
        Millis redrafted = 0;
    };
    void refresh(Live& live, const Model& model);
    void redraft(Live& live, const Project& project, const Model& model);

    World& world_;
    std::map<Id, Live> live_;  ///< By model; used by the one thread that teaches.
};

}  // namespace countersign
