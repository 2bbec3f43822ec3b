// What no desk may submit.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "core/region.h"

namespace countersign {

namespace {

constexpr double slack = 1;  // Pixels that geometry may stick out before it is refused.

/// "Box", as a sentence about a region of the kind begins.
std::string_view noun(ControlKind kind) {
    switch (kind) {
        case ControlKind::boxes:
            return "Box";
        case ControlKind::spans:
            return "Span";
        case ControlKind::polygons:
            return "Polygon";
        case ControlKind::segments:
            return "Segment";
        case ControlKind::keypoints:
            return "Keypoint";
        case ControlKind::relations:
            return "Relation";
        default:
            return "Region";
    }
}

Refusal refused(std::string why) {
    return {Code::invalid, std::move(why)};
}
Refusal bad(const Region& r, std::string_view why) {
    return refused(std::string(noun(r.kind)) + " \"" + r.id + "\" " + std::string(why));
}

bool finite(const std::vector<double>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double n) { return std::isfinite(n); });
}

/// Cuts [from, from + length) to [0, limit); a piece that lies inside keeps its very bits.
void clamp(double& from, double& length, double limit) {
    if (from >= 0 && from + length <= limit) return;
    const double to = std::min(from + length, limit);
    from = std::max(from, 0.0);
    length = to - from;
}

Result<> check_box(Region& r, const Control&, const ItemFacts& item) {
    if (!finite({r.x, r.y, r.width, r.height, r.rotation}))
        return bad(r, "has a number that is not finite.");
    if (!(r.width > 0 && r.height > 0)) return bad(r, "has no area.");
    if (item.width <= 0 || item.height <= 0) return Done{};
    if (r.rotation != 0) {
        const double turn = r.rotation * std::acos(-1.0) / 180;
        const double x = r.x + (r.width * std::cos(turn) - r.height * std::sin(turn)) / 2;
        const double y = r.y + (r.width * std::sin(turn) + r.height * std::cos(turn)) / 2;
        if (x < 0 || y < 0 || x > item.width || y > item.height)
            return bad(r, "has its middle outside the image.");
        return Done{};
    }
    if (r.x < -slack || r.y < -slack || r.x + r.width > item.width + slack ||
        r.y + r.height > item.height + slack)
        return bad(r, "lies outside the image.");
    clamp(r.x, r.width, item.width);
    clamp(r.y, r.height, item.height);
    if (!(r.width > 0 && r.height > 0)) return bad(r, "has no area inside the image.");
    return Done{};
}

/// Twice the signed area of a ring.
double twice_area(const std::vector<double>& ring) {
    double sum = 0;
    for (std::size_t i = 0, n = ring.size(); i < n; i += 2)
        sum += ring[i] * ring[(i + 3) % n] - ring[(i + 2) % n] * ring[i + 1];
    return sum;
}

Result<> check_points(Region& r, std::vector<double>& points, const ItemFacts& item) {
    if (!finite(points)) return bad(r, "has a number that is not finite.");
    if (item.width <= 0 || item.height <= 0) return Done{};
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i / 2 < r.visible.size() && r.visible[i / 2] == 0) continue;
        const double limit = i % 2 == 0 ? item.width : item.height;
        if (points[i] < -slack || points[i] > limit + slack)
            return bad(r, "lies outside the image.");
        points[i] = std::clamp(points[i], 0.0, limit);
    }
    return Done{};
}

Result<> check_polygon(Region& r, const Control&, const ItemFacts& item) {
    const auto check_ring = [&](std::vector<double>& ring) -> Result<> {
        if (ring.size() < 6 || ring.size() % 2 != 0) return bad(r, "has fewer than three corners.");
        TRY(check_points(r, ring, item));
        if (twice_area(ring) == 0) return bad(r, "has no area.");
        return Done{};
    };
    TRY(check_ring(r.points));
    for (auto& ring : r.rings) TRY(check_ring(ring));
    return Done{};
}

Result<> check_keypoints(Region& r, const Control& control, const ItemFacts& item) {
    const auto wanted = std::max<std::size_t>(1, control.points.size());
    if (r.points.size() != 2 * wanted)
        return bad(r, "must have " + std::to_string(wanted) + " points, as its control has.");
    if (!r.visible.empty() && r.visible.size() != wanted)
        return bad(r, "must say of each point whether it is visible, or of none.");
    const auto known = [](int v) { return v >= 0 && v <= 2; };
    if (!std::all_of(r.visible.begin(), r.visible.end(), known))
        return bad(r, "has a visibility that is not 0, 1 or 2.");
    if (!r.visible.empty() &&
        std::count(r.visible.begin(), r.visible.end(), 0) == static_cast<std::ptrdiff_t>(wanted))
        return bad(r, "has no point that is labelled.");
    return check_points(r, r.points, item);
}

Result<> check_segment(Region& r, const Control&, const ItemFacts& item) {
    constexpr double late = 0.05;  // Seconds; containers round their length.
    if (!finite({r.start, r.end}) || r.start < 0 || !(r.start < r.end) ||
        (item.seconds > 0 && r.end > item.seconds + late))
        return bad(r, "does not lie inside the recording.");
    if (item.seconds > 0) r.end = std::min(r.end, item.seconds);
    return Done{};
}

Result<> check_span(Region& r, const Control&, const ItemFacts& item) {
    const bool whole = std::floor(r.start) == r.start && std::floor(r.end) == r.end;
    const bool inside = whole && r.start >= 0 && r.start < r.end && r.end <= 1e9;
    const auto text = inside ? slice(item.text, static_cast<std::int64_t>(r.start),
                                     static_cast<std::int64_t>(r.end))
                             : std::nullopt;
    if (!text) return bad(r, "does not lie inside the text.");
    r.text = *text;
    return Done{};
}

