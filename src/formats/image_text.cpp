#include "formats/image_text.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace countersign {

namespace {

constexpr double same_pixel = 1e-6;
constexpr double bent = 2;  // Pixels that a turned box's corner may be off, when only boxes exist.

Corners corners_in(const Ring& ring) {
    Corners corners{};
    std::copy_n(ring.begin(), 8, corners.begin());
    return corners;
}

}  // namespace

Ring ring_around(const TurnedBox& box) {
    const auto corners = corners_of(box);
    return {corners.begin(), corners.end()};
}

bool WrittenTexts::has_label(std::string_view label) {
    return !schema_ || shapes_.has(ControlKind::boxes, label) ||
           shapes_.has(ControlKind::polygons, label);
}

std::string WrittenTexts::label_of(std::string_view said) {
    if (!said.empty()) return std::string(said);
    if (has_label("text")) return "text";
    std::string only;
    for (const auto& c : schema_->controls) {
        if (c.kind != ControlKind::boxes && c.kind != ControlKind::polygons) continue;
        for (const auto& l : c.labels) {
            if (!only.empty() && only != l.name) return {};
            only = l.name;
        }
    }
    return only;
}

std::optional<Region> WrittenTexts::shape(const Ring& ring, const std::string& label) {
    const bool four = ring.size() == 8;
    if (four)
        if (const auto box = box_of_corners(corners_in(ring), same_pixel))
            return shapes_.box(label, *box, mends_);
    const bool outlines = schema_ ? shapes_.has(ControlKind::polygons, label) : true;
    if (four && !outlines)
        if (const auto box = box_of_corners(corners_in(ring), bent))
            return shapes_.box(label, *box, mends_);
    return shapes_.outline(label, {ring}, mends_);
}

void WrittenTexts::add(const Ring& ring, std::string_view said, std::string text,
                       std::optional<double> confidence) {
    const auto label = label_of(said);
    if (label.empty())
        return mends_.left_out(
            "a text has no label, and the schema has not one for boxes or polygons but several or "
            "none");
    if (ring.size() < 6 || ring.size() % 2 != 0 ||
        !std::all_of(ring.begin(), ring.end(), [](double n) { return std::isfinite(n); }))
        return mends_.left_out("a shape has fewer than three corners, or one that is no number");
    auto drawn = shape(ring, label);
    if (!drawn) return;
    drawn->id = "r" + std::to_string(regions_.size() + 1);
    if (confidence && *confidence >= 0 && *confidence <= 1) drawn->confidence = confidence;
    Region written;
    written.parent = drawn->id;
    regions_.push_back(*std::move(drawn));
    if (trim(text).empty()) return;
    const Control* control = nullptr;
    if (schema_)
        for (const auto& c : schema_->controls)
            if (c.kind == ControlKind::text && c.per_region && !control) control = &c;
    if (schema_ && !control)
        return mends_.left_out("the schema has no text control that asks about each region");
    written.kind = ControlKind::text;
    written.id = written.parent + "-text";
    written.control = control ? control->name : "text";
    written.text = std::move(text);
    regions_.push_back(std::move(written));
}

bool WrittenTextWriter::labels_differ() const {
    std::string_view only;
    if (context_.project)
        for (const auto& c : context_.project->schema.controls)
            if (c.kind == ControlKind::boxes || c.kind == ControlKind::polygons)
                for (const auto& l : c.labels) {
                    if (!only.empty() && only != l.name) return true;
                    only = l.name;
                }
    return false;
}

std::string WrittenTextWriter::one_line(std::string_view text) {
    std::string out(text);
    if (out.find_first_of("\r\n\t") == std::string::npos) return out;
    losses_.add("line break in a text");
    for (char& c : out)
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    return out;
}

Result<> WrittenTextWriter::write(const ExportRecord& record, std::string& out) {
    const auto* label = record.label();
    if (!label || label->action == "skipped" || record.image_name.empty()) return Done{};
    const auto regions = TRY(regions_.parse(label->regions_text));
    std::vector<WrittenText> texts;
    for (const auto& r : regions) {
        const bool box = r.kind == ControlKind::boxes;
        if ((!box && r.kind != ControlKind::polygons) || r.labels.empty()) {
            const bool answer = r.kind == ControlKind::text && !r.parent.empty();
            if (!answer) losses_.add(r);
            continue;
        }
        WrittenText one{&r, r.labels.front(), {}, {}};
        if (!r.rings.empty()) losses_.add("hole or part of a polygon");
        one.ring = box ? ring_around(turned_box(r)) : r.points;
        for (const auto& t : regions)
            if (t.kind == ControlKind::text && !t.parent.empty() && t.parent == r.id)
                one.text += (one.text.empty() ? "" : " ") + t.text;
        texts.push_back(std::move(one));
    }
    const auto name = names_.name(record.image_name);
    TRY(write_one(record, name, texts, out));
    if (context_.image_bytes)
        zip_.add(std::string(image_folder()) + name, TRY(context_.image_bytes(record.sha256)), out);
    return Done{};
}

Result<> WrittenTextWriter::finish(std::string& out) {
    if (!losses_.empty()) zip_.add(left_out_file, losses_.text(), out);
    zip_.finish(out);
    return Done{};
}

}  // namespace countersign
