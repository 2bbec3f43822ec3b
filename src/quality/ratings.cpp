#include "quality/ratings.h"

#include <algorithm>

#include "base/result.h"

namespace countersign {

Ratings::Ratings(std::span<const Rating> rows, std::size_t units, std::size_t raters,
                 std::size_t values)
    : raters_(raters), values_(values), begin_(units + 1) {
    for (const auto& row : rows) {
        if (row.unit >= units || row.rater >= raters || row.value >= values)
            throw Breakdown("a rating names a unit, rater or value that was not announced");
        ++begin_[row.unit + 1];
    }
    for (std::size_t u = 0; u < units; ++u) begin_[u + 1] += begin_[u];
    entries_.resize(rows.size());
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (const auto& row : rows) entries_[next[row.unit]++] = {row.rater, row.value};

    std::size_t kept = 0;
    for (std::size_t u = 0; u < units; ++u) {
        const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(begin_[u]);
        const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(begin_[u + 1]);
        std::stable_sort(first, last,
                         [](const Entry& a, const Entry& b) { return a.rater < b.rater; });
        begin_[u] = kept;
        for (auto it = first; it != last; ++it)
            if (it + 1 == last || (it + 1)->rater != it->rater) entries_[kept++] = *it;
    }
    begin_[units] = kept;
    entries_.resize(kept);
}

}  // namespace countersign
