// What is drawn on images, between files and regions: a file's box, outline or points become a
// region of a control that the schema has, by the nearest shape it can hold, and what changes on
// the way is said.
//
// All numbers are pixels of the upright image; angles are degrees clockwise on a screen.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.h"
#include "formats/reader.h"
#include "formats/rle.h"

namespace countersign {

struct TurnedBox {
    double x = 0, y = 0, width = 0, height = 0;
    double rotation = 0;  ///< About the top left corner (x, y).
};
using Corners = std::array<double, 8>;  ///< Clockwise from the top left one.

TurnedBox turned_box(const Region& box);
void set_box(Region& region, const TurnedBox& box);
Corners corners_of(const TurnedBox& box);
/// The box with these corners in turn, either way round; nothing when a corner is further than
/// `slack` from where a rectangle would have it.
std::optional<TurnedBox> box_of_corners(const Corners& corners, double slack);
/// CVAT's way: the box lies upright around the same centre and is turned about that.
TurnedBox turned_about_centre(const TurnedBox& box);    ///< Ours to that.
TurnedBox turned_about_top_left(const TurnedBox& box);  ///< That to ours.
/// Whether no number differs by more than `slack`.
bool alike(const TurnedBox& a, const TurnedBox& b, double slack);

/// The smallest upright box around all of a shape: parts apart and the corners of a turned box too.
TurnedBox box_around(const Region& region);

std::vector<Ring> rings_of(const Region& polygon);
void set_rings(Region& region, std::vector<Ring> rings);

/// Keypoints of a file.
struct NamedPoints {
    std::vector<std::string> names;  ///< Empty: the file does not name them.
    std::vector<double> points;      ///< x0, y0, x1, y1, ...
    std::vector<int> visible;        ///< 0, 1, 2 each, or empty: all seen.
};

/// Finds the control for what a file drew. What cannot be held is named in `mends` and gives
/// nothing.
class ShapeTaker {
public:
    ShapeTaker(const Schema* schema, LabelFinder& labels) : schema_(schema), labels_(labels) {}

    /// A box; as a polygon of four corners where the schema has only polygons for the label.
    std::optional<Region> box(std::string_view label, const TurnedBox& box, Mends& mends);
    /// A polygon; as its box where the schema has only boxes for the label.
    std::optional<Region> outline(std::string_view label, std::vector<Ring> rings, Mends& mends);
    /// Keypoints of a control with that label and as many points, matched by name where names are
    /// known.
    std::optional<Region> points(std::string_view label, const NamedPoints& points, Mends& mends);
    /// Whether the schema draws that kind with that label.
    bool has(ControlKind kind, std::string_view label);
    /// An answer to the control called `name`: about the region `about`, or about the item when
    /// that is empty. Nothing when the schema has no such control, or not that answer.
    std::optional<Region> answer(std::string_view name, std::string_view value,
                                 std::string_view about) const;
    /// The choice of that label in the first control of choices about the item that has it, added
    /// to the one that is in `regions` already; false when there is none, or it takes one choice
    /// only.
    bool choose(std::string_view label, Regions& regions) const;

private:
    std::optional<Region> region(ControlKind kind, std::string_view label);
    static void unknown(std::string_view label, Mends& mends);
    const Schema* schema_;
    LabelFinder& labels_;
};

/// Why a polygon or keypoints cannot be taken; empty when they can. Cuts what sticks out of the
/// image to it. `width` and `height` 0: unknown.
std::string fault_of_points(Region& region, int width, int height, Mends& mends);

}  // namespace countersign
