#include "formats/label_config_tags.h"

namespace countersign {

namespace {

constexpr ItemTag item_tags[] = {
    {"Text", Modality::text},
    {"Image", Modality::image},
    {"Audio", Modality::audio},
    {"HyperText", Modality::text, "HTML is shown and labelled as plain text"},
    {"AudioPlus", Modality::audio}};

using Names = std::string_view[];
constexpr Names choices_has = {"name",     "toName",    "choice",
                               "required", "perRegion", "requiredMessage"};
constexpr Names drawn_has = {"name", "toName"};
constexpr Names points_has = {"name", "toName", "points", "lines"};
constexpr Names text_has = {"name",      "toName",         "required",
                            "perRegion", "maxSubmissions", "requiredMessage"};
constexpr Names rating_has = {"name",      "toName", "required",       "perRegion",
                              "maxRating", "labels", "requiredMessage"};
constexpr Names relations_has = {"name"};

constexpr ControlTag control_tags[] = {
    {"Choices", ControlKind::choices, "Choice", choices_has},
    {"RectangleLabels", ControlKind::boxes, "Label", drawn_has},
    {"Labels", ControlKind::spans, "Label", drawn_has},
    {"Labels", ControlKind::segments, "Label", drawn_has},
    {"HyperTextLabels", ControlKind::spans, "Label", drawn_has},
    {"PolygonLabels", ControlKind::polygons, "Label", drawn_has},
    {"KeyPointLabels", ControlKind::keypoints, "Label", points_has},
    {"TextArea", ControlKind::text, "", text_has},
    {"Rating", ControlKind::rating, "", rating_has},
    {"Relations", ControlKind::relations, "Relation", relations_has}};

struct Foreign {
    std::string_view tag, why;
};
constexpr std::string_view unlabelled =
    "regions without a label cannot be kept; use the tag with \"Labels\" in its name";
constexpr std::string_view no_item = "items of this sort are not had here";
constexpr std::string_view no_kind = "labels of this sort are not had here";
constexpr Foreign foreign_tags[] = {{"Rectangle", unlabelled},
                                    {"Polygon", unlabelled},
                                    {"KeyPoint", unlabelled},
                                    {"Ellipse", no_kind},
                                    {"EllipseLabels", no_kind},
                                    {"Brush", no_kind},
                                    {"BrushLabels", no_kind},
                                    {"BitmaskLabels", no_kind},
                                    {"MagicWand", no_kind},
                                    {"VectorLabels", no_kind},
                                    {"VideoRectangle", no_kind},
                                    {"TimeSeriesLabels", no_kind},
                                    {"ParagraphLabels", no_kind},
                                    {"Number", no_kind},
                                    {"DateTime", no_kind},
                                    {"Taxonomy", no_kind},
                                    {"Ranker", no_kind},
                                    {"Pairwise", no_kind},
                                    {"Shortcut", "texts to insert by a key are not had here"},
                                    {"Paragraphs", no_item},
                                    {"Video", no_item},
                                    {"TimeSeries", no_item},
                                    {"Table", no_item},
                                    {"List", no_item},
                                    {"PDF", no_item},
                                    {"Style", "how the page looks is the desk's own"},
                                    {"Filter", "the desk finds labels itself"},
                                    {"Collapse", "the desk has its own layout"},
                                    {"Panel", "the desk has its own layout"},
                                    {"Repeater", "controls that repeat are taken once"}};

}  // namespace

const ItemTag* find_item_tag(std::string_view tag) {
    for (const auto& row : item_tags)
        if (row.tag == tag) return &row;
    return nullptr;
}
std::string_view item_tag(Modality modality) {
    for (const auto& row : item_tags)
        if (row.modality == modality) return row.tag;
    return {};
}
const ControlTag* find_control_tag(std::string_view tag) {
    for (const auto& row : control_tags)
        if (row.tag == tag) return &row;
    return nullptr;
}
const ControlTag& control_tag(ControlKind kind) {
    for (const auto& row : control_tags)
        if (row.kind == kind) return row;
    return control_tags[0];
}
std::string_view find_foreign_tag(std::string_view tag) {
    for (const auto& row : foreign_tags)
        if (row.tag == tag) return row.why;
    return {};
}

}  // namespace countersign
