#include "formats/shapes.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace countersign {

namespace {

double radians(double degrees) {
    return degrees * std::acos(-1.0) / 180;
}

struct Point {
    double x, y;
};
Point turned(double x, double y, double degrees) {
    if (degrees == 0) return {x, y};
    const double c = std::cos(radians(degrees)), s = std::sin(radians(degrees));
    return {x * c - y * s, x * s + y * c};
}

}  // namespace

TurnedBox turned_box(const Region& box) {
    return {box.x, box.y, box.width, box.height, box.rotation};
}
void set_box(Region& region, const TurnedBox& box) {
    region.x = box.x, region.y = box.y;
    region.width = box.width, region.height = box.height;
    region.rotation = box.rotation;
}

Corners corners_of(const TurnedBox& b) {
    const auto right = turned(b.width, 0, b.rotation), down = turned(0, b.height, b.rotation);
    return {b.x,
            b.y,
            b.x + right.x,
            b.y + right.y,
            b.x + right.x + down.x,
            b.y + right.y + down.y,
            b.x + down.x,
            b.y + down.y};
}

std::optional<TurnedBox> box_of_corners(const Corners& given, double slack) {
    Corners c = given;
    const double across = (c[4] - c[0]) * (c[7] - c[3]) - (c[6] - c[2]) * (c[5] - c[1]);
    if (across < 0) std::swap(c[2], c[6]), std::swap(c[3], c[7]);
    const double dx = c[2] - c[0], dy = c[3] - c[1];
    TurnedBox box{c[0], c[1], std::hypot(dx, dy), std::hypot(c[6] - c[0], c[7] - c[1]), 0};
    if (dy != 0 || dx < 0) box.rotation = std::atan2(dy, dx) * 180 / std::acos(-1.0);
    const auto would_be = corners_of(box);
    for (std::size_t i = 0; i < c.size(); ++i)
        if (!(std::abs(c[i] - would_be[i]) <= slack)) return std::nullopt;
    return box;
}

TurnedBox turned_about_centre(const TurnedBox& box) {
    if (box.rotation == 0) return box;
    const auto middle = turned(box.width / 2, box.height / 2, box.rotation);
    return {box.x + middle.x - box.width / 2, box.y + middle.y - box.height / 2, box.width,
            box.height, box.rotation};
}

TurnedBox turned_about_top_left(const TurnedBox& box) {
    if (box.rotation == 0) return box;
    const auto middle = turned(box.width / 2, box.height / 2, box.rotation);
    return {box.x + box.width / 2 - middle.x, box.y + box.height / 2 - middle.y, box.width,
            box.height, box.rotation};
}

bool alike(const TurnedBox& a, const TurnedBox& b, double slack) {
    for (const double d : {a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height,
                           std::remainder(a.rotation - b.rotation, 360.0)})
        if (!(std::abs(d) <= slack)) return false;
    return true;
}

TurnedBox box_around(const Region& region) {
    if (region.kind == ControlKind::boxes && region.rotation == 0) return turned_box(region);
    Region all;
    all.visible = region.visible;
    all.points = region.points;
    if (region.kind == ControlKind::boxes) {
        const auto corners = corners_of(turned_box(region));
        all.points.assign(corners.begin(), corners.end());
    }
    for (const auto& ring : region.rings)
        all.points.insert(all.points.end(), ring.begin(), ring.end());
    const auto e = extent(all);
    return {e.left, e.top, e.right - e.left, e.bottom - e.top, 0};
}

std::vector<Ring> rings_of(const Region& polygon) {
    std::vector<Ring> rings = {polygon.points};
    rings.insert(rings.end(), polygon.rings.begin(), polygon.rings.end());
    return rings;
}

void set_rings(Region& region, std::vector<Ring> rings) {
    if (rings.empty()) return;
    region.points = std::move(rings.front());
    rings.erase(rings.begin());
    region.rings = std::move(rings);
}

std::optional<Region> ShapeTaker::region(ControlKind kind, std::string_view label) {
    const auto found = labels_.find(kind, label);
    if (found.control.empty()) return std::nullopt;
    Region r;
    r.kind = kind;
    r.control = found.control;
    r.labels.emplace_back(found.label);
    return r;
}

bool ShapeTaker::has(ControlKind kind, std::string_view label) {
    return !labels_.find(kind, label).control.empty();
}

void ShapeTaker::unknown(std::string_view label, Mends& mends) {
    mends.left_out(in_quotes(label) +
                   " is not a label of the schema (add it, or make it an alias)");
}

