#include "models/chat.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/crypto.h"
#include "base/text.h"
#include "media/codecs.h"
#include "media/shrink.h"
#include "models/earlier_draft.h"
#include "models/json_places.h"

namespace countersign {

template <class V>
void fields(V& v, ChatConfig& c) {
    v("url", c.url);
    v("model", c.model);
    v("api_version", c.api_version);
    v("instructions", c.instructions);
    v("controls", c.controls);
    v("reads", c.reads);
    v("picture", c.picture);
    v("examples", c.examples);
    v("confidence", c.confidence);
    v("samples", c.samples);
    v("structured", c.structured);
    v("temperature", c.temperature);
    v("max_tokens", c.max_tokens);
    v("coordinates", c.coordinates);
    v("picture_side", c.picture_side);
    v("extra", c.extra);
}

namespace {

constexpr double sample_temperature = 0.7;
constexpr int most_steps = 6;
constexpr int jpeg_quality = 85;

/// A language model sees no sound, and a picture only if it is sent.
Told told_of(const ChatConfig& config, Modality modality) {
    if (config.reads.empty()) return Told::item;
    const bool shown =
        modality == Modality::text || (modality == Modality::image && config.picture);
    return shown ? Told::item_and_draft : Told::draft;
}

PromptSettings settings_of(const ChatConfig& config, const OpenAsk& ask,
                           std::vector<AskedControl> controls, bool claims) {
    PromptSettings out;
    out.modality = ask.schema.modality;
    out.controls = std::move(controls);
    out.guideline = ask.guideline;
    out.instructions = config.instructions;
    out.coordinates = config.coordinates;
    out.claims = claims;
    out.told = told_of(config, ask.schema.modality);
    return out;
}

class Chat final : public ChatDrafter {
public:
    Chat(const ChatProtocol& protocol, ChatConfig config, ConnectorLimits limits,
         PromptSettings settings, Outside outside, ExampleSource examples,
         std::unique_ptr<Line> line)
        : protocol_(protocol),
          config_(std::move(config)),
          limits_(std::move(limits)),
          settings_(std::move(settings)),
          outside_(std::move(outside)),
          examples_(std::move(examples)),
          line_(std::move(line)) {}

    std::string version() const override {
        return config_.model + " " + prompt_version(settings_) +
               (reads() ? " after " + config_.reads : "");
    }
    /// Boxes that it is told lie in the whole picture.
    int enough_side() const override {
        return reads() ? std::numeric_limits<int>::max() : config_.picture_side;
    }
    std::vector<std::string> controls() const override {
        std::vector<std::string> names;
        for (const auto& asked : settings_.controls) names.push_back(asked.control.name);
        return names;
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        const Item item = TRY(item_of(ask));
        const Prompt prompt = prompt_for(ask, item);
        DraftAnswer answer;
        if (config_.confidence == ConfidenceFrom::samples)
            answer.regions = TRY(by_samples(prompt, item, stop));
        else
            answer.regions = TRY(by_one(prompt, item, stop));
        if (item.picture)
            for (auto& region : answer.regions) to_pixels_of(*ask.image, *item.picture, region);
        for (std::size_t i = 0; i < answer.regions.size(); ++i)
            answer.regions[i].id = "d" + std::to_string(i + 1);
        for (const auto& region : answer.regions)
            if (region.confidence)
                answer.confidence = std::min(answer.confidence.value_or(1), *region.confidence);
        answer.told = item.draft;
        return answer;
    }

    Result<ShownPrompt> show(const DraftAsk& ask) override {
        const Item item = TRY(item_of(ask));
        ShownPrompt out;
        out.prompt = prompt_for(ask, item);
        out.version = version();
        out.tokens = prompt_tokens(out.prompt);
        return out;
    }

private:
    struct Item {
        std::string_view text;
        std::optional<SentPicture> picture;
        std::string draft;  ///< Another model's, in words.
        PromptItem shown() const {
            return {text, picture ? picture->width : 0, picture ? picture->height : 0, draft};
        }
    };

    bool reads() const { return settings_.told != Told::item; }

