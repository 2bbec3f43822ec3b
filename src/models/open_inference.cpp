#include "models/open_inference.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <mutex>

#include "base/crypto.h"
#include "base/s3_sign.h"
#include "base/text.h"
#include "models/base_url.h"
#include "models/box_classifier.h"
#include "models/connector.h"
#include "models/connector_parts.h"
#include "models/earlier_draft.h"
#include "models/inference_reply.h"
#include "models/network_reading.h"

namespace countersign {

namespace {

constexpr const char* facts_note = "open-inference.model";

std::string text_or(const Json& config, const char* name, const char* otherwise) {
    const auto found = config.find(name);
    return found != config.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

struct ServedModel {
    std::string url;  ///< ".../v2/models/NAME" with its version, if one is asked for.
    std::string name;
    bool binary = false;
};

/// Where the picture goes.
struct PictureTensor {
    std::string name;
    int width = 0, height = 0;
    bool channels_last = false, batched = true, bytes = false;
};

class OpenInferenceDrafter : public Drafter {
public:
    OpenInferenceDrafter(ServedModel model, NetworkReading reading, std::unique_ptr<Line> line,
                         Outside outside, std::string version)
        : model_(std::move(model)),
          reading_(std::move(reading)),
          line_(std::move(line)),
          outside_(std::move(outside)),
          version_(std::move(version)) {}

    std::string version() const override { return version_; }
    std::vector<std::string> controls() const override { return {reading_.control().name}; }
    int enough_side() const override {
        return reading_.reads().empty() ? enough_for_one_look : std::numeric_limits<int>::max();
    }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid, "A network was asked about an item without image."};
        if (picture_.name.empty()) TRY(learn_model(stop));
        if (!settled_) TRY(infer(Image{1, 1, {0, 0, 0}}, stop));
        if (!reading_.reads().empty()) {
            const auto earlier = TRY(earlier_draft(&outside_, reading_.reads(), ask.task));
            return classify_boxes(*ask.image, earlier, reading_,
                                  [&](const Image& picture) { return infer(picture, stop); });
        }
        const auto placing = reading_.placing(*ask.image, picture_.width, picture_.height);
        const auto outputs = TRY(infer(*ask.image, stop));
        return reading_.answer(outputs, placing);
    }

private:
    void sign(Question& question) const {
        if (const auto key = outside_.secret_or_empty("key"); !key.empty())
            question.headers.emplace_back("Authorization", "Bearer " + key);
    }

    Result<Json> body_of(const Reply& reply) const {
        if (reply.status < 200 || reply.status > 299)
            return Refusal{Code::invalid, "The server inferred nothing with \"" + model_.name +
                                              "\": " + words_of_error(reply)};
        auto body = parse_json(reply.body);
        if (!body)
            return Refusal{Code::unsupported,
                           "The server's reply is no JSON: look at the model's base URL."};
        return body;
    }

    /// What the server says of the model; asked once by all workers.
    Result<> learn_model(const std::stop_token& stop) {
        std::string known;
        {
            std::scoped_lock hold(outside_.state->mutex);
            if (const auto note = outside_.state->noted.find(facts_note);
                note != outside_.state->noted.end())
                known = note->second;
        }
        if (known.empty()) {
            Question question;
            question.method = "GET";
            question.url = model_.url;
            sign(question);
            const Reply reply = TRY(line_->ask(question, stop));
            TRY(body_of(reply));
            known = reply.body;
        }
        const auto facts = TRY(inference_model(TRY(parse_json(known))));
        TRY(choose_input(facts));
        for (const auto& output : facts.outputs) outputs_.push_back(output.name);
        std::scoped_lock hold(outside_.state->mutex);
        outside_.state->noted[facts_note] = known;
        return Done{};
    }

    Result<> choose_input(const InferenceModel& facts) {
        const auto refuse = [&](const std::string& why) {
            return Refusal{Code::unsupported,
                           "\"" + model_.name + "\" " + why +
                               ": a model for pictures has one input of 3 x height x width of FP32 "
                               "or UINT8."};
        };
        if (facts.inputs.size() != 1)
            return refuse("has " + std::to_string(facts.inputs.size()) + " inputs");
        const auto& input = facts.inputs.front();
        const auto rank = input.shape.size();
        if (rank != 3 && rank != 4) return refuse("has an input of another shape");
        const std::int64_t* shape = input.shape.data() + (rank - 3);
        PictureTensor out{
            input.name, 0, 0, shape[2] == 3 && shape[0] != 3, rank == 4, input.datatype == "UINT8"};
        if (input.datatype != "FP32" && !out.bytes)
            return refuse("has an input of " + input.datatype);
        const auto side = [](std::int64_t size) {
            return size > 0 && size <= 4'096 ? static_cast<int>(size) : 0;
        };
        const auto [width, height] = reading_.input_size(side(shape[out.channels_last ? 1 : 2]),
                                                         side(shape[out.channels_last ? 0 : 1]));
        out.width = width;
        out.height = height;
        picture_ = out;
        return Done{};
    }

    std::vector<float> numbers_of(const Image& image) const {
        const auto placing = reading_.placing(image, picture_.width, picture_.height);
        PictureInput input = reading_.input();
        if (picture_.bytes) input.mean = {0, 0, 0}, input.deviation = {1, 1, 1};
        auto planes = laid_in(image, input, placing);
        if (!picture_.channels_last) return planes;
        std::vector<float> woven(planes.size());
        const std::size_t plane = planes.size() / 3;
        for (std::size_t channel = 0; channel < 3; ++channel)
            for (std::size_t at = 0; at < plane; ++at)
                woven[at * 3 + channel] = planes[channel * plane + at];
        return woven;
    }

