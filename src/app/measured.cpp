#include "app/measured.h"

#include <algorithm>

#include "store/model_store.h"

namespace countersign {

bool is_measured(Session& s, const Project& project, const Assignment& held) {
    if (held.arm == Arm::blind) return true;
    if (held.draft != 0) return false;
    const auto models = list_models(s, project.id);
    return std::any_of(models.begin(), models.end(),
                       [&](const Model& m) { return stats_of(s, m.id).drafted > 0; });
}

}  // namespace countersign