    Result<Item> item_of(const DraftAsk& ask) const {
        Item item;
        if (reads()) item.draft = TRY(told_draft(ask));
        if (settings_.told == Told::draft) return item;
        if (settings_.modality == Modality::text) {
            if (ask.text.empty()) return Refusal{Code::invalid, "The task has no text."};
            TRY(check_length(ask.text, "The text"));
            item.text = ask.text;
            return item;
        }
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid, "The task has no picture."};
        item.picture = TRY(picture_to_send(*ask.image, config_.picture_side));
        return item;
    }

    static Result<> check_length(std::string_view text, const std::string& what) {
        constexpr std::size_t longest = 400'000;
        if (text.size() <= longest) return Done{};
        return Refusal{Code::too_large, what +
                                            " has more than 400,000 bytes, the most that a "
                                            "language model is asked about: split it."};
    }

    Result<std::string> told_draft(const DraftAsk& ask) const {
        const auto regions = TRY(earlier_draft(&outside_, config_.reads, ask.task));
        auto words = draft_in_words(regions, ask.image ? ask.image->width : 0,
                                    ask.image ? ask.image->height : 0);
        if (words.empty() && settings_.told == Told::draft)
            return Refusal{Code::invalid, "Model " + config_.reads +
                                              " drafted nothing for this task that could be told."};
        TRY(check_length(words, "The draft that is read"));
        return words;
    }

    Prompt prompt_for(const DraftAsk& ask, const Item& item) const {
        std::vector<LabelledItem> examples;
        if (config_.examples > 0 && examples_) examples = examples_(ask, config_.examples);
        return make_prompt(settings_, examples, item.shown());
    }

    // ------------------------------------------------------------------------------- one question

    std::string noted_name() const {
        return std::string(protocol_.kind) + " " + config_.url + " " + config_.model;
    }
    ChatDialect dialect() const {
        std::scoped_lock hold(outside_.state->mutex);
        const auto known = outside_.state->noted.find(noted_name());
        ChatDialect out;
        if (known != outside_.state->noted.end()) out = ChatDialect::from(known->second);
        if (config_.structured != Structured::automatic) out.structured = config_.structured;
        return out;
    }
    void note(const ChatDialect& dialect) const {
        std::scoped_lock hold(outside_.state->mutex);
        outside_.state->noted[noted_name()] = dialect.text();
    }
    bool wants_logprobs() const {
        return protocol_.has_logprobs && (config_.confidence == ConfidenceFrom::automatic ||
                                          config_.confidence == ConfidenceFrom::logprobs);
    }

    struct Asked {
        Question question;
        Reply reply;
    };
    /// Asks in the server's dialect, which is found out when it refuses what it does not know.
    Result<Asked> ask_in_dialect(const Prompt& prompt, const Item& item, double temperature,
                                 const std::string& salt, const std::stop_token& stop) {
        const std::string key = outside_.secret_or_empty("key");
        ChatDialect how = dialect();
        for (int step = 0;; ++step) {
            const ChatAsk ask{
                config_,
                prompt,
                item.picture ? std::string_view(item.picture->jpeg) : std::string_view(),
                temperature,
                wants_logprobs(),
                key};
            Asked asked;
            asked.question = TRY(protocol_.question(ask, how));
            asked.question.salt = salt;
            asked.question.expected = {1, prompt_tokens(prompt), config_.max_tokens, 0};
            asked.reply = TRY(line_->ask(asked.question, stop));
            if (asked.reply.status >= 200 && asked.reply.status < 300) {
                if (step > 0) note(how);
                return asked;
            }
            const bool open = config_.structured == Structured::automatic;
            if (step >= most_steps || !step_down(how, asked.reply, open))
                return Refusal{Code::invalid,
                               "The model's server answers " + words_of_error(asked.reply)};
        }
    }

    struct Read {
        ReadAnswer answer;
        ChatReply reply;
    };
    Result<Read> read(const Item& item, const Reply& reply, std::string* said) const {
        Read out;
        out.reply = TRY(protocol_.read(reply));
        if (said) *said = out.reply.text;
        out.answer = TRY(read_answer(settings_, item.shown(), out.reply.text));
        return out;
    }

