#include <algorithm>

#include "http/routes.h"
#include "http/wire_notifications.h"

namespace countersign {

namespace {

NotificationOut notification_out(const NotificationRow& row) {
    const auto& what = row.what;
    NotificationOut out;
    out.cursor = cursor_text(what.seq);
    out.kind = what.kind;
    out.project = wire_id('p', what.project);
    out.project_name = row.project;
    if (what.task != 0) out.task.emplace(wire_id('t', what.task));
    out.task_key = row.task_key;
    out.by = row.by;
    out.said = row.said;
    out.number = what.number;
    if (row.job_state) {
        out.job.emplace(wire_id('j', what.about));
        out.job_kind = row.job_kind;
        out.job_state.emplace(*row.job_state);
    }
    out.read = what.read;
    out.created = what.created;
    return out;
}

NotificationsOut page_out(const Notifications::Page& page) {
    NotificationsOut out;
    for (const auto& row : page.items) out.items.push_back(notification_out(row));
    if (page.more) out.next.emplace(out.items.back().cursor);
    out.cursor = cursor_text(page.cursor);
    out.unread = page.unread;
    return out;
}

Result<Id> cursor_from(std::string_view name, std::string_view text) {
    if (const auto seq = parse_id('z', text)) return *seq;
    return Refusal{Code::invalid, std::string(name) + " must be a cursor of this list."};
}

Result<Response> list_notifications(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto after = request.ask("after");
    if (after.empty())
        return answer(
            page_out(on.notifications.newest(request.caller, TRY(request.cursor()), limit)));
    const Id from = TRY(cursor_from("after", after));
    // Nearly every poll finds nothing new: one short look says so.
    const auto etag =
        '"' + cursor_text(on.notifications.version(request.caller)) + '-' + cursor_text(from) + '"';
    Response out;
    if (etag_matches(request.header("if-none-match"), etag))
        out = text_response(304, "", "");
    else
        out = answer(page_out(on.notifications.since(request.caller, from, limit)));
    out.headers.emplace_back("ETag", etag);
    return out;
}

Result<Response> mark_read(Services& on, Request& request) {
    const auto body = TRY(request.json<MarkReadBody>());
    if (body.up_to.empty() == body.only.empty())
        return Refusal{Code::invalid,
                       "Send either up_to, the cursor up to which all are read, or only, that of "
                       "the one that is."};
    const bool only = body.up_to.empty();
    const Id seq =
        only ? TRY(cursor_from("only", body.only)) : TRY(cursor_from("up_to", body.up_to));
    return answer(UnreadOut{on.notifications.mark_read(request.caller, seq, only)});
}

NotificationChoices choices_of(const std::vector<NotificationKind>& off) {
    NotificationChoices out;
    for (const auto& row : enum_names(NotificationKind{}))
        out.kinds.push_back({row.value, std::find(off.begin(), off.end(), row.value) == off.end()});
    return out;
}

Result<Response> choices(Services& on, Request& request) {
    return answer(choices_of(on.notifications.off(request.caller)));
}

Result<Response> choose(Services& on, Request& request) {
    const auto body = TRY(request.json<NotificationChoices>());
    std::vector<NotificationKind> off;
    for (const auto& choice : body.kinds)
        if (!choice.on) off.push_back(choice.kind);
    on.notifications.switch_off(request.caller, off);
    return answer(choices_of(off));
}

}  // namespace

std::vector<Route> notification_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/notifications",
         .access = signed_in,
         .summary =
             "What happened that concerns the caller; with after and If-None-Match, 304 when "
             "nothing came since",
         .handle = list_notifications,
         .gives = schema_of<NotificationsOut>,
         .query = {{"after", "the cursor of an earlier answer: only what came since"},
                   cursor_field,
                   limit_field}},
        {.method = "POST",
         .pattern = "/api/v1/notifications/read",
         .access = signed_in,
         .summary = "Mark notifications as read",
         .handle = mark_read,
         .takes = schema_of<MarkReadBody>,
         .gives = schema_of<UnreadOut>},
        {.method = "GET",
         .pattern = "/api/v1/notifications/choices",
         .access = signed_in,
         .summary = "Of which kinds the caller is told",
         .handle = choices,
         .gives = schema_of<NotificationChoices>},
        {.method = "PUT",
         .pattern = "/api/v1/notifications/choices",
         .access = signed_in,
         .summary = "Choose of which kinds one is told from now on",
         .handle = choose,
         .takes = schema_of<NotificationChoices>,
         .gives = schema_of<NotificationChoices>},
    };
}

}  // namespace countersign
