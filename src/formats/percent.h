// Percent (Label Studio) and shares (YOLO) of an image against pixels. Going out, the number that
// is written is the one that reads back as exactly the same pixels, where such a double exists.
#pragma once

#include <string_view>

namespace countersign {

/// What readers do.
inline double pixels_of(double percent, double size) {
    return percent * size / 100;
}

/// The percent p with pixels_of(p, size) == pixels if there is one within a few steps of rounding,
/// else the nearest; `exact` says which.
double percent_of(double pixels, double size, bool& exact);

/// A YOLO box along one axis: x = center * size - extent / 2, width = share * size, in pixels.
struct Shares {
    double center, extent;
};
struct Side {
    double start, length;
};
Side side_of(const Shares& shares, double size);
/// The shares that read back as exactly `side`, else as near as doubles allow.
Shares shares_of(const Side& side, double size);

/// The byte that two hexadecimal digits mean, or -1.
int from_hex_pair(std::string_view digits);

}  // namespace countersign
