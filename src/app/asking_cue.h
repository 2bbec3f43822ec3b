// Asking a model about what a person points at.
#pragma once

#include "app/asking.h"
#include "core/cue.h"

namespace countersign {

/// As ask(), about `cue`, in pixels of the item's image. Refuses (unsupported) a model that people
/// cannot ask.
Result<Draft> ask_by_cue(Drafter& drafter, const Schema& schema, const Item& item, const Cue& cue,
                         std::stop_token stop);

}  // namespace countersign
