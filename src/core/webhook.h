// What happens in a project, sent to somebody's server as it happens.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace countersign {

struct Webhook {
    Id id = 0;
    Id project = 0;
    std::string url;
    std::string secret;              ///< Signs what is sent; leaves the store for that only.
    std::vector<std::string> kinds;  ///< Kinds or families of events; empty: all.
    bool enabled = true;
    Id cursor = 0;             ///< The last event that is done with.
    int failures = 0;          ///< In a row.
    Millis failing_since = 0;  ///< 0: the last try went well.
    Millis next_try = 0;       ///< Not before (backoff).
    std::string why;           ///< The last failure, or why it was switched off.
    std::string worker;        ///< Who delivers it now.
    Id created_by = 0;
    Millis created = 0;
};

/// One try.
struct WebhookDelivery {
    Id webhook = 0;
    Id event = 0;  ///< 0: a ping.
    std::string kind;
    int attempt = 1;
    int status = 0;     ///< Of HTTP; 0: no answer.
    std::string error;  ///< Empty: it was taken.
    Millis took = 0, created = 0;
};

/// Kinds of events are "family.what"; a webhook may name the family alone.
struct EventFamily {
    std::string_view name, meaning;
};
std::span<const EventFamily> event_families();

/// "annotation.submitted", of a family that there is; or the family.
bool is_event_kind(std::string_view kind);

/// Whether an event of `kind` is among `kinds`.
bool asks_for(const std::vector<std::string>& kinds, std::string_view kind);

/// How long to wait after `failures` in a row: 5 s, doubled each time up to an hour, a quarter more
/// or less by `spread` in [0, 1).
Millis webhook_backoff(int failures, double spread);

}  // namespace countersign
