#include "models/picture_input.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace countersign {

Placing place(Fit fit, int image_width, int image_height, int input_width, int input_height) {
    Placing out{image_width, image_height, input_width, input_height, 0,
                0,           input_width,  input_height};
    if (fit == Fit::stretch) return out;
    const double scale = std::min(static_cast<double>(input_width) / image_width,
                                  static_cast<double>(input_height) / image_height);
    const auto scaled = [&](int length, int most) {
        return std::clamp(static_cast<int>(std::lround(length * scale)), 1, most);
    };
    out.width = scaled(image_width, input_width);
    out.height = scaled(image_height, input_height);
    if (fit == Fit::corner) return out;
    out.x = (input_width - out.width) / 2;
    out.y = (input_height - out.height) / 2;
    return out;
}

std::vector<float> laid_in(const Image& image, const PictureInput& input, const Placing& placing) {
    const cv::Mat pixels(image.height, image.width, CV_8UC3,
                         const_cast<std::uint8_t*>(image.bgr.data()));
    const bool smaller = placing.width < image.width || placing.height < image.height;
    cv::Mat scaled;
    cv::resize(pixels, scaled, {placing.width, placing.height}, 0, 0,
               smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
    const auto plane = static_cast<std::size_t>(placing.input_width) *
                       static_cast<std::size_t>(placing.input_height);
    std::vector<float> out(3 * plane);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const float mean = input.mean[channel], deviation = input.deviation[channel];
        float* to = out.data() + channel * plane;
        std::fill(to, to + plane, (input.around - mean) / deviation);
        const std::size_t from = input.channels == Channels::bgr ? channel : 2 - channel;
        for (int row = 0; row < placing.height; ++row) {
            const auto* source = scaled.ptr<std::uint8_t>(row) + from;
            float* target = to +
                            static_cast<std::size_t>(placing.y + row) *
                                static_cast<std::size_t>(placing.input_width) +
                            static_cast<std::size_t>(placing.x);
            for (int column = 0; column < placing.width; ++column)
                target[column] =
                    (static_cast<float>(source[static_cast<std::ptrdiff_t>(column) * 3]) - mean) /
                    deviation;
        }
    }
    return out;
}

}  // namespace countersign
