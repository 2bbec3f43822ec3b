#include "models/nanodet.h"

#include <fstream>
#include <iterator>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "base/crypto.h"

namespace countersign {

namespace {

/// Mean and standard deviation that the network was trained with (nanodet-g.yml), blue green red.
const cv::Scalar mean(103.53, 116.28, 123.675), deviation(57.375, 57.12, 58.395);

/// The scores of the three grids, then their sides.
const std::vector<cv::String> output_names{"Identity",   "Identity_1", "Identity_2",
                                           "Identity_3", "Identity_4", "Identity_5"};

/// The last layers of the third and fourth stage: 1 x 256 x 26 x 26 and 1 x 512 x 13 x 13.
const std::vector<cv::String> stage_names{"onnx_node!Concat_43", "onnx_node!Concat_64"};

/// Appends mean and maximum of each channel over the cells that the picture covers.
void pool(const cv::Mat& stage, const Letterbox& box, std::vector<float>& out) {
    const int side = stage.size[2], cell = nanodet_side / side;
    const int left = box.offset_x / cell, top = box.offset_y / cell;
    const int right = std::min(side, (box.offset_x + box.width + cell - 1) / cell);
    const int bottom = std::min(side, (box.offset_y + box.height + cell - 1) / cell);
    for (int channel = 0; channel < stage.size[1]; ++channel) {
        const cv::Mat plane(side, side, CV_32F, const_cast<float*>(stage.ptr<float>(0, channel)));
        const cv::Mat seen = plane(cv::Range(top, bottom), cv::Range(left, right));
        double largest = 0;
        cv::minMaxLoc(seen, nullptr, &largest);
        out.push_back(static_cast<float>(cv::mean(seen)[0]));
        out.push_back(static_cast<float>(largest));
    }
}

/// The picture in the middle of a square of mean colour, normalised: 1 x 3 x 416 x 416.
cv::Mat input_of(const Image& image, const Letterbox& box) {
    const cv::Mat pixels(image.height, image.width, CV_8UC3,
                         const_cast<std::uint8_t*>(image.bgr.data()));
    const bool smaller = box.width < image.width || box.height < image.height;
    cv::Mat scaled, square(nanodet_side, nanodet_side, CV_8UC3, mean), normalised;
    cv::resize(pixels, scaled, {box.width, box.height}, 0, 0,
               smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
    scaled.copyTo(square(cv::Rect(box.offset_x, box.offset_y, box.width, box.height)));
    square.convertTo(normalised, CV_32FC3);
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
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Refusal{Code::unavailable, "The model file " + path +
                                              " is not there: run models/fetch, then try again."};
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
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

std::vector<float> NanoDet::embed(const Image& image) {
    const Letterbox box = letterbox(image.width, image.height);
    std::vector<cv::Mat> stages;
    network_->net.setInput(input_of(image, box));
    network_->net.forward(stages, stage_names);
    std::vector<float> out;
    out.reserve(embedding_size);
    for (const auto& stage : stages) pool(stage, box, out);
    return out;
}

std::vector<Detection> NanoDet::detect(const Image& image, const DetectOptions& options) {
    const Letterbox box = letterbox(image.width, image.height);
    network_->run(input_of(image, box));
    std::array<NanodetGrid, 3> grids{};
    for (std::size_t level = 0; level < grids.size(); ++level)
        grids[level] = {network_->outputs[level].ptr<float>(),
                        network_->outputs[level + 3].ptr<float>()};
    return decode_nanodet(grids, box, options);
}

}  // namespace countersign
