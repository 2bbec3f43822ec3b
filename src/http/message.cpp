#include "http/message.h"

#include <charconv>

namespace countersign {

std::string_view Request::header(std::string_view name) const {
    const auto* value = find_pair(headers, name);
    return value ? std::string_view(*value) : std::string_view{};
}

std::string_view Request::ask(std::string_view name) const {
    const auto* value = find_pair(query, name);
    return value ? std::string_view(*value) : std::string_view{};
}

const std::string& Request::param(std::string_view name) const {
    if (const auto* value = find_pair(params, name)) return *value;
    throw std::logic_error("a handler asks for a path parameter its route does not have");
}

Result<Id> Request::id(std::string_view name) const {
    const auto& text = param(name);
    if (const auto id = parse_id(name[0], text)) return *id;
    return Refusal{Code::not_found, "\"" + text + "\" is not an id of that kind."};
}

Result<std::optional<bool>> Request::flag(std::string_view name) const {
    const auto value = ask(name);
    if (value.empty()) return std::optional<bool>{};
    if (value == "1" || value == "true") return std::optional<bool>{true};
    if (value == "0" || value == "false") return std::optional<bool>{false};
    return Refusal{Code::invalid, std::string(name) + " must be 1 or 0."};
}

Result<int> Request::limit(int usual, int most) const {
    const auto text = ask("limit");
    if (text.empty()) return usual;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most)
        return Refusal{Code::invalid,
                       "limit must be a whole number from 1 to " + std::to_string(most) + "."};
    return value;
}

// A cursor is an id in wire form: opaque to clients, and of one spelling.
std::string cursor_text(Id last) {
    return wire_id('z', last);
}

Result<Id> Request::cursor() const {
    const auto text = ask("cursor");
    if (text.empty()) return Id{0};
    if (const auto id = parse_id('z', text)) return *id;
    return Refusal{Code::invalid, "cursor must be the \"next\" of an earlier page."};
}

Response text_response(int status, std::string type, std::string body) {
    Response response;
    response.status = status;
    response.type = std::move(type);
    response.body = std::move(body);
    return response;
}

Response json_response(int status, const Json& body) {
    return text_response(status, "application/json", to_text(body));
}

Response problem(const Refusal& why, int status) {
    const auto& row = row_of(why.code);
    const int code = status ? status : row.http_status;
    auto response = json_response(code, {{"type", "about:blank"},
                                         {"title", std::string(row.title)},
                                         {"status", code},
                                         {"code", std::string(row.name)},
                                         {"detail", why.message}});
    response.type = "application/problem+json";
    if (code == 429) say_retry_after(response, 1);
    if (code == 503) say_retry_after(response, 5);
    return response;
}

void say_retry_after(Response& response, int seconds) {
    std::erase_if(response.headers, [](const auto& h) { return h.first == "Retry-After"; });
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
}

}  // namespace countersign
