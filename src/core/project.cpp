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
    if (policy.lease_minutes < 1 || policy.lease_minutes > 24 * 60)
        return Refusal{Code::invalid, "policy.lease_minutes must lie between 1 and 1440."};
    if (policy.overlap != 1)
        return Refusal{Code::unsupported,
                       "policy.overlap: this version asks one annotation a task."};
    return policy;
}

}  // namespace countersign
