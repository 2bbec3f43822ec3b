#include "base/metrics.h"
#include "http/reference.h"
#include "http/routes.h"

namespace countersign {

namespace {

struct LimitsOut {
    std::int64_t upload_bytes = upload_limit;
};
template <class V>
void fields(V& v, LimitsOut& o) {
    v("upload_bytes", o.upload_bytes, "the largest file an upload may hold");
}
struct AboutOut {
    std::string name = "countersign", version = COUNTERSIGN_VERSION, engine;
    LimitsOut limits;
};
template <class V>
void fields(V& v, AboutOut& o) {
    v("name", o.name, "countersign");
    v("version", o.version, "of the program");
    v("engine", o.engine, "sqlite or postgres");
    v("limits", o.limits, "what the server takes");
}
struct HealthOut {
    std::string status = "ok";
};
template <class V>
void fields(V& v, HealthOut& o) {
    v("status", o.status, "ok: the database answers");
}

Result<Response> about(Services& on, Request&) {
    AboutOut out;
    out.engine = on.world.db.engine() == Engine::sqlite ? "sqlite" : "postgres";
    return answer(out);
}

Result<Response> health(Services& on, Request&) {
    on.world.db.read([](Session& s) { s.run("SELECT 1", {}); });
    return answer(HealthOut{});
}

Result<Response> metrics(Services&, Request& request) {
    // A request that a proxy on this machine passed on is not from this machine.
    const bool local = request.loopback && request.header("x-forwarded-for").empty();
    const bool admin =
        request.caller.person != 0 && may(request.caller.role, Permission::manage_people);
    if (!local && !admin)
        return Refusal{Code::forbidden, "Metrics are for this machine and for admins."};
    return text_response(200, "text/plain; version=0.0.4", metrics_text());
}

Result<Response> openapi_document(Services&, Request&) {
    static const std::string document = to_text(openapi());
    return text_response(200, "application/json", document);
}

}  // namespace

std::vector<Route> system_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/about",
         .access = anybody,
         .summary = "Name, version and limits of this server",
         .handle = about,
         .gives = schema_of<AboutOut>},
        {.method = "GET",
         .pattern = "/api/v1/openapi.json",
         .access = anybody,
         .summary = "This reference as OpenAPI 3.1",
         .handle = openapi_document},
        {.method = "GET",
         .pattern = "/healthz",
         .access = anybody,
         .summary = "Whether the server and its database answer",
         .handle = health,
         .gives = schema_of<HealthOut>},
        {.method = "GET",
         .pattern = "/metrics",
         .access = anybody,
         .summary = "Prometheus metrics, for this machine and for admins",
         .handle = metrics,
         .gives_type = "text/plain"},
    };
}

}  // namespace countersign
