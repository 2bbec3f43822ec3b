#include "models/blazeface.h"

#include <algorithm>
#include <opencv2/dnn.hpp>

#include "base/crypto.h"
#include "models/network_input.h"

namespace countersign {

namespace {

/// The logits of the two grids, then their places.
const std::vector<cv::String> blazeface_outputs{"Identity", "Identity_1", "Identity_2",
                                                "Identity_3"};

/// The cutout in the middle of a black square, -1 to 1, red first: 1 x 3 x 256 x 256.
cv::Mat blazeface_input(const Image& image, const Cutout& cutout, const Letterbox& box) {
    constexpr bool red_first = true;
    return cv::dnn::blobFromImage(squared(image, cutout, box, blazeface_side, {}), 1 / 127.5, {},
                                  {127.5, 127.5, 127.5}, red_first);
}

}  // namespace

struct BlazeFace::Network {
    cv::dnn::Net net;
    std::string version;
    std::vector<cv::Mat> outputs;

    void run(const cv::Mat& input) {
        net.setInput(input);
        net.forward(outputs, blazeface_outputs);
    }
    bool is_blazeface() {
        const int shape[] = {1, 3, blazeface_side, blazeface_side};
        run(cv::Mat(4, shape, CV_32F, cv::Scalar(0)));
        for (std::size_t level = 0; level < blazeface_grids.size(); ++level) {
            const std::size_t anchors = blazeface_grids[level].size();
            if (outputs[level].total() != anchors ||
                outputs[level + 2].total() != anchors * blazeface_numbers)
                return false;
        }
        return true;
    }
    /// Adds what a cutout shows, in pixels of the image.
    void look(const Image& image, const Cutout& cutout, float least_score,
              std::vector<Face>& found) {
        const Letterbox box = letterbox(cutout.width, cutout.height, blazeface_side);
        run(blazeface_input(image, cutout, box));
        std::array<FaceNumbers, 2> grids{};
        for (std::size_t level = 0; level < grids.size(); ++level)
            grids[level] = {outputs[level].ptr<float>(), outputs[level + 2].ptr<float>()};
        const auto left = static_cast<float>(cutout.x), top = static_cast<float>(cutout.y);
        for (Face face : decode_blazeface(grids, box, least_score)) {
            if (is_cut(cutout, image.width, image.height, face.x, face.y, face.right(),
                       face.bottom()))
                continue;
            face.x += left;
            face.y += top;
            for (std::size_t i = 0; i < face.points.size(); ++i)
                face.points[i] += i % 2 == 0 ? left : top;
            found.push_back(face);
        }
    }
};

BlazeFace::BlazeFace(std::unique_ptr<Network> network) : network_(std::move(network)) {}
BlazeFace::BlazeFace(BlazeFace&&) noexcept = default;
BlazeFace& BlazeFace::operator=(BlazeFace&&) noexcept = default;
BlazeFace::~BlazeFace() = default;

const std::string& BlazeFace::version() const {
    return network_->version;
}

Result<BlazeFace> BlazeFace::load(const std::string& path) {
    const std::string bytes = TRY(model_file(path, "models/fetch"));
    const Refusal wrong{
        Code::unavailable,
        "The model file " + path + " is not BlazeFace 256: delete it and run models/fetch."};
    cv::setNumThreads(1);  // Workers run side by side instead.
    try {
        auto network = std::make_unique<Network>();
        network->net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
        network->version = "blazeface-256 " + hex(sha256(bytes)).substr(0, 8);
        if (!network->is_blazeface()) return wrong;
        return BlazeFace(std::move(network));
    } catch (const cv::Exception&) {
        return wrong;
    }
}

std::vector<Face> BlazeFace::find(const Image& image, const FaceOptions& options,
                                  const std::stop_token& stop) {
    const int across = options.tiling.for_picture(std::max(image.width, image.height),
                                                  blazeface_side, most_tiles_across);
    std::vector<Face> found;
    for (const Cutout& cutout : views_of(image.width, image.height, across)) {
        if (stop.stop_requested()) break;
        network_->look(image, cutout, options.least_score, found);
    }
    return blend(std::move(found), options.same, options.most);
}

}  // namespace countersign
