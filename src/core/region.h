// One labelled piece of an item: a choice, a box, a span... One tagged value with one list of
// fields; which fields count is decided by `kind`.
//
// Units: boxes in pixels of the upright (EXIF-applied) image, origin top-left; spans in Unicode
// code points, half-open; segments in seconds from the decoded start.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fields.h"
#include "core/schema.h"

namespace countersign {

enum class Origin { model, edited, person, imported };
inline std::span<const EnumName<Origin>> enum_names(Origin) {
    static constexpr EnumName<Origin> rows[] = {{Origin::model, "model"},
                                                {Origin::edited, "edited"},
                                                {Origin::person, "person"},
                                                {Origin::imported, "imported"}};
    return rows;
}

/// TRUST.md section 9. `weak` and `ungrounded` are never pre-filled and never accepted by machine.
enum class Grounding { unchecked, grounded, repaired, weak, ungrounded };
inline std::span<const EnumName<Grounding>> enum_names(Grounding) {
    static constexpr EnumName<Grounding> rows[] = {{Grounding::unchecked, "unchecked"},
                                                   {Grounding::grounded, "grounded"},
                                                   {Grounding::repaired, "repaired"},
                                                   {Grounding::weak, "weak"},
                                                   {Grounding::ungrounded, "ungrounded"}};
    return rows;
}

/// A spoken word and when it was said. Seconds from the decoded start.
struct Word {
    std::string text;
    double start = 0, end = 0;
    std::optional<double> confidence;  ///< In [0, 1]: that it is the right word.
};

struct Region {
    std::string id;       ///< Unique among the task's regions; kept from draft to annotation.
    std::string control;  ///< Name of the control it answers.
    ControlKind kind = ControlKind::choices;
    std::vector<std::string> labels;  ///< One, or several for a multiple choice.

    double x = 0, y = 0, width = 0, height = 0;  ///< boxes, pixels
    double rotation = 0;                     ///< boxes, degrees clockwise about the top left corner
    std::vector<double> points;              ///< polygons and keypoints: x0, y0, x1, y1, ... pixels
    std::vector<std::vector<double>> rings;  ///< polygons: holes and parts apart (even-odd rule)
    std::vector<int> visible;   ///< keypoints: 0 not labelled, 1 hidden, 2 seen; empty: all seen
    double start = 0, end = 0;  ///< spans: code points; segments: seconds
    std::string text;           ///< spans: the slice; text: what was written
    std::vector<Word> words;    ///< text on audio: its words in order, where a time is known
    std::string parent;         ///< The region that an answer of a per-region control is about.
    std::string from, to;       ///< relations: ids of the regions it joins

    std::optional<double> confidence;  ///< In [0, 1]: what the model claims.
    std::optional<double>
        probability;  ///< In [0, 1]: calibrated; that an unassisted person keeps it.
    Origin origin = Origin::person;
    Grounding grounding = Grounding::unchecked;
    std::string reason;  ///< Why it is repaired, weak or ungrounded.
    Json meta;           ///< What a format carried that has no place above; null when nothing.
};

using Regions = std::vector<Region>;

template <class V>
void fields(V& v, Word& w) {
    v("text", w.text, "the word");
    v("start", w.start, "seconds");
    v("end", w.end, "seconds");
    v("confidence", w.confidence, "that it is the right word, 0 to 1");
}
template <class V>
void fields(V& v, Region& r) {
    v("id", r.id, "unique among the task's regions");
    v("control", r.control, "the control it answers");
    v("kind", r.kind, "which of the fields below count");
    v("labels", r.labels, "one label, or several for a multiple choice");
    v("x", r.x, "boxes: left edge, pixels of the upright image");
    v("y", r.y, "boxes: top edge, pixels");
    v("width", r.width, "boxes: pixels");
    v("height", r.height, "boxes: pixels");
    v("rotation", r.rotation, "boxes: degrees clockwise about the top left corner");
    v("points", r.points, "polygons and keypoints: x0, y0, x1, y1, ... pixels");
    v("rings", r.rings, "polygons: further rings, holes and parts apart (even-odd rule)");
    v("visible", r.visible, "keypoints: 0 not labelled, 1 hidden, 2 seen; empty: all seen");
    v("start", r.start, "spans: first code point; segments: seconds");
    v("end", r.end, "spans: one past the last code point; segments: seconds");
    v("text", r.text, "spans: the slice; text: what was written");
    v("words", r.words, "texts on audio: words in order, with their times in seconds");
    v("parent", r.parent, "per-region controls: the region it is about");
    v("from", r.from, "relations: the region it goes from");
    v("to", r.to, "relations: the region it goes to");
    v("confidence", r.confidence, "what the model claims, 0 to 1");
    v("probability", r.probability, "calibrated probability that an unassisted person keeps it");
    v("origin", r.origin, "who made it");
    v("grounding", r.grounding, "whether the draft is grounded in the item");
    v("reason", r.reason, "why it is repaired, weak or ungrounded");
    v("meta", r.meta, "what a file format carried beside it");
}

/// Regions <-> the compact JSON text that the store keeps and the wire carries: a list of objects
/// in which fields that do not count for the kind, or hold their default, are left out.
/// Hand-written appender; reading is tolerant of field order. `text_of` round trips exactly.
std::string regions_text(const Regions& regions);
Result<Regions> regions_from(std::string_view text);
Json region_json(const Region& region);
Result<Region> region_from(const Json& value);

/// The smallest upright box around what is drawn on an image, pixels; points that are not labelled
/// do not count.
struct Extent {
    double left = 0, top = 0, right = 0, bottom = 0;
};
Extent extent(const Region& region);

/// Intersection over union, in [0, 1]: of boxes (rotation ignored), of the extents of polygons and
/// keypoints, of the lengths of spans and segments.
double iou(const Region& a, const Region& b);

/// What is known of an item that regions lie on; 0 and empty: not known.
struct ItemFacts {
    int width = 0, height = 0;  ///< Upright pixels.
    std::string_view text = {};
    double seconds = 0;
};

/// Refuses what no desk may submit: a control or label the schema does not have, geometry that is
/// not finite, without area or outside the item by more than a pixel, doubled ids or answers, an
/// answer or relation without its regions. Clamps what sticks out by less, and sets the text of
/// spans. Required controls are checked when `complete`.
Result<Regions> check_regions(const Schema& schema, Regions regions, const ItemFacts& item,
                              bool complete);

/// How far `to` is from `from`: the least number of region insertions, deletions and changes (label
/// or geometry), 0 when a person accepted a draft as it stands. Regions match by id, else by the
/// control they answer or IoU >= 0.5.
int edit_distance(const Regions& from, const Regions& to);

}  // namespace countersign
