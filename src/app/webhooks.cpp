#include "app/webhooks.h"

#include <unistd.h>

#include <algorithm>

#include "base/fetch.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "core/event.h"
#include "store/event_store.h"
#include "store/project_store.h"
#include "store/webhook_store.h"

namespace countersign {

namespace {

constexpr Millis answer_within = 10'000, connect_within = 5'000;
constexpr Millis held_for = 60'000;  ///< Longer than one delivery can take.
constexpr Millis give_up_after = Millis{3} * 24 * 3600 * 1000;
constexpr Millis look_every = 1'000;
constexpr std::int64_t most_of_answer = 1 << 20;
constexpr int events_a_turn = 50;
constexpr std::size_t most_hooks = 20, least_secret = 16, most_secret = 200, most_kinds = 50;
constexpr int gone_for_good = 410;

Refusal no_hook(Id id) {
    return {Code::not_found, "There is no webhook " + wire_id('h', id) + "."};
}

Result<> check_url(const std::string& url) {
    TRY(parse_url(url));
    return Done{};
}

Result<> check_kinds(const std::vector<std::string>& kinds) {
    if (kinds.size() > most_kinds)
        return Refusal{Code::invalid, "A webhook names at most 50 kinds: name families."};
    for (const auto& kind : kinds) {
        if (is_event_kind(kind)) continue;
        std::string families;
        for (const auto& row : event_families())
            families += (families.empty() ? "" : ", ") + std::string(row.name);
        return Refusal{Code::invalid, "There is no kind of event \"" + shown_url(kind) +
                                          "\": name a family (" + families +
                                          ") or one of its kinds, such as annotation.submitted."};
    }
    return Done{};
}

/// The history tells that there is a webhook and where it points, never its secret or query.
void tell_history(Session& s, World& world, const Webhook& hook, std::string_view kind, Id person) {
    Event event;
    event.project = hook.project;
    event.kind = kind;
    event.person = person;
    event.body = to_text({{"webhook", wire_id('h', hook.id)},
                          {"url", shown_url(hook.url)},
                          {"enabled", hook.enabled}});
    event.created = world.clock.now();
    append_event(s, std::move(event), world.key);
}

std::string body_of(const Event& event) {
    auto said = parse_json(event.body);
    const auto id_or_null = [](char kind, Id id) { return id ? Json(wire_id(kind, id)) : Json(); };
    return to_text({{"id", wire_id('e', event.id)},
                    {"seq", event.seq},
                    {"kind", event.kind},
                    {"project", wire_id('p', event.project)},
                    {"person", id_or_null('u', event.person)},
                    {"task", id_or_null('t', event.task)},
                    {"body", said ? *std::move(said) : Json(event.body)},
                    {"created", event.created},
                    {"hash", hex(event.hash)}});
}

std::string fault_of_answer(const Result<Fetched>& answer) {
    if (!answer) return answer.refusal().message;
    if (answer->good()) return {};
    return "It answered " + std::to_string(answer->status) + ".";
}

std::string new_worker() {
    return std::to_string(getpid()) + ":" + hex(random_bytes(8));
}

}  // namespace

std::string webhook_signature(std::string_view secret, std::int64_t seconds,
                              std::string_view body) {
    std::string text = std::to_string(seconds) + ".";
    text += body;
    return "v1=" + hex(hmac_sha256(secret, text));
}

Result<std::vector<Webhook>> Webhooks::list(Id project) {
    return world_.db.read([&](Session& s) -> Result<std::vector<Webhook>> {
        if (!find_project(s, project))
            return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
        return list_webhooks(s, project);
    });
}

Result<Webhooks::Added> Webhooks::add(const Caller& caller, Id project, const std::string& url,
                                      const std::vector<std::string>& kinds,
                                      const std::string& secret) {
    TRY(check_url(url));
    TRY(check_kinds(kinds));
    if (!secret.empty() && (secret.size() < least_secret || secret.size() > most_secret))
        return Refusal{Code::invalid,
                       "A webhook's secret has 16 to 200 bytes: leave it out, and one is made."};
    Webhook hook;
    hook.project = project;
    hook.url = url;
    hook.kinds = kinds;
    hook.secret = secret.empty() ? random_token() : secret;
    hook.created_by = caller.person;
    hook.created = world_.clock.now();
    return world_.db.write([&](Session& s) -> Result<Added> {
        if (!find_project(s, project))
            return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
        if (list_webhooks(s, project).size() >= most_hooks)
            return Refusal{Code::conflict, "A project has at most 20 webhooks: remove one first."};
        hook.cursor = newest_event(s, project);
        hook.id = insert_webhook(s, hook);
        tell_history(s, world_, hook, "webhook.added", caller.person);
        return Added{hook, hook.secret};
    });
}

Result<Webhook> Webhooks::change(const Caller& caller, Id id, const Change& change) {
    if (change.url) TRY(check_url(*change.url));
    if (change.kinds) TRY(check_kinds(*change.kinds));
    return world_.db.write([&](Session& s) -> Result<Webhook> {
        auto hook = find_webhook(s, id);
        if (!hook) return no_hook(id);
        if (change.url) hook->url = *change.url;
        if (change.kinds) hook->kinds = *change.kinds;
        if (change.enabled) hook->enabled = *change.enabled;
        hook->failures = 0;
        hook->failing_since = hook->next_try = 0;
        hook->why.clear();
        change_webhook(s, *hook);
        tell_history(s, world_, *hook, "webhook.changed", caller.person);
        return *std::move(hook);
    });
}

Result<> Webhooks::remove(const Caller& caller, Id id) {
    return world_.db.write([&](Session& s) -> Result<> {
        auto hook = find_webhook(s, id);
        if (!hook) return no_hook(id);
        hook->enabled = false;
        delete_webhook(s, id);
        tell_history(s, world_, *hook, "webhook.removed", caller.person);
        return Done{};
    });
}

Result<WebhookDelivery> Webhooks::ping(Id id) {
    const auto hook = world_.db.read([&](Session& s) { return find_webhook(s, id); });
    if (!hook) return no_hook(id);
    const auto body = to_text({{"id", nullptr},
                               {"kind", "ping"},
                               {"project", wire_id('p', hook->project)},
                               {"webhook", wire_id('h', id)},
                               {"created", world_.clock.now()}});
    auto tried = send(*hook, "ping", 0, body);
    world_.db.write([&](Session& s) { insert_delivery(s, tried); });
    return tried;
}

Result<std::vector<WebhookDelivery>> Webhooks::deliveries(Id id, int limit) {
    return world_.db.read([&](Session& s) -> Result<std::vector<WebhookDelivery>> {
        if (!find_webhook(s, id)) return no_hook(id);
        return list_deliveries(s, id, std::clamp(limit, 1, 100));
    });
}

WebhookDelivery Webhooks::send(const Webhook& hook, const std::string& kind, Id event,
                               const std::string& body) {
    WebhookDelivery tried;
    tried.webhook = hook.id;
    tried.event = event;
    tried.kind = kind;
    tried.attempt = hook.failures + 1;
    tried.created = world_.clock.now();
    const auto seconds = tried.created / 1000;
    FetchRequest request;
    request.url = hook.url;
    request.method = "POST";
    request.body = body;
    request.max_bytes = most_of_answer;
    request.total_ms = answer_within;
    request.connect_ms = connect_within;
    request.cancelled = [this] { return stopping_.load(); };
    const auto delivery = wire_id('h', hook.id) + "-" +
                          (event ? wire_id('e', event) : "ping-" + hex(random_bytes(8)));
    request.headers = {{"Content-Type", "application/json"},
                       {"Countersign-Event", kind},
                       {"Countersign-Delivery", delivery},
                       {"Countersign-Timestamp", std::to_string(seconds)},
                       {"Countersign-Signature", webhook_signature(hook.secret, seconds, body)}};
    const SystemClock wall;
    const Millis began = wall.now();
    const auto answer = world_.fetcher->fetch(request);
    tried.took = std::max<Millis>(wall.now() - began, 0);
    tried.status = answer ? answer->status : 0;
    tried.error = fault_of_answer(answer);
    count(tried.error.empty() ? Metric::webhooks_delivered : Metric::webhooks_failed);
    return tried;
}

/// Stores what came of a try. False: the webhook is not ours to go on with.
bool Webhooks::settle(Webhook& hook, const WebhookDelivery& tried) {
    const Millis now = world_.clock.now();
    const bool good = tried.error.empty();
    if (good) {
        hook.cursor = tried.event;
        hook.failures = 0;
        hook.failing_since = hook.next_try = 0;
        hook.why.clear();
    } else {
        ++hook.failures;
        if (hook.failing_since == 0) hook.failing_since = now;
        const auto spread = counter_uniform(0x686f6f6b, static_cast<std::uint64_t>(hook.id),
                                            static_cast<std::uint64_t>(hook.failures));
        hook.next_try = now + webhook_backoff(hook.failures, spread);
        hook.why = tried.error;
        if (tried.status == gone_for_good)
            hook.why = "Switched off: it answered 410, which means that it is gone for good.";
        else if (now - hook.failing_since >= give_up_after)
            hook.why = "Switched off after three days of failures. The last one: " + tried.error;
        hook.enabled = tried.status != gone_for_good && now - hook.failing_since < give_up_after;
        log_warn("webhook.failed", {{"webhook", wire_id('h', hook.id)},
                                    {"failures", hook.failures},
                                    {"enabled", hook.enabled},
                                    {"error", tried.error}});
    }
    return world_.db.write([&](Session& s) {
        const bool ours = keep_webhook(s, hook, good ? now + held_for : 0);
        if (ours) insert_delivery(s, tried);
        if (ours && !hook.enabled) tell_history(s, world_, hook, "webhook.disabled", 0);
        return ours && good;
    });
}

void Webhooks::deliver(Webhook hook) {
    const auto events = world_.db.read(
        [&](Session& s) { return list_events(s, hook.project, hook.cursor, events_a_turn); });
    Id passed = hook.cursor;
    for (const auto& event : events) {
        passed = event.id;
        if (!asks_for(hook.kinds, event.kind)) continue;
        const auto tried = send(hook, event.kind, event.id, body_of(event));
        if (stopping_ && !tried.error.empty()) break;  // Cut short by us: no failure of theirs.
        if (!settle(hook, tried)) return;
    }
    if (!stopping_) hook.cursor = passed;
    world_.db.write([&](Session& s) { keep_webhook(s, hook, 0); });
}

bool Webhooks::deliver_one(const std::string& worker) {
    const Millis now = world_.clock.now();
    // A look costs a read; only a webhook that is due costs a write.
    auto hook = world_.db.read([&](Session& s) { return due_webhook(s, now); })
                    ? world_.db.write(
                          [&](Session& s) { return take_webhook(s, worker, now, now + held_for); })
                    : std::nullopt;
    if (!hook) return false;
    deliver(*std::move(hook));
    return true;
}

void Webhooks::deliver_due() {
    const auto worker = new_worker();
    while (deliver_one(worker)) {
    }
}

void Webhooks::serve(const std::string& worker, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        try {
            if (deliver_one(worker)) continue;
        } catch (const std::exception& error) {
            log_error("webhook.worker", {{"error", error.what()}});
        }
        std::unique_lock waiting(mutex_);
        waking_.wait_for(waiting, stop, std::chrono::milliseconds(look_every),
                         [] { return false; });
    }
}

void Webhooks::start(int threads) {
    stopping_ = false;
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back(
            [this, worker = new_worker()](const std::stop_token& stop) { serve(worker, stop); });
}

void Webhooks::stop() {
    stopping_ = true;
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
}

}  // namespace countersign
