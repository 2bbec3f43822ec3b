// How probable it is that each opinion of a dispute is right, by everybody's answers to the tasks
// that several people answered and by what specialists decided (quality/opinion_odds.h).
//
// One fit a project, kept in memory. It is made again when a dispute is asked for that it does not
// know, or after some minutes, and never so often that fitting takes more than a tenth of the time.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "app/world.h"
#include "base/guarded.h"
#include "quality/opinion_odds.h"
#include "store/dispute_store.h"

namespace countersign {

struct DisputeFit {
    struct Odds {
        Id annotation = 0;
        double probability = 0;  ///< That it is right; answers that are the same have the same.
    };
    struct TaskOdds {
        std::vector<Odds> opinions;
        double none = 0;  ///< That none of them is right.
    };
    std::map<Id, TaskOdds> of_task;  ///< Of all tasks that several answered.
    OddsGround ground = OddsGround::few;
    std::size_t tasks = 0, verdicts = 0;
    Millis made = 0, took = 0;
    /// Of the dispute's opinions, in their order; null when it does not know them all.
    const TaskOdds* of(const Dispute& dispute) const;
};

/// `answers`: by rising task.
DisputeFit fit_disputes(const Schema& schema, std::span<const SeveralAnswers> answers,
                        std::uint64_t seed);

class DisputeOdds {
public:
    explicit DisputeOdds(World& world) : world_(world) {}
    /// A fit that knows these disputes, or the last one.
    std::shared_ptr<const DisputeFit> fit(const Project& project,
                                          std::span<const Dispute* const> disputes);

private:
    World& world_;
    Guarded<std::map<Id, std::shared_ptr<const DisputeFit>>> fits_;
};

}  // namespace countersign
