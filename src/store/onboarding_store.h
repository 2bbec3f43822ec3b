// Onboarding: the gold tasks a new annotator of a project answers before any work, in rounds. Every
// function is one step of one transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/gold.h"
#include "store/desk_store.h"
#include "store/trial_store.h"

namespace countersign {

struct Onboarding {
    Id project = 0, person = 0;
    OnboardingState state = OnboardingState::underway;
    int round = 1;
    int wanted = 0;    ///< Gold tasks of the round.
    double least = 0;  ///< Mean score that passes.
    std::optional<double> score;
    Millis decided = 0;
    Id decided_by = 0;  ///< 0: the score decided; else who let the person pass.
};

/// Begins the first round for a person who is new to the project; nothing when they have worked in
/// it, or the policy asks for none and none was begun.
std::optional<Onboarding> onboarding_of(Session& s, const Project& project, Id person);
std::optional<Onboarding> find_onboarding(Session& s, Id project, Id person);
std::vector<Onboarding> list_onboarding(Session& s, Id project);

/// The trials that the person holds, then further gold, `count` together, up to what the round
/// wants. Gold that was skipped comes back when there is no other.
std::vector<Leased> lease_onboarding(Session& s, const Project& project, const Onboarding& about,
                                     int count, Millis now);

/// How far the round is.
struct RoundCount {
    int answered = 0;  ///< Trials that count.
    int unshown = 0;   ///< Of them, whose trusted answer the person has not seen.
    double score = 0;  ///< Their mean; 0 when none.
    int left = 0;      ///< Gold that may still be handed to the person, held and skipped included.
};
RoundCount count_round(Session& s, const Onboarding& about);
/// Answers of the round whose trusted answer the person has not seen, oldest first.
std::vector<Trial> unshown_trials(Session& s, const Onboarding& about);

/// The person sees the trusted answer to this trial from now on. Settles the round when it was the
/// last: returns what it became then.
std::optional<OnboardingState> show_trial(Session& s, const Onboarding& about, Id task, Millis now);
/// Refuses unless the person is under way or failed.
Result<> let_pass(Session& s, Id project, Id person, Id by, Millis now);
/// Another round with other gold. Refuses unless the person failed, or when there is too little.
Result<Onboarding> begin_again(Session& s, const Project& project, Id person);

}  // namespace countersign
