// What the networks share: their files, and pictures as OpenCV wants them. Included by what names
// OpenCV only.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "media/image.h"
#include "models/letterbox.h"
#include "models/tiles.h"

namespace countersign {

/// The bytes of a converted network; refuses with Code::unavailable and `fetch`, the command that
/// makes it.
Result<std::string> model_file(const std::string& path, const std::string& fetch);

/// The cutout in the middle of a square of the colour `around`, blue green red, 8 bits each.
cv::Mat squared(const Image& image, const Cutout& cutout, const Letterbox& box, int side,
                const cv::Scalar& around);

}  // namespace countersign