    /// An answer that is none is told what is wrong with it, and asked for once more.
    Result<Read> ask_once(const Prompt& prompt, const Item& item, double temperature,
                          const std::string& salt, const std::stop_token& stop) {
        auto asked = TRY(ask_in_dialect(prompt, item, temperature, salt, stop));
        std::string said;
        auto out = read(item, asked.reply, &said);
        if (!out && !said.empty()) {
            Prompt again = prompt;
            again.messages.push_back({PromptMessage::Role::assistant, said, false});
            again.messages.push_back(
                {PromptMessage::Role::user,
                 out.refusal().message +
                     " Answer again, with the JSON object that was described and nothing else.",
                 false});
            asked = TRY(ask_in_dialect(again, item, temperature, salt, stop));
            out = read(item, asked.reply, nullptr);
        }
        if (out) line_->understood(asked.question, asked.reply);
        return out;
    }

    Result<Regions> by_one(const Prompt& prompt, const Item& item, const std::stop_token& stop) {
        auto read = TRY(ask_once(prompt, item, config_.temperature, "", stop));
        auto& regions = read.answer.regions;
        if (!wants_logprobs() || read.reply.tokens.empty()) return std::move(regions);
        const auto begins = read.reply.text.find(read.answer.json);
        if (begins == std::string::npos) return std::move(regions);
        const auto places = json_places(read.answer.json);
        for (std::size_t i = 0; i < regions.size(); ++i) {
            const auto place = places.find(read.answer.pointers[i]);
            if (place == places.end()) continue;
            const auto sure = token_probability(read.reply, begins + place->second.begin,
                                                begins + place->second.end);
            if (!sure) continue;
            regions[i].confidence = *sure;
            regions[i].meta = {{"confidence", "logprobs"}};
        }
        return std::move(regions);
    }

    Result<Regions> by_samples(const Prompt& prompt, const Item& item,
                               const std::stop_token& stop) {
        std::vector<Regions> samples;
        std::optional<Refusal> why;
        const double warm = config_.temperature > 0 ? config_.temperature : sample_temperature;
        for (int i = 0; i < config_.samples; ++i) {
            auto read = ask_once(prompt, item, warm, "sample " + std::to_string(i + 1), stop);
            if (read) {
                samples.push_back(std::move(read->answer.regions));
            } else if (read.refusal().code != Code::invalid) {
                return read.refusal();
            } else {
                why = read.refusal();
            }
        }
        if (samples.empty()) return *why;
        return agreed(samples);
    }

    static void to_pixels_of(const Image& image, const SentPicture& sent, Region& region) {
        if (region.kind != ControlKind::boxes) return;
        const double across = static_cast<double>(image.width) / sent.width,
                     down = static_cast<double>(image.height) / sent.height;
        region.x *= across;
        region.width *= across;
        region.y *= down;
        region.height *= down;
    }

    const ChatProtocol& protocol_;
    ChatConfig config_;
    ConnectorLimits limits_;
    PromptSettings settings_;
    Outside outside_;
    ExampleSource examples_;
    std::unique_ptr<Line> line_;
};

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// What makes two samples' regions one: all but ids and confidence.
std::string gist(const Region& region) {
    Region plain = region;
    plain.id.clear();
    plain.confidence.reset();
    plain.meta = nullptr;
    std::sort(plain.labels.begin(), plain.labels.end());
    return regions_text({plain});
}

}  // namespace

std::vector<ConfigField> chat_fields(std::string_view usual_url) {
    return with_limits({
        {"url", FieldKind::url, "where the server's API begins", usual_url, true},
        {"model", FieldKind::text, "the model's name there", "", true},
        {"key", FieldKind::secret, "the API key, where the server wants one"},
        {"instructions", FieldKind::text, "said to the model behind the guideline", "\"\""},
        {"controls", FieldKind::names, "controls that it drafts; empty: all that it can", "[]"},
        {"examples", FieldKind::whole, "reviewed texts that are shown with each item, 0 to 32",
         "0"},
        reads_field(),
        {"picture", FieldKind::flag, "false: of a picture only the draft that it reads is told",
         "true"},
        {"accepted_examples", FieldKind::flag,
         "examples may be labels that were merely accepted, which descend from a model", "false"},
        {"confidence", FieldKind::choice,
         "auto: token probabilities where the server gives them, else none", "\"auto\"", false,
         "auto, logprobs, samples, claimed, none"},
        {"samples", FieldKind::whole, "answers that are compared with confidence samples, 2 to 20",
         "5"},
        {"structured", FieldKind::choice, "how answers are held to their form", "\"auto\"", false,
         "auto, json_schema, tool, json_object, text"},
        {"temperature", FieldKind::number, "0 to 2", "0"},
        {"max_tokens", FieldKind::whole, "tokens of one answer, 16 to 32768", "1024"},
        {"coordinates", FieldKind::choice, "what boxes are told in", "\"thousandths\"", false,
         "thousandths, pixels"},
        {"picture_side", FieldKind::whole,
         "pixels of the longer side of a picture as it is sent, 64 to 4096", "1024"},
        {"extra", FieldKind::object, "merged into the body of each request", "{}"},
    });
}

