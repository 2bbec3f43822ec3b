#include "models/network_input.h"

#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>

namespace countersign {

Result<std::string> model_file(const std::string& path, const std::string& fetch) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Refusal{Code::unavailable, "The model file " + path + " is not there: run " + fetch +
                                              ", then try again."};
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

cv::Mat squared(const Image& image, const Cutout& cutout, const Letterbox& box, int side,
                const cv::Scalar& around) {
    const cv::Mat pixels(image.height, image.width, CV_8UC3,
                         const_cast<std::uint8_t*>(image.bgr.data()));
    const bool smaller = box.width < cutout.width || box.height < cutout.height;
    cv::Mat scaled, square(side, side, CV_8UC3, around);
    cv::resize(pixels(cv::Rect(cutout.x, cutout.y, cutout.width, cutout.height)), scaled,
               {box.width, box.height}, 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
    scaled.copyTo(square(cv::Rect(box.offset_x, box.offset_y, box.width, box.height)));
    return square;
}

}  // namespace countersign
