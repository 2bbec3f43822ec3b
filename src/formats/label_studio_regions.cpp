#include "formats/label_studio_regions.h"

#include <cmath>

#include "base/text.h"
#include "formats/json_row.h"
#include "formats/percent.h"

namespace countersign {

namespace {

/// The region type and the key of its labels in `value`, for each kind of control.
struct TypeRow {
    ControlKind kind;
    std::string_view type;
};
constexpr TypeRow types[] = {
    {ControlKind::choices, "choices"}, {ControlKind::boxes, "rectanglelabels"},
    {ControlKind::spans, "labels"},    {ControlKind::polygons, "polygonlabels"},
    {ControlKind::text, "textarea"},   {ControlKind::segments, "labels"}};

bool is_type(ControlKind kind, std::string_view type) {
    for (const auto& row : types)
        if (row.kind == kind && row.type == type) return true;
    return false;
}

/// Turns one `result` list into regions.
class ResultReader {
public:
    explicit ResultReader(const ResultContext& c)
        : schema_(c.schema),
          source_key_(c.source_key),
          row_(c.row),
          text_(c.text),
          mends_(c.mends) {}

    Regions regions(Dom result) {
        Regions all;
        simdjson::dom::array list;
        if (result.get(list)) return mends_.left_out("\"result\" is not a list"), all;
        for (const Dom item : list) {
            auto region = one(item);
            if (region)
                all.push_back(*std::move(region));
            else
                mends_.left_out(region.refusal().message);
        }
        fit_regions(all, nullptr, row_.width, row_.height, mends_);
        settle_ids(all);
        return all;
    }

private:
    static Refusal fault(std::string why) { return {Code::invalid, std::move(why)}; }

    Result<Region> one(Dom item) {
        const auto type = text_of(item, "type").value_or("");
        const auto value = member(item, "value");
        if (type == "relation") return fault("relations are not taken");
        if (!value || !value->is_object()) return fault("a region has no \"value\"");
        Region r;
        r.id = text_of(item, "id").value_or("");
        r.origin = Origin::imported;
        if (const auto score = number_of(item, "score")) {
            if (*score >= 0 && *score <= 1)
                r.confidence = score;
            else
                mends_.mended("a score outside 0 to 1 was dropped");
        }
        TRY(find_control(item, type, *value, r));
        check_target(item);
        if (r.kind != ControlKind::text) TRY(take_labels(*value, type, r));
        switch (r.kind) {
            case ControlKind::boxes:
                TRY(take_box(item, *value, r));
                break;
            case ControlKind::polygons:
                TRY(take_polygon(item, *value, r));
                break;
            case ControlKind::spans:
                TRY(take_span(*value, r));
                break;
            case ControlKind::segments:
                TRY(take_segment(*value, r));
                break;
            case ControlKind::text:
                TRY(take_text(*value, r));
                break;
            case ControlKind::keypoints:
            case ControlKind::relations:
            case ControlKind::rating:
                return fault(std::string(name_of(r.kind)) + " are not taken");
            case ControlKind::choices:
                break;
        }
        return r;
    }

    /// The control is the one called `from_name`; failing that, the only one that takes this type.
    Result<> find_control(Dom item, std::string_view type, Dom value, Region& r) {
        const auto from = text_of(item, "from_name").value_or("");
        if (!schema_) {
            for (const auto& row : types)
                if (row.type == type) {
                    const bool seconds =
                        type == "labels" && !text_of(value, "text") && text_.empty();
                    r.kind = seconds ? ControlKind::segments : row.kind;
                    r.control = from;
                    return Done{};
                }
            return fault("regions of type " + in_quotes(type) + " are not taken");
        }
        const auto* control = schema_->control(from);
        if (control && !is_type(control->kind, type))
            return fault("from_name " + in_quotes(from) + " is a control for " +
                         std::string(name_of(control->kind)) + ", and the region's type is " +
                         in_quotes(type));
        if (!control) {
            for (const auto& c : schema_->controls)
                if (is_type(c.kind, type)) control = control ? nullptr : &c;
            if (!control)
                return fault("from_name " + in_quotes(from) + " of type " + in_quotes(type) +
                             " is not a control of the schema, which has " +
                             control_names(*schema_));
            mends_.mended("from_name " + in_quotes(from) + " was read as control " +
                          in_quotes(control->name));
        }
        r.control = control->name;
        r.kind = control->kind;
        return Done{};
    }

    void check_target(Dom item) {
        const auto to = text_of(item, "to_name").value_or("");
        if (to != source_key_)
            mends_.mended("to_name " + in_quotes(to) + " was read as " + in_quotes(source_key_));
    }

