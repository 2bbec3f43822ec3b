#include "formats/percent.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace countersign {

namespace {

constexpr double upward = std::numeric_limits<double>::infinity();

/// Tries `first` and its neighbours, nearest first, for one that `fits`; gives `first` when none
/// does.
template <class Fits>
double nearest(double first, Fits&& fits, bool& exact) {
    constexpr int steps = 6;
    exact = true;
    if (fits(first)) return first;
    double above = first, below = first;
    for (int i = 0; i < steps; ++i) {
        above = std::nextafter(above, upward);
        below = std::nextafter(below, -upward);
        if (fits(above)) return above;
        if (fits(below)) return below;
    }
    exact = false;
    return first;
}

}  // namespace

double percent_of(double pixels, double size, bool& exact) {
    return nearest(
        pixels * 100 / size, [&](double p) { return pixels_of(p, size) == pixels; }, exact);
}

Side side_of(const Shares& shares, double size) {
    const double length = shares.extent * size;
    return {shares.center * size - length / 2, length};
}

Shares shares_of(const Side& side, double size) {
    bool exact = false;
    Shares shares{};
    shares.extent = nearest(
        side.length / size, [&](double e) { return e * size == side.length; }, exact);
    const double length = shares.extent * size;
    shares.center = nearest((side.start + length / 2) / size,
                            [&](double c) { return c * size - length / 2 == side.start; }, exact);
    return shares;
}

int from_hex_pair(std::string_view digits) {
    int value = -1;
    if (digits.size() != 2) return -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, value, 16);
    return error == std::errc() && end == digits.data() + 2 && value >= 0 ? value : -1;
}

}  // namespace countersign
