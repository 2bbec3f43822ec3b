// A classifier in a chain behind a detector: what it sees in each box of another model's draft
// becomes the box's label, or the answer to a question about each region.
#pragma once

#include <functional>
#include <vector>

#include "models/network_reading.h"

namespace countersign {

/// The outputs of a classifier for a picture.
using Look = std::function<Result<std::vector<Tensor>>(const Image& picture)>;

/// The boxes of `earlier`, in pixels of `picture`, as a draft: labelled by the classifier when
/// reading.control() is one of boxes, as sure as both models together, or each with a choice about
/// it. A box whose name there the control does not know keeps its label; so do those behind the
/// 300 surest. Refuses where `look` does.
Result<DraftAnswer> classify_boxes(const Image& picture, const Regions& earlier,
                                   const NetworkReading& reading, const Look& look);

}  // namespace countersign
