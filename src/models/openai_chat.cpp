#include "models/openai_chat.h"

#include <cmath>

#include "base/crypto.h"
#include "base/text.h"

namespace countersign {

namespace {

constexpr const char* form_name = "labels";

std::string_view role_name(PromptMessage::Role role) {
    switch (role) {
        case PromptMessage::Role::system:
            return "system";
        case PromptMessage::Role::assistant:
            return "assistant";
        case PromptMessage::Role::user:
            break;
    }
    return "user";
}

Json messages_of(const ChatAsk& ask) {
    Json out = Json::array();
    for (const auto& message : ask.prompt.messages) {
        Json content = message.text;
        if (message.picture && !ask.jpeg.empty())
            content = Json::array(
                {{{"type", "image_url"},
                  {"image_url", {{"url", "data:image/jpeg;base64," + base64(ask.jpeg)}}}},
                 {{"type", "text"}, {"text", message.text}}});
        out.push_back({{"role", role_name(message.role)}, {"content", std::move(content)}});
    }
    return out;
}

void hold_to_form(Json& body, const Json& form, Structured how) {
    switch (how) {
        case Structured::automatic:
        case Structured::json_schema:
            body["response_format"] = {
                {"type", "json_schema"},
                {"json_schema", {{"name", form_name}, {"strict", true}, {"schema", form}}}};
            break;
        case Structured::tool:
            body["tools"] = Json::array({{{"type", "function"},
                                          {"function",
                                           {{"name", form_name},
                                            {"description", "The item's labels"},
                                            {"parameters", form}}}}});
            body["tool_choice"] = {{"type", "function"}, {"function", {{"name", form_name}}}};
            break;
        case Structured::json_object:
            body["response_format"] = {{"type", "json_object"}};
            break;
        case Structured::text:
            break;
    }
}

std::optional<Usage> usage_of(const Reply& reply) {
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
    const Usage out{0, count("prompt_tokens"), count("completion_tokens"), 0};
    return out.tokens() > 0 ? std::optional(out) : std::nullopt;
}

Result<Question> question(const ChatAsk& ask, const ChatDialect& dialect) {
    const auto& config = ask.config;
    Json body = {{"model", config.model}, {"messages", messages_of(ask)}};
    body[dialect.new_max_tokens ? "max_completion_tokens" : "max_tokens"] = config.max_tokens;
    if (dialect.temperature) body["temperature"] = ask.temperature;
    if (ask.logprobs && dialect.logprobs) body["logprobs"] = true;
    hold_to_form(body, ask.prompt.answer_schema, dialect.structured);
    if (config.extra.is_object()) body.update(config.extra);
    Question out;
    out.url = config.url + "/chat/completions";
    if (!config.api_version.empty()) out.url += "?api-version=" + config.api_version;
    out.body = to_text(body);
    out.usage = usage_of;
    if (!ask.key.empty()) {
        if (!config.api_version.empty())
            out.headers.emplace_back("api-key", ask.key);
        else
            out.headers.emplace_back("Authorization", "Bearer " + std::string(ask.key));
    }
    return out;
}

Refusal not_chat() {
    return {Code::invalid,
            "The server's reply is no chat completion: look at the model's base URL."};
}

void read_tokens(const Json& choice, ChatReply& out) {
    const auto logprobs = choice.find("logprobs");
    if (logprobs == choice.end() || !logprobs->is_object()) return;
    const auto content = logprobs->find("content");
    if (content == logprobs->end() || !content->is_array()) return;
    for (const auto& one : *content) {
        const bool good = one.is_object() && one.contains("token") && one["token"].is_string() &&
                          one.contains("logprob") && one["logprob"].is_number();
        if (!good) {
            out.tokens.clear();
            return;
        }
        ChatToken token{one["token"].get<std::string>(), one["logprob"].get<double>()};
        // A token may be a part of a character: then only its bytes tell it.
        if (const auto bytes = one.find("bytes"); bytes != one.end() && bytes->is_array()) {
            token.text.clear();
            for (const auto& byte : *bytes)
                if (byte.is_number_integer())
                    token.text += static_cast<char>(byte.get<std::int64_t>() & 0xff);
        }
        out.tokens.push_back(std::move(token));
    }
}

Result<ChatReply> read(const Reply& reply) {
    const auto body = parse_json(reply.body);
    if (!body || !body->is_object()) return not_chat();
    const auto choices = body->find("choices");
    if (choices == body->end() || !choices->is_array() || choices->empty() ||
        !(*choices)[0].is_object())
        return not_chat();
    const Json& choice = (*choices)[0];
    const auto message = choice.find("message");
    if (message == choice.end() || !message->is_object()) return not_chat();
    const auto text_in = [](const Json& from, const char* name) {
        const auto found = from.find(name);
        return found != from.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    if (!text_in(*message, "refusal").empty() ||
        text_in(choice, "finish_reason") == "content_filter")
        return Refusal{Code::invalid, "The model refuses to label this item."};
    if (text_in(choice, "finish_reason") == "length")
        return Refusal{Code::invalid,
                       "The model's answer was cut off: give it more \"max_tokens\"."};
    ChatReply out;
    if (const auto calls = message->find("tool_calls");
        calls != message->end() && calls->is_array() && !calls->empty()) {
        const auto& call = (*calls)[0];
        const auto function = call.is_object() ? call.find("function") : call.end();
        if (call.is_object() && function != call.end() && function->is_object()) {
            const auto arguments = function->find("arguments");
            // By the protocol a text; some servers send the object itself.
            if (arguments != function->end())
                out.text =
                    arguments->is_string() ? arguments->get<std::string>() : to_text(*arguments);
        }
    }
    if (!out.text.empty()) return out;
    out.text = text_in(*message, "content");
    if (out.text.empty()) return Refusal{Code::invalid, "The model's answer is empty."};
    read_tokens(choice, out);
    return out;
}

std::vector<ConfigField> fields() {
    auto rows = chat_fields("\"https://api.openai.com/v1\"");
    rows.insert(rows.begin() + 3,
                {"api_version", FieldKind::text,
                 "Azure's api-version; the key then goes into the header api-key", "\"\""});
    return rows;
}

Result<Json> guess_openai(const Schema& schema) {
    return guess_chat(openai_chat(), schema);
}
Result<std::unique_ptr<Drafter>> open_openai(const OpenAsk& ask) {
    return open_chat(openai_chat(), ask);
}

}  // namespace

const ChatProtocol& openai_chat() {
    static const ChatProtocol protocol{"openai-chat", question, read,
                                       fields,        true,     "https://api.openai.com/v1"};
    return protocol;
}

ModelKind openai_chat_kind() {
    ModelKind kind{"openai-chat",
                   "A language or vision model by the OpenAI chat API (OpenAI, Azure, vLLM, "
                   "llama.cpp, Ollama, LM Studio...)",
                   Modality::text,
                   ControlKind::choices,
                   false,
                   guess_openai,
                   open_openai};
    kind.also_modalities = {Modality::image, Modality::audio};
    kind.also_controls = {ControlKind::rating, ControlKind::text, ControlKind::spans,
                          ControlKind::boxes};
    kind.config_fields = fields();
    return kind;
}

}  // namespace countersign
