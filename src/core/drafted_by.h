// In a region's meta: the wire id of the model that drew it, where that is not the draft's own; of
// an answer's region, of the model that drew it when the person pointed there.
#pragma once

namespace countersign {

constexpr const char* drafted_by = "drafted_by";

}  // namespace countersign
