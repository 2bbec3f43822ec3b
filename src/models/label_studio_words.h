// How Label Studio says what is labelled and what was found. The room of formats knows it and the
// models may not ask there: app hands it over (Outside::label_studio).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/region.h"

namespace countersign {

struct LabelStudioWords {
    /// The schema as an XML labelling configuration.
    std::string (*config)(const Schema& schema) = nullptr;
    /// A `result` list (JSON text) as regions of the item; why some were left out or mended goes to
    /// `remarks`.
    Result<Regions> (*regions)(std::string_view result, const Schema& schema, const ItemFacts& item,
                               std::vector<std::string>& remarks) = nullptr;
};

}  // namespace countersign
