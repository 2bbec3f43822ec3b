// What Label Studio's machine learning backends and programs answer about an item, as a draft.
//
// Read with patience (their examples differ): labels as a text instead of a list, offsets as texts
// or with a fraction, a list of results where one was asked for, results without ids or sizes,
// scores in odd places.
#pragma once

#include "base/json.h"
#include "models/label_studio_words.h"
#include "models/outside_answer.h"

namespace countersign {

/// `prediction`: {"result": [...], "score": 0.7}, or the list of results alone. Refuses with
/// Code::invalid what is neither.
/// Regions may be about those of `known`, which are there already and are not part of the answer.
Result<TakenAnswer> label_studio_answer(const Json& prediction, const Schema& schema,
                                        const ItemFacts& item, const LabelStudioWords& words,
                                        const Regions& known = {});

}  // namespace countersign
