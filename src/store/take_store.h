// Tasks that a person names instead of taking what comes next, so that a list is worked through in
// its own order. The same arms, leases and rules of who may have what as in lease(): nobody gets
// what somebody else has, what is meant for another, or what they gave an answer to.
#pragma once

#include <span>
#include <vector>

#include "base/fields.h"
#include "store/desk_store.h"

namespace countersign {

/// Why a task that was named is not handed out.
enum class PassedOver { with_another, decided, disputed, answered, missing };
inline std::span<const EnumName<PassedOver>> enum_names(PassedOver) {
    static constexpr EnumName<PassedOver> rows[] = {{PassedOver::with_another, "with_another"},
                                                    {PassedOver::decided, "decided"},
                                                    {PassedOver::disputed, "disputed"},
                                                    {PassedOver::answered, "answered"},
                                                    {PassedOver::missing, "missing"}};
    return rows;
}

struct Taken {
    std::vector<Leased> tasks;  ///< In the order they were named.
    struct Passed {
        Id task = 0;
        PassedOver why = PassedOver::missing;
    };
    std::vector<Passed> passed;
};
/// What of `tasks` this person may have: renewed where they hold it, leased where it waits.
Taken take_tasks(Session& s, const Project& project, Id person, const std::vector<Id>& tasks,
                 Millis now);

/// How many tasks of the queue this person holds.
std::int64_t count_held(Session& s, Id project, Id person);

}  // namespace countersign
