// How much two drawn shapes cover each other: boxes, turned boxes, polygons with holes.
//
// Strategy: upright boxes in closed form. Anything else by exact slabs: between two neighbouring
// heights at which an outline has a corner or two lines cross, the width of what both cover is
// linear, so that its middle times the height is the area. Outlines of more than 2,000 lines
// together are measured on 4,096 even slabs instead.
#pragma once

#include <vector>

namespace countersign {

/// `rings` empty: the upright box. Else closed outlines x0, y0, x1, y1, ... under the even-odd
/// rule, and the box is around them. All numbers finite.
struct DrawnShape {
    double left = 0, top = 0, right = 0, bottom = 0;
    std::vector<std::vector<double>> rings;
};

/// Intersection over union, [0, 1]; 0 where both have no area.
double shape_iou(const DrawnShape& a, const DrawnShape& b);
double shape_area(const DrawnShape& shape);

}  // namespace countersign
