// Tasks whose answer is known. Marking one changes what its label is called (LabelOrigin::gold) and
// which counter it stands in, nothing else: its queue row stays done, so that work never meets it;
// it comes to people as a trial only (store/trial_store.h). Every function is one step of one
// transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/project.h"
#include "core/task.h"
#include "store/db.h"

namespace countersign {

struct Gold {
    Id project = 0, task = 0;
    Id person = 0;  ///< Who vouches for the answer.
    Regions regions;
    bool in_use = true;
    std::string reason;  ///< Why it was withdrawn.
    Millis created = 0;
};

/// The task's current label becomes the trusted answer. False when it is gold already. Refuses a
/// task that is not decided.
Result<bool> mark_gold(Session& s, const Project& project, Id task, Id person, Millis now);
/// The task is work again, as it was; what people were tried on by it no longer counts. Refuses a
/// task that is not gold.
Result<> withdraw_gold(Session& s, const Project& project, Id task, Id person,
                       std::string_view reason, Millis now);

/// Also a withdrawn one.
std::optional<Gold> find_gold(Session& s, Id project, Id task);
std::int64_t count_gold(Session& s, Id project);  ///< In use.

/// A gold task in use with how people fared on it.
struct GoldRow {
    Task task;
    std::string person;  ///< Who vouches, display name.
    std::string labels;  ///< Label names of the answer, comma separated.
    Millis created = 0;
    std::int64_t trials = 0, agreed = 0;
};
std::vector<GoldRow> list_gold(Session& s, Id project, Id after, int limit);

/// Gold that may be handed to this person: in use, never theirs before, and neither its answer nor
/// its mark is theirs.
struct GoldTask {
    Id task = 0, draft = 0;  ///< The task's current draft; 0: none.
};
/// The one whose place in the order of the tasks is nearest to `place`.
std::optional<GoldTask> nearest_gold(Session& s, Id project, Id person, Id place);
std::vector<GoldTask> gold_for(Session& s, Id project, Id person);  ///< All, in task order.

}  // namespace countersign
