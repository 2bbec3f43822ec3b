// JSON by appending: the members of an object, each behind a comma where one is due. What says
// nothing (an empty text, an absent number, false) is left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace countersign {

/// Writes into an object whose "{" is the last thing written.
class Members {
public:
    explicit Members(std::string& out) : out_(out) {}
    void text(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        key(name);
        append_json_string(out_, value);
    }
    void raw(std::string_view name, std::string_view json) {
        if (json.empty()) return;
        key(name);
        out_ += json;
    }
    void number(std::string_view name, std::int64_t value) {
        key(name);
        out_ += std::to_string(value);
    }
    void number(std::string_view name, const std::optional<double>& value) {
        if (!value) return;
        key(name);
        append_json_number(out_, *value);
    }
    void truth(std::string_view name, bool value) {
        if (value) raw(name, "true");
    }

private:
    void key(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }
    std::string& out_;
};

}  // namespace countersign
