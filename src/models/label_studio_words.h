// How Label Studio says what is labelled and what was found. The room of formats knows it and the
// models may not ask there: app hands it over (Outside::label_studio).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/cue.h"

namespace countersign {

struct LabelStudioWords {
    /// The schema as an XML labelling configuration; `cues`: with what interactive backends look
    /// for.
    std::string (*config)(const Schema& schema, bool cues) = nullptr;
    /// A `result` list (JSON text) as regions of the item, which may be about those `known`; why
    /// some were left out or mended goes to `remarks`.
    Result<Regions> (*regions)(std::string_view result, const Schema& schema, const ItemFacts& item,
                               const Regions& known, std::vector<std::string>& remarks) = nullptr;
    /// What a person points at, as a `result` list.
    Result<std::string> (*cue)(const Cue& cue, const Schema& schema,
                               const ItemFacts& item) = nullptr;
};

}  // namespace countersign
