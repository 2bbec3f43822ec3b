// What a program or server elsewhere says about an item, as a draft: rubbish is left out and said,
// never stored.
#pragma once

#include <string>
#include <vector>

#include "core/region.h"
#include "models/drafter.h"

namespace countersign {

struct TakenAnswer {
    DraftAnswer answer;
    std::vector<std::string> left_out;  ///< Why, a sentence each; at most ten.
};

/// Regions as somebody else gave them: names of labels become the schema's, ids are made where they
/// are missing or doubled, origin and verdicts are set, confidence out of range is dropped, and a
/// region that the schema or the item cannot hold is left out. The whole is as sure as its least
/// sure region, unless `confidence` (a number from 0 to 1) says so.
/// Those of `known`, checked before, are there already: answers may be about them.
TakenAnswer take_regions(const Schema& schema, const ItemFacts& item, Regions regions,
                         const Json& confidence, const Regions& known = {});

/// "The model's answer was left out: ..." when nothing of it could be taken; else the answer.
Result<DraftAnswer> or_refuse(TakenAnswer taken);

/// The facts that a draft's regions are held against.
ItemFacts facts_of_ask(const DraftAsk& ask);

}  // namespace countersign
