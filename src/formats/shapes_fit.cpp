// Polygons and keypoints, cut to their image.
#include <algorithm>
#include <cmath>

#include "formats/shapes.h"

namespace countersign {

namespace {

constexpr double point_slack = 1;  // What core's check_regions cuts off itself.

/// The part of a ring on one side of a line across axis `axis` (Sutherland and Hodgman, 1974).
Ring half(const Ring& ring, std::size_t axis, double limit, bool below) {
    Ring kept;
    const auto inside = [&](std::size_t i) {
        return below ? ring[i + axis] <= limit : ring[i + axis] >= limit;
    };
    for (std::size_t i = 0, n = ring.size(); i < n; i += 2) {
        const auto j = (i + 2) % n;
        if (inside(i)) kept.insert(kept.end(), {ring[i], ring[i + 1]});
        if (inside(i) == inside(j)) continue;
        const double share = (limit - ring[i + axis]) / (ring[j + axis] - ring[i + axis]);
        double cut[2] = {ring[i] + share * (ring[j] - ring[i]),
                         ring[i + 1] + share * (ring[j + 1] - ring[i + 1])};
        cut[axis] = limit;
        kept.insert(kept.end(), {cut[0], cut[1]});
    }
    return kept;
}

bool sticks_out(const std::vector<double>& points, int width, int height, double slack) {
    for (std::size_t i = 0; i < points.size(); ++i)
        if (points[i] < -slack || points[i] > (i % 2 == 0 ? width : height) + slack) return true;
    return false;
}

bool all_finite(const std::vector<double>& points) {
    return std::all_of(points.begin(), points.end(), [](double v) { return std::isfinite(v); });
}

std::string fault_of_polygon(Region& r, int width, int height, Mends& mends) {
    auto rings = rings_of(r);
    for (auto& ring : rings) {
        if (!all_finite(ring)) return "a polygon has a number that is not finite";
        if (ring.size() % 2 != 0) return "a polygon has half a corner";
        if (width <= 0 || height <= 0 || !sticks_out(ring, width, height, point_slack)) continue;
        ring = half(half(ring, 0, 0, false), 0, width, true);
        ring = half(half(ring, 1, 0, false), 1, height, true);
        mends.mended("a polygon stuck out of the image and was cut to it");
    }
    const auto empty = [](const Ring& ring) {
        return ring.size() < 6 || !(std::abs(twice_ring_area(ring)) > 0);
    };
    const auto before = rings.size();
    std::erase_if(rings, empty);
    if (rings.empty()) return "a polygon has no area in the image";
    if (rings.size() < before) mends.mended("a ring without area was dropped from its polygon");
    set_rings(r, std::move(rings));
    return {};
}

std::string fault_of_keypoints(Region& r, int width, int height, Mends& mends) {
    if (r.points.empty() || r.points.size() % 2 != 0) return "keypoints have half a point";
    if (!all_finite(r.points)) return "a keypoint has a number that is not finite";
    if (!r.visible.empty() && std::count(r.visible.begin(), r.visible.end(), 0) ==
                                  static_cast<std::ptrdiff_t>(r.visible.size()))
        return "keypoints have no point that is labelled";
    if (width <= 0 || height <= 0) return {};
    for (std::size_t i = 0; i < r.points.size(); ++i) {
        if (!r.visible.empty() && r.visible[i / 2] == 0) continue;
        const double limit = i % 2 == 0 ? width : height;
        if (r.points[i] >= -point_slack && r.points[i] <= limit + point_slack) continue;
        r.points[i] = std::clamp(r.points[i], 0.0, limit);
        mends.mended("a keypoint lay outside the image and was moved to its edge");
    }
    return {};
}

}  // namespace

std::string fault_of_points(Region& region, int width, int height, Mends& mends) {
    return region.kind == ControlKind::polygons ? fault_of_polygon(region, width, height, mends)
                                                : fault_of_keypoints(region, width, height, mends);
}

}  // namespace countersign
