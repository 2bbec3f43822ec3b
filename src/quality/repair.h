// Safe repairs of an answer's regions: what nobody would want kept. Each is small, says what it
// did, and leaves meaning alone.
//
//   spans lose white space at their ends; boxes and segments are cut to their item; what has no
//   area or length goes, and so does an exact copy of another region.
#pragma once

#include <string>
#include <vector>

#include "core/region.h"

namespace countersign {

struct Repair {
    std::string region;         ///< Its id.
    std::string before, after;  ///< The region in words; `after` is empty when it goes.
};

/// Mends `regions` in place; answers about regions that went go too. `text` of trimmed spans is
/// set.
std::vector<Repair> repair(Regions& regions, const ItemFacts& item);

}  // namespace countersign
