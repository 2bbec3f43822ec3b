// Drawn test data. boxes("..AA/..AA") gives each letter's bounding box, one character a pixel.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "core/region.h"

namespace countersign::sketch {

inline Regions boxes(std::string_view art, const std::string& control = "objects") {
    std::map<char, Region> seen;
    double x = 0, y = 0;
    for (const char c : art) {
        if (c == '/') {
            x = 0;
            ++y;
            continue;
        }
        if (c != '.' && c != ' ') {
            auto [at, fresh] = seen.try_emplace(c);
            Region& r = at->second;
            if (fresh) {
                r.id = std::string(1, c);
                r.control = control;
                r.kind = ControlKind::boxes;
                r.labels = {std::string(1, c)};
                r.x = x;
                r.y = y;
            }
            const double right = std::max(r.x + r.width, x + 1),
                         bottom = std::max(r.y + r.height, y + 1);
            r.x = std::min(r.x, x);
            r.y = std::min(r.y, y);
            r.width = right - r.x;
            r.height = bottom - r.y;
        }
        ++x;
    }
    Regions out;
    for (auto& [letter, region] : seen) out.push_back(std::move(region));
    return out;
}

}  // namespace countersign::sketch
