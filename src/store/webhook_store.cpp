#include "store/webhook_store.h"

#include "base/json.h"
#include "store/sql.h"

namespace countersign {

namespace {

#define WEBHOOK_COLUMNS                                                                        \
    "id, project_id, url, secret, kinds, enabled, cursor, failures, failing_since, next_try, " \
    "why, worker, created_by, created"

constexpr Sql insert_hook_sql =
    "INSERT INTO webhook (project_id, url, secret, kinds, enabled, cursor, failures, "
    "failing_since, next_try, why, worker, lease_until, created_by, created) "
    "VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, '', '', 0, $7, $8) RETURNING id";
constexpr Sql hook_by_id = "SELECT " WEBHOOK_COLUMNS " FROM webhook WHERE id = $1";
constexpr Sql hooks_of_project =
    "SELECT " WEBHOOK_COLUMNS " FROM webhook WHERE project_id = $1 ORDER BY id";
constexpr Sql change_hook_sql =
    "UPDATE webhook SET url = $1, kinds = $2, enabled = $3, failures = $4, failing_since = $5, "
    "next_try = $6, why = $7, worker = '', lease_until = 0 WHERE id = $8";
constexpr Sql delete_hook_sql = "DELETE FROM webhook WHERE id = $1";
constexpr Sql delete_deliveries_sql = "DELETE FROM webhook_delivery WHERE webhook_id = $1";
constexpr Sql newest_event_sql =
    "SELECT id FROM event WHERE project_id = $1 ORDER BY id DESC LIMIT 1";
constexpr Sql due_hook =
    "SELECT " WEBHOOK_COLUMNS
    " FROM webhook WHERE enabled = 1 AND next_try <= $1 AND lease_until < $2 AND EXISTS (SELECT 1 "
    "FROM event e WHERE e.project_id = webhook.project_id AND e.id > webhook.cursor) "
    "ORDER BY next_try, id LIMIT 1 {skip_locked}";
constexpr Sql is_due_sql =
    "SELECT 1 FROM webhook WHERE enabled = 1 AND next_try <= $1 AND lease_until < $2 AND EXISTS "
    "(SELECT 1 FROM event e WHERE e.project_id = webhook.project_id AND e.id > webhook.cursor) "
    "LIMIT 1";
constexpr Sql take_hook_sql = "UPDATE webhook SET worker = $1, lease_until = $2 WHERE id = $3";
constexpr Sql keep_hook_sql =
    "UPDATE webhook SET cursor = $1, failures = $2, failing_since = $3, next_try = $4, why = $5, "
    "enabled = $6, lease_until = $7 WHERE id = $8 AND worker = $9 AND enabled = 1";
constexpr Sql insert_delivery_sql =
    "INSERT INTO webhook_delivery (webhook_id, event_id, kind, attempt, status, error, took_ms, "
    "created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr Sql forget_deliveries_sql =
    "DELETE FROM webhook_delivery WHERE webhook_id = $1 AND id <= (SELECT id FROM "
    "webhook_delivery WHERE webhook_id = $1 ORDER BY id DESC LIMIT 1 OFFSET 100)";
constexpr Sql deliveries_of =
    "SELECT webhook_id, event_id, kind, attempt, status, error, took_ms, created "
    "FROM webhook_delivery WHERE webhook_id = $1 ORDER BY id DESC LIMIT $2";

std::string kinds_text(const std::vector<std::string>& kinds) {
    return to_text(Json(kinds));
}

Webhook hook_from(const RowView& row) {
    Webhook w;
    w.id = row.integer(0);
    w.project = row.integer(1);
    w.url = row.text(2);
    w.secret = row.text(3);
    const auto kinds = parse_json(row.text(4));
    if (!kinds) throw Breakdown("A webhook's kinds do not read back.");
    w.kinds = kinds->get<std::vector<std::string>>();
    w.enabled = row.integer(5) != 0;
    w.cursor = row.integer(6);
    w.failures = static_cast<int>(row.integer(7));
    w.failing_since = row.integer(8);
    w.next_try = row.integer(9);
    w.why = row.text(10);
    w.worker = row.text(11);
    w.created_by = row.integer(12);
    w.created = row.integer(13);
    return w;
}

}  // namespace

Id insert_webhook(Session& s, const Webhook& w) {
    const auto kinds = kinds_text(w.kinds);
    return *s.one(insert_hook_sql,
                  {w.project, w.url, w.secret, kinds, std::int64_t{w.enabled}, w.cursor,
                   w.created_by, w.created},
                  [](const RowView& row) { return row.integer(0); });
}

std::optional<Webhook> find_webhook(Session& s, Id id) {
    return s.one(hook_by_id, {id}, hook_from);
}

std::vector<Webhook> list_webhooks(Session& s, Id project) {
    std::vector<Webhook> out;
    s.run(hooks_of_project, {project}, [&](const RowView& row) { out.push_back(hook_from(row)); });
    return out;
}

void change_webhook(Session& s, const Webhook& w) {
    const auto kinds = kinds_text(w.kinds);
    s.run(change_hook_sql, {w.url, kinds, std::int64_t{w.enabled}, std::int64_t{w.failures},
                            w.failing_since, w.next_try, w.why, w.id});
}

void delete_webhook(Session& s, Id id) {
    s.run(delete_deliveries_sql, {id});
    s.run(delete_hook_sql, {id});
}

Id newest_event(Session& s, Id project) {
    return s.one(newest_event_sql, {project}, [](const RowView& row) { return row.integer(0); })
        .value_or(0);
}

bool due_webhook(Session& s, Millis now) {
    return s.one(is_due_sql, {now, now}, [](const RowView&) { return true; }).has_value();
}

std::optional<Webhook> take_webhook(Session& s, std::string_view worker, Millis now, Millis until) {
    auto hook = s.one(due_hook, {now, now}, hook_from);
    if (!hook) return std::nullopt;
    hook->worker = worker;
    s.run(take_hook_sql, {worker, until, hook->id});
    return hook;
}

bool keep_webhook(Session& s, const Webhook& w, Millis until) {
    return s.run(keep_hook_sql, {w.cursor, std::int64_t{w.failures}, w.failing_since, w.next_try,
                                 w.why, std::int64_t{w.enabled}, until, w.id, w.worker}) == 1;
}

void insert_delivery(Session& s, const WebhookDelivery& d) {
    s.run(insert_delivery_sql, {d.webhook, d.event, d.kind, std::int64_t{d.attempt},
                                std::int64_t{d.status}, d.error, d.took, d.created});
    s.run(forget_deliveries_sql, {d.webhook});
}

std::vector<WebhookDelivery> list_deliveries(Session& s, Id webhook, int limit) {
    std::vector<WebhookDelivery> out;
    s.run(deliveries_of, {webhook, std::int64_t{limit}}, [&](const RowView& row) {
        WebhookDelivery d;
        d.webhook = row.integer(0);
        d.event = row.integer(1);
        d.kind = row.text(2);
        d.attempt = static_cast<int>(row.integer(3));
        d.status = static_cast<int>(row.integer(4));
        d.error = row.text(5);
        d.took = row.integer(6);
        d.created = row.integer(7);
        out.push_back(std::move(d));
    });
    return out;
}

}  // namespace countersign
