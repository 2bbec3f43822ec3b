// What the files of routes share: how a row names its wire types, and how answers are written.
// A handler is three steps: parse the request, one call into app, render the answer.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "http/router.h"
#include "http/services.h"

namespace countersign {

template <class T>
Json schema_of() {
    return SchemaWriter::of<T>();
}

/// {"items": [T...], "next": cursor or null}
template <class T>
Json page_of() {
    return {{"type", "object"},
            {"properties",
             {{"items", {{"type", "array"}, {"items", SchemaWriter::of<T>()}}},
              {"next",
               {{"anyOf", Json::array({Json{{"type", "string"}}, Json{{"type", "null"}}})},
                {"description", "send it as cursor to go on; null: this was the last page"}}}}}};
}

/// {"items": [T...]}: short lists that come whole.
template <class T>
Json list_of() {
    return {{"type", "object"},
            {"properties", {{"items", {{"type", "array"}, {"items", SchemaWriter::of<T>()}}}}}};
}

template <class T>
Response answer(const T& value, int status = 200) {
    return json_response(status, to_json(value));
}

/// A page of `items`; `next` is where the following page starts, 0 when there is none.
template <class T>
Response page(const std::vector<T>& items, Id next) {
    Json body = {{"items", to_json(items)}, {"next", nullptr}};
    if (next != 0) body["next"] = cursor_text(next);
    return json_response(200, body);
}

/// The header of that name; refuses when it is missing or over 200 bytes.
Result<std::string> idempotency_key(const Request& request);

/// The id in a field of a body; refuses with invalid, naming the field.
Result<Id> body_id(char kind, std::string_view field, const std::string& text);

inline const QueryField cursor_field{"cursor", "the next of the page before"};
inline const QueryField filter_field{"filter", "which tasks: docs/how/filters.md; empty: all"};
inline const QueryField limit_field{"limit", "items a page, 1 to 200; usually 50"};

/// The largest file an upload may hold, bytes.
inline constexpr std::int64_t upload_limit = std::int64_t{16} << 30;

/// The route table in parts, in the order of the reference page.
struct RoutePart {
    std::string_view title;
    std::vector<Route> (*routes)();
};
std::span<const RoutePart> route_parts();

std::vector<Route> system_routes();
std::vector<Route> people_routes();
std::vector<Route> project_routes();
std::vector<Route> import_routes();
std::vector<Route> job_routes();
std::vector<Route> task_routes();
std::vector<Route> list_routes();
std::vector<Route> similar_routes();
std::vector<Route> desk_routes();
std::vector<Route> batch_routes();
std::vector<Route> assist_routes();
std::vector<Route> hearing_routes();
std::vector<Route> team_routes();
std::vector<Route> notification_routes();
std::vector<Route> live_routes();
std::vector<Route> gold_routes();
std::vector<Route> finding_routes();
std::vector<Route> model_routes();
std::vector<Route> workbench_routes();
std::vector<Route> media_routes();
std::vector<Route> history_routes();
std::vector<Route> webhook_routes();

}  // namespace countersign
