#include "core/region.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace countersign {

namespace {

/// Appends `"name":` behind a comma where one is due.
void key(std::string& out, std::string_view name) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
}
void put(std::string& out, std::string_view name, std::string_view text) {
    if (text.empty()) return;
    key(out, name);
    append_json_string(out, text);
}
void put(std::string& out, std::string_view name, double number) {
    key(out, name);
    append_json_number(out, number);
}

void append_region(std::string& out, const Region& r) {
    out += '{';
    put(out, "id", r.id);
    put(out, "control", r.control);
    put(out, "kind", name_of(r.kind));
    if (!r.labels.empty()) {
        key(out, "labels");
        out += '[';
        for (const auto& label : r.labels) {
            if (out.back() != '[') out += ',';
            append_json_string(out, label);
        }
        out += ']';
    }
    if (r.kind == ControlKind::boxes) {
        put(out, "x", r.x);
        put(out, "y", r.y);
        put(out, "width", r.width);
        put(out, "height", r.height);
        if (r.rotation != 0) put(out, "rotation", r.rotation);
    }
    if (!r.points.empty()) {
        key(out, "points");
        out += '[';
        for (const double p : r.points) {
            if (out.back() != '[') out += ',';
            append_json_number(out, p);
        }
        out += ']';
    }
    if (r.kind == ControlKind::spans || r.kind == ControlKind::segments) {
        put(out, "start", r.start);
        put(out, "end", r.end);
    }
    put(out, "text", r.text);
    if (r.confidence) put(out, "confidence", *r.confidence);
    if (r.probability) put(out, "probability", *r.probability);
    put(out, "origin", name_of(r.origin));
    if (r.grounding != Grounding::unchecked) put(out, "grounding", name_of(r.grounding));
    put(out, "reason", r.reason);
    if (!r.meta.is_null()) {
        key(out, "meta");
        out += to_text(r.meta);
    }
    out += '}';
}

}  // namespace

std::string regions_text(const Regions& regions) {
    std::string out = "[";
    for (const auto& r : regions) {
        if (out.size() > 1) out += ',';
        append_region(out, r);
    }
    out += ']';
    return out;
}

Result<Regions> regions_from(std::string_view text) {
    return from_text<Regions>(text);
}

Json region_json(const Region& region) {
    std::string out;
    append_region(out, region);
    return Json::parse(out);
}
Result<Region> region_from(const Json& value) {
    return from_json<Region>(value);
}

double iou(const Region& a, const Region& b) {
    const double w = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
    const double h = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    if (w <= 0 || h <= 0) return 0;
    const double both = w * h;
    return both / (a.width * a.height + b.width * b.height - both);
}

namespace {

/// Cuts [from, from + length) to [0, limit); a piece that lies inside keeps its very bits.
void clamp(double& from, double& length, double limit) {
    if (from >= 0 && from + length <= limit) return;
    const double to = std::min(from + length, limit);
    from = std::max(from, 0.0);
    length = to - from;
}

Result<> check_box(Region& r, int width, int height) {
    const auto bad = [&](std::string_view why) {
        return Refusal{Code::invalid, "Box \"" + r.id + "\" " + std::string(why)};
    };
    for (const double v : {r.x, r.y, r.width, r.height, r.rotation})
        if (!std::isfinite(v)) return bad("has a number that is not finite.");
    if (!(r.width > 0 && r.height > 0)) return bad("has no area.");
    if (width > 0 && height > 0 && r.rotation == 0) {
        constexpr double slack = 1;
        if (r.x < -slack || r.y < -slack || r.x + r.width > width + slack ||
            r.y + r.height > height + slack)
            return bad("lies outside the image.");
        clamp(r.x, r.width, width);
        clamp(r.y, r.height, height);
        if (!(r.width > 0 && r.height > 0)) return bad("has no area inside the image.");
    }
    return Done{};
}

}  // namespace

Result<Regions> check_regions(const Schema& schema, Regions regions, int width, int height,
                              std::int64_t text_length, bool complete) {
    const auto invalid = [](std::string why) { return Refusal{Code::invalid, std::move(why)}; };
    std::set<std::string> ids;
    for (auto& r : regions) {
        if (r.id.empty()) return invalid("A region has no id.");
        if (!ids.insert(r.id).second) return invalid("Two regions have the id \"" + r.id + "\".");
        const Control* control = schema.control(r.control);
        if (!control)
            return invalid("Region \"" + r.id + "\" names the control \"" + r.control +
                           "\", which the schema does not have.");
        if (control->kind != r.kind)
            return invalid("Region \"" + r.id + "\" is " + std::string(name_of(r.kind)) +
                           ", but control \"" + r.control + "\" takes " +
                           std::string(name_of(control->kind)) + ".");
        if (r.kind != ControlKind::text && r.labels.empty())
            return invalid("Region \"" + r.id + "\" has no label.");
        for (const auto& label : r.labels)
            if (std::none_of(control->labels.begin(), control->labels.end(),
                             [&](const Label& l) { return l.name == label; }))
                return invalid("Region \"" + r.id + "\" has the label \"" + label +
                               "\", which control \"" + r.control + "\" does not have.");
        if (r.labels.size() > 1 && !(r.kind == ControlKind::choices && control->multiple))
            return invalid("Region \"" + r.id + "\" has several labels; control \"" + r.control +
                           "\" takes one.");
        if (r.kind == ControlKind::boxes) TRY(check_box(r, width, height));
        if (r.kind == ControlKind::spans &&
            !(r.start >= 0 && r.start < r.end && r.end <= static_cast<double>(text_length)))
            return invalid("Span \"" + r.id + "\" does not lie inside the text.");
    }
    if (complete)
        for (const auto& control : schema.controls)
            if (control.required &&
                (control.kind == ControlKind::choices || control.kind == ControlKind::text) &&
                std::none_of(regions.begin(), regions.end(),
                             [&](const Region& r) { return r.control == control.name; }))
                return invalid("\"" + (control.title.empty() ? control.name : control.title) +
                               "\" has no answer yet: choose one.");
    return regions;
}

namespace {

bool same_piece(const Region& a, const Region& b) {
    if (a.kind != b.kind || a.control != b.control) return false;
    if (a.id == b.id || a.kind == ControlKind::choices) return true;
    return a.kind == ControlKind::boxes && iou(a, b) >= 0.5;
}
bool unchanged(const Region& a, const Region& b) {
    return a.labels == b.labels && a.x == b.x && a.y == b.y && a.width == b.width &&
           a.height == b.height && a.rotation == b.rotation && a.points == b.points &&
           a.start == b.start && a.end == b.end && a.text == b.text;
}

}  // namespace

int edit_distance(const Regions& from, const Regions& to) {
    std::vector<bool> used(to.size(), false);
    int edits = 0;
    for (const auto& a : from) {
        std::size_t best = to.size();
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (used[i] || !same_piece(a, to[i])) continue;
            if (best == to.size() || to[i].id == a.id || unchanged(a, to[i])) best = i;
        }
        if (best == to.size()) {
            ++edits;
            continue;
        }
        used[best] = true;
        if (!unchanged(a, to[best])) ++edits;
    }
    return edits + static_cast<int>(std::count(used.begin(), used.end(), false));
}

}  // namespace countersign
