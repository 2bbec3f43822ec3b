// Who belongs to whom: the one-to-one matching of two sides whose weights add up to the most. Boxes
// of two people, speakers of two systems, spans that overlap.
//
// Strategy: only pairs with a weight above 0 can match, so that the sides fall apart into groups
// that share no pair; each is solved by itself (Hungarian method, Kuhn 1955, as shortest augmenting
// paths: Jonker and Volgenant 1987), O(n^3) in the group's size. Groups of more than 500 on their
// smaller side are matched greedily, heaviest pair first, which gives at least half of the most.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace countersign {

/// `a` of the one side may match `b` of the other; a weight of 0 or less, or not a number, never
/// does.
struct Pairing {
    std::uint32_t a = 0, b = 0;
    double weight = 0;
};

/// The pairs of the heaviest matching, by rising `a`. Of a pair given twice the heavier counts.
std::vector<Pairing> best_matching(std::span<const Pairing> pairs);

}  // namespace countersign
