// What was handed out lately, kept until it is answered: an answer is judged against exactly what
// was shown, and none of that can change, so it need not be read from the database again. (On
// SQLite each commit empties the caches of the readers, which made that read dear.)
//
// Only a shortcut: bounded, of this process alone, and whoever misses here reads. The lease itself
// is checked by the write.
#pragma once

#include <map>
#include <optional>

#include "base/guarded.h"
#include "store/desk_store.h"

namespace countersign {

class HandedOut {
public:
    void keep(const Leased& leased) {
        if (leased.task.data.size() > most_bytes) return;
        if (leased.draft && leased.draft->regions.size() > most_regions) return;
        kept_.with([&](Kept& kept) {
            kept.insert_or_assign(leased.assignment.id, leased);
            if (kept.size() > most_kept) kept.erase(kept.begin());
        });
    }
    /// Takes out what was handed out under this assignment, if it is here.
    std::optional<Leased> take(Id assignment) {
        return kept_.with([&](Kept& kept) -> std::optional<Leased> {
            auto found = kept.extract(assignment);
            if (found.empty()) return {};
            return std::move(found.mapped());
        });
    }

private:
    static constexpr std::size_t most_kept = 1024, most_bytes = 16 << 10, most_regions = 64;
    using Kept = std::map<Id, Leased>;  ///< By assignment: the oldest first.
    Guarded<Kept> kept_;
};

}  // namespace countersign
