// Notifications: what happened that concerns a person, read by a cursor. Everybody reads their own.
#pragma once

#include <string>
#include <vector>

#include "app/world.h"
#include "core/people.h"
#include "store/notification_store.h"

namespace countersign {

/// Unread ones are counted up to here.
constexpr std::int64_t most_unread = 1000;

class Notifications {
public:
    explicit Notifications(World& world) : world_(world) {}

    struct Page {
        /// `said` is a short plain text, and empty where the caller may not see it (yet).
        std::vector<NotificationRow> items;
        Id cursor = 0;  ///< Whatever comes later lies behind it.
        bool more = false;
        std::int64_t unread = 0;
    };
    /// The newest, those below `before` (0: from the top).
    Page newest(const Caller& caller, Id before, int limit);
    /// What came since, oldest first.
    Page since(const Caller& caller, Id after, int limit);
    /// Changes whenever something about the caller's list does; one short look.
    Id version(const Caller& caller);
    std::int64_t unread(Id person);

    /// All up to `seq`, or just that one. Returns how many are left unread.
    std::int64_t mark_read(const Caller& caller, Id seq, bool only);

    std::vector<NotificationKind> off(const Caller& caller);
    void switch_off(const Caller& caller, const std::vector<NotificationKind>& kinds);

private:
    World& world_;
};

}  // namespace countersign
