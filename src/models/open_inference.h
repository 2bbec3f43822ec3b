// Drafts by a model that a server of the Open Inference Protocol v2 serves: boxes by the table of
// detectors, or a choice (network_reading.h), through a line (connector.h).
//
// What the server says of the model (names of tensors, sizes) is asked once and remembered. Numbers
// go as JSON, or behind it as bytes (the protocol's binary extension) with "binary": true.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "open-inference" of model_kinds().
ModelKind open_inference_kind();

}  // namespace countersign
