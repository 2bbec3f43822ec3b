// A cue: what a person at the desk points at for a model to answer (Label Studio: interactive
// context, smart tools). Nothing of it is stored.
#pragma once

#include <string>
#include <vector>

#include "core/region.h"

namespace countersign {

struct CueBox {
    double x = 0, y = 0, width = 0, height = 0;
};
template <class V>
void fields(V& v, CueBox& o) {
    v("x", o.x, "left edge, pixels of the upright image");
    v("y", o.y, "top edge, pixels");
    v("width", o.width, "pixels");
    v("height", o.height, "pixels");
}

struct CuePoint {
    double x = 0, y = 0;
    bool on = true;
};
template <class V>
void fields(V& v, CuePoint& o) {
    v("x", o.x, "pixels of the upright image, from the left");
    v("y", o.y, "pixels, from the top");
    v("on", o.on, "false: what is meant is not here");
}

struct Cue {
    std::string label;  ///< In the person's hand: what the thing would be called.
    std::vector<CueBox> boxes;
    std::vector<CuePoint> points;
    Regions regions;  ///< Of the answer in the making: what the question is about.

    bool empty() const { return boxes.empty() && points.empty() && regions.empty(); }
};

/// Refuses an empty cue, more than 20 boxes, 100 points or 20 regions, a label that no drawn
/// control of the schema has, boxes and points on what is no image, numbers that are not finite or
/// lie outside the image by more than a pixel, boxes without area, and regions that check_regions()
/// refuses. What sticks out by less is clamped; an empty label becomes the first one.
Result<Cue> check_cue(const Schema& schema, Cue cue, const ItemFacts& item);

}  // namespace countersign
