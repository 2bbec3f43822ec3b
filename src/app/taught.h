// A text learner between two of its versions: the weights of the version, and what it was taught
// since, decision by decision. A decision that is taken back is untaught: the version's weights are
// taught the other lessons again, so that the learner is as if it had never been told. What the
// version itself learned from stays until it learns next.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "models/text_learner.h"

namespace countersign {

class Taught {
public:
    /// From the bytes of a model version; refuses as TextLearner::open.
    static Result<Taught> open(std::string state);

    const TextLearner& learner();
    /// Lessons behind the version.
    std::int64_t since() const { return since_; }
    void teach(Id annotation, LabelledText example);
    /// False when this decision was not a lesson since the version, or was one too long ago: only
    /// so many are kept. The lessons are taught again when the learner is asked for next.
    bool unteach(Id annotation);

private:
    struct Lesson {
        Id annotation = 0;
        LabelledText example;
    };
    Taught(std::string state, TextLearner learner)
        : state_(std::move(state)), learner_(std::move(learner)) {}

    std::string state_;
    TextLearner learner_;
    std::int64_t since_ = 0;
    bool stale_ = false;           ///< Knows a lesson that was taken back.
    std::vector<Lesson> lessons_;  ///< All since the version, or none when there were too many.
};

}  // namespace countersign
