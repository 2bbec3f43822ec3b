// Where text stands in a picture: rectangles, turned as the lines are, from a network's map of how
// likely each pixel belongs to text (differentiable binarization: Liao et al., AAAI 2020).
#pragma once

#include <array>
#include <vector>

namespace countersign {

struct TextPlace {
    float x = 0, y = 0;           ///< The middle, pixels.
    float width = 0, height = 0;  ///< Pixels; text may also run along the height (`upright()`).
    float angle = 0;              ///< Degrees clockwise, over -45 to 45.
    float score = 0;              ///< Mean of the map within, 0 to 1.

    /// Its text runs from top to bottom, or the other way.
    bool upright() const { return height >= 1.5F * width; }
    /// x0, y0, ...: top left, top right, bottom right, bottom left, before the turn.
    std::array<float, 8> corners() const;
};

/// A place is kept from this mean on; PP-OCR's own value, as are all of text_places.cpp.
constexpr float least_place_score = 0.6F;
constexpr std::size_t most_places = 1000;

/// `map`: height x width of probabilities. By falling size when there are too many, else unordered.
std::vector<TextPlace> text_places(const std::vector<float>& map, int width, int height,
                                   float least_score = least_place_score);

/// The order in which a reader takes them, on a turned page too: columns from left to right, in
/// them lines from top to bottom, parts of a line from left to right (recursive cuts along empty
/// strips: Nagy and Seth, ICPR 1984). Numbers of `places`.
std::vector<std::size_t> reading_order(const std::vector<TextPlace>& places);

}  // namespace countersign
