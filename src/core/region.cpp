#include "core/region.h"

#include <algorithm>
#include <limits>

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
template <class T, class F>
void put_list(std::string& out, const std::vector<T>& list, F&& append) {
    out += '[';
    for (const auto& one : list) {
        if (&one != &list.front()) out += ',';
        append(out, one);
    }
    out += ']';
}
template <class T>
void put_numbers(std::string& out, const std::vector<T>& numbers) {
    put_list(out, numbers, [](std::string& to, T n) { append_json_number(to, n); });
}
template <class T>
void put(std::string& out, std::string_view name, const std::vector<T>& numbers) {
    key(out, name);
    put_numbers(out, numbers);
}

void append_word(std::string& out, const Word& w) {
    out += '{';
    put(out, "text", w.text);
    put(out, "start", w.start);
    put(out, "end", w.end);
    if (w.confidence) put(out, "confidence", *w.confidence);
    out += '}';
}

void append_region(std::string& out, const Region& r) {
    out += '{';
    put(out, "id", r.id);
    put(out, "control", r.control);
    put(out, "kind", name_of(r.kind));
    if (!r.labels.empty()) {
        key(out, "labels");
        put_list(out, r.labels, append_json_string);
    }
    if (r.kind == ControlKind::boxes) {
        put(out, "x", r.x);
        put(out, "y", r.y);
        put(out, "width", r.width);
        put(out, "height", r.height);
        if (r.rotation != 0) put(out, "rotation", r.rotation);
    }
    if (!r.points.empty()) put(out, "points", r.points);
    if (!r.rings.empty()) {
        key(out, "rings");
        put_list(out, r.rings, [](std::string& to, const auto& ring) { put_numbers(to, ring); });
    }
    if (!r.visible.empty()) put(out, "visible", r.visible);
    if (r.kind == ControlKind::spans || r.kind == ControlKind::segments) {
        put(out, "start", r.start);
        put(out, "end", r.end);
    }
    put(out, "text", r.text);
    if (!r.words.empty()) {
        key(out, "words");
        put_list(out, r.words, append_word);
    }
    put(out, "parent", r.parent);
    put(out, "from", r.from);
    put(out, "to", r.to);
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

Extent extent(const Region& r) {
    if (r.points.empty()) return {r.x, r.y, r.x + r.width, r.y + r.height};
    constexpr double far = std::numeric_limits<double>::infinity();
    Extent out{far, far, -far, -far};
    for (std::size_t i = 0; i + 1 < r.points.size(); i += 2) {
        if (i / 2 < r.visible.size() && r.visible[i / 2] == 0) continue;
        out.left = std::min(out.left, r.points[i]);
        out.right = std::max(out.right, r.points[i]);
        out.top = std::min(out.top, r.points[i + 1]);
        out.bottom = std::max(out.bottom, r.points[i + 1]);
    }
    return out;
}

double iou(const Region& a, const Region& b) {
    if (a.kind == ControlKind::spans || a.kind == ControlKind::segments) {
        const double both = std::min(a.end, b.end) - std::max(a.start, b.start);
        return both <= 0 ? 0 : both / (a.end - a.start + b.end - b.start - both);
    }
    const auto p = extent(a), q = extent(b);
    const double w = std::min(p.right, q.right) - std::max(p.left, q.left);
    const double h = std::min(p.bottom, q.bottom) - std::max(p.top, q.top);
    if (w <= 0 || h <= 0) return 0;
    const auto area = [](const Extent& e) { return (e.right - e.left) * (e.bottom - e.top); };
    return w * h / (area(p) + area(q) - w * h);
}

namespace {

bool same_piece(const Region& a, const Region& b) {
    if (a.kind != b.kind || a.control != b.control) return false;
    if (a.id == b.id) return true;
    if (facts_of(a.kind).answers) return a.parent == b.parent;
    if (a.kind == ControlKind::relations) return a.from == b.from && a.to == b.to;
    return iou(a, b) >= 0.5;
}
bool unchanged(const Region& a, const Region& b) {
    return a.labels == b.labels && a.x == b.x && a.y == b.y && a.width == b.width &&
           a.height == b.height && a.rotation == b.rotation && a.points == b.points &&
           a.rings == b.rings && a.visible == b.visible && a.start == b.start && a.end == b.end &&
           a.text == b.text && a.parent == b.parent && a.from == b.from && a.to == b.to;
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
