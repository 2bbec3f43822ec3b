#include "formats/label_studio_cue.h"

#include "formats/json_out.h"
#include "formats/label_studio_regions.h"
#include "formats/percent.h"

namespace countersign {

namespace {

class PointerWriter {
public:
    PointerWriter(const Schema& schema, const ItemFacts& item, const std::string& label)
        : schema_(schema), item_(item), label_(label) {}

    std::string write(const Cue& cue, std::string list) {
        out_ = std::move(list);
        out_.pop_back();
        for (const auto& box : cue.boxes)
            add(cue_box_name, ControlKind::boxes, 1, [&](Members& value) {
                place(value, box.x, box.y);
                value.number("width", percent(box.width, item_.width));
                value.number("height", percent(box.height, item_.height));
                value.number("rotation", std::int64_t{0});
            });
        for (const auto& point : cue.points)
            add(cue_point_name, ControlKind::keypoints, point.on ? 1 : 0, [&](Members& value) {
                place(value, point.x, point.y);
                value.number("width", std::optional(point_size));
            });
        return out_ + "]";
    }

private:
    template <class Place>
    void add(std::string_view name, ControlKind kind, std::int64_t positive, Place&& where) {
        out_ += out_.back() == '[' ? "{" : ",{";
        Members m(out_);
        m.text("id", "cue" + std::to_string(++number_));
        m.text("from_name", name);
        m.text("to_name", schema_.source);
        m.text("type", label_studio_type(kind));
        m.text("origin", "manual");
        m.number("original_width", std::int64_t{item_.width});
        m.number("original_height", std::int64_t{item_.height});
        m.number("image_rotation", std::int64_t{0});
        if (kind == ControlKind::keypoints) m.number("is_positive", positive);
        m.raw("value", "{");
        Members value(out_);
        where(value);
        std::string names = "[";
        append_json_string(names, label_);
        value.raw(label_studio_type(kind), names + "]");
        out_ += "}}";
    }
    void place(Members& value, double x, double y) const {
        value.number("x", percent(x, item_.width));
        value.number("y", percent(y, item_.height));
    }
    static std::optional<double> percent(double pixels, int size) {
        bool exact = false;
        return percent_of(pixels, size, exact);
    }

    static constexpr double point_size = 0.5;  // Percent of the image's width, as drawn there.
    const Schema& schema_;
    const ItemFacts& item_;
    const std::string& label_;
    std::string out_;
    int number_ = 0;
};

}  // namespace

Result<std::string> label_studio_cue(const Cue& cue, const Schema& schema, const ItemFacts& item) {
    if ((!cue.boxes.empty() || !cue.points.empty()) && (item.width <= 0 || item.height <= 0))
        return Refusal{Code::invalid, "The size of the image is not known."};
    ExportRecord record;
    record.width = item.width;
    record.height = item.height;
    record.seconds = item.seconds;
    std::string list;
    TRY(append_label_studio(list, cue.regions, {&schema, schema.source, record, item.text}));
    return PointerWriter(schema, item, cue.label).write(cue, std::move(list));
}

}  // namespace countersign
