// How a picture is laid into the input of a network, and the way back to its pixels.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/fields.h"
#include "media/image.h"

namespace countersign {

enum class Fit {
    letterbox,  ///< In proportion, in the middle; the rest is `around`.
    corner,     ///< In proportion, at the top left; the rest is `around`.
    stretch     ///< Over the whole input.
};
inline std::span<const EnumName<Fit>> enum_names(Fit) {
    static constexpr EnumName<Fit> rows[] = {
        {Fit::letterbox, "letterbox"}, {Fit::corner, "corner"}, {Fit::stretch, "stretch"}};
    return rows;
}

enum class Channels { rgb, bgr };
inline std::span<const EnumName<Channels>> enum_names(Channels) {
    static constexpr EnumName<Channels> rows[] = {{Channels::rgb, "rgb"}, {Channels::bgr, "bgr"}};
    return rows;
}

/// A pixel of 0 to 255 becomes (pixel - mean) / deviation; both in the order of `channels`.
struct PictureInput {
    Fit fit = Fit::letterbox;
    Channels channels = Channels::rgb;
    std::array<float, 3> mean{0, 0, 0};
    std::array<float, 3> deviation{255, 255, 255};
    float around = 114;  ///< 0 to 255, in every channel.
};

/// Where a picture lies in an input.
struct Placing {
    int image_width = 0, image_height = 0;    ///< Pixels; at least 1.
    int input_width = 0, input_height = 0;    ///< Pixels; at least 1.
    int x = 0, y = 0, width = 0, height = 0;  ///< Of the picture in the input.

    /// From the input to pixels of the image; what lies in the padding lies outside the image.
    float across(float at) const {
        return (at - static_cast<float>(x)) * static_cast<float>(image_width) /
               static_cast<float>(width);
    }
    float down(float at) const {
        return (at - static_cast<float>(y)) * static_cast<float>(image_height) /
               static_cast<float>(height);
    }
};
Placing place(Fit fit, int image_width, int image_height, int input_width, int input_height);

/// 3 x input_height x input_width numbers, channel by channel.
std::vector<float> laid_in(const Image& image, const PictureInput& input, const Placing& placing);

}  // namespace countersign
