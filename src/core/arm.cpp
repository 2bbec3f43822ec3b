#include "core/arm.h"

#include "base/rng.h"

namespace countersign {

ArmDraw draw_arm(const Policy& policy, std::uint64_t seed, Id task, Id person, bool has_draft) {
    if (!has_draft) return {Arm::assisted, 1};
    const double u =
        counter_uniform(seed, static_cast<std::uint64_t>(person), static_cast<std::uint64_t>(task));
    if (u < policy.blind_share) return {Arm::blind, policy.blind_share};
    return {Arm::assisted, 1 - policy.blind_share};
}

}  // namespace countersign