Result<> check_written(Region& r, const Control& control, const ItemFacts&) {
    if (trim(r.text).empty())
        return refused("Region \"" + r.id + "\" of \"" + control.name + "\" has no text.");
    if (!is_utf8(r.text)) return bad(r, "has a text that is not UTF-8.");
    const auto wrong = [](const Word& w) {
        return !std::isfinite(w.start) || !std::isfinite(w.end) || w.start < 0 || w.end < w.start ||
               !is_utf8(w.text) || w.text.empty();
    };
    if (std::any_of(r.words.begin(), r.words.end(), wrong))
        return bad(r, "has a word without text or whose times make no sense.");
    return Done{};
}

Result<> check_nothing(Region&, const Control&, const ItemFacts&) {
    return Done{};
}

using Check = Result<> (*)(Region&, const Control&, const ItemFacts&);
constexpr std::pair<ControlKind, Check> geometry[] = {
    {ControlKind::choices, check_nothing},     {ControlKind::boxes, check_box},
    {ControlKind::spans, check_span},          {ControlKind::polygons, check_polygon},
    {ControlKind::text, check_written},        {ControlKind::segments, check_segment},
    {ControlKind::keypoints, check_keypoints}, {ControlKind::relations, check_nothing},
    {ControlKind::rating, check_nothing}};

Result<> check_labels(const Region& r, const Control& control) {
    const bool free = !facts_of(r.kind).labelled;
    if (!free && r.labels.empty()) return refused("Region \"" + r.id + "\" has no label.");
    for (const auto& label : r.labels)
        if (std::none_of(control.labels.begin(), control.labels.end(),
                         [&](const Label& l) { return l.name == label; }))
            return refused("Region \"" + r.id + "\" has the label \"" + label +
                           "\", which control \"" + control.name + "\" does not have.");
    if (r.labels.size() > 1 && !(r.kind == ControlKind::choices && control.multiple))
        return refused("Region \"" + r.id + "\" has several labels; control \"" + control.name +
                       "\" takes one.");
    return Done{};
}

using ById = std::map<std::string_view, const Region*>;

Result<> need_drawn(const ById& by_id, const Region& r, const std::string& id) {
    const auto found = by_id.find(id);
    if (found == by_id.end() || !facts_of(found->second->kind).drawn)
        return bad(r, "is about the region \"" + id + "\", which is not there.");
    return Done{};
}

/// An answer has its region, and a relation has both of its.
Result<> check_company(const ById& by_id, const Region& r, const Control& control) {
    if (r.kind == ControlKind::relations) {
        TRY(need_drawn(by_id, r, r.from));
        TRY(need_drawn(by_id, r, r.to));
        if (r.from == r.to) return bad(r, "joins a region with itself.");
    }
    if (control.per_region) return need_drawn(by_id, r, r.parent);
    if (!r.parent.empty())
        return refused("Region \"" + r.id + "\" is about another region, but control \"" +
                       control.name + "\" is about the whole item.");
    return Done{};
}

/// Which questions have an answer: control and, per region, the region.
using Answered = std::set<std::pair<std::string_view, std::string_view>>;

Result<> check_complete(const Schema& schema, const Regions& regions, const Answered& answered) {
    const auto missing = [](const Control& control, std::string_view more) {
        const auto& title = control.title.empty() ? control.name : control.title;
        return refused("\"" + title + "\" has no answer yet" + std::string(more) +
                       (facts_of(control.kind).labelled ? ": choose one." : ": write one."));
    };
    for (const auto& control : schema.controls) {
        if (!control.required || !facts_of(control.kind).answers) continue;
        if (!control.per_region) {
            if (!answered.count({control.name, {}})) return missing(control, {});
            continue;
        }
        for (const auto& r : regions)
            if (facts_of(r.kind).drawn && !answered.count({control.name, r.id}))
                return missing(control, " for region \"" + r.id + "\"");
    }
    return Done{};
}

}  // namespace

Result<Regions> check_regions(const Schema& schema, Regions regions, const ItemFacts& item,
                              bool complete) {
    ById by_id;
    for (const auto& r : regions) {
        if (r.id.empty()) return refused("A region has no id.");
        if (!by_id.emplace(r.id, &r).second)
            return refused("Two regions have the id \"" + r.id + "\".");
    }
    Answered answered;
    for (auto& r : regions) {
        const Control* control = schema.control(r.control);
        if (!control)
            return refused("Region \"" + r.id + "\" names the control \"" + r.control +
                           "\", which the schema does not have.");
        if (control->kind != r.kind)
            return refused("Region \"" + r.id + "\" is " + std::string(name_of(r.kind)) +
                           ", but control \"" + r.control + "\" takes " +
                           std::string(name_of(control->kind)) + ".");
        TRY(check_labels(r, *control));
        TRY(check_company(by_id, r, *control));
        const auto row = std::find_if(std::begin(geometry), std::end(geometry),
                                      [&](const auto& g) { return g.first == r.kind; });
        TRY(row->second(r, *control, item));
        const bool first = answered.insert({r.control, r.parent}).second;
        const bool one = r.kind == ControlKind::choices || r.kind == ControlKind::rating ||
                         (r.kind == ControlKind::text && !control->multiple);
        if (one && !first)
            return refused("Control \"" + r.control + "\" has two answers where it takes one.");
    }
    if (complete) TRY(check_complete(schema, regions, answered));
    return regions;
}

}  // namespace countersign