    Result<> take_labels(Dom value, std::string_view type, Region& r) {
        simdjson::dom::array list;
        if (value.at_key(type).get(list))
            return fault("a region has no labels under " + in_quotes(type));
        const auto* control = schema_ ? schema_->control(r.control) : nullptr;
        for (const Dom item : list) {
            std::string_view name;
            if (item.get(name)) return fault("a label under " + in_quotes(type) + " is not a text");
            const auto* label = control ? Schema::find_label(*control, name) : nullptr;
            if (control && !label)
                return fault(in_quotes(name) + " is not a label of control " +
                             in_quotes(r.control) + " (add it, or make it an alias)");
            r.labels.push_back(label ? label->name : std::string(name));
        }
        if (r.labels.empty())
            return fault("a region of control " + in_quotes(r.control) + " has no label");
        if (r.labels.size() > 1 && control &&
            !(control->kind == ControlKind::choices && control->multiple))
            return fault("control " + in_quotes(r.control) +
                         " takes one label, and a region has several");
        return Done{};
    }

    Result<std::pair<double, double>> image_size(Dom item) const {
        if (number_of(item, "image_rotation").value_or(0) != 0)
            return fault(
                "a region belongs to a turned image (image_rotation): turn the image itself");
        double w = row_.width, h = row_.height;
        if (w <= 0 || h <= 0) {
            w = number_of(item, "original_width").value_or(0);
            h = number_of(item, "original_height").value_or(0);
        }
        if (!(w > 0 && h > 0))
            return fault("the size of the image is not known: import the image with it");
        return std::pair(w, h);
    }

    Result<> take_box(Dom item, Dom value, Region& r) const {
        const auto [w, h] = TRY(image_size(item));
        const auto x = number_of(value, "x"), y = number_of(value, "y");
        const auto width = number_of(value, "width"), height = number_of(value, "height");
        if (!x || !y || !width || !height) return fault("a box lacks x, y, width or height");
        const double percents[] = {*x, *y, *width, *height};
        double pixels[4];
        for (int i = 0; i < 4; ++i) pixels[i] = pixels_of(percents[i], i % 2 == 0 ? w : h);
        restore_pixels(item, pixels, 4);
        r.x = pixels[0], r.y = pixels[1], r.width = pixels[2], r.height = pixels[3];
        r.rotation = number_of(value, "rotation").value_or(0);
        return Done{};
    }

    Result<> take_polygon(Dom item, Dom value, Region& r) const {
        const auto [w, h] = TRY(image_size(item));
        simdjson::dom::array points;
        if (value.at_key("points").get(points)) return fault("a polygon has no \"points\"");
        for (const Dom point : points) {
            simdjson::dom::array pair;
            double x, y;
            if (point.get(pair) || pair.size() != 2 || pair.at(0).get(x) || pair.at(1).get(y))
                return fault("a point of a polygon is not a pair of numbers");
            r.points.push_back(pixels_of(x, w));
            r.points.push_back(pixels_of(y, h));
        }
        if (r.points.size() < 6) return fault("a polygon has fewer than three points");
        restore_pixels(item, r.points.data(), r.points.size());
        return Done{};
    }

    /// Our own export says pixels too where no percent reads back as exactly the same pixels. They
    /// count unless the region was moved since.
    static void restore_pixels(Dom item, double* pixels, std::size_t n) {
        simdjson::dom::array exact;
        if (item["meta"]["pixels"].get(exact) || exact.size() != n) return;
        std::vector<double> values;
        for (const Dom v : exact) {
            double value;
            if (v.get(value) || std::abs(value - pixels[values.size()]) > 1e-6) return;
            values.push_back(value);
        }
        std::copy(values.begin(), values.end(), pixels);
    }

    Result<> take_span(Dom value, Region& r) const {
        const auto start = integer_of(value, "start"), end = integer_of(value, "end");
        if (!start || !end)
            return fault(
                "a span has no whole numbers for start and end (HTML spans are not taken)");
        const auto from = from_utf16(text_, *start), to = from_utf16(text_, *end);
        if (!from || !to || *from >= *to)
            return fault("a span from " + std::to_string(*start) + " to " + std::to_string(*end) +
                         " does not lie inside the text");
        r.start = static_cast<double>(*from);
        r.end = static_cast<double>(*to);
        r.text = slice(text_, *from, *to).value_or("");
        if (const auto said = text_of(value, "text"); said && *said != r.text)
            mends_.mended("the text of a span was not what stands there, and was cut again");
        return Done{};
    }

    static Result<> take_segment(Dom value, Region& r) {
        const auto start = number_of(value, "start"), end = number_of(value, "end");
        if (!start || !end || *start < 0 || *start >= *end)
            return fault("a segment lacks start and end in seconds");
        r.start = *start;
        r.end = *end;
        return Done{};
    }

    static Result<> take_text(Dom value, Region& r) {
        const auto text = member(value, "text");
        if (!text) return fault("a text area has no \"text\"");
        simdjson::dom::array lines;
        if (text->get(lines)) {
            r.text = as_text(*text);
            return Done{};
        }
        for (const Dom line : lines) r.text += (r.text.empty() ? "" : "\n") + as_text(line);
        return Done{};
    }

    const Schema* schema_;
    std::string_view source_key_;
    const ImportedRow& row_;
    std::string_view text_;
    Mends& mends_;
};

}  // namespace

Regions label_studio_regions(Dom result, const ResultContext& context) {
    return ResultReader(context).regions(result);
}

}  // namespace countersign
