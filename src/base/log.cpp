#include "base/log.h"

#include <atomic>

#include "base/clock.h"
#include "base/gathered_log.h"
#include "base/json.h"

namespace countersign {

namespace {
std::atomic<Level> least_level{Level::info};
constexpr std::string_view names[] = {"debug", "info", "warn", "error"};
}  // namespace

void set_log_level(Level least) {
    least_level = least;
}

void log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
    if (level < least_level || level == Level::off) return;
    std::string line = "{\"time\":\"" + iso8601(SystemClock{}.now()) + "\",\"level\":\"";
    line += names[static_cast<int>(level)];
    line += "\",\"event\":";
    append_json_string(line, event);
    for (const auto& field : fields) {
        line += ',';
        append_json_string(line, field.name);
        line += ':';
        if (const auto* text = std::get_if<std::string>(&field.value)) {
            append_json_string(line, *text);
        } else if (const auto* number = std::get_if<double>(&field.value)) {
            append_json_number(line, *number);
        } else if (const auto* whole = std::get_if<std::int64_t>(&field.value)) {
            line += std::to_string(*whole);
        } else {
            line += std::get<bool>(field.value) ? "true" : "false";
        }
    }
    line += "}\n";
    write_log_line(line, level >= Level::warn);
}

}  // namespace countersign
