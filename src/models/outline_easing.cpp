#include "models/outline_easing.h"

#include <opencv2/imgproc.hpp>

namespace countersign {

namespace {

constexpr double eased_by = 1;  // Pixels.
constexpr std::size_t enough_corners = 100;

std::vector<double> eased(const std::vector<double>& ring) {
    std::vector<cv::Point2f> line, corners;
    for (std::size_t i = 0; i + 1 < ring.size(); i += 2)
        line.emplace_back(static_cast<float>(ring[i]), static_cast<float>(ring[i + 1]));
    if (line.size() < 3) return {};
    cv::approxPolyDP(line, corners, eased_by, true);
    std::vector<double> out;
    if (corners.size() < 3) return out;
    for (const auto& corner : corners) {
        out.push_back(corner.x);
        out.push_back(corner.y);
    }
    return out;
}

}  // namespace

void ease_outline(Region& region) {
    std::size_t corners = region.points.size() / 2;
    for (const auto& ring : region.rings) corners += ring.size() / 2;
    if (region.kind != ControlKind::polygons || corners <= enough_corners) return;
    auto points = eased(region.points);
    if (points.empty()) return;
    region.points = std::move(points);
    std::vector<std::vector<double>> rings;
    for (const auto& ring : region.rings)
        if (auto line = eased(ring); !line.empty()) rings.push_back(std::move(line));
    region.rings = std::move(rings);
}

}  // namespace countersign
