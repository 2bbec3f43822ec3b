#include "formats/label_studio_value.h"

#include <cmath>

#include "base/text.h"
#include "formats/brush.h"
#include "formats/percent.h"

namespace countersign {

namespace {

Refusal value_fault(std::string why) {
    return {Code::invalid, std::move(why)};
}

/// Our own export says pixels too where no percent reads back as exactly the same pixels. They
/// count unless the region was moved since; false: it was.
bool restore_pixels(Dom item, double* pixels, std::size_t n) {
    simdjson::dom::array exact;
    if (item["meta"]["pixels"].get(exact) || exact.size() != n) return false;
    std::vector<double> values;
    for (const Dom v : exact) {
        double value;
        if (v.get(value) || std::abs(value - pixels[values.size()]) > 1e-6) return false;
        values.push_back(value);
    }
    std::copy(values.begin(), values.end(), pixels);
    return true;
}

std::optional<std::vector<std::vector<double>>> rings_of(Dom item) {
    simdjson::dom::array rings;
    if (item["meta"]["rings"].get(rings)) return std::nullopt;
    std::vector<std::vector<double>> out;
    for (const Dom ring : rings) {
        simdjson::dom::array numbers;
        if (ring.get(numbers) || numbers.size() < 6 || numbers.size() % 2 != 0) return std::nullopt;
        auto& into = out.emplace_back();
        for (const Dom number : numbers)
            if (number.get(into.emplace_back())) return std::nullopt;
    }
    return out;
}

}  // namespace

Result<> LabelStudioValues::take(Dom item, Dom value, Region& r) const {
    using Take = Result<> (LabelStudioValues::*)(Dom, Dom, Region&) const;
    static constexpr std::pair<ControlKind, Take> rows[] = {
        {ControlKind::boxes, &LabelStudioValues::take_box},
        {ControlKind::polygons, &LabelStudioValues::take_polygon},
        {ControlKind::keypoints, &LabelStudioValues::take_point},
        {ControlKind::spans, &LabelStudioValues::take_span},
        {ControlKind::segments, &LabelStudioValues::take_segment},
        {ControlKind::text, &LabelStudioValues::take_text},
        {ControlKind::choices, &LabelStudioValues::take_nothing},
        {ControlKind::rating, &LabelStudioValues::take_nothing}};
    for (const auto& [kind, take_it] : rows)
        if (kind == r.kind) return (this->*take_it)(item, value, r);
    return value_fault(std::string(name_of(r.kind)) + " are not taken");
}

Result<> LabelStudioValues::take_nothing(Dom, Dom, Region&) const {
    return Done{};
}

Result<> LabelStudioValues::take_labels(Dom value, std::string_view type, Region& r) const {
    if (r.kind == ControlKind::text) return Done{};
    const auto* control = c_.schema ? c_.schema->control(r.control) : nullptr;
    if (r.kind == ControlKind::rating) {
        const auto stars = integer_of(value, "rating");
        if (!stars || *stars < 1 || *stars > 1000)
            return value_fault("a rating is not a whole number from 1 on");
        if (control && static_cast<std::size_t>(*stars) > control->labels.size())
            return value_fault("a rating of " + std::to_string(*stars) + " is more than control " +
                               in_quotes(r.control) + " has steps");
        r.labels = {control ? control->labels[static_cast<std::size_t>(*stars) - 1].name
                            : std::to_string(*stars)};
        return Done{};
    }
    simdjson::dom::array list;
    if (value.at_key(type).get(list))
        return value_fault("a region has no labels under " + in_quotes(type));
    for (const Dom item : list) {
        std::string_view name;
        if (item.get(name))
            return value_fault("a label under " + in_quotes(type) + " is not a text");
        const auto* label = control ? Schema::find_label(*control, name) : nullptr;
        if (control && !label)
            return value_fault(in_quotes(name) + " is not a label of control " +
                               in_quotes(r.control) + " (add it, or make it an alias)");
        r.labels.push_back(label ? label->name : std::string(name));
    }
    if (r.labels.empty())
        return value_fault("a region of control " + in_quotes(r.control) + " has no label");
    if (r.labels.size() > 1 && control &&
        !(control->kind == ControlKind::choices && control->multiple))
        return value_fault("control " + in_quotes(r.control) +
                           " takes one label, and a region has several");
    return Done{};
}

Result<std::pair<double, double>> LabelStudioValues::image_size(Dom item) const {
    if (number_of(item, "image_rotation").value_or(0) != 0)
        return value_fault(
            "a region belongs to a turned image (image_rotation): turn the image itself");
    double w = c_.row.width, h = c_.row.height;
    if (w <= 0 || h <= 0) {
        w = number_of(item, "original_width").value_or(0);
        h = number_of(item, "original_height").value_or(0);
    }
    if (!(w > 0 && h > 0))
        return value_fault("the size of the image is not known: import the image with it");
    return std::pair(w, h);
}

Result<> LabelStudioValues::take_box(Dom item, Dom value, Region& r) const {
    const auto [w, h] = TRY(image_size(item));
    const auto x = number_of(value, "x"), y = number_of(value, "y");
    const auto width = number_of(value, "width"), height = number_of(value, "height");
    if (!x || !y || !width || !height) return value_fault("a box lacks x, y, width or height");
    const double percents[] = {*x, *y, *width, *height};
    double pixels[4];
    for (int i = 0; i < 4; ++i) pixels[i] = pixels_of(percents[i], i % 2 == 0 ? w : h);
    restore_pixels(item, pixels, 4);
    r.x = pixels[0], r.y = pixels[1], r.width = pixels[2], r.height = pixels[3];
    r.rotation = number_of(value, "rotation").value_or(0);
    return Done{};
}

/// What is painted counts in the pixels that the item says, whatever the image has here.
Result<> LabelStudioValues::take_painted(Dom item, Dom rle, Region& r) const {
    const auto [w, h] = TRY(image_size(item));
    const auto wide = integer_of(item, "original_width"),
               high = integer_of(item, "original_height");
    if (!wide || !high || *wide < 1 || *high < 1 || *wide > longest_mask_side ||
        *high > longest_mask_side)
        return value_fault("a brush mask lacks original_width or original_height");
    simdjson::dom::array list;
    if (rle.get(list)) return value_fault("the \"rle\" of a brush mask is not a list");
    std::vector<std::uint8_t> bytes;
    for (const Dom one : list) {
        std::uint64_t byte;
        if (one.get(byte) || byte > 255)
            return value_fault("the \"rle\" of a brush mask holds something that is no byte");
        bytes.push_back(static_cast<std::uint8_t>(byte));
    }
    auto rings = TRY(rings_of_brush(bytes, static_cast<int>(*wide), static_cast<int>(*high)));
    if (rings.empty()) return value_fault("nothing is painted in a brush mask");
    for (auto& ring : rings)
        for (std::size_t i = 0; i < ring.size(); ++i)
            ring[i] *= i % 2 == 0 ? w / static_cast<double>(*wide) : h / static_cast<double>(*high);
    r.points = std::move(rings.front());
    rings.erase(rings.begin());
    r.rings = std::move(rings);
    return Done{};
}

Result<> LabelStudioValues::take_polygon(Dom item, Dom value, Region& r) const {
    if (const auto rle = member(value, "rle")) return take_painted(item, *rle, r);
    const auto [w, h] = TRY(image_size(item));
    simdjson::dom::array points;
    if (value.at_key("points").get(points)) return value_fault("a polygon has no \"points\"");
    for (const Dom point : points) {
        simdjson::dom::array pair;
        double x, y;
        if (point.get(pair) || pair.size() != 2 || pair.at(0).get(x) || pair.at(1).get(y))
            return value_fault("a point of a polygon is not a pair of numbers");
        r.points.push_back(pixels_of(x, w));
        r.points.push_back(pixels_of(y, h));
    }
    if (r.points.size() < 6) return value_fault("a polygon has fewer than three points");
    const bool unmoved = restore_pixels(item, r.points.data(), r.points.size());
    if (auto rings = rings_of(item)) {
        if (unmoved)
            r.rings = *std::move(rings);
        else
            c_.mends.mended("the holes of a polygon that was moved were dropped");
    }
    return Done{};
}

Result<> LabelStudioValues::take_point(Dom item, Dom value, Region& r) const {
    const auto [w, h] = TRY(image_size(item));
    const auto x = number_of(value, "x"), y = number_of(value, "y");
    if (!x || !y) return value_fault("a keypoint lacks x or y");
    r.points = {pixels_of(*x, w), pixels_of(*y, h)};
    restore_pixels(item, r.points.data(), 2);
    return Done{};
}

Result<> LabelStudioValues::take_span(Dom, Dom value, Region& r) const {
    const auto start = integer_of(value, "start"), end = integer_of(value, "end");
    if (!start || !end)
        return value_fault(
            "a span has no whole numbers for start and end (HTML spans are not taken)");
    const auto from = from_utf16(c_.text, *start), to = from_utf16(c_.text, *end);
    if (!from || !to || *from >= *to)
        return value_fault("a span from " + std::to_string(*start) + " to " + std::to_string(*end) +
                           " does not lie inside the text");
    r.start = static_cast<double>(*from);
    r.end = static_cast<double>(*to);
    r.text = slice(c_.text, *from, *to).value_or("");
    if (const auto said = text_of(value, "text"); said && *said != r.text)
        c_.mends.mended("the text of a span was not what stands there, and was cut again");
    return Done{};
}

Result<> LabelStudioValues::take_segment(Dom, Dom value, Region& r) const {
    const auto start = number_of(value, "start"), end = number_of(value, "end");
    if (!start || !end || *start < 0 || *start >= *end)
        return value_fault("a segment lacks start and end in seconds");
    r.start = *start;
    r.end = *end;
    return Done{};
}

Result<> LabelStudioValues::take_text(Dom, Dom value, Region& r) const {
    const auto text = member(value, "text");
    if (!text) return value_fault("a text area has no \"text\"");
    simdjson::dom::array lines;
    if (text->get(lines)) {
        r.text = as_text(*text);
        return Done{};
    }
    for (const Dom line : lines) r.text += (r.text.empty() ? "" : "\n") + as_text(line);
    return Done{};
}

}  // namespace countersign
