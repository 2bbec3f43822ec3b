// One `result` list of Label Studio as regions. What cannot be taken is named in `mends`.
#pragma once

#include "formats/json_dom.h"
#include "formats/reader.h"

namespace countersign {

/// What a result list is read against. `row` has the size of the image, `text` is what spans count
/// in.
struct ResultContext {
    const Schema* schema;
    std::string_view source_key;
    const ImportedRow& row;
    std::string_view text;
    Mends& mends;
};

Regions label_studio_regions(Dom result, const ResultContext& context);

}  // namespace countersign