std::optional<Region> ShapeTaker::box(std::string_view label, const TurnedBox& box, Mends& mends) {
    if (auto r = region(ControlKind::boxes, label)) {
        set_box(*r, box);
        return r;
    }
    if (auto r = region(ControlKind::polygons, label)) {
        const auto corners = corners_of(box);
        r->points.assign(corners.begin(), corners.end());
        mends.mended("boxes were taken as polygons, for the schema has no boxes of their label");
        return r;
    }
    unknown(label, mends);
    return std::nullopt;
}

std::optional<Region> ShapeTaker::outline(std::string_view label, std::vector<Ring> rings,
                                          Mends& mends) {
    if (auto r = region(ControlKind::polygons, label)) {
        set_rings(*r, std::move(rings));
        return r;
    }
    auto r = region(ControlKind::boxes, label);
    if (!r) {
        unknown(label, mends);
        return std::nullopt;
    }
    Region drawn;
    drawn.kind = ControlKind::polygons;
    set_rings(drawn, std::move(rings));
    set_box(*r, box_around(drawn));
    mends.mended("outlines were taken as their boxes, for the schema has no polygons");
    return r;
}

namespace {

/// Where in the file's points each of the control's stands; nothing when they do not match.
std::optional<std::vector<std::size_t>> order_of(const std::vector<std::string>& wanted,
                                                 const NamedPoints& given, Mends& mends) {
    const auto n = given.points.size() / 2;
    std::vector<std::size_t> order;
    for (const auto& name : wanted) {
        const auto at = std::find_if(
            given.names.begin(), given.names.end(),
            [&](const std::string& other) { return lower_ascii(other) == lower_ascii(name); });
        if (at == given.names.end()) break;
        order.push_back(static_cast<std::size_t>(at - given.names.begin()));
    }
    if (!wanted.empty() && order.size() == wanted.size() && given.names.size() == n) return order;
    if (std::max<std::size_t>(1, wanted.size()) != n) return std::nullopt;
    order.resize(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    if (!given.names.empty() && !wanted.empty())
        mends.mended("keypoints were matched by their order, for their names differ");
    return order;
}

}  // namespace

std::optional<Region> ShapeTaker::points(std::string_view label, const NamedPoints& given,
                                         Mends& mends) {
    auto r = region(ControlKind::keypoints, label);
    if (!r) {
        unknown(label, mends);
        return std::nullopt;
    }
    const auto n = given.points.size() / 2;
    const auto* control = schema_ ? schema_->control(r->control) : nullptr;
    if (!control) {
        r->points = given.points;
        r->visible = given.visible;
        return r;
    }
    const auto order = order_of(control->points, given, mends);
    if (!order) {
        mends.left_out(in_quotes(label) + " has " + std::to_string(n) +
                       " keypoints where control " + in_quotes(control->name) + " has " +
                       std::to_string(std::max<std::size_t>(1, control->points.size())));
        return std::nullopt;
    }
    for (const auto i : *order) {
        r->points.insert(r->points.end(), {given.points[2 * i], given.points[2 * i + 1]});
        if (!given.visible.empty()) r->visible.push_back(given.visible[i]);
    }
    return r;
}

std::optional<Region> ShapeTaker::answer(std::string_view name, std::string_view value,
                                         std::string_view about) const {
    const auto* control = schema_ ? schema_->control(name) : nullptr;
    if (!control || !facts_of(control->kind).answers || control->per_region == about.empty())
        return std::nullopt;
    Region r;
    r.kind = control->kind;
    r.control = control->name;
    r.parent = about;
    if (control->kind == ControlKind::text) {
        if (trim(value).empty() || !is_utf8(value)) return std::nullopt;
        r.text = value;
        return r;
    }
    const auto* label = Schema::find_label(*control, trim(value));
    if (!label) return std::nullopt;
    r.labels.push_back(label->name);
    return r;
}

bool ShapeTaker::choose(std::string_view name, Regions& regions) const {
    if (!schema_) return false;
    for (const auto& control : schema_->controls) {
        if (control.kind != ControlKind::choices || control.per_region) continue;
        const auto* label = Schema::find_label(control, name);
        if (!label) continue;
        const auto there = std::find_if(regions.begin(), regions.end(),
                                        [&](const Region& r) { return r.control == control.name; });
        if (there == regions.end()) {
            Region r;
            r.kind = control.kind;
            r.control = control.name;
            r.labels.push_back(label->name);
            regions.push_back(std::move(r));
            return true;
        }
        const bool chosen = std::find(there->labels.begin(), there->labels.end(), label->name) !=
                            there->labels.end();
        if (!chosen && control.multiple) there->labels.push_back(label->name);
        return chosen || control.multiple;
    }
    return false;
}

}  // namespace countersign
