// Is a draft grounded in the item? (TRUST.md section 9.) Deterministic checks on every draft, from
// a model or from a file; no draft is dropped, each region leaves with a verdict and, unless it is
// grounded, a sentence that says why.
//
//   grounded    it holds
//   repaired    it holds after a small correction, which was made: the reason says what changed
//   weak        it cannot be trusted: not pre-filled, never accepted by machine
//   ungrounded  it does not belong to the item: the same, and shown as such
#pragma once

#include <string_view>

#include "core/schema.h"
#include "media/image.h"
#include "models/drafter.h"
#include "models/speech_grounding.h"

namespace countersign {

/// What is known of the item. Without pixels the look for an empty area is left out, without a size
/// the look at the image's edges too.
struct GroundItem {
    std::string_view text;         ///< UTF-8.
    int width = 0, height = 0;     ///< Upright pixels; 0: unknown.
    const Image* image = nullptr;  ///< Upright, width x height.
    GroundSound sound = {};
};

/// The draft with `grounding` and `reason` set on every region, labels written as the schema does,
/// boxes clamped and spans moved where that was a small correction.
DraftAnswer ground(const Schema& schema, const GroundItem& item, DraftAnswer draft);

/// The worst verdict; grounded when there are none.
Grounding worst_grounding(const Regions& regions);

/// The words in `text` that speak to a model instead of to a reader ("ignore all previous
/// instructions"), or empty. A short list of phrases that everyday texts do not hold, compared
/// without case, invisible characters and differences of white space.
std::string_view injection_mark(std::string_view text);

}  // namespace countersign
