#include "models/letterbox.h"

#include <algorithm>
#include <cmath>

namespace countersign {

Letterbox letterbox(int image_width, int image_height, int side) {
    const float scale =
        static_cast<float>(side) / static_cast<float>(std::max(image_width, image_height));
    const auto scaled = [&](int length) {
        return std::max(1, static_cast<int>(std::lround(static_cast<float>(length) * scale)));
    };
    const int width = scaled(image_width), height = scaled(image_height);
    return {image_width, image_height, width, height, (side - width) / 2, (side - height) / 2};
}

}  // namespace countersign
