// How a picture lies in a network's square input: scaled in proportion, in the middle, padded.
#pragma once

namespace countersign {

struct Letterbox {
    int image_width, image_height;
    int width, height;       ///< The scaled image, pixels of the input.
    int offset_x, offset_y;  ///< Padding left and above.

    /// From the input to pixels of the image; what lies in the padding lies outside the image.
    float across(float x) const {
        return (x - static_cast<float>(offset_x)) * static_cast<float>(image_width) /
               static_cast<float>(width);
    }
    float down(float y) const {
        return (y - static_cast<float>(offset_y)) * static_cast<float>(image_height) /
               static_cast<float>(height);
    }
};

/// `side`: of the input, pixels.
Letterbox letterbox(int image_width, int image_height, int side);

}  // namespace countersign