    Question question_for(const Image& image) const {
        const auto numbers = numbers_of(image);
        Json shape = picture_.channels_last ? Json::array({picture_.height, picture_.width, 3})
                                            : Json::array({3, picture_.height, picture_.width});
        if (picture_.batched) shape.insert(shape.begin(), 1);
        Json input{{"name", picture_.name},
                   {"shape", std::move(shape)},
                   {"datatype", picture_.bytes ? "UINT8" : "FP32"}};
        Json outputs = Json::array();
        for (const auto& name : outputs_) outputs.push_back({{"name", name}});
        Question question;
        question.url = model_.url + "/infer";
        sign(question);
        const std::size_t size = numbers.size() * (picture_.bytes ? 1 : sizeof(float));
        if (model_.binary)
            input["parameters"] = {{"binary_data_size", size}};
        else
            input["data"] = "@";
        Json body{{"inputs", Json::array({std::move(input)})}, {"outputs", std::move(outputs)}};
        question.body = to_text(body);
        if (model_.binary) {
            question.type = "application/octet-stream";
            question.headers.emplace_back("Inference-Header-Content-Length",
                                          std::to_string(question.body.size()));
            append_bytes(question.body, numbers);
        } else {
            append_list(question.body, numbers);
        }
        return question;
    }

    void append_bytes(std::string& out, const std::vector<float>& numbers) const {
        static_assert(std::endian::native == std::endian::little);
        if (!picture_.bytes) {
            out.append(reinterpret_cast<const char*>(numbers.data()),
                       numbers.size() * sizeof(float));
            return;
        }
        for (const float number : numbers)
            out += static_cast<char>(static_cast<std::uint8_t>(std::clamp(number, 0.0f, 255.0f)));
    }

    /// In place of the mark: a million numbers are no JSON value of ours.
    void append_list(std::string& body, const std::vector<float>& numbers) const {
        std::string list = "[";
        for (const float number : numbers) {
            if (list.size() > 1) list += ',';
            if (picture_.bytes)
                list += std::to_string(static_cast<int>(std::clamp(number, 0.0f, 255.0f)));
            else
                append_json_number(list, static_cast<double>(number));
        }
        list += ']';
        constexpr std::string_view mark = "\"@\"";
        body.replace(body.find(mark, body.find("\"data\":")), mark.size(), list);
    }

    Result<std::vector<Tensor>> infer(const Image& image, const std::stop_token& stop) {
        const Question question = question_for(image);
        const Reply reply = TRY(line_->ask(question, stop));
        auto outputs = TRY(inference_outputs(TRY(body_of(reply)), outputs_));
        if (!settled_) TRY(reading_.settle(outputs, picture_.width, picture_.height));
        settled_ = true;
        line_->understood(question, reply);
        return outputs;
    }

    ServedModel model_;
    NetworkReading reading_;
    std::unique_ptr<Line> line_;
    Outside outside_;
    std::string version_;
    PictureTensor picture_;
    std::vector<std::string> outputs_;
    bool settled_ = false;
};

std::vector<ConfigField> open_inference_fields() {
    std::vector<ConfigField> own{
        {"url", FieldKind::url, "base URL of the server, without /v2", "", true},
        {"model", FieldKind::text, "name of the model there", "", true},
        {"version", FieldKind::text, "its version there; empty: the server's choice", "\"\""},
        {"binary", FieldKind::flag,
         "numbers go as bytes, which is quicker (Triton, OpenVINO Model Server)", "false"},
        {"key", FieldKind::secret, "token of the server", ""}};
    for (const auto& field : network_fields()) own.push_back(field);
    return with_limits(std::move(own));
}

Result<Json> guess_inference(const Schema& schema) {
    if (schema.modality != Modality::image)
        return Refusal{Code::invalid, "A served network drafts pictures only."};
    TRY(NetworkReading::from(schema, Json::object(), {}));
    return Json{{"url", ""}, {"model", ""}};
}

Result<std::unique_ptr<Drafter>> open_inference(const OpenAsk& ask) {
    TRY(check_network_config("open-inference", open_inference_fields(), ask.config));
    if (ask.schema.modality != Modality::image)
        return Refusal{Code::invalid, "A served network drafts pictures only."};
    auto reading = TRY(NetworkReading::from(ask.schema, ask.config, {}));
    const auto limits = TRY(limits_from(ask.config));
    const auto url = TRY(base_url(ask.config));
    if (!ask.outside)
        return Refusal{Code::unavailable, "There is no way to a server of models from here."};
    ServedModel model{url, text_or(ask.config, "model", ""), ask.config.value("binary", false)};
    const auto version = text_or(ask.config, "version", "");
    model.url += "/v2/models/" + s3_encoded(model.name, false);
    if (!version.empty()) model.url += "/versions/" + s3_encoded(version, false);
    const std::string name = model.name + (version.empty() ? "" : " " + version) + " " +
                             hex(sha256(model.url + to_text(ask.config))).substr(0, 8);
    auto line = TRY(open_line(*ask.outside, limits));
    return std::unique_ptr<Drafter>(std::make_unique<OpenInferenceDrafter>(
        std::move(model), std::move(reading), std::move(line), *ask.outside, name));
}

}  // namespace

ModelKind open_inference_kind() {
    ModelKind kind{"open-inference",
                   "A served detector or classifier (Triton, KServe, OpenVINO, TorchServe)",
                   Modality::image,
                   ControlKind::boxes,
                   false,
                   guess_inference,
                   open_inference};
    kind.also_controls = {ControlKind::choices};
    kind.config_fields = open_inference_fields();
    return kind;
}

}  // namespace countersign
