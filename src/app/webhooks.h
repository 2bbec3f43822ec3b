// What happens in a project, told to other people's servers.
//
// Strategy. A few threads of their own (a receiver that hangs holds up no job and no request) look
// for webhooks with events behind their cursor. One webhook is delivered by one thread at a time,
// its events in order; the cursor is stored after each delivery, so that a crash repeats an event
// and never loses one. A failure waits and tries the same event again: 5 s, doubled up to an hour;
// after three days of failures the webhook is switched off, with the reason. What is sent and how
// it is signed: docs/how/webhooks.md.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/world.h"
#include "core/people.h"
#include "core/webhook.h"

namespace countersign {

class Webhooks {
public:
    explicit Webhooks(World& world) : world_(world) {}
    ~Webhooks() { stop(); }
    void start(int threads);
    void stop();

    Result<std::vector<Webhook>> list(Id project);
    struct Added {
        Webhook webhook;
        std::string secret;  ///< Shown once.
    };
    /// `secret` empty: made here.
    Result<Added> add(const Caller& caller, Id project, const std::string& url,
                      const std::vector<std::string>& kinds, const std::string& secret);
    struct Change {
        std::optional<std::string> url;
        std::optional<std::vector<std::string>> kinds;
        std::optional<bool> enabled;
    };
    /// A change tries again at once; events that came meanwhile are not lost.
    Result<Webhook> change(const Caller& caller, Id id, const Change& change);
    Result<> remove(const Caller& caller, Id id);
    /// Sends a ping now, and says what came of it.
    Result<WebhookDelivery> ping(Id id);
    Result<std::vector<WebhookDelivery>> deliveries(Id id, int limit);

    /// Delivers what is due on this thread (tests).
    void deliver_due();

private:
    bool deliver_one(const std::string& worker);
    void deliver(Webhook hook);
    bool settle(Webhook& hook, const WebhookDelivery& tried);
    WebhookDelivery send(const Webhook& hook, const std::string& kind, Id event,
                         const std::string& body);
    void serve(const std::string& worker, const std::stop_token& stop);

    World& world_;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable_any waking_;
    std::vector<std::jthread> threads_;
};

/// "v1=" and the hex HMAC-SHA256 of "<seconds>.<body>".
std::string webhook_signature(std::string_view secret, std::int64_t seconds, std::string_view body);

}  // namespace countersign
