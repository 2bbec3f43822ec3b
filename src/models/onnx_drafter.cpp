#include "models/onnx_drafter.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>

#include "base/crypto.h"
#include "base/text.h"
#include "models/box_classifier.h"
#include "models/connector.h"
#include "models/earlier_draft.h"
#include "models/onnx_facts.h"

namespace countersign {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_model_bytes = std::uintmax_t{1} << 30;
constexpr std::uintmax_t most_names_bytes = 1 << 20;

Result<std::string> bytes_of(const std::string& path, std::uintmax_t most) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return Refusal{Code::unavailable, "The model file " + path + " cannot be read."};
    if (size > most)
        return Refusal{Code::unsupported, "The file " + path + " has " + std::to_string(size) +
                                              " bytes, and " + std::to_string(most) +
                                              " are the most that is read."};
    std::ifstream file(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

Result<std::string> text_in(const Json& config, const char* name) {
    const auto found = config.find(name);
    if (found == config.end() || !found->is_string() || found->get<std::string>().empty())
        return Refusal{Code::invalid, std::string("An ONNX model's config needs \"") + name +
                                          "\": the name of a file in the folder of models."};
    return found->get<std::string>();
}

/// What OpenCV complains about, without its own source lines: "Node [Clip@ai.onnx]:(clip1) ...".
std::string layer_of(const std::string& complaint) {
    const auto node = complaint.find("Node [");
    auto from = node != std::string::npos ? node : complaint.find(" error: ");
    if (from == std::string::npos) from = 0;
    std::string out;
    for (const char c : repair_utf8(std::string_view(complaint).substr(from, 240)))
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return std::string(trim(out));
}

Refusal cannot_run(const std::string& file, const std::string& complaint) {
    return {Code::unsupported, "OpenCV cannot run " + file + ": " + layer_of(complaint) +
                                   ". Export it with a fixed input size and an older opset (11 or "
                                   "12), or serve it elsewhere."};
}

/// Complaints come as exceptions; what OpenCV prints besides is no use to anybody.
void hush() {
    static std::once_flag once;
    std::call_once(once, [] {
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        cv::setNumThreads(1);  // Workers run side by side instead.
    });
}

Tensor tensor_of(const std::string& name, const cv::Mat& output) {
    cv::Mat numbers;
    if (output.type() == CV_32F && output.isContinuous())
        numbers = output;
    else
        output.convertTo(numbers, CV_32F);
    Tensor out;
    out.name = name;
    for (int i = 0; i < numbers.dims; ++i) out.shape.push_back(numbers.size[i]);
    out.values.assign(numbers.ptr<float>(), numbers.ptr<float>() + numbers.total());
    return out;
}

class OnnxNetwork {
public:
    OnnxNetwork(std::string file, const std::string& bytes) : file_(std::move(file)) {
        net_ = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
        names_ = net_.getUnconnectedOutLayersNames();
    }

    /// `values`: 3 x height x width numbers.
    Result<std::vector<Tensor>> run(std::vector<float> values, int width, int height, bool last) {
        try {
            const int planar[] = {1, 3, height, width}, woven[] = {1, height, width, 3};
            cv::Mat input(4, last ? woven : planar, CV_32F);
            auto* to = input.ptr<float>();
            const auto plane = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
            for (std::size_t channel = 0; channel < 3; ++channel)
                for (std::size_t at = 0; at < plane; ++at)
                    to[last ? at * 3 + channel : channel * plane + at] =
                        values[channel * plane + at];
            net_.setInput(input);
            std::vector<cv::Mat> outputs;
            net_.forward(outputs, names_);
            std::vector<Tensor> out;
            for (std::size_t i = 0; i < outputs.size(); ++i)
                out.push_back(tensor_of(names_[i], outputs[i]));
            return out;
        } catch (const cv::Exception& fault) {
            return cannot_run(file_, fault.what());
        }
    }

private:
    std::string file_;
    cv::dnn::Net net_;
    std::vector<cv::String> names_;
};

/// Width, height and whether the channels come last, as the file says; 0: any size.
struct InputShape {
    int width = 0, height = 0;
    bool channels_last = false;
};

Result<InputShape> input_shape(const OnnxFacts& facts, const std::string& file) {
    const auto refuse = [&](const std::string& why) {
        return Refusal{Code::unsupported, file + " " + why +
                                              ": a model for pictures has one input of 1 x 3 x "
                                              "height x width."};
    };
    if (facts.inputs.size() != 1)
        return refuse("has " + std::to_string(facts.inputs.size()) + " inputs");
    const auto& shape = facts.inputs[0].shape;
    if (shape.size() != 4) return refuse("has an input of another shape");
    const auto side = [](std::int64_t size) {
        return size > 0 && size <= 4'096 ? static_cast<int>(size) : 0;
    };
    if (shape[1] == 3 || shape[1] == -1) return InputShape{side(shape[3]), side(shape[2]), false};
    if (shape[3] == 3) return InputShape{side(shape[2]), side(shape[1]), true};
    return refuse("has an input that is no coloured picture");
}

class OnnxDrafter : public Drafter {
public:
    OnnxDrafter(std::string version, OnnxNetwork net, NetworkReading reading, InputShape shape,
                std::optional<Outside> outside)
        : version_(std::move(version)),
          net_(std::move(net)),
          reading_(std::move(reading)),
          shape_(shape),
          outside_(std::move(outside)) {}

    std::string version() const override { return version_; }
    int enough_side() const override {
        if (!reading_.reads().empty()) return std::numeric_limits<int>::max();
        return std::max(enough_for_one_look, std::max(shape_.width, shape_.height));
    }

    std::vector<std::string> controls() const override { return {reading_.control().name}; }

    Result<DraftAnswer> draft(const DraftAsk& ask, std::stop_token stop) override {
        if (!ask.image || ask.image->bgr.empty())
            return Refusal{Code::invalid, "An ONNX model was asked about an item without image."};
        const auto look = [&](const Image& picture) { return look_at(picture, stop); };
        if (!reading_.reads().empty()) {
            const auto earlier =
                TRY(earlier_draft(outside_ ? &*outside_ : nullptr, reading_.reads(), ask.task));
            return classify_boxes(*ask.image, earlier, reading_, look);
        }
        const auto outputs = TRY(look(*ask.image));
        return reading_.answer(outputs, placing(*ask.image));
    }

private:
    Placing placing(const Image& picture) const {
        return reading_.placing(picture, shape_.width, shape_.height);
    }
    Result<std::vector<Tensor>> look_at(const Image& picture, const std::stop_token& stop) {
        if (stop.stop_requested()) return Refusal{Code::cancelled, "Drafting was stopped."};
        return net_.run(laid_in(picture, reading_.input(), placing(picture)), shape_.width,
                        shape_.height, shape_.channels_last);
    }

    std::string version_;
    OnnxNetwork net_;
    NetworkReading reading_;
    InputShape shape_;
    std::optional<Outside> outside_;
};

Result<std::vector<std::string>> own_names(const OpenAsk& ask, const OnnxFacts& facts) {
    if (!ask.config.contains("names_file")) return facts.names();
    const auto file = TRY(text_in(ask.config, "names_file"));
    const auto text = TRY(bytes_of(TRY(path_below(ask.models_dir, file)), most_names_bytes));
    std::vector<std::string> names;
    for (const auto line : split(text, '\n'))
        if (!trim(line).empty()) names.push_back(repair_utf8(trim(line)));
    if (names.empty())
        return Refusal{Code::invalid, "The file of names " + file + " holds no name."};
    return names;
}

Result<OnnxNetwork> load_network(const std::string& file, const std::string& bytes) {
    hush();
    try {
        return OnnxNetwork(file, bytes);
    } catch (const cv::Exception& fault) {
        return cannot_run(file, fault.what());
    }
}

Result<Json> guess_onnx(const Schema& schema) {
    TRY(NetworkReading::from(schema, Json::object(), {}));
    return Json{{"file", ""}, {"decoder", "auto"}};
}

Result<std::unique_ptr<Drafter>> open_onnx(const OpenAsk& ask) {
    const auto file = TRY(text_in(ask.config, "file"));
    if (ask.schema.modality != Modality::image)
        return Refusal{Code::invalid, "An ONNX model drafts pictures only."};
    TRY(check_network_config("onnx", onnx_kind().config_fields, ask.config));
    TRY(NetworkReading::from(ask.schema, ask.config, {}));
    const auto bytes = TRY(bytes_of(TRY(path_below(ask.models_dir, file)), most_model_bytes));
    const auto hash = hex(sha256(bytes));
    const bool uploaded = file == hash;
    const std::string called = uploaded ? "The uploaded file" : file;
    const auto facts = TRY(onnx_facts(bytes));
    auto shape = TRY(input_shape(facts, called));
    auto names = TRY(own_names(ask, facts));
    auto reading = TRY(NetworkReading::from(ask.schema, ask.config, std::move(names)));
    std::tie(shape.width, shape.height) = reading.input_size(shape.width, shape.height);
    auto net = TRY(load_network(called, bytes));
    const auto count =
        3 * static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.height);
    const auto outputs =
        TRY(net.run(std::vector<float>(count, 0), shape.width, shape.height, shape.channels_last));
    TRY(reading.settle(outputs, shape.width, shape.height));
    std::string version =
        (uploaded ? "uploaded" : fs::path(file).filename().string()) + " " + hash.substr(0, 8);
    return std::unique_ptr<Drafter>(
        std::make_unique<OnnxDrafter>(std::move(version), std::move(net), std::move(reading), shape,
                                      ask.outside ? std::optional(*ask.outside) : std::nullopt));
}

}  // namespace

