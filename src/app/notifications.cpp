#include "app/notifications.h"

#include <algorithm>

#include "app/remarks.h"
#include "app/sight.h"

namespace countersign {

namespace {

bool may_read(Role role, const NotificationRow& row) {
    if (row.what.kind == NotificationKind::job_ended) return sees_everything(role);
    return sees_opinions(role, row.state, row.answered);
}

void make_readable(Session& s, Role role, std::vector<NotificationRow>& rows) {
    constexpr std::int64_t most_characters = 200;
    for (auto& row : rows)
        row.said = may_read(role, row) ? plain_remark(s, row.said, most_characters) : "";
}

}  // namespace

Notifications::Page Notifications::newest(const Caller& caller, Id before, int limit) {
    return world_.db.read([&](Session& s) {
        Page out;
        out.items = newest_notifications(s, caller.person, before > 0 ? before : INT64_MAX, limit);
        make_readable(s, caller.role, out.items);
        out.more = static_cast<int>(out.items.size()) == limit;
        out.cursor = notification_version(s, caller.person);
        out.unread = count_unread(s, caller.person, most_unread);
        return out;
    });
}

Notifications::Page Notifications::since(const Caller& caller, Id after, int limit) {
    return world_.db.read([&](Session& s) {
        Page out;
        out.items = notifications_after(s, caller.person, after, limit);
        make_readable(s, caller.role, out.items);
        out.more = static_cast<int>(out.items.size()) == limit;
        out.cursor = out.more ? out.items.back().what.seq : notification_version(s, caller.person);
        out.unread = count_unread(s, caller.person, most_unread);
        return out;
    });
}

Id Notifications::version(const Caller& caller) {
    return world_.db.read([&](Session& s) { return notification_version(s, caller.person); });
}

std::int64_t Notifications::unread(Id person) {
    return world_.db.read([&](Session& s) { return count_unread(s, person, most_unread); });
}

std::int64_t Notifications::mark_read(const Caller& caller, Id seq, bool only) {
    return world_.db.write([&](Session& s) {
        countersign::mark_read(s, caller.person, seq, only);
        return count_unread(s, caller.person, most_unread);
    });
}

std::vector<NotificationKind> Notifications::off(const Caller& caller) {
    return world_.db.read([&](Session& s) { return kinds_off(s, caller.person); });
}

void Notifications::switch_off(const Caller& caller, const std::vector<NotificationKind>& kinds) {
    world_.db.write([&](Session& s) { save_kinds_off(s, caller.person, kinds); });
}

}  // namespace countersign
