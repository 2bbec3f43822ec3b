#include "models/resnet34.h"

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "models/network_input.h"

namespace countersign {

namespace {

constexpr int resnet_side = 227;
/// Mean that the network was trained with, blue green red; numbers are then divided by 256.
const cv::Scalar resnet_mean(104.298, 117.001, 122.782);

}  // namespace

struct ResNet34::Network {
    cv::dnn::Net net;

    std::vector<float> run(const cv::Mat& pixels) {
        cv::Mat square;
        const bool smaller = pixels.cols > resnet_side || pixels.rows > resnet_side;
        cv::resize(pixels, square, {resnet_side, resnet_side}, 0, 0,
                   smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
        constexpr bool red_first = true;
        net.setInput(cv::dnn::blobFromImage(square, 1.0 / 256, square.size(),
                                            {resnet_mean[2], resnet_mean[1], resnet_mean[0]},
                                            red_first));
        const cv::Mat out = net.forward();
        return {out.ptr<float>(), out.ptr<float>() + out.total()};
    }
};

ResNet34::ResNet34(std::unique_ptr<Network> network) : network_(std::move(network)) {}
ResNet34::ResNet34(ResNet34&&) noexcept = default;
ResNet34& ResNet34::operator=(ResNet34&&) noexcept = default;
ResNet34::~ResNet34() = default;

Result<ResNet34> ResNet34::load(const std::string& path) {
    const std::string bytes = TRY(model_file(path, "models/fetch resnet34"));
    const Refusal wrong{
        Code::unavailable,
        "The model file " + path + " is not ResNet34: delete it and run models/fetch resnet34."};
    cv::setNumThreads(1);  // Workers run side by side instead.
    try {
        auto network = std::make_unique<Network>();
        network->net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
        if (network->run(cv::Mat(resnet_side, resnet_side, CV_8UC3, cv::Scalar(0))).size() != size)
            return wrong;
        return ResNet34(std::move(network));
    } catch (const cv::Exception&) {
        return wrong;
    }
}

std::vector<float> ResNet34::embed(const Image& image) {
    return network_->run(
        cv::Mat(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data())));
}

}  // namespace countersign
