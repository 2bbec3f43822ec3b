#include "core/project.h"

namespace countersign {

Result<Policy> check_policy(Policy policy) {
    if (!(policy.blind_share >= 0.02 && policy.blind_share <= 1))
        return Refusal{
            Code::invalid,
            "policy.blind_share must lie between 0.02 and 1: without blind controls the effect of "
            "drafts on people cannot be measured."};
    if (!(policy.show_from >= 0 && policy.show_from <= 1))
        return Refusal{Code::invalid, "policy.show_from must lie between 0 and 1."};
    if (!(policy.routine_from >= 0 && policy.routine_from <= 1))
        return Refusal{Code::invalid, "policy.routine_from must lie between 0 and 1."};
    if (policy.lease_minutes < 1 || policy.lease_minutes > 24 * 60)
        return Refusal{Code::invalid, "policy.lease_minutes must lie between 1 and 1440."};
    if (policy.overlap < 1 || policy.overlap > 10)
        return Refusal{Code::invalid, "policy.overlap must lie between 1 and 10."};
    if (!(policy.overlap_share >= 0 && policy.overlap_share <= 1))
        return Refusal{Code::invalid, "policy.overlap_share must lie between 0 and 1."};
    if (!(policy.gold_share >= 0 && policy.gold_share <= 0.5))
        return Refusal{Code::invalid, "policy.gold_share must lie between 0 and 0.5."};
    if (policy.onboarding < 0 || policy.onboarding > 100)
        return Refusal{Code::invalid, "policy.onboarding must lie between 0 and 100."};
    if (!(policy.onboarding_least >= 0 && policy.onboarding_least <= 1))
        return Refusal{Code::invalid, "policy.onboarding_least must lie between 0 and 1."};
    if (policy.skip_reasons.size() > 20)
        return Refusal{Code::invalid, "policy.skip_reasons: 20 at most."};
    return policy;
}

}  // namespace countersign
