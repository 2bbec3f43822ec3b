// Cutting a dataset into train, dev and test: labels spread as the shares ask, items that belong
// together in one part, the same cut for the same seed.
//
// Strategy: what belongs together is joined first (groups the caller names, near duplicates).
// Groups are given out one by one, those with the rarest labels first, each to the part that lacks
// its labels most, as a share of what the part should have (Sechidis, Tsoumakas and Vlahavas 2011,
// "On the stratification of multi-label data"). O(groups * (log groups + parts * labels a group)).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace countersign {

struct SplitItem {
    std::string_view name;              ///< Decides, with the seed, where ties go.
    std::vector<std::uint32_t> labels;  ///< Each as often as the item has it.
};

/// Sets that are joined pair by pair.
class Joined {
public:
    explicit Joined(std::size_t items);
    void join(std::uint32_t a, std::uint32_t b);
    std::uint32_t group(std::uint32_t item);  ///< The same number for all that are joined.

private:
    std::vector<std::uint32_t> parent_;
};

/// The part, in [0, shares.size()), of each item. `shares` are positive. The order of items does
/// not matter, their names do.
std::vector<std::uint32_t> split_items(std::span<const SplitItem> items, Joined& together,
                                       std::span<const double> shares, std::uint64_t seed);

}  // namespace countersign