Result<ChatConfig> chat_config(const ChatProtocol& protocol, const Schema& schema,
                               const Json& config) {
    TRY(check_config(protocol.kind, protocol.fields(), config));
    auto out = TRY(from_json<ChatConfig>(config));
    const auto url = TRY(parse_url(out.url));
    if (url.target.find('?') != std::string::npos)
        return Refusal{Code::invalid, "\"url\" must have no query: give the base URL."};
    while (out.url.ends_with('/')) out.url.pop_back();
    if (out.model.empty())
        return Refusal{Code::invalid, "\"model\" is empty: give the model's name there."};
    if (out.examples < 0 || out.examples > 32) return out_of_range("examples", 0, 32);
    if (out.samples < 2 || out.samples > 20) return out_of_range("samples", 2, 20);
    if (!(out.temperature >= 0 && out.temperature <= 2)) return out_of_range("temperature", 0, 2);
    if (out.max_tokens < 16 || out.max_tokens > 32'768)
        return out_of_range("max_tokens", 16, 32'768);
    if (out.picture_side < 64 || out.picture_side > 4'096)
        return out_of_range("picture_side", 64, 4'096);
    if (out.confidence == ConfidenceFrom::logprobs && !protocol.has_logprobs)
        return Refusal{Code::invalid,
                       "This protocol tells no token probabilities: choose confidence \"samples\", "
                       "\"claimed\" or \"none\"."};
    out.reads = TRY(reads_from(config));
    if (!out.picture && schema.modality == Modality::image && out.reads.empty())
        return Refusal{Code::invalid,
                       "Without the picture the model is told nothing: name under \"reads\" the "
                       "model whose draft it is told."};
    TRY(asked_controls(schema, out.controls, told_of(out, schema.modality)));
    return out;
}

Result<std::unique_ptr<Drafter>> open_chat(const ChatProtocol& protocol, const OpenAsk& ask) {
    auto config = TRY(chat_config(protocol, ask.schema, ask.config));
    auto limits = TRY(limits_from(ask.config));
    auto controls =
        TRY(asked_controls(ask.schema, config.controls, told_of(config, ask.schema.modality)));
    const bool claims = config.confidence == ConfidenceFrom::claimed;
    auto settings = settings_of(config, ask, std::move(controls), claims);
    const Outside outside = ask.outside ? *ask.outside : Outside{};
    auto line = TRY(open_line(outside, limits));
    return std::unique_ptr<Drafter>(std::make_unique<Chat>(protocol, std::move(config),
                                                           std::move(limits), std::move(settings),
                                                           outside, ask.examples, std::move(line)));
}

Result<Json> guess_chat(const ChatProtocol& protocol, const Schema& schema) {
    const bool heard = schema.modality == Modality::audio;
    TRY(asked_controls(schema, {}, heard ? Told::draft : Told::item));
    Json config{{"url", protocol.usual_url}, {"model", ""}};
    if (heard) config["reads"] = "";
    return config;
}

std::string ChatDialect::text() const {
    return std::string(name_of(structured)) + (temperature ? " t" : " -") + (logprobs ? "l" : "-") +
           (new_max_tokens ? "n" : "-");
}

ChatDialect ChatDialect::from(std::string_view text) {
    ChatDialect out;
    const auto space = text.find(' ');
    out.structured = from_name<Structured>(text.substr(0, space)).value_or(Structured::json_schema);
    const auto marks = space == text.npos ? std::string_view() : text.substr(space);
    out.temperature = holds(marks, "t");
    out.logprobs = holds(marks, "l");
    out.new_max_tokens = holds(marks, "n");
    return out;
}

bool step_down(ChatDialect& dialect, const Reply& reply, bool structured_is_open) {
    const std::string says = lower_ascii(reply.body);
    if (!dialect.new_max_tokens && holds(says, "max_completion_tokens"))
        return dialect.new_max_tokens = true;
    if (dialect.temperature && holds(says, "temperature")) return !(dialect.temperature = false);
    if (dialect.logprobs && holds(says, "logprobs")) return !(dialect.logprobs = false);
    if (!structured_is_open) return false;
    switch (dialect.structured) {
        case Structured::json_schema:
            dialect.structured = Structured::tool;
            return true;
        case Structured::tool:
            dialect.structured = Structured::json_object;
            return true;
        case Structured::json_object:
            dialect.structured = Structured::text;
            return true;
        default:
            return false;
    }
}

std::optional<double> token_probability(const ChatReply& reply, std::size_t begin,
                                        std::size_t end) {
    if (begin >= end) return std::nullopt;
    double sum = 0;
    std::size_t at = 0;
    bool any = false;
    for (const auto& token : reply.tokens) {
        const std::size_t next = at + token.text.size();
        if (reply.text.compare(at, token.text.size(), token.text) != 0) return std::nullopt;
        if (next > begin && at < end && !token.text.empty()) {
            sum += std::min(0.0, token.logprob);
            any = true;
        }
        at = next;
        if (at >= end) break;
    }
    if (!any || at < end || std::isnan(sum)) return std::nullopt;
    return std::exp(sum);
}

Regions agreed(const std::vector<Regions>& samples) {
    struct Group {
        Region region;
        std::vector<Region> members;
        std::set<std::size_t> in;  ///< Samples that hold it.
    };
    std::vector<Group> groups;
    for (std::size_t i = 0; i < samples.size(); ++i)
        for (const auto& region : samples[i]) {
            const auto same = [&](const Group& group) {
                if (group.region.control != region.control || group.in.contains(i)) return false;
                if (region.kind == ControlKind::boxes)
                    return group.region.labels == region.labels && iou(group.region, region) >= 0.5;
                return gist(group.region) == gist(region);
            };
            auto group = std::find_if(groups.begin(), groups.end(), same);
            if (group == groups.end()) {
                groups.push_back({region, {}, {}});
                group = std::prev(groups.end());
            }
            group->members.push_back(region);
            group->in.insert(i);
        }
    const auto share = [&](const Group& group) {
        return static_cast<double>(group.in.size()) / static_cast<double>(samples.size());
    };
    std::map<std::string, double> best;  // Of the controls with one answer.
    const auto single = [](const Region& r) { return !facts_of(r.kind).drawn; };
    for (const auto& group : groups)
        if (single(group.region))
            best[group.region.control] = std::max(best[group.region.control], share(group));
    Regions out;
    std::set<std::string> answered;
    for (auto& group : groups) {
        const double sure = share(group);
        auto& region = group.region;
        if (single(region) ? sure < best[region.control] || !answered.insert(region.control).second
                           : sure < 0.5)
            continue;
        if (region.kind == ControlKind::boxes) {
            const auto mean = [&](double Region::*side) {
                double sum = 0;
                for (const auto& member : group.members) sum += member.*side;
                return sum / static_cast<double>(group.members.size());
            };
            region.x = mean(&Region::x);
            region.y = mean(&Region::y);
            region.width = mean(&Region::width);
            region.height = mean(&Region::height);
        }
        region.confidence = sure;
        region.meta = {{"confidence", "samples"}, {"samples", samples.size()}};
        out.push_back(region);
    }
    return out;
}

Result<SentPicture> picture_to_send(const Image& image, int side) {
    const double scale =
        std::min(1.0, static_cast<double>(side) / std::max(image.width, image.height));
    SentPicture out;
    out.width = std::max(1, static_cast<int>(std::lround(image.width * scale)));
    out.height = std::max(1, static_cast<int>(std::lround(image.height * scale)));
    if (scale < 1) {
        out.jpeg = TRY(encode_jpeg(shrink(image, out.width, out.height), jpeg_quality));
    } else {
        out.jpeg = TRY(encode_jpeg(image, jpeg_quality));
    }
    return out;
}

}  // namespace countersign