Result<OnnxFacts> check_onnx(std::string_view bytes, const std::string& called) {
    auto facts = onnx_facts(bytes);
    if (!facts) return Refusal{facts.refusal().code, called + ": " + facts.refusal().message};
    TRY(input_shape(*facts, called));
    return facts;
}

Result<std::string> path_below(const std::string& dir, const std::string& file) {
    const auto leads_out = [&] {
        return Refusal{Code::invalid, "\"" + repair_utf8(file) +
                                          "\" is no file in the folder of models: name one there, "
                                          "without \"..\"."};
    };
    const fs::path relative(file);
    const bool odd = file.empty() || file.size() > 255 || file.find('\0') != std::string::npos ||
                     relative.is_absolute() || file.find('\\') != std::string::npos;
    if (odd || std::any_of(relative.begin(), relative.end(),
                           [](const fs::path& part) { return part == ".." || part == "."; }))
        return leads_out();
    std::error_code error;
    const auto root = fs::weakly_canonical(dir, error);
    const auto path = fs::weakly_canonical(root / relative, error);
    if (error) return leads_out();
    const auto inside = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    if (inside.first != root.end()) return leads_out();
    if (!fs::is_regular_file(path, error))
        return Refusal{Code::unavailable, "The file \"" + repair_utf8(file) + "\" is not in " +
                                              dir + ": put it there, then try again."};
    return path.string();
}

ModelKind onnx_kind() {
    ModelKind kind{"onnx",          "An ONNX file of your own (detector or classifier)",
                   Modality::image, ControlKind::boxes,
                   false,           guess_onnx,
                   open_onnx};
    kind.also_controls = {ControlKind::choices};
    kind.config_fields = {
        {"file", FieldKind::text,
         "an ONNX file: upload one, or name one below the server's folder of models", "", true},
        {"names_file", FieldKind::text, "a text file in that folder, the name of a label a line"}};
    for (const auto& field : network_fields()) kind.config_fields.push_back(field);
    return kind;
}

}  // namespace countersign
