// Webhooks and the log of their deliveries. A webhook that has news is leased by one worker at a
// time, among all servers; its cursor moves after each delivery, so that a crash repeats an event
// and never loses one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/webhook.h"
#include "store/db.h"

namespace countersign {

Id insert_webhook(Session& s, const Webhook& hook);
std::optional<Webhook> find_webhook(Session& s, Id id);
std::vector<Webhook> list_webhooks(Session& s, Id project);
/// URL, kinds, enabled, and what is known of its failures.
void change_webhook(Session& s, const Webhook& hook);
void delete_webhook(Session& s, Id id);

/// The newest event of a project; 0: none.
Id newest_event(Session& s, Id project);

/// Whether take_webhook() would find one.
bool due_webhook(Session& s, Millis now);
/// Leases a webhook that is switched on, due, and has events behind its cursor.
std::optional<Webhook> take_webhook(Session& s, std::string_view worker, Millis now, Millis until);
/// Keeps cursor and failures, and goes on holding it until `until` (0: lets it go). False when it
/// was changed, deleted or passed on meanwhile; then nothing is written.
bool keep_webhook(Session& s, const Webhook& hook, Millis until);

/// Forgets all but the newest hundred of the webhook.
void insert_delivery(Session& s, const WebhookDelivery& delivery);
std::vector<WebhookDelivery> list_deliveries(Session& s, Id webhook, int limit);  ///< Newest first.

}  // namespace countersign
