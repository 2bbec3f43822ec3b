#include "models/anthropic.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"

namespace countersign {

namespace {

constexpr const char* anthropic_tool = "labels";
constexpr const char* protocol_date = "2023-06-01";

std::optional<Usage> anthropic_usage(const Reply& reply) {
    const auto body = parse_json(reply.body);
    if (!body || !body->is_object()) return std::nullopt;
    const auto usage = body->find("usage");
    if (usage == body->end() || !usage->is_object()) return std::nullopt;
    const auto count = [&](const char* name) {
        const auto found = usage->find(name);
        return found != usage->end() && found->is_number_integer()
                   ? std::max<std::int64_t>(0, found->get<std::int64_t>())
                   : 0;
    };
    const Usage out{0,
                    count("input_tokens") + count("cache_creation_input_tokens") +
                        count("cache_read_input_tokens"),
                    count("output_tokens"), 0};
    return out.tokens() > 0 ? std::optional(out) : std::nullopt;
}

Result<Question> anthropic_question(const ChatAsk& ask, const ChatDialect& dialect) {
    const auto& config = ask.config;
    Json system = "", messages = Json::array();
    for (const auto& message : ask.prompt.messages) {
        if (message.role == PromptMessage::Role::system) {
            system = message.text;
            continue;
        }
        Json content = message.text;
        if (message.picture && !ask.jpeg.empty())
            content = Json::array(
                {{{"type", "image"},
                  {"source",
                   {{"type", "base64"}, {"media_type", "image/jpeg"}, {"data", base64(ask.jpeg)}}}},
                 {{"type", "text"}, {"text", message.text}}});
        const bool user = message.role == PromptMessage::Role::user;
        messages.push_back({{"role", user ? "user" : "assistant"}, {"content", content}});
    }
    Json body = {{"model", config.model},
                 {"max_tokens", config.max_tokens},
                 {"system", std::move(system)},
                 {"messages", std::move(messages)}};
    if (dialect.temperature) body["temperature"] = std::min(1.0, ask.temperature);
    if (dialect.structured == Structured::json_schema || dialect.structured == Structured::tool) {
        body["tools"] = Json::array({{{"name", anthropic_tool},
                                      {"description", "Takes the item's labels."},
                                      {"input_schema", ask.prompt.answer_schema}}});
        body["tool_choice"] = {{"type", "tool"}, {"name", anthropic_tool}};
    }
    if (config.extra.is_object()) body.update(config.extra);
    Question out;
    out.url = config.url + "/v1/messages";
    out.body = to_text(body);
    out.usage = anthropic_usage;
    out.headers = {{"anthropic-version", protocol_date}};
    if (!ask.key.empty()) out.headers.emplace_back("x-api-key", ask.key);
    return out;
}

Result<ChatReply> anthropic_read(const Reply& reply) {
    const Refusal strange{Code::invalid,
                          "The server's reply is no message: look at the model's base URL."};
    const auto body = parse_json(reply.body);
    if (!body || !body->is_object()) return strange;
    const auto content = body->find("content");
    if (content == body->end() || !content->is_array()) return strange;
    const auto reason = body->find("stop_reason");
    if (reason != body->end() && *reason == "max_tokens")
        return Refusal{Code::invalid,
                       "The model's answer was cut off: give it more \"max_tokens\"."};
    if (reason != body->end() && *reason == "refusal")
        return Refusal{Code::invalid, "The model refuses to label this item."};
    ChatReply out;
    for (const auto& block : *content) {
        if (!block.is_object() || !block.contains("type")) continue;
        if (block["type"] == "tool_use" && block.contains("input")) {
            out.text = to_text(block["input"]);
            return out;
        }
        if (block["type"] == "text" && block.contains("text") && block["text"].is_string())
            out.text += block["text"].get<std::string>();
    }
    if (out.text.empty()) return Refusal{Code::invalid, "The model's answer is empty."};
    return out;
}

std::vector<ConfigField> anthropic_fields() {
    auto rows = chat_fields("\"https://api.anthropic.com\"");
    std::erase_if(rows, [](const ConfigField& row) { return row.name == "confidence"; });
    rows.insert(rows.begin() + 6,
                {"confidence", FieldKind::choice, "agreement of samples, or what the model claims",
                 "\"none\"", false, "samples, claimed, none"});
    return rows;
}

Result<Json> anthropic_guess(const Schema& schema) {
    return guess_chat(anthropic_messages(), schema);
}
Result<std::unique_ptr<Drafter>> anthropic_open(const OpenAsk& ask) {
    return open_chat(anthropic_messages(), ask);
}

}  // namespace

const ChatProtocol& anthropic_messages() {
    static const ChatProtocol protocol{"anthropic",    anthropic_question,
                                       anthropic_read, anthropic_fields,
                                       false,          "https://api.anthropic.com"};
    return protocol;
}

ModelKind anthropic_kind() {
    ModelKind kind{"anthropic",    "A language or vision model by the Anthropic messages API",
                   Modality::text, ControlKind::choices,
                   false,          anthropic_guess,
                   anthropic_open};
    kind.also_modalities = {Modality::image, Modality::audio};
    kind.also_controls = {ControlKind::rating, ControlKind::text, ControlKind::spans,
                          ControlKind::boxes};
    kind.config_fields = anthropic_fields();
    return kind;
}

}  // namespace countersign
