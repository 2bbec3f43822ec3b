// Gold tasks and onboarding: which tasks have a known answer, who was tried on them, and what it
// says of their work.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/world.h"
#include "core/gold.h"
#include "core/opinions.h"
#include "core/people.h"
#include "quality/scores.h"
#include "store/gold_store.h"
#include "store/onboarding_store.h"

namespace countersign {

/// Where a person stands before they work in a project.
struct OnboardingView {
    Onboarding about;
    RoundCount round;
    std::vector<Id> unshown;  ///< Annotations whose trusted answer the person has not seen.
    bool starved() const { return round.answered + round.left < about.wanted; }
};

/// An answer of the onboarding beside the trusted one.
struct Feedback {
    Task task;
    Media media;  ///< id 0: text.
    Annotation answer;
    Regions trusted;
    std::vector<Difference> differences;  ///< a: the trusted answer's region, b: the person's.
    double score = 0;
    bool agreed = false;
    OnboardingView stands;  ///< After this.
};

/// A person's answers to gold tasks that came to them as work.
struct Standing {
    Id person = 0;
    std::string display;
    std::optional<OnboardingView> onboarding;
    std::int64_t trials = 0, agreed = 0;
    double mean_score = 0;
    Interval accuracy;  ///< 95 %, of agreed / trials.
    /// The last `recent` trials against those before: how the share that agreed moved. Of people
    /// with too few trials `recent` is 0.
    std::int64_t recent = 0, recent_agreed = 0;
    double moved = 0;
    Interval moved_by;  ///< 95 %.
};

class GoldTasks {
public:
    explicit GoldTasks(World& world) : world_(world) {}

    /// Makes decided tasks gold, all or none; returns how many were not before. A specialist may
    /// mark what they decided or answered themselves once gold is in use, so that a refusal tells
    /// nobody what is gold.
    Result<std::int64_t> mark(const Caller& caller, Id project, const std::vector<Id>& tasks);
    /// They are work again, all or none. `reason` is required.
    Result<std::int64_t> withdraw(const Caller& caller, Id project, const std::vector<Id>& tasks,
                                  const std::string& reason);
    Result<std::vector<GoldRow>> list(Id project, Id after, int limit);
    Result<std::vector<Standing>> standings(Id project);

    /// Nothing for who need not be onboarded.
    Result<std::optional<OnboardingView>> onboarding(const Caller& caller, Id project);
    /// Tells the trusted answer, from which on the person's own can no longer be undone. May be
    /// asked again.
    Result<Feedback> feedback(const Caller& caller, Id project, Id annotation);
    Result<> let_pass(const Caller& caller, Id project, Id person);
    Result<> begin_again(const Caller& caller, Id project, Id person);

private:
    World& world_;
};

/// What stands before work for this caller; nothing: they may work. Begins an onboarding that is
/// due.
std::optional<OnboardingView> onboarding_before_work(Session& s, const Project& project,
                                                     const Caller& caller);
OnboardingView onboarding_view(Session& s, Onboarding about);

}  // namespace countersign
