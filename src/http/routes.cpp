#include "http/routes.h"

namespace countersign {

Result<Id> body_id(char kind, std::string_view field, const std::string& text) {
    if (const auto id = parse_id(kind, text)) return *id;
    return Refusal{Code::invalid, std::string(field) + " must be an id that starts with \"" + kind +
                                      "\", not \"" + text.substr(0, 40) + "\"."};
}

Result<std::string> idempotency_key(const Request& request) {
    const auto key = request.header("idempotency-key");
    if (!key.empty() && key.size() <= 200) return std::string(key);
    return Refusal{Code::invalid,
                   "The Idempotency-Key header is missing or over 200 bytes: send a fresh random "
                   "text with each answer, and the same one when you retry it."};
}

std::span<const RoutePart> route_parts() {
    static constexpr RoutePart parts[] = {
        {"Signing in, people and tokens", people_routes},
        {"Projects", project_routes},
        {"Import and export", import_routes},
        {"Jobs", job_routes},
        {"The desk", desk_routes},
        {"Batch review", batch_routes},
        {"Help in the middle of a task", assist_routes},
        {"Help with recordings", hearing_routes},
        {"Tasks", task_routes},
        {"Lists and views", list_routes},
        {"Similar items", similar_routes},
        {"Teams", team_routes},
        {"Notifications", notification_routes},
        {"The live board", live_routes},
        {"Gold tasks and onboarding", gold_routes},
        {"Findings", finding_routes},
        {"Images", media_routes},
        {"Models", model_routes},
        {"Trying models", workbench_routes},
        {"History", history_routes},
        {"Webhooks", webhook_routes},
        {"The server", system_routes},
    };
    return parts;
}

std::vector<Route> all_routes() {
    std::vector<Route> all;
    for (const auto& part : route_parts()) {
        auto rows = part.routes();
        all.insert(all.end(), std::make_move_iterator(rows.begin()),
                   std::make_move_iterator(rows.end()));
    }
    return all;
}

}  // namespace countersign
