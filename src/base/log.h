// Structured logs: one JSON object a line on standard error, an event name and its fields.
//
//     log_info("job.done", {{"job", wire_id('j', id)}, {"seconds", 3.2}});
//
// Never log a secret, a token, a password, or the content of an item.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace countersign {

enum class Level { debug, info, warn, error, off };

using LogValue = std::variant<std::string, double, std::int64_t, bool>;
struct LogField {
    LogField(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
    LogField(std::string_view n, const std::string& v) : name(n), value(v) {}
    LogField(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
    LogField(std::string_view n, bool v) : name(n), value(v) {}
    LogField(std::string_view n, double v) : name(n), value(v) {}
    template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
    LogField(std::string_view n, I v) : name(n), value(static_cast<std::int64_t>(v)) {}
    std::string_view name;
    LogValue value;
};

void set_log_level(Level least);  ///< Default: info.
void log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});
inline void log_debug(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(Level::debug, e, f);
}
inline void log_info(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(Level::info, e, f);
}
inline void log_warn(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(Level::warn, e, f);
}
inline void log_error(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(Level::error, e, f);
}

}  // namespace countersign
