#include "http/routes.h"
#include "http/wire_webhooks.h"

namespace countersign {

namespace {

WebhookOut webhook_out(const Webhook& hook) {
    WebhookOut out;
    out.id = wire_id('h', hook.id);
    out.url = hook.url;
    out.kinds = hook.kinds;
    out.enabled = hook.enabled;
    out.failures = hook.failures;
    if (hook.failing_since) out.failing_since.emplace(hook.failing_since);
    if (hook.next_try) out.next_try.emplace(hook.next_try);
    out.why = hook.why;
    out.created = hook.created;
    return out;
}

DeliveryOut delivery_out(const WebhookDelivery& tried) {
    DeliveryOut out;
    if (tried.event) out.event.emplace(wire_id('e', tried.event));
    out.kind = tried.kind;
    out.attempt = tried.attempt;
    if (tried.status) out.status.emplace(tried.status);
    out.error = tried.error;
    out.took_ms = tried.took;
    out.created = tried.created;
    return out;
}

Result<Response> list_webhooks(Services& on, Request& request) {
    const auto hooks = TRY(on.webhooks.list(TRY(request.id("p"))));
    std::vector<WebhookOut> items;
    for (const auto& hook : hooks) items.push_back(webhook_out(hook));
    return page(items, 0);
}

Result<Response> add_webhook(Services& on, Request& request) {
    const auto project = TRY(request.id("p"));
    const auto body = TRY(request.json<NewWebhookBody>());
    const auto added =
        TRY(on.webhooks.add(request.caller, project, body.url, body.kinds, body.secret));
    return answer(NewWebhookOut{webhook_out(added.webhook), added.secret}, 201);
}

Result<Response> change_webhook(Services& on, Request& request) {
    const auto id = TRY(request.id("h"));
    const auto body = TRY(request.json<WebhookChangeBody>());
    return answer(webhook_out(
        TRY(on.webhooks.change(request.caller, id, {body.url, body.kinds, body.enabled}))));
}

Result<Response> remove_webhook(Services& on, Request& request) {
    TRY(on.webhooks.remove(request.caller, TRY(request.id("h"))));
    return no_content();
}

Result<Response> ping_webhook(Services& on, Request& request) {
    return answer(delivery_out(TRY(on.webhooks.ping(TRY(request.id("h"))))));
}

Result<Response> list_deliveries(Services& on, Request& request) {
    const auto log = TRY(on.webhooks.deliveries(TRY(request.id("h")), TRY(request.limit())));
    std::vector<DeliveryOut> items;
    for (const auto& tried : log) items.push_back(delivery_out(tried));
    return page(items, 0);
}

}  // namespace

std::vector<Route> webhook_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/projects/{p}/webhooks",
         .access = needs(Permission::manage_project),
         .summary = "Servers that are told what happens in the project",
         .handle = list_webhooks,
         .gives = page_of<WebhookOut>},
        {.method = "POST",
         .pattern = "/api/v1/projects/{p}/webhooks",
         .access = needs(Permission::manage_project),
         .summary = "Tell another server what happens from now on; the answer has the secret, once",
         .handle = add_webhook,
         .status = 201,
         .takes = schema_of<NewWebhookBody>,
         .gives = schema_of<NewWebhookOut>},
        {.method = "PATCH",
         .pattern = "/api/v1/webhooks/{h}",
         .access = needs(Permission::manage_project),
         .summary = "Change a webhook, switch it off or on; it tries again at once",
         .handle = change_webhook,
         .takes = schema_of<WebhookChangeBody>,
         .gives = schema_of<WebhookOut>},
        {.method = "DELETE",
         .pattern = "/api/v1/webhooks/{h}",
         .access = needs(Permission::manage_project),
         .summary = "Remove a webhook and its log",
         .handle = remove_webhook,
         .status = 204},
        {.method = "POST",
         .pattern = "/api/v1/webhooks/{h}/ping",
         .access = needs(Permission::manage_project),
         .summary = "Send a ping now; the answer says what came of it",
         .handle = ping_webhook,
         .gives = schema_of<DeliveryOut>,
         .slow = true},
        {.method = "GET",
         .pattern = "/api/v1/webhooks/{h}/deliveries",
         .access = needs(Permission::manage_project),
         .summary = "The last tries, newest first; a hundred are kept",
         .handle = list_deliveries,
         .gives = page_of<DeliveryOut>,
         .query = {limit_field}},
    };
}

}  // namespace countersign
