// Who gave which label to what: the table that agreement and aggregation are computed from.
//
// Strategy: labels are numbered by the caller, rows are sorted once by counting, and everything
// after is one pass over two flat arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace countersign {

/// One label: `unit` in [0, units), `rater` in [0, raters), `value` in [0, values).
struct Rating {
    std::uint32_t unit = 0, rater = 0, value = 0;
};

class Ratings {
public:
    struct Entry {
        std::uint32_t rater = 0, value = 0;
        bool operator==(const Entry&) const = default;
    };

    /// Rows in any order; of several by one rater on one unit the last counts. A row whose numbers
    /// lie outside is a Breakdown. O(rows + units).
    Ratings(std::span<const Rating> rows, std::size_t units, std::size_t raters,
            std::size_t values);

    std::size_t units() const { return begin_.size() - 1; }
    std::size_t raters() const { return raters_; }
    std::size_t values() const { return values_; }
    std::size_t size() const { return entries_.size(); }
    /// How many labels the units before this one have.
    std::size_t first(std::size_t unit) const { return begin_[unit]; }
    /// The labels of a unit, by rising rater; each rater at most once.
    std::span<const Entry> of(std::size_t unit) const {
        return std::span(entries_).subspan(begin_[unit], begin_[unit + 1] - begin_[unit]);
    }

private:
    std::size_t raters_, values_;
    std::vector<std::size_t> begin_;  ///< Where each unit's entries begin, and one past the end.
    std::vector<Entry> entries_;
};

}  // namespace countersign
