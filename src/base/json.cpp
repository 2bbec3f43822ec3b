#include "base/json.h"

#include <charconv>
#include <cmath>

namespace countersign {

Result<Json> parse_json(std::string_view text) {
    constexpr int deepest = 64;
    bool too_deep = false;
    try {
        auto value = Json::parse(text, [&](int depth, Json::parse_event_t, Json&) {
            too_deep = too_deep || depth > deepest;
            return !too_deep;
        });
        if (too_deep) return Refusal{Code::invalid, "The JSON is nested deeper than 64 levels."};
        return value;
    } catch (const Json::exception& e) {  // a number such as 1e999 is no parse_error
        std::string what = e.what();
        if (const auto colon = what.find("] "); colon != std::string::npos)
            what.erase(0, colon + 2);
        return Refusal{Code::invalid, "The JSON cannot be read: " + what + "."};
    }
}

std::string to_text(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    constexpr char hex[] = "0123456789abcdef";
                    out += "\\u00";
                    out += hex[c >> 4];
                    out += hex[c & 15];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void append_json_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

}  // namespace countersign
