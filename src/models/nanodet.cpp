#include "models/nanodet.h"

#include <cmath>
#include <opencv2/dnn.hpp>

#include "base/crypto.h"
#include "models/network_input.h"

namespace countersign {

namespace {

/// Mean and standard deviation that the network was trained with (nanodet-g.yml), blue green red.
const cv::Scalar mean(103.53, 116.28, 123.675), deviation(57.375, 57.12, 58.395);

/// The scores of the three grids, then their sides, then the last layers of the third and fourth
/// stage: 1 x 256 x 26 x 26 and 1 x 512 x 13 x 13.
const std::vector<cv::String> output_names{
    "Identity",   "Identity_1", "Identity_2",          "Identity_3",
    "Identity_4", "Identity_5", "onnx_node!Concat_43", "onnx_node!Concat_64"};

/// The picture in the middle of a square of mean colour, normalised: 1 x 3 x 416 x 416.
cv::Mat input_of(const Image& image, const Cutout& cutout, const Letterbox& box) {
    cv::Mat normalised;
    squared(image, cutout, box, nanodet_side, mean).convertTo(normalised, CV_32FC3);
    normalised -= mean;
    cv::divide(normalised, deviation, normalised);
    return cv::dnn::blobFromImage(normalised);
}

bool has_shape(const cv::Mat& output, int cells, std::size_t width) {
    return output.dims == 3 && output.size[1] == cells && output.size[2] == static_cast<int>(width);
}

}  // namespace

struct NanoDet::Network {
    cv::dnn::Net net;
    std::string version;
    std::vector<cv::Mat> outputs;

    void run(const cv::Mat& input) {
        net.setInput(input);
        net.forward(outputs, output_names);
    }
    std::vector<Detection> boxes(const Letterbox& box, const DetectOptions& options) const {
        std::array<NanodetGrid, 3> grids{};
        for (std::size_t level = 0; level < grids.size(); ++level)
            grids[level] = {outputs[level].ptr<float>(), outputs[level + 3].ptr<float>()};
        return decode_nanodet(grids, box, options);
    }
    bool is_nanodet() {
        const int shape[] = {1, 3, nanodet_side, nanodet_side};
        run(cv::Mat(4, shape, CV_32F, cv::Scalar(0)));
        for (std::size_t level = 0; level < nanodet_strides.size(); ++level) {
            const int columns = nanodet_side / nanodet_strides[level], cells = columns * columns;
            if (!has_shape(outputs[level], cells, nanodet_objects) ||
                !has_shape(outputs[level + 3], cells, 4 * nanodet_bins))
                return false;
        }
        return true;
    }
};

NanoDet::NanoDet(std::unique_ptr<Network> network) : network_(std::move(network)) {}
NanoDet::NanoDet(NanoDet&&) noexcept = default;
NanoDet& NanoDet::operator=(NanoDet&&) noexcept = default;
NanoDet::~NanoDet() = default;

const std::string& NanoDet::version() const {
    return network_->version;
}

Result<NanoDet> NanoDet::load(const std::string& path) {
    const std::string bytes = TRY(model_file(path, "models/fetch"));
    const Refusal wrong{
        Code::unavailable,
        "The model file " + path + " is not NanoDet-g 416: delete it and run models/fetch."};
    cv::setNumThreads(1);  // Workers run side by side instead.
    try {
        auto network = std::make_unique<Network>();
        network->net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
        network->version = "nanodet-g-416 " + hex(sha256(bytes)).substr(0, 8);
        if (!network->is_nanodet()) return wrong;
        return NanoDet(std::move(network));
    } catch (const cv::Exception&) {
        return wrong;
    }
}

void NanodetLook::pool(const Stage& stage, float left, float top, float right, float bottom,
                       std::vector<float>& out) const {
    const float cell = static_cast<float>(nanodet_side) / static_cast<float>(stage.side);
    const auto first = [&](float at) {
        return std::clamp(static_cast<int>(at / cell), 0, stage.side - 1);
    };
    const int x0 = first(left), y0 = first(top);
    const auto last = [&](float at, int from) {
        return std::clamp(static_cast<int>(std::ceil(at / cell)), from + 1, stage.side);
    };
    const int x1 = last(right, x0), y1 = last(bottom, y0);
    for (int channel = 0; channel < stage.channels; ++channel) {
        double sum = 0;
        float largest = -INFINITY;
        for (int y = y0; y < y1; ++y)
            for (int x = x0; x < x1; ++x) {
                const int at = (channel * stage.side + y) * stage.side + x;
                const float value = stage.values[static_cast<std::size_t>(at)];
                sum += static_cast<double>(value);
                largest = std::max(largest, value);
            }
        out.push_back(static_cast<float>(sum / ((x1 - x0) * (y1 - y0))));
        out.push_back(largest);
    }
}

std::vector<float> NanodetLook::whole() const {
    return part(
        {0, 0, static_cast<float>(box_.image_width), static_cast<float>(box_.image_height)});
}

std::vector<float> NanodetLook::part(const Detection& box) const {
    const float scale_x = static_cast<float>(box_.width) / static_cast<float>(box_.image_width);
    const float scale_y = static_cast<float>(box_.height) / static_cast<float>(box_.image_height);
    const auto offset_x = static_cast<float>(box_.offset_x),
               offset_y = static_cast<float>(box_.offset_y);
    std::vector<float> out;
    out.reserve(size);
    for (const auto& stage : stages_)
        pool(stage, box.x * scale_x + offset_x, box.y * scale_y + offset_y,
             box.right() * scale_x + offset_x, box.bottom() * scale_y + offset_y, out);
    return out;
}

std::vector<Detection> NanoDet::detect(const Image& image, const DetectOptions& options) {
    const Letterbox box = letterbox(image.width, image.height, nanodet_side);
    network_->run(input_of(image, {0, 0, image.width, image.height}, box));
    return network_->boxes(box, options);
}

std::vector<Detection> NanoDet::detect_in_tiles(const Image& image, int across,
                                                const DetectOptions& options,
                                                const std::stop_token& stop) {
    std::vector<Detection> seen;
    for (const Cutout& cutout : views_of(image.width, image.height, across)) {
        if (stop.stop_requested()) break;
        const Letterbox box = letterbox(cutout.width, cutout.height, nanodet_side);
        network_->run(input_of(image, cutout, box));
        add_uncut(network_->boxes(box, options), cutout, image.width, image.height, seen);
    }
    return one_each(std::move(seen), options);
}

NanodetLook NanoDet::look(const Image& image, const DetectOptions& options) {
    NanodetLook out;
    out.found = detect(image, options);
    out.box_ = letterbox(image.width, image.height, nanodet_side);
    for (std::size_t i = 0; i < out.stages_.size(); ++i) {
        const cv::Mat& stage = network_->outputs[6 + i];
        out.stages_[i] = {
            stage.size[1], stage.size[2],
            std::vector<float>(stage.ptr<float>(), stage.ptr<float>() + stage.total())};
    }
    return out;
}

}  // namespace countersign
