#include "models/label_studio_ml.h"

#include <limits>
#include <mutex>

#include "base/crypto.h"
#include "base/text.h"
#include "base/url.h"
#include "models/base_url.h"
#include "models/connector.h"
#include "models/connector_parts.h"
#include "models/cue_answerer.h"
#include "models/label_studio_answer.h"
#include "models/outline_easing.h"

namespace countersign {

namespace {

constexpr const char* setup_note = "label-studio-ml.setup";

struct Backend {
    std::string url, user, project;
    Json params;  ///< "extra_params" of /setup.
    bool takes_cues = false;
};

class LabelStudioDrafter : public Drafter, public CueAnswerer {
public:
    LabelStudioDrafter(Backend backend, Schema schema, std::unique_ptr<Line> line, Outside outside)
        : backend_(std::move(backend)),
          schema_(std::move(schema)),
          words_(*outside.label_studio),
          config_(words_.config(schema_, backend_.takes_cues)),
          line_(std::move(line)),
          outside_(std::move(outside)) {}

    std::string version() const override {
        return "label-studio-ml " +
               hex(sha256(backend_.url + "\n" + config_ + to_text(backend_.params))).substr(0, 8);
    }
    bool wants_medium() const override { return schema_.modality != Modality::text; }
    /// Masks and cues count in the pixels of the picture that the backend gets.
    int enough_side() const override {
        return backend_.takes_cues ? every_pixel : Drafter::enough_side();
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        return predict(ask, nullptr, stop);
    }
    Result<DraftAnswer> answer(const DraftAsk& ask, const Cue& cue, std::stop_token stop) override {
        return predict(ask, &cue, stop);
    }

private:
    Result<DraftAnswer> predict(const DraftAsk& ask, const Cue* cue, const std::stop_token& stop) {
        TRY(set_up(stop));
        const Question question = post("/predict", TRY(predict_body(ask, cue)));
        const Reply reply = TRY(line_->ask(question, stop));
        const Json body = TRY(body_of(reply, "predicted nothing"));
        const auto found = body.find("results");
        if (found == body.end() || !found->is_array())
            return Refusal{Code::invalid,
                           "The backend's answer has no \"results\": look at the model's URL."};
        if (found->empty()) {
            line_->understood(question, reply);
            return DraftAnswer{};
        }
        // One task was asked about: what more is said is about nobody's.
        const Regions& known = cue ? cue->regions : no_regions_;
        auto taken =
            TRY(label_studio_answer(found->front(), schema_, facts_of_ask(ask), words_, known));
        auto answer = TRY(or_refuse(std::move(taken)));
        for (auto& region : answer.regions) ease_outline(region);
        line_->understood(question, reply);
        return answer;
    }

    Question post(const char* path, const Json& body) const {
        Question question;
        question.url = backend_.url + path;
        question.body = to_text(body);
        const auto password = outside_.secret_or_empty("password");
        if (!backend_.user.empty() || !password.empty())
            question.headers.emplace_back("Authorization",
                                          "Basic " + base64(backend_.user + ":" + password));
        return question;
    }

    static Result<Json> body_of(const Reply& reply, const char* what) {
        if (reply.status < 200 || reply.status > 299)
            return Refusal{Code::invalid,
                           std::string("The backend ") + what + ": " + words_of_error(reply)};
        auto body = parse_json(reply.body);
        if (!body || !body->is_object())
            return Refusal{Code::invalid,
                           "The backend's reply is no JSON object: look at the model's URL."};
        return body;
    }

    /// Once for the configuration that the project has now; by whoever comes first.
    Result<> set_up(const std::stop_token& stop) {
        const std::string wanted = version();
        {
            std::scoped_lock hold(outside_.state->mutex);
            if (const auto note = outside_.state->noted.find(setup_note);
                note != outside_.state->noted.end() && note->second == wanted)
                return Done{};
        }
        const Question question = post("/setup", {{"project", backend_.project},
                                                  {"schema", config_},
                                                  {"hostname", ""},
                                                  {"access_token", ""},
                                                  {"extra_params", backend_.params}});
        const Reply reply = TRY(line_->ask(question, stop));
        TRY(body_of(reply, "could not be set up"));
        std::scoped_lock hold(outside_.state->mutex);
        outside_.state->noted[setup_note] = wanted;
        return Done{};
    }

