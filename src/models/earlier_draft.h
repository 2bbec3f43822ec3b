// A model that is told what another one drafted for the task before it answers: models in a chain,
// such as a transcript and then what it is about, or boxes and then what each of them shows.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "core/region.h"
#include "core/schema.h"
#include "models/drafter.h"

namespace countersign {

/// "reads", a field of the configs of all kinds that can be told a draft.
ConfigField reads_field();
/// The id under "reads" ("k3"); empty: it reads nobody. Refuses (invalid) what is no model's id.
Result<std::string> reads_from(const Json& config);

/// What model `reads` drafted for the task, in pixels of the whole picture, without what is not
/// grounded. Refuses with Code::not_found while it has not, with Code::unavailable where drafts of
/// others are not known.
Result<Regions> earlier_draft(const Outside* outside, const std::string& reads, std::int64_t task);

/// A draft in words, a line a region: `"Ada Lovelace": Person`, `car at [10, 20, 300, 400]`,
/// `topic: Work`, `Speaker 1: good morning`. Boxes in thousandths of the picture, which has `width`
/// x `height` pixels; texts about a region stand where the region does; sound in order of time.
/// Line breaks within a text become spaces.
std::string draft_in_words(const Regions& regions, int width, int height);

}  // namespace countersign
