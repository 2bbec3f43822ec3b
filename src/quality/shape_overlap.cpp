#include "quality/shape_overlap.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr std::size_t most_exact_lines = 2'000;
constexpr int even_slabs = 4'096;

struct Line {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    double x_at(double y) const { return x0 + (y - y0) / (y1 - y0) * (x1 - x0); }
};

/// Lines that are not level: the level ones bound no width.
std::vector<Line> lines_of(const DrawnShape& s) {
    std::vector<Line> out;
    const auto add = [&](double x0, double y0, double x1, double y1) {
        if (y0 < y1) out.push_back({x0, y0, x1, y1});
        if (y1 < y0) out.push_back({x1, y1, x0, y0});
    };
    if (s.rings.empty()) {
        add(s.left, s.top, s.left, s.bottom);
        add(s.right, s.top, s.right, s.bottom);
    }
    for (const auto& ring : s.rings) {
        const auto n = ring.size() / 2;
        for (std::size_t i = 0; i < n; ++i) {
            const auto j = (i + 1) % n;
            add(ring[2 * i], ring[2 * i + 1], ring[2 * j], ring[2 * j + 1]);
        }
    }
    return out;
}

/// The height at which two lines cross, if inside both.
void add_crossing(const Line& a, const Line& b, std::vector<double>& heights) {
    const double top = std::max(a.y0, b.y0), bottom = std::min(a.y1, b.y1);
    if (top >= bottom) return;
    const double above = a.x_at(top) - b.x_at(top), below = a.x_at(bottom) - b.x_at(bottom);
    if ((above < 0) == (below < 0) || above == below) return;
    heights.push_back(top + (bottom - top) * above / (above - below));
}

std::vector<double> heights_of(const std::vector<Line>& lines) {
    std::vector<double> out;
    for (const auto& line : lines) out.push_back(line.y0), out.push_back(line.y1);
    if (lines.size() > most_exact_lines) {
        const auto [low, high] = std::minmax_element(out.begin(), out.end());
        const double from = *low, step = (*high - *low) / even_slabs;
        out.clear();
        for (int i = 0; i <= even_slabs; ++i) out.push_back(from + i * step);
        return out;
    }
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t j = i + 1; j < lines.size(); ++j) add_crossing(lines[i], lines[j], out);
    std::sort(out.begin(), out.end());
    return out;
}

/// Where the shape begins and ends along a level line, in pairs.
std::vector<double> crossings(const std::vector<Line>& lines, double y) {
    std::vector<double> out;
    for (const auto& line : lines)
        if (line.y0 <= y && y < line.y1) out.push_back(line.x_at(y));
    std::sort(out.begin(), out.end());
    return out;
}

double width_of(const std::vector<double>& x) {
    double out = 0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) out += x[i + 1] - x[i];
    return out;
}

double shared_width(const std::vector<double>& a, const std::vector<double>& b) {
    double out = 0;
    for (std::size_t i = 0, j = 0; i + 1 < a.size() && j + 1 < b.size();) {
        out += std::max(0.0, std::min(a[i + 1], b[j + 1]) - std::max(a[i], b[j]));
        (a[i + 1] < b[j + 1] ? i : j) += 2;
    }
    return out;
}

}  // namespace

double shape_iou(const DrawnShape& a, const DrawnShape& b) {
    const double w = std::min(a.right, b.right) - std::max(a.left, b.left);
    const double h = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    if (w <= 0 || h <= 0) return 0;
    if (a.rings.empty() && b.rings.empty()) {
        const double both = w * h;
        return both / ((a.right - a.left) * (a.bottom - a.top) +
                       (b.right - b.left) * (b.bottom - b.top) - both);
    }
    const auto of_a = lines_of(a), of_b = lines_of(b);
    auto all = of_a;
    all.insert(all.end(), of_b.begin(), of_b.end());
    const auto heights = heights_of(all);
    double shared = 0, either = 0;
    for (std::size_t i = 0; i + 1 < heights.size(); ++i) {
        const double height = heights[i + 1] - heights[i];
        if (height <= 0) continue;
        const double middle = heights[i] + height / 2;
        const auto x_a = crossings(of_a, middle), x_b = crossings(of_b, middle);
        const double both = shared_width(x_a, x_b);
        shared += height * both;
        either += height * (width_of(x_a) + width_of(x_b) - both);
    }
    return either > 0 ? std::clamp(shared / either, 0.0, 1.0) : 0;
}

double shape_area(const DrawnShape& shape) {
    const auto lines = lines_of(shape);
    const auto heights = heights_of(lines);
    double out = 0;
    for (std::size_t i = 0; i + 1 < heights.size(); ++i) {
        const double height = heights[i + 1] - heights[i];
        if (height > 0) out += height * width_of(crossings(lines, heights[i] + height / 2));
    }
    return out;
}

}  // namespace countersign
