#include "models/network_reading.h"

#include <algorithm>
#include <cmath>

#include "models/coco80.h"
#include "models/connector.h"
#include "models/earlier_draft.h"
#include "models/label_map.h"

namespace countersign {

namespace {

constexpr int most_side = 4'096;
constexpr std::size_t most_names = 100'000;

Refusal bad(std::string why) {
    return {Code::invalid, "The model's config " + std::move(why) + "."};
}

/// `in_boxes`: it classifies what lies in boxes.
Result<const Control*> drafted_control(const Schema& schema, const Json& config, bool in_boxes) {
    const auto drafts = [&](const Control& control) {
        return control.kind == ControlKind::boxes ||
               (control.kind == ControlKind::choices && control.per_region == in_boxes);
    };
    const auto named = config.find("control");
    if (named != config.end()) {
        const auto* control =
            named->is_string() ? schema.control(named->get<std::string>()) : nullptr;
        if (!control || !drafts(*control))
            return bad("names the control " + to_text(*named) +
                       ", which is no control of boxes or of choices about " +
                       (in_boxes ? "each region" : "the whole item"));
        return control;
    }
    // A question about each box goes before the boxes themselves.
    for (const auto kind : {ControlKind::choices, ControlKind::boxes})
        for (const auto& control : schema.controls)
            if (drafts(control) && (!in_boxes || control.kind == kind)) return &control;
    return Refusal{Code::invalid,
                   "A network drafts boxes or a choice, and the schema has no such control: add "
                   "one."};
}

/// A number in [least, most] under `name`, if it is there.
Result<std::optional<double>> number_in(const Json& config, const char* name, double least,
                                        double most) {
    const auto found = config.find(name);
    if (found == config.end()) return std::optional<double>();
    const double value = found->is_number() ? found->get<double>() : std::nan("");
    if (!(value >= least && value <= most))
        return bad("needs a number from " + to_text(least) + " to " + to_text(most) + " under \"" +
                   name + "\"");
    return std::optional(value);
}

template <class E>
Result<std::optional<E>> choice_in(const Json& config, const char* name) {
    const auto found = config.find(name);
    if (found == config.end()) return std::optional<E>();
    if (found->is_string())
        if (const auto value = from_name<E>(found->get<std::string>()))
            return std::optional(*value);
    std::string names;
    for (const auto& row : enum_names(E{}))
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    return bad("needs one of " + names + " under \"" + name + "\"");
}

Result<std::optional<std::array<float, 3>>> three_in(const Json& config, const char* name,
                                                     bool divides) {
    const auto found = config.find(name);
    if (found == config.end()) return std::optional<std::array<float, 3>>();
    std::array<float, 3> out{};
    bool right = found->is_array() && found->size() == 3;
    for (std::size_t i = 0; right && i < 3; ++i) {
        right = (*found)[i].is_number();
        if (right) out[i] = (*found)[i].get<float>();
        right = right && std::isfinite(out[i]) && (!divides || out[i] != 0);
    }
    if (!right)
        return bad(std::string("needs three numbers") + (divides ? ", none of them 0," : "") +
                   " under \"input\".\"" + name + "\", in the order of the channels");
    return std::optional(out);
}

Result<std::vector<std::string>> names_in(const Json& config) {
    std::vector<std::string> out;
    const auto found = config.find("names");
    if (found == config.end()) return out;
    bool right = found->is_array() && !found->empty() && found->size() <= most_names;
    for (std::size_t i = 0; right && i < found->size(); ++i) {
        right = (*found)[i].is_string();
        if (right) out.push_back((*found)[i].get<std::string>());
    }
    if (!right) return bad("needs a list of texts under \"names\", in the order of the model");
    return out;
}

std::vector<std::string> coco_names() {
    std::vector<std::string> out;
    for (const auto& object : coco80()) out.emplace_back(object.name);
    return out;
}

/// ImageNet's, as most classifiers want them.
constexpr PictureInput classifier_input{
    Fit::stretch, Channels::rgb, {123.675f, 116.28f, 103.53f}, {58.395f, 57.12f, 57.375f}, 0};

}  // namespace

std::vector<ConfigField> network_fields() {
    return {
        {"control", FieldKind::text, "the control it drafts: of boxes, or of choices"},
        {"reads", FieldKind::model, "the model whose boxes it classifies, one by one", "\"\""},
        {"names", FieldKind::names, "the names of the model's labels, in its order"},
        {"decoder", FieldKind::choice, "how a detector's outputs are read", "\"auto\"", false,
         "auto, nanodet, ssd, tensorflow, listed, priors, detr, rt-detr, yolov10, yolov5, yolov8, "
         "nanodet-plus, yolox"},
        {"threshold", FieldKind::number, "least score of a box, or of a further choice", "0.25"},
        {"overlap", FieldKind::number, "IoU over which two boxes of a name are one", "0.6"},
        {"first_label", FieldKind::whole, "the model's number of the first name"},
        {"activation", FieldKind::choice, "what a classifier's numbers are", "\"auto\"", false,
         "auto, softmax, sigmoid, none"},
        {"input", FieldKind::object,
         "width, height, fit, channels, mean, deviation, around: where the family's do not hold"},
    };
}

Result<> check_network_config(std::string_view kind, const std::vector<ConfigField>& fields,
                              const Json& config) {
    Json others = config;
    if (others.is_object()) others.erase("calibration");  // A list of lists, read by itself.
    return check_config(kind, fields, others);
}

Result<NetworkReading> NetworkReading::from(const Schema& schema, const Json& config,
                                            std::vector<std::string> own_names) {
    NetworkReading out;
    out.reads_ = TRY(reads_from(config));
    out.control_ = *TRY(drafted_control(schema, config, !out.reads_.empty()));
    out.names_ = TRY(names_in(config));
    if (out.names_.empty()) out.names_ = std::move(own_names);
    const auto decoder = config.value("decoder", Json("auto"));
    const std::string name = decoder.is_string() ? decoder.get<std::string>() : "";
    out.family_ = find_detector_family(name);
    if (!out.family_ && name != "auto") {
        std::string rows;
        for (const auto& row : detector_families()) rows += ", " + std::string(row.name);
        return bad("needs one of auto" + rows + " under \"decoder\"");
    }
    TRY(out.read_numbers(config));
    if (const auto input = config.find("input"); input != config.end()) TRY(out.read_input(*input));
    if (const auto points = config.find("calibration"); points != config.end())
        out.calibration_ = TRY(score_map_from(*points));
    TRY(out.read_map(config));
    return out;
}

Result<> NetworkReading::read_numbers(const Json& config) {
    const auto threshold = TRY(number_in(config, "threshold", 0.01, 1));
    threshold_ = threshold.value_or(classifies() ? 0.5 : 0.25);
    overlap_ = TRY(number_in(config, "overlap", 0, 1)).value_or(0.6);
    if (const auto first = TRY(number_in(config, "first_label", 0, most_names)))
        first_label_ = static_cast<int>(*first);
    activation_ = TRY(choice_in<Activation>(config, "activation")).value_or(Activation::automatic);
    return Done{};
}

Result<> NetworkReading::read_input(const Json& input) {
    if (!input.is_object()) return bad("needs an object under \"input\"");
    given_.width = static_cast<int>(TRY(number_in(input, "width", 8, most_side)).value_or(0));
    given_.height = static_cast<int>(TRY(number_in(input, "height", 8, most_side)).value_or(0));
    given_.fit = TRY(choice_in<Fit>(input, "fit"));
    given_.channels = TRY(choice_in<Channels>(input, "channels"));
    given_.mean = TRY(three_in(input, "mean", false));
    given_.deviation = TRY(three_in(input, "deviation", true));
    if (const auto around = TRY(number_in(input, "around", 0, 255)))
        given_.around = static_cast<float>(*around);
    return Done{};
}

Result<> NetworkReading::read_map(const Json& config) {
    const auto map = config.find("map");
    map_ = map == config.end() ? Json() : *map;
    if (!map_.is_null() && (!map_.is_object() || map_.empty()))
        return bad("needs {name: label} with at least one row under \"map\", or no \"map\"");
    if (map_.is_object())
        for (const auto& [name, label] : map_.items())
            if (!label.is_string() || !Schema::find_label(control_, label.get<std::string>()))
                return bad("maps \"" + name + "\" to " + to_text(label) +
                           ", which is no label of \"" + control_.name + "\"");
    if (!names_.empty()) {
        for (const auto& [name, label] : map_.items())
            if (std::find(names_.begin(), names_.end(), name) == names_.end())
                return bad("maps \"" + name + "\", which is none of the model's " +
                           std::to_string(names_.size()) + " names");
        match_names();
        if (std::all_of(labels_.begin(), labels_.end(), [](int label) { return label < 0; }))
            return Refusal{Code::invalid,
                           "None of the model's names (\"" + names_.front() +
                               "\"...) is a label of \"" + control_.name +
                               "\": give labels these names as aliases, or a \"map\"."};
    }
    return Done{};
}

void NetworkReading::match_names() {
    std::map<std::string, std::string> map;
    if (map_.is_object()) {
        for (const auto& [name, label] : map_.items()) map[name] = label.get<std::string>();
    } else {
        std::vector<ObjectWords> words;
        for (const auto& name : names_) {
            const auto known = std::find_if(coco80().begin(), coco80().end(),
                                            [&](const auto& row) { return row.name == name; });
            words.push_back(known == coco80().end() ? ObjectWords{name, "", ""} : *known);
        }
        map = guess_labels(control_, words).labels;
    }
    labels_.assign(names_.size(), -1);
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (const auto row = map.find(names_[i]); row != map.end())
            if (const auto* label = Schema::find_label(control_, row->second))
                labels_[i] = static_cast<int>(label - control_.labels.data());
}

std::pair<int, int> NetworkReading::input_size(int width, int height) const {
    const int usual = classifies() ? 224 : 640;
    const auto pick = [&](int given, int own) {
        return given > 0 ? given : own > 0 && own <= most_side ? own : usual;
    };
    return {pick(given_.width, width), pick(given_.height, height)};
}

Result<> NetworkReading::settle(std::span<const Tensor> outputs, int input_width,
                                int input_height) {
    const DecodeAsk ask{place(Fit::stretch, input_width, input_height, input_width, input_height),
                        names_.size(),
                        first_label_,
                        {}};
    if (classifies()) {
        if (outputs.size() != 1)
            return Refusal{Code::unsupported, "A classifier has one output, and the model has " +
                                                  std::to_string(outputs.size()) + "."};
        TRY(decode_classifier(outputs[0], activation_, names_.size()));
        if (names_.empty())
            return bad("needs the names of the model's " +
                       std::to_string(outputs[0].values.size()) + " labels under \"names\"");
        return Done{};
    }
    DecodeAsk coco = ask;
    if (names_.empty()) coco.names = coco80().size();
    const auto fits = [&](const DecodeAsk& with) {
        if (!family_) return guess_detector_family(outputs, with);
        return decode_detector(*family_, outputs, with) ? family_ : nullptr;
    };
    const DetectorFamily* found = fits(coco);
    if (found && names_.empty()) {
        names_ = coco_names();
        TRY(read_map(Json{{"map", map_}}));
    }
    if (!found && family_) return TRY(decode_detector(*family_, outputs, ask)), Done{};
    if (!found) {
        std::string came;
        for (const Tensor& tensor : outputs.first(std::min<std::size_t>(outputs.size(), 8)))
            came += (came.empty() ? "" : ", ") + described(tensor);
        return Refusal{
            Code::unsupported,
            "No decoder is known for the model's outputs " + came +
                (names_.empty() ? " without its \"names\""
                                : " and its " + std::to_string(names_.size()) + " names") +
                ": correct \"names\" or \"input\", or name the \"decoder\"."};
    }
    family_ = found;
    return Done{};
}

PictureInput NetworkReading::input() const {
    PictureInput out = family_ && !classifies() ? family_->input : classifier_input;
    out.fit = given_.fit.value_or(out.fit);
    out.channels = given_.channels.value_or(out.channels);
    out.mean = given_.mean.value_or(out.mean);
    out.deviation = given_.deviation.value_or(out.deviation);
    out.around = given_.around.value_or(out.around);
    return out;
}

Placing NetworkReading::placing(const Image& image, int input_width, int input_height) const {
    return place(input().fit, image.width, image.height, input_width, input_height);
}

Result<DraftAnswer> NetworkReading::answer(std::span<const Tensor> outputs,
                                           const Placing& placing) const {
    return classifies() ? choice(outputs) : boxes(outputs, placing);
}

Region NetworkReading::region(std::size_t number, std::string label, double score) const {
    Region out;
    out.id = "d" + std::to_string(number);
    out.control = control_.name;
    out.kind = control_.kind;
    out.labels = {std::move(label)};
    out.confidence = std::clamp(score, 0.0, 1.0);
    if (calibration_) out.probability = (*calibration_)(*out.confidence);
    out.origin = Origin::model;
    return out;
}

Result<DraftAnswer> NetworkReading::boxes(std::span<const Tensor> outputs,
                                          const Placing& placing) const {
    if (!family_) return Refusal{Code::unsupported, "The model's decoder is not settled."};
    const DecodeAsk ask{placing,
                        names_.size(),
                        first_label_,
                        {.least_score = static_cast<float>(threshold_),
                         .nms_overlap = static_cast<float>(overlap_)}};
    const auto found = TRY(decode_detector(*family_, outputs, ask));
    DraftAnswer answer;
    for (const Detection& box : found) {
        const auto name = static_cast<std::size_t>(box.object);
        if (name >= labels_.size() || labels_[name] < 0) continue;
        const auto& label = control_.labels[static_cast<std::size_t>(labels_[name])].name;
        Region out = region(answer.regions.size() + 1, label, static_cast<double>(box.score));
        out.x = static_cast<double>(box.x), out.y = static_cast<double>(box.y);
        out.width = static_cast<double>(box.width), out.height = static_cast<double>(box.height);
        answer.regions.push_back(std::move(out));
    }
    return answer;
}

Result<DraftAnswer> NetworkReading::choice(std::span<const Tensor> outputs) const {
    if (outputs.empty()) return Refusal{Code::unsupported, "The model gave no output."};
    const auto scores = TRY(decode_classifier(outputs[0], activation_, names_.size()));
    std::vector<double> of_label(control_.labels.size(), 0);
    const bool apart = activation_ == Activation::sigmoid;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (labels_[i] < 0) continue;
        auto& sum = of_label[static_cast<std::size_t>(labels_[i])];
        const auto score = static_cast<double>(scores[i]);
        sum = apart ? std::max(sum, score) : sum + score;
    }
    const auto best = std::max_element(of_label.begin(), of_label.end());
    DraftAnswer answer;
    if (best == of_label.end()) return answer;
    const auto name = [&](std::size_t at) { return control_.labels[at].name; };
    Region out = region(1, name(static_cast<std::size_t>(best - of_label.begin())), *best);
    if (control_.multiple)
        for (std::size_t at = 0; at < of_label.size(); ++at)
            if (of_label[at] >= threshold_ && name(at) != out.labels[0])
                out.labels.push_back(name(at));
    answer.confidence = out.confidence;
    answer.probability = out.probability;
    answer.regions.push_back(std::move(out));
    return answer;
}

}  // namespace countersign
