// Drafts by a model that is chatted with: the part that does not depend on whose protocol it is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/connector.h"
#include "models/connector_parts.h"
#include "models/prompt.h"

namespace countersign {

enum class ConfidenceFrom { automatic, logprobs, samples, claimed, none };
inline std::span<const EnumName<ConfidenceFrom>> enum_names(ConfidenceFrom) {
    static constexpr EnumName<ConfidenceFrom> rows[] = {{ConfidenceFrom::automatic, "auto"},
                                                        {ConfidenceFrom::logprobs, "logprobs"},
                                                        {ConfidenceFrom::samples, "samples"},
                                                        {ConfidenceFrom::claimed, "claimed"},
                                                        {ConfidenceFrom::none, "none"}};
    return rows;
}

/// How an answer is held to its JSON schema.
enum class Structured { automatic, json_schema, tool, json_object, text };
inline std::span<const EnumName<Structured>> enum_names(Structured) {
    static constexpr EnumName<Structured> rows[] = {{Structured::automatic, "auto"},
                                                    {Structured::json_schema, "json_schema"},
                                                    {Structured::tool, "tool"},
                                                    {Structured::json_object, "json_object"},
                                                    {Structured::text, "text"}};
    return rows;
}

/// The config of a chat connector, besides ConnectorLimits.
struct ChatConfig {
    std::string url, model;
    std::string api_version;  ///< Azure's.
    std::string instructions;
    std::vector<std::string> controls;  ///< Those it drafts; empty: all that it can.
    std::string reads;                  ///< The model whose draft it is told; empty: none.
    bool picture = true;                ///< A picture is sent; false: only the draft of it is told.
    int examples = 0;                   ///< Reviewed items that are shown with each.
    ConfidenceFrom confidence = ConfidenceFrom::automatic;
    int samples = 5;  ///< With confidence "samples".
    Structured structured = Structured::automatic;
    double temperature = 0;
    int max_tokens = 1024;  ///< Of one answer.
    Coordinates coordinates = Coordinates::thousandths;
    int picture_side = 1024;  ///< Pixels of the longer side of a picture as it is sent.
    Json extra;               ///< Object merged into the body of each request.
};

/// What a server takes, as it turned out; remembered in ConnectorState::noted.
struct ChatDialect {
    Structured structured = Structured::json_schema;
    bool temperature = true, logprobs = true, new_max_tokens = false;
    std::string text() const;
    static ChatDialect from(std::string_view text);
};

/// One question in no protocol yet.
struct ChatAsk {
    const ChatConfig& config;
    const Prompt& prompt;
    std::string_view jpeg;  ///< The item's picture; empty: none.
    double temperature = 0;
    bool logprobs = false;
    std::string_view key;  ///< A secret.
};

struct ChatToken {
    std::string text;
    double logprob = 0;
};
struct ChatReply {
    std::string text;               ///< The answer, JSON hopefully.
    std::vector<ChatToken> tokens;  ///< Of the answer, where the server tells them.
};

/// A protocol in three functions.
struct ChatProtocol {
    std::string_view kind;
    Result<Question> (*question)(const ChatAsk& ask, const ChatDialect& dialect);
    /// Refuses (invalid) a reply that is cut off, refused by the model, or not of the protocol.
    Result<ChatReply> (*read)(const Reply& reply);
    std::vector<ConfigField> (*fields)();
    bool has_logprobs;
    std::string_view usual_url;
};

/// Config of `kind`, checked against `schema`.
Result<ChatConfig> chat_config(const ChatProtocol& protocol, const Schema& schema,
                               const Json& config);
Result<std::unique_ptr<Drafter>> open_chat(const ChatProtocol& protocol, const OpenAsk& ask);
Result<Json> guess_chat(const ChatProtocol& protocol, const Schema& schema);
/// The fields that chat connectors share, with the limits behind them.
std::vector<ConfigField> chat_fields(std::string_view usual_url);

/// After a refusal of the question itself (400, 422): what to leave out next. False when nothing is
/// left to try.
bool step_down(ChatDialect& dialect, const Reply& reply, bool structured_is_open);

/// The probability of the answer's bytes [begin, end), by the tokens that they are made of; nothing
/// when the tokens do not add up to the text.
std::optional<double> token_probability(const ChatReply& reply, std::size_t begin, std::size_t end);

/// What `samples` agree on, with the share of them that do as confidence. Choices, ratings and
/// texts: the most frequent answer to the control. Spans and boxes (IoU of at least 0.5 and the
/// same label): what at least half hold; a box is the mean of those that agree.
Regions agreed(const std::vector<Regions>& samples);

/// The picture as JPEG, its longer side at most `side` pixels.
struct SentPicture {
    std::string jpeg;
    int width = 0, height = 0;
};
Result<SentPicture> picture_to_send(const Image& image, int side);

/// What a prompt for this item holds: for people who write prompts.
struct ShownPrompt {
    Prompt prompt;
    std::string version;
    std::int64_t tokens = 0;
};
class ChatDrafter : public Drafter {
public:
    /// Refuses an item that it cannot be asked about.
    virtual Result<ShownPrompt> show(const DraftAsk& ask) = 0;
};

}  // namespace countersign
