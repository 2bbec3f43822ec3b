#include "models/tiles.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

/// Where tiles begin along one side: the first at its start, the last at its end.
std::vector<int> starts(int length, int side, int count) {
    std::vector<int> out;
    for (int i = 0; i < count; ++i)
        out.push_back(count == 1 ? 0
                                 : static_cast<int>(std::lround(static_cast<double>(length - side) *
                                                                i / (count - 1))));
    return out;
}

}  // namespace

std::vector<Cutout> tiles_of(int width, int height, int across) {
    const int longer = std::max(width, height), shorter = std::min(width, height);
    const double step = 1 - tile_overlap;
    const int side =
        std::clamp(static_cast<int>(std::ceil(longer / (1 + (across - 1) * step))), 1, longer);
    const int along =
        side >= shorter
            ? 1
            : 1 + static_cast<int>(std::ceil(static_cast<double>(shorter - side) / (side * step)));
    const bool wide = width >= height;
    std::vector<Cutout> out;
    for (const int y : starts(height, std::min(side, height), wide ? along : across))
        for (const int x : starts(width, std::min(side, width), wide ? across : along))
            out.push_back({x, y, std::min(side, width), std::min(side, height)});
    return out;
}

std::vector<Cutout> views_of(int width, int height, int across) {
    std::vector<Cutout> out = tiles_of(width, height, 1);
    for (; across > 1; across /= 2) {
        const auto tiles = tiles_of(width, height, across);
        out.insert(out.end(), tiles.begin(), tiles.end());
    }
    return out;
}

bool is_cut(const Cutout& cutout, int width, int height, float left, float top, float right,
            float bottom) {
    const float near = 0.01f * static_cast<float>(std::max(cutout.width, cutout.height));
    const auto at_start = [&](int start, float from) { return start > 0 && from < near; };
    const auto at_end = [&](int start, int length, int all, float to) {
        return start + length < all && to > static_cast<float>(length) - near;
    };
    return at_start(cutout.x, left) || at_start(cutout.y, top) ||
           at_end(cutout.x, cutout.width, width, right) ||
           at_end(cutout.y, cutout.height, height, bottom);
}

int Tiling::for_picture(int longer, int side, int most) const {
    if (!automatic) return across;
    const double finest = 1 + (static_cast<double>(longer) / side - 1) / (1 - tile_overlap);
    return std::clamp(static_cast<int>(finest), 1, most);
}

int Tiling::enough_side(int side, int most) const {
    const int count = automatic ? most : across;
    return static_cast<int>(std::ceil(side * (1 + (count - 1) * (1 - tile_overlap))));
}

Result<Tiling> tiling_from(const Json& config) {
    const auto value = config.find("tiles");
    if (value == config.end() || *value == "off") return Tiling{};
    if (*value == "auto") return Tiling{.automatic = true};
    const auto number = value->is_number_integer() ? value->get<std::int64_t>() : 0;
    if (number < 2 || number > most_tiles_across)
        return Refusal{Code::invalid, "\"tiles\" must be \"off\", \"auto\" or a number from 2 to " +
                                          std::to_string(most_tiles_across) + "."};
    return Tiling{.across = static_cast<int>(number)};
}

}  // namespace countersign