    Result<Json> predict_body(const DraftAsk& ask, const Cue* cue) const {
        Json context;
        if (cue) {
            const auto list = TRY(words_.cue(*cue, schema_, facts_of_ask(ask)));
            auto result = TRY(parse_json(list));
            context = {{"result", std::move(result)}};
        }
        Json data = Json::object();
        if (auto own = parse_json(ask.data); own && own->is_object()) data = *std::move(own);
        auto& item = data[schema_.source];
        if (schema_.modality == Modality::text)
            item = std::string(ask.text);
        else if (!item.is_string() || !looks_like_url(item.get<std::string>()))
            item = "data:" + std::string(ask.medium_type) + ";base64," + base64(ask.medium);
        Json task{{"id", ask.task}, {"data", std::move(data)}};
        return Json{{"tasks", Json::array({std::move(task)})},
                    {"project", backend_.project},
                    {"label_config", config_},
                    {"params",
                     {{"login", nullptr}, {"password", nullptr}, {"context", std::move(context)}}}};
    }

    static constexpr int every_pixel = std::numeric_limits<int>::max();
    const Regions no_regions_;
    Backend backend_;
    Schema schema_;
    LabelStudioWords words_;
    std::string config_;
    std::unique_ptr<Line> line_;
    Outside outside_;
};

std::vector<ConfigField> backend_fields() {
    return with_limits(
        {{"url", FieldKind::url, "base URL of the backend", "", true},
         {"user", FieldKind::text, "of HTTP Basic, where the backend asks for it", "\"\""},
         {"extra_params", FieldKind::object, "handed to the backend's setup as they stand", "{}"},
         {"cues", FieldKind::choice,
          "whether people at the desk may point at something and ask it: no; also, beside "
          "drafting; only, and it drafts nothing by itself",
          "\"no\"", false, "no, also, only"},
         {"password", FieldKind::secret, "of HTTP Basic", ""}});
}

Result<Json> guess_backend(const Schema&) {
    return Json{{"url", ""}};
}

Result<std::unique_ptr<Drafter>> open_backend(const OpenAsk& ask) {
    TRY(check_config("label-studio-ml", backend_fields(), ask.config));
    const auto limits = TRY(limits_from(ask.config));
    const auto url = TRY(base_url(ask.config));
    if (!ask.outside || !ask.outside->label_studio)
        return Refusal{Code::unavailable, "There is no way to a backend from here."};
    Backend backend{url, ask.config.value("user", std::string()), "",
                    ask.config.value("extra_params", Json::object())};
    const auto* kind = find_model_kind("label-studio-ml");
    backend.takes_cues = cue_use(kind, ask.config) != CueUse::no;
    // Backends take what stands before the dot for the project, and cache by the whole.
    backend.project = "1." + std::to_string(ask.outside->seed);
    auto line = TRY(open_line(*ask.outside, limits));
    return std::unique_ptr<Drafter>(std::make_unique<LabelStudioDrafter>(
        std::move(backend), ask.schema, std::move(line), *ask.outside));
}

}  // namespace

ModelKind label_studio_ml_kind() {
    ModelKind kind{"label-studio-ml",
                   "A machine learning backend made for Label Studio",
                   Modality::text,
                   ControlKind::spans,
                   false,
                   guess_backend,
                   open_backend};
    kind.also_modalities = {Modality::image, Modality::audio};
    for (const auto& row : enum_names(ControlKind{}))
        if (row.value != ControlKind::spans) kind.also_controls.push_back(row.value);
    kind.config_fields = backend_fields();
    return kind;
}

}  // namespace countersign
