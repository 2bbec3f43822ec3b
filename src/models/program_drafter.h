// Drafts by a program of one's own on the server's machine: JSON lines in, JSON lines out.
//
// Which programs there are is the operator's to say (countersign serve --model-program NAME=PATH);
// a config names one and its arguments. For each item the program reads one line
//   {"id": 7, "schema": {...}, "text": "..." or "medium": {"type", "width", "height", "seconds",
//    "base64"}, "data": {...}}
// and writes one line with the same id and
//   "regions": ours (docs/reference/api.md), in pixels of the whole picture,
//   or "result": Label Studio's, with "score",
//   or "error": why it has no answer to this item.
// Other lines are passed over. A program that ends, is late or floods is started anew; one that had
// answered before gets the same item again.
#pragma once

#include "models/drafter.h"

namespace countersign {

/// The row "subprocess" of model_kinds().
ModelKind subprocess_kind();

}  // namespace countersign
