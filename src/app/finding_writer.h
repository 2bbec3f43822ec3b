// What checks found, compared with what was found before, and written: a finding once for ever,
// only differences, and nobody's decision undone.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/world.h"
#include "quality/finding.h"
#include "store/finding_store.h"

namespace countersign {

/// The tasks behind the numbers of items, and the ids behind people's names.
struct CheckedItems {
    std::vector<Id> tasks, annotations;
    std::vector<std::string> names;
    std::map<std::string, Id, std::less<>> people;
};

StoredFinding stored_finding(const Finding& finding, const CheckedItems& items, Id project,
                             Millis now);

/// What is to be written.
struct FindingChanges {
    std::vector<StoredFinding> added, refreshed;
    std::vector<Id> reopened, fixed, gone;

    /// `known`: the same one as it stands in the store; null: it is new.
    ///
    /// An open one is refreshed. One that was gone is open again, and so is one that was fixed, or
    /// waits, once its task has another label in which it is still found. One that was dismissed
    /// stays so.
    void found(StoredFinding finding, const KnownFinding* known);
    /// One that is not found any more; `annotation`: the task's label now, 0: it has none. It is
    /// fixed when the label changed, gone when not (also when it was about a draft, and the task
    /// got its first label); one that waits waits on until there is one.
    void not_found(const KnownFinding& known, Id annotation);

    bool empty() const {
        return added.empty() && refreshed.empty() && reopened.empty() && fixed.empty() &&
               gone.empty();
    }
    using Part = std::function<void(Session&, Millis now)>;
    /// Everything, in parts of at most `most` findings, through `write`.
    void write_by(std::size_t most, const std::function<void(const Part&)>& write) const;
};

/// In the history of the project: who watches it hears that its findings changed.
void record_findings(Session& s, World& world, Id project, Id person, const FindingChanges& changes,
                     Millis now);

}  // namespace countersign
