#include "models/transcription.h"

#include "base/crypto.h"
#include "base/text.h"
#include "models/base_url.h"
#include "models/connector.h"
#include "models/connector_parts.h"
#include "models/transcript_reply.h"

namespace countersign {

namespace {

constexpr const char* plain_note = "transcription.plain";

/// The name of an ending that servers know a type of sound by.
std::string_view ending_of(std::string_view type) {
    constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"audio/mpeg", "mp3"},  {"audio/mp3", "mp3"},  {"audio/wav", "wav"}, {"audio/x-wav", "wav"},
        {"audio/flac", "flac"}, {"audio/ogg", "ogg"},  {"audio/mp4", "m4a"}, {"audio/x-m4a", "m4a"},
        {"audio/aac", "m4a"},   {"audio/webm", "webm"}};
    for (const auto& [known, ending] : rows)
        if (type == known) return ending;
    return "wav";
}

/// A multipart/form-data body (RFC 7578). The boundary is made of the contents, so that equal
/// questions are equal, and cannot stand in them but by a collision.
class Form {
public:
    Form& field(std::string_view name, std::string_view value) {
        parts_.push_back("Content-Disposition: form-data; name=\"" + std::string(name) +
                         "\"\r\n\r\n" + std::string(value));
        return *this;
    }
    Form& file(std::string_view name, std::string_view filename, std::string_view type,
               std::string_view bytes) {
        parts_.push_back("Content-Disposition: form-data; name=\"" + std::string(name) +
                         "\"; filename=\"" + std::string(filename) + "\"\r\nContent-Type: " +
                         std::string(type) + "\r\n\r\n" + std::string(bytes));
        return *this;
    }
    void into(Question& question) const {
        std::string all;
        for (const auto& part : parts_) all += part;
        const std::string boundary = "countersign" + hex(sha256(all)).substr(0, 32);
        question.type = "multipart/form-data; boundary=" + boundary;
        for (const auto& part : parts_) question.body += "--" + boundary + "\r\n" + part + "\r\n";
        question.body += "--" + boundary + "--\r\n";
    }

private:
    std::vector<std::string> parts_;
};

struct SpeechServer {
    std::string url, model, language, prompt, api_version;
};

class TranscriptionDrafter : public Drafter {
public:
    TranscriptionDrafter(SpeechServer server, Schema schema, TranscriptPlan plan,
                         std::unique_ptr<Line> line, Outside outside)
        : server_(std::move(server)),
          schema_(std::move(schema)),
          plan_(std::move(plan)),
          line_(std::move(line)),
          outside_(std::move(outside)) {}

    std::string version() const override {
        return server_.model + " " +
               hex(sha256(server_.url + "\n" + server_.language + "\n" + server_.prompt))
                   .substr(0, 8);
    }
    bool wants_medium() const override { return true; }
    std::vector<std::string> controls() const override {
        std::vector<std::string> out;
        for (const auto& name : {plan_.whole, plan_.segments, plan_.of_segment})
            if (!name.empty()) out.push_back(name);
        return out;
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.sound && ask.medium.empty())
            return Refusal{Code::invalid, "A speech server was asked about an item without sound."};
        const double seconds = ask.sound ? ask.sound->seconds() : 0;
        bool plain = noted(plain_note);
        for (;;) {
            const Question question = question_for(ask, plain);
            const Reply reply = TRY(line_->ask(question, stop));
            if ((reply.status == 400 || reply.status == 422) && !plain) {
                plain = true;
                continue;
            }
            if (reply.status < 200 || reply.status > 299)
                return Refusal{Code::invalid,
                               "The speech server took no recording: " + words_of_error(reply)};
            const auto body = parse_json(reply.body);
            if (!body)
                return Refusal{
                    Code::invalid,
                    "The speech server's reply is no JSON: look at the model's base URL."};
            auto answer = TRY(transcript_answer(*body, schema_, plan_, seconds));
            line_->understood(question, reply);
            if (plain) note(plain_note);
            return answer;
        }
    }

