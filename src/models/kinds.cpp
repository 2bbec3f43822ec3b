#include <algorithm>

#include "models/drafter.h"
#include "models/nanodet_drafter.h"
#include "models/text_learner.h"

namespace countersign {

std::span<const ModelKind> model_kinds() {
    static const ModelKind rows[] = {
        nanodet_kind(),
        text_learner_kind(),
    };
    return rows;
}

const ModelKind* find_model_kind(std::string_view kind) {
    const auto rows = model_kinds();
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const ModelKind& row) { return row.kind == kind; });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace countersign
