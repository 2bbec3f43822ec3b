#include "core/webhook.h"

#include <algorithm>

namespace countersign {

std::span<const EventFamily> event_families() {
    static constexpr EventFamily rows[] = {
        {"annotation", "decisions: given, taken back"},
        {"task", "tasks skipped"},
        {"tasks", "tasks assigned"},
        {"comment", "comments under tasks"},
        {"dispute", "disputes decided, reopened, sent back"},
        {"batch", "batches accepted, sampled, taken back"},
        {"import", "imports begun and ended"},
        {"export", "exports begun"},
        {"job", "background jobs cancelled, retried"},
        {"model", "models added, changed, trained"},
        {"gold", "gold tasks marked, withdrawn"},
        {"onboarding", "people let into the project, or sent back to its gold tasks"},
        {"lease", "tasks put back into the queue"},
        {"project", "the project made, changed"},
        {"webhook", "webhooks added, changed, switched off"},
    };
    return rows;
}

bool is_event_kind(std::string_view kind) {
    const auto dot = kind.find('.');
    const auto family = kind.substr(0, dot);
    const auto& rows = event_families();
    if (std::none_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == family; }))
        return false;
    if (dot == std::string_view::npos) return true;
    const auto what = kind.substr(dot + 1);
    return !what.empty() && what.size() <= 40 &&
           what.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

bool asks_for(const std::vector<std::string>& kinds, std::string_view kind) {
    return kinds.empty() || std::any_of(kinds.begin(), kinds.end(), [&](std::string_view asked) {
               return kind == asked || kind.substr(0, kind.find('.')) == asked;
           });
}

Millis webhook_backoff(int failures, double spread) {
    constexpr Millis first = 5'000, longest = 3'600'000;
    Millis wait = first;
    for (int i = 1; i < failures && wait < longest; ++i) wait *= 2;
    wait = std::min(wait, longest);
    return static_cast<Millis>(static_cast<double>(wait) * (0.75 + 0.5 * spread));
}

}  // namespace countersign
