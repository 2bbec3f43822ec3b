#include "http/reference.h"

#include <set>

#include "base/text.h"
#include "http/routes.h"
#include "http/shapes.h"

namespace countersign {

namespace {

std::string access_text(const Access& access) {
    if (access.open) return "anybody";
    if (!access.permission) return "whoever has signed in";
    const Role least = least_role(*access.permission);
    return std::string(name_of(least)) + (least == Role::admin ? "" : " and higher");
}

struct IdKind {
    char letter;
    std::string_view what;
};
constexpr IdKind id_kinds[] = {
    {'p', "project"},    {'t', "task"}, {'m', "media"}, {'k', "model"},  {'a', "annotation"},
    {'s', "assignment"}, {'j', "job"},  {'q', "token"}, {'u', "person"}, {'h', "webhook"}};

std::string parameter_text(std::string_view name) {
    if (name.size() == 1)
        for (const auto& kind : id_kinds)
            if (kind.letter == name[0]) return "id of the " + std::string(kind.what);
    return std::string(name);
}

std::vector<std::string_view> parameters_of(const Route& route) {
    std::vector<std::string_view> names;
    for (const auto part : split(route.pattern, '/'))
        if (part.starts_with('{')) names.push_back(part.substr(1, part.size() - 2));
    return names;
}

Json parameter(std::string_view name, std::string_view in, std::string_view meaning) {
    return {{"name", std::string(name)},
            {"in", std::string(in)},
            {"required", in == "path"},
            {"description", std::string(meaning)},
            {"schema", {{"type", "string"}}}};
}

Json parameters_json(const Route& route) {
    Json list = Json::array();
    for (const auto name : parameters_of(route))
        list.push_back(parameter(name, "path", parameter_text(name)));
    for (const auto& field : route.query)
        list.push_back(parameter(field.name, "query", field.meaning));
    if (route.idempotent) {
        list.push_back(parameter("Idempotency-Key", "header",
                                 "a fresh random text; the same one when the request is retried"));
        list.back()["required"] = true;
    }
    return list;
}

bool has_body(const Route& route) {
    return route.takes || route.takes_type != "application/json";
}

/// "postProjectsNext": unique, for client generators.
std::string operation_id(const Route& route) {
    std::string id = lower_ascii(route.method);
    for (const auto part : split(route.pattern, '/')) {
        if (part.empty() || part == "api" || part == "v1") continue;
        const bool by = part.starts_with('{');
        const auto word =
            by ? "By_" + std::string(part.substr(1, part.size() - 2)) : std::string(part);
        bool upper = true;
        for (const char c : word) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (letter) id += upper && c >= 'a' ? static_cast<char>(c - 32) : c;
            upper = !letter;
        }
    }
    return id;
}

Json operation(const Route& route, std::string_view tag) {
    Json out = {{"operationId", operation_id(route)},
                {"summary", std::string(route.summary)},
                {"description", "For " + access_text(route.access) + "."},
                {"tags", Json::array({std::string(tag)})},
                {"parameters", parameters_json(route)}};
    if (has_body(route)) {
        const Json schema = route.takes ? with_names(route.takes()) : Json::object();
        out["requestBody"] = {{"content", {{std::string(route.takes_type), {{"schema", schema}}}}}};
    }
    Json success = {{"description", "As asked"}};
    if (route.status != 204)
        success["content"] = {
            {std::string(route.gives_type),
             {{"schema", route.gives ? with_names(route.gives()) : Json::object()}}}};
    const Json refused = {
        {"description", "Refused: see code and detail"},
        {"content",
         {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    out["responses"] = {{std::to_string(route.status), success}, {"default", refused}};
    out["security"] = Json::array();
    if (!route.access.open)
        out["security"] =
            Json::array({Json{{"session", Json::array()}}, Json{{"token", Json::array()}}});
    return out;
}

Json problem_schema() {
    Json codes = Json::array();
    for (const auto& row : refusal_table()) codes.push_back(std::string(row.name));
    return {
        {"type", "object"},
        {"properties",
         {{"type", {{"type", "string"}}},
          {"title", {{"type", "string"}}},
          {"status", {{"type", "integer"}}},
          {"code", {{"type", "string"}, {"enum", codes}}},
          {"detail", {{"type", "string"}, {"description", "what is at fault, and what to do"}}}}}};
}

/// "list of [Region](#region)", "text or null"
std::string type_text(const Json& schema) {
    if (schema.contains("$ref")) {
        const auto name = schema["$ref"].get<std::string>().substr(21);
        return "[" + name + "](#" + lower_ascii(name) + ")";
    }
    if (schema.contains("anyOf")) return type_text(schema["anyOf"][0]) + " or null";
    if (schema.contains("enum")) {
        std::string names;
        for (const auto& name : schema["enum"])
            names += (names.empty() ? "`" : ", `") + name.get<std::string>() + "`";
        return names;
    }
    const auto type = schema.value("type", std::string());
    if (type == "array") return "list of " + type_text(schema["items"]);
    if (type == "string") return "text";
    if (type == "integer") return "whole number";
    if (type == "boolean") return "true or false";
    if (type.empty()) return "any JSON";
    return type;
}

void append_fields(std::string& out, const Json& schema) {
    out += "\n| field | type | meaning |\n|---|---|---|\n";
    for (const auto& [name, field] : schema["properties"].items())
        out += "| `" + name + "` | " + type_text(field) + " | " +
               field.value("description", std::string()) + " |\n";
}

/// A body as a sentence, and its fields when it has no name of its own.
void append_body(std::string& out, std::string_view what, const Json& schema) {
    if (schema.contains("$ref")) {
        out += "\n" + std::string(what) + ": " + type_text(schema) + "\n";
        return;
    }
    out += "\n" + std::string(what) + ":\n";
    append_fields(out, schema);
}

void append_route(std::string& out, const Route& route) {
    out += "\n### " + std::string(route.method) + " " + std::string(route.pattern) + "\n\n";
    out += std::string(route.summary) + ". For " + access_text(route.access) + ". Answers " +
           std::to_string(route.status) + ".\n";
    if (!route.query.empty() || route.idempotent) {
        out += "\n| ask | meaning |\n|---|---|\n";
        for (const auto& field : route.query)
            out += "| `?" + std::string(field.name) + "` | " + std::string(field.meaning) + " |\n";
        if (route.idempotent)
            out += "| `Idempotency-Key:` | required header; the same key gets the same answer |\n";
    }
    if (route.takes)
        append_body(out, "Body", with_names(route.takes()));
    else if (has_body(route))
        out += "\nBody: the bytes, streamed.\n";
    if (route.gives)
        append_body(out, "Answer", with_names(route.gives()));
    else if (route.status != 204)
        out += "\nAnswer: `" + std::string(route.gives_type) + "`\n";
}

constexpr std::string_view page_head =
    R"(# The HTTP API

This page is printed from the route table: `countersign reference api`. The same table as OpenAPI 3.1 is at
`/api/v1/openapi.json`.

**Signing in.** A browser holds the cookie `countersign_session` and sends the session's `csrf` as `X-CSRF-Token`
with every request that is not GET or HEAD. A program sends `Authorization: Bearer <API token>` instead.

**Ids** are texts: a letter for the kind of thing and ten base-32 digits. **Times** are milliseconds since 1970,
UTC. **Lists** have `items` and `next`; send `next` as `?cursor=` to go on, until it is null.

**Refusals** are `application/problem+json` (RFC 9457): `status`, `title`, `code`, and `detail`, a sentence that
names the thing at fault and the next step. What passes (429, 503) carries `Retry-After` in seconds. Every answer
carries `Date`, the server's clock.

| code | status | title |
|---|---|---|
)";

}  // namespace

Json openapi() {
    Json paths = Json::object();
    for (const auto& part : route_parts())
        for (const auto& route : part.routes())
            paths[std::string(route.pattern)][lower_ascii(route.method)] =
                operation(route, part.title);
    Json schemas = {{"Problem", problem_schema()}};
    for (const auto& shape : shapes())
        schemas[std::string(shape.name)] = with_names(shape.schema(), true);
    return {
        {"openapi", "3.1.0"},
        {"info", {{"title", "Countersign"}, {"version", COUNTERSIGN_VERSION}}},
        {"paths", paths},
        {"components",
         {{"schemas", schemas},
          {"securitySchemes",
           {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "countersign_session"}}},
            {"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

std::string api_reference() {
    std::string out(page_head);
    for (const auto& row : refusal_table())
        out += "| `" + std::string(row.name) + "` | " + std::to_string(row.http_status) + " | " +
               std::string(row.title) + " |\n";
    for (const auto& part : route_parts()) {
        out += "\n## " + std::string(part.title) + "\n";
        for (const auto& route : part.routes()) append_route(out, route);
    }
    out += "\n## Shapes\n";
    for (const auto& shape : shapes()) {
        out += "\n### " + std::string(shape.name) + "\n";
        append_fields(out, with_names(shape.schema(), true));
    }
    return out;
}

}  // namespace countersign
