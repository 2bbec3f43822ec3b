// Wire types of help in the middle of a task.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/fields.h"
#include "core/cue.h"

namespace countersign {

enum class AssistKind { outline };
inline std::span<const EnumName<AssistKind>> enum_names(AssistKind) {
    static constexpr EnumName<AssistKind> rows[] = {{AssistKind::outline, "outline"}};
    return rows;
}

struct AssistBox {
    double x = 0, y = 0, width = 0, height = 0;
};
template <class V>
void fields(V& v, AssistBox& o) {
    v("x", o.x, "left edge, pixels of the upright image");
    v("y", o.y, "top edge, pixels");
    v("width", o.width, "pixels");
    v("height", o.height, "pixels");
}

struct AssistBody {
    AssistKind kind = AssistKind::outline;
    AssistBox box;
    std::vector<std::vector<double>> include;
    std::vector<std::vector<double>> exclude;
};
template <class V>
void fields(V& v, AssistBody& o) {
    v("kind", o.kind, "outline: a polygon around the thing in the box");
    v("box", o.box, "where the thing is");
    v("include", o.include, "[x, y] pixels that are on the thing, at most 100");
    v("exclude", o.exclude, "[x, y] pixels that are not, at most 100");
}

struct OutlineOut {
    std::vector<double> points;
    std::vector<std::vector<double>> rings;
};
template <class V>
void fields(V& v, OutlineOut& o) {
    v("points", o.points, "x0, y0, x1, y1, ... of the largest piece, pixels");
    v("rings", o.rings, "holes and other pieces (even-odd rule)");
}

struct CueModelOut {
    std::string model;
    std::string name;
};
template <class V>
void fields(V& v, CueModelOut& o) {
    v("model", o.model, "k...");
    v("name", o.name, "shown name");
}

struct CueBody {
    std::string model;
    std::string label;
    std::vector<CueBox> boxes;
    std::vector<CuePoint> points;
    std::vector<Region> regions;
};
template <class V>
void fields(V& v, CueBody& o) {
    v("model", o.model, "k..., of those that answer cues");
    v("label", o.label, "what the thing would be called; empty: the first label");
    v("boxes", o.boxes, "images: the thing is in these, at most 20");
    v("points", o.points, "images: the thing is here, or is not, at most 100");
    v("regions", o.regions, "of the answer in the making: what the question is about, at most 20");
}

struct CueOut {
    std::string model;
    std::string name;
    std::string version;
    std::vector<Region> regions;
};
template <class V>
void fields(V& v, CueOut& o) {
    v("model", o.model, "k...");
    v("name", o.name, "of the model");
    v("version", o.version, "of the model");
    v("regions", o.regions,
      "what it says, possibly nothing; answers among them may be about regions of the question");
}

struct AssistOut {
    OutlineOut region;
};
template <class V>
void fields(V& v, AssistOut& o) {
    v("region", o.region, "the polygon that was found; nothing is stored");
}

}  // namespace countersign
