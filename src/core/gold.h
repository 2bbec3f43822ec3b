// Gold: tasks whose answer is known. A trial is one person's answer to one of them, given without
// knowing it (hidden) or as their first work in the project (onboarding).
#pragma once

#include <cstdint>

#include "core/project.h"
#include "core/region.h"

namespace countersign {

enum class TrialPurpose { onboarding, hidden };
inline std::span<const EnumName<TrialPurpose>> enum_names(TrialPurpose) {
    static constexpr EnumName<TrialPurpose> rows[] = {{TrialPurpose::onboarding, "onboarding"},
                                                      {TrialPurpose::hidden, "hidden"}};
    return rows;
}

/// Where a person stands with the gold tasks that come before work in a project.
enum class OnboardingState { underway, passed, failed };
inline std::span<const EnumName<OnboardingState>> enum_names(OnboardingState) {
    static constexpr EnumName<OnboardingState> rows[] = {{OnboardingState::underway, "underway"},
                                                         {OnboardingState::passed, "passed"},
                                                         {OnboardingState::failed, "failed"}};
    return rows;
}

struct TrialScore {
    double score = 0;     ///< In [0, 1].
    bool agreed = false;  ///< The same answer, by differences().
};
/// The mean over the controls that either answers: choices and texts 1 or 0, ratings one minus the
/// distance over the scale, everything that is drawn or joined by F1 (pieces are the same as in
/// differences(): spans exactly, shapes from an IoU of 0.5, with their label). Two empty answers
/// agree.
TrialScore score_answer(const Schema& schema, const Regions& gold, const Regions& answer);

bool uses_gold(const Policy& policy);

/// Whether a gold task is handed out in place of `task`: true for policy.gold_share of the draws, a
/// function of its arguments only. `trials`: how many this person has had, so that the task that
/// waits meanwhile is drawn for afresh.
bool draw_gold(const Policy& policy, std::uint64_t seed, Id person, Id task, std::int64_t trials);

/// Which of `count` gold tasks a newcomer gets next, in [0, count); count > 0.
std::size_t draw_first_gold(std::uint64_t seed, Id person, std::int64_t trials, std::size_t count);

}  // namespace countersign
