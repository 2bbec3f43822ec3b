// What a project asks of people: one item of one modality, and the controls that label it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fields.h"

namespace countersign {

enum class Modality { text, image, audio };
inline std::span<const EnumName<Modality>> enum_names(Modality) {
    static constexpr EnumName<Modality> rows[] = {
        {Modality::text, "text"}, {Modality::image, "image"}, {Modality::audio, "audio"}};
    return rows;
}

/// What a control asks of a person; Label Studio's tags in brackets.
enum class ControlKind {
    choices,    // Choices
    boxes,      // RectangleLabels
    spans,      // Labels on Text
    polygons,   // PolygonLabels
    text,       // TextArea
    segments,   // Labels on Audio
    keypoints,  // KeyPointLabels
    relations,  // Relations
    rating      // Rating
};
inline std::span<const EnumName<ControlKind>> enum_names(ControlKind) {
    static constexpr EnumName<ControlKind> rows[] = {
        {ControlKind::choices, "choices"},     {ControlKind::boxes, "boxes"},
        {ControlKind::spans, "spans"},         {ControlKind::polygons, "polygons"},
        {ControlKind::text, "text"},           {ControlKind::segments, "segments"},
        {ControlKind::keypoints, "keypoints"}, {ControlKind::relations, "relations"},
        {ControlKind::rating, "rating"}};
    return rows;
}

/// One row a kind: who needs to know what sort of answer it is reads it here.
struct KindFacts {
    ControlKind kind;
    bool drawn;     ///< Has a place on the item; can carry answers of its own, and be related.
    bool answers;   ///< Answers a question about the item, or `per_region` about each drawn region.
    bool labelled;  ///< A region of it has a label.
    bool on_text, on_image, on_audio;
};
const KindFacts& facts_of(ControlKind kind);

struct Label {
    std::string name;
    std::string hotkey;                ///< One key, or empty: the desk gives 1-9, 0 in order.
    std::string color;                 ///< "#rrggbb", or empty: the desk's colour-blind-safe set.
    std::string guideline;             ///< Markdown shown when the label is under the cursor.
    std::vector<std::string> aliases;  ///< Names that models and files use for it.
};

struct Control {
    std::string name;  ///< Unique in the schema; Label Studio's from_name.
    ControlKind kind = ControlKind::choices;
    std::string title;
    bool multiple = false;      ///< choices: more than one may be chosen; text: several texts.
    bool required = true;       ///< choices, rating and text: submit is refused without it.
    std::vector<Label> labels;  ///< rating: in order, least first.
    bool per_region = false;    ///< choices, rating and text: asked about each drawn region.
    std::vector<std::string> points;  ///< keypoints: names in order; empty: one point a region.
    std::vector<int> lines;           ///< keypoints: pairs of places in `points` that a line joins.
};

struct Schema {
    Modality modality = Modality::text;
    std::string source;  ///< The key of the item in a task's data: "text", "image", "audio".
    std::vector<Control> controls;

    const Control* control(std::string_view name) const;
    /// The label called `name` in `control`, by exact name, alias, then case-insensitively.
    static const Label* find_label(const Control& control, std::string_view name);
};

/// Says what is wrong with a schema a person wrote: no controls, doubled names or keys, labels
/// missing, a control that does not fit the modality or the other controls. Fills an empty `source`
/// with the modality's name, and a rating without labels with 1 to 5.
Result<Schema> check_schema(Schema schema);

template <class V>
void fields(V& v, Label& l) {
    v("name", l.name, "the label, unique in its control");
    v("hotkey", l.hotkey, "one key; empty: given by position");
    v("color", l.color, "#rrggbb; empty: the desk's own set");
    v("guideline", l.guideline, "Markdown shown beside the item");
    v("aliases", l.aliases, "names that models and files use for this label");
}
template <class V>
void fields(V& v, Control& c) {
    v("name", c.name, "unique in the schema");
    v("kind", c.kind, "what a person draws or chooses");
    v("title", c.title, "shown above the control");
    v("multiple", c.multiple, "choices: more than one may be chosen; text: several texts");
    v("required", c.required, "submit is refused without it");
    v("per_region", c.per_region, "choices, rating and text: asked about each drawn region");
    v("labels", c.labels, "what can be chosen or drawn; rating: in order, least first");
    v("points", c.points, "keypoints: names in order; empty: one point a region");
    v("lines", c.lines, "keypoints: pairs of places in points that a line joins");
}
template <class V>
void fields(V& v, Schema& s) {
    v("modality", s.modality, "what an item is");
    v("source", s.source, "the key of the item in a task's data");
    v("controls", s.controls, "what is asked about each item");
}

}  // namespace countersign
