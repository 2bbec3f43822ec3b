// Wire types of webhooks. A secret stands in the answer that made it, and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "app/webhooks.h"
#include "base/fields.h"

namespace countersign {

struct NewWebhookBody {
    std::string url;
    std::vector<std::string> kinds;
    std::string secret;
};
template <class V>
void fields(V& v, NewWebhookBody& o) {
    v("url", o.url, "where to: http or https, without a user name");
    v("kinds", o.kinds, "families (annotation) or kinds (annotation.submitted); empty: all");
    v("secret", o.secret, "16 to 200 bytes that sign what is sent; left out: made here");
}

struct WebhookChangeBody {
    std::optional<std::string> url;
    std::optional<std::vector<std::string>> kinds;
    std::optional<bool> enabled;
};
template <class V>
void fields(V& v, WebhookChangeBody& o) {
    v("url", o.url, "where to");
    v("kinds", o.kinds, "families or kinds; empty: all");
    v("enabled", o.enabled, "true tries again at once, with what came meanwhile");
}

struct WebhookOut {
    std::string id;
    std::string url;
    std::vector<std::string> kinds;
    bool enabled = true;
    int failures = 0;
    Nullable<Millis> failing_since;
    Nullable<Millis> next_try;
    std::string why;
    Millis created = 0;
};
template <class V>
void fields(V& v, WebhookOut& o) {
    v("id", o.id, "h...");
    v("url", o.url, "where to");
    v("kinds", o.kinds, "families or kinds; empty: all");
    v("enabled", o.enabled, "false: nothing is sent");
    v("failures", o.failures, "tries that failed in a row");
    v("failing_since", o.failing_since, "ms UTC; null: the last try went well");
    v("next_try", o.next_try, "ms UTC, not before; null: as soon as there is news");
    v("why", o.why, "the last failure, or why it was switched off");
    v("created", o.created, "ms UTC");
}

struct NewWebhookOut {
    WebhookOut webhook;
    std::string secret;
};
template <class V>
void fields(V& v, NewWebhookOut& o) {
    v("webhook", o.webhook, "the new webhook");
    v("secret", o.secret, "shown this once");
}

struct DeliveryOut {
    Nullable<std::string> event;
    std::string kind;
    int attempt = 1;
    Nullable<int> status;
    std::string error;
    Millis took_ms = 0;
    Millis created = 0;
};
template <class V>
void fields(V& v, DeliveryOut& o) {
    v("event", o.event, "e...; null: a ping");
    v("kind", o.kind, "what happened");
    v("attempt", o.attempt, "1: the first try of this event");
    v("status", o.status, "of HTTP; null: no answer");
    v("error", o.error, "why it failed; empty: it was taken");
    v("took_ms", o.took_ms, "until the answer");
    v("created", o.created, "ms UTC");
}

}  // namespace countersign