private:
    bool noted(const char* name) const {
        std::scoped_lock hold(outside_.state->mutex);
        return outside_.state->noted.contains(name);
    }
    void note(const char* name) const {
        std::scoped_lock hold(outside_.state->mutex);
        outside_.state->noted[name] = "yes";
    }

    Question question_for(const DraftAsk& ask, bool plain) const {
        Form form;
        if (!server_.model.empty()) form.field("model", server_.model);
        form.field("response_format", plain ? "json" : "verbose_json");
        if (!plain)
            form.field("timestamp_granularities[]", "word")
                .field("timestamp_granularities[]", "segment");
        form.field("temperature", "0");
        if (!server_.language.empty()) form.field("language", server_.language);
        if (!server_.prompt.empty()) form.field("prompt", server_.prompt);
        if (ask.medium.empty()) {
            form.file("file", "recording.wav", "audio/wav", wav_of(*ask.sound));
        } else {
            const std::string name = "recording." + std::string(ending_of(ask.medium_type));
            form.file("file", name, ask.medium_type.empty() ? "audio/wav" : ask.medium_type,
                      ask.medium);
        }
        Question question;
        question.url = server_.url + "/audio/transcriptions";
        if (!server_.api_version.empty()) question.url += "?api-version=" + server_.api_version;
        form.into(question);
        if (const auto key = outside_.secret_or_empty("key"); !key.empty()) {
            if (server_.api_version.empty())
                question.headers.emplace_back("Authorization", "Bearer " + key);
            else
                question.headers.emplace_back("api-key", key);
        }
        return question;
    }

    SpeechServer server_;
    Schema schema_;
    TranscriptPlan plan_;
    std::unique_ptr<Line> line_;
    Outside outside_;
};

std::string text_or(const Json& config, const char* name, const char* otherwise) {
    const auto found = config.find(name);
    return found != config.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

std::vector<ConfigField> config_fields() {
    return with_limits(
        {{"url", FieldKind::url, "base URL of the server, with its /v1", "", true},
         {"model", FieldKind::text, "name of the model there", "\"whisper-1\""},
         {"language", FieldKind::text, "language of the recordings (ISO 639-1); empty: any",
          "\"\""},
         {"prompt", FieldKind::text, "words that are often said: names, terms of the field",
          "\"\""},
         {"segment_label", FieldKind::text, "label of segments whose speaker is not told", ""},
         {"api_version", FieldKind::text, "Azure's api-version", "\"\""},
         {"key", FieldKind::secret, "key of the server", ""}});
}

Result<Json> guess_transcription(const Schema& schema) {
    TRY(transcript_plan(schema, Json::object()));
    return Json{{"url", ""}, {"model", "whisper-1"}};
}

Result<std::unique_ptr<Drafter>> open_transcription(const OpenAsk& ask) {
    TRY(check_config("transcription", config_fields(), ask.config));
    auto plan = TRY(transcript_plan(ask.schema, ask.config));
    const auto limits = TRY(limits_from(ask.config));
    const auto url = TRY(base_url(ask.config));
    if (!ask.outside)
        return Refusal{Code::unavailable, "There is no way to a speech server from here."};
    SpeechServer server{url, text_or(ask.config, "model", "whisper-1"),
                        text_or(ask.config, "language", ""), text_or(ask.config, "prompt", ""),
                        text_or(ask.config, "api_version", "")};
    auto line = TRY(open_line(*ask.outside, limits));
    return std::unique_ptr<Drafter>(std::make_unique<TranscriptionDrafter>(
        std::move(server), ask.schema, std::move(plan), std::move(line), *ask.outside));
}

void append_number(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

std::string wav_of(const Sound& sound) {
    const auto bytes = static_cast<std::uint32_t>(sound.samples.size() * 2);
    const auto rate = static_cast<std::uint32_t>(sound.rate);
    std::string out = "RIFF";
    append_number(out, 36 + bytes, 4);
    out += "WAVEfmt ";
    append_number(out, 16, 4);
    append_number(out, 1, 2);  // PCM, one channel.
    append_number(out, 1, 2);
    append_number(out, rate, 4);
    append_number(out, rate * 2, 4);
    append_number(out, 2, 2);
    append_number(out, 16, 2);
    out += "data";
    append_number(out, bytes, 4);
    for (const auto sample : sound.samples)
        append_number(out, static_cast<std::uint16_t>(sample), 2);
    return out;
}

ModelKind transcription_kind() {
    ModelKind kind{"transcription",
                   "Transcripts by a speech server (OpenAI's audio API, whisper servers)",
                   Modality::audio,
                   ControlKind::text,
                   false,
                   guess_transcription,
                   open_transcription};
    kind.also_controls = {ControlKind::segments};
    kind.config_fields = config_fields();
    return kind;
}

}  // namespace countersign
