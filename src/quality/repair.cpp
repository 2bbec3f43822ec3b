#include "quality/repair.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "quality/item_checks.h"

namespace countersign {

namespace {

std::string in_words(const Region& r) {
    return (r.labels.empty() ? std::string(name_of(r.kind)) : named(r.labels.front())) + " " +
           place_words(r);
}

/// Takes white space off a span's ends; false when nothing is left.
bool trim_span(Region& r, const TextIndex& text) {
    if (r.start < 0 || !(r.end <= static_cast<double>(text.size())) || !(r.end > r.start))
        return r.end > r.start;
    auto from = static_cast<std::size_t>(r.start), to = static_cast<std::size_t>(r.end);
    while (from < to && is_white_space(text.at(from))) ++from;
    while (to > from && is_white_space(text.at(to - 1))) --to;
    if (from == to) return false;
    r.start = static_cast<double>(from), r.end = static_cast<double>(to);
    r.text = text.slice(from, to);
    return true;
}

bool cut_box(Region& r, const ItemFacts& item) {
    if (!std::isfinite(r.x + r.y + r.width + r.height) || !(r.width > 0 && r.height > 0))
        return false;
    if (r.rotation != 0 || item.width <= 0 || item.height <= 0) return true;
    const double right = std::min<double>(r.x + r.width, item.width);
    const double bottom = std::min<double>(r.y + r.height, item.height);
    if (r.x < 0 || right < r.x + r.width) {
        r.x = std::max(r.x, 0.0);
        r.width = right - r.x;
    }
    if (r.y < 0 || bottom < r.y + r.height) {
        r.y = std::max(r.y, 0.0);
        r.height = bottom - r.y;
    }
    return r.width > 0 && r.height > 0;
}

bool cut_segment(Region& r, const ItemFacts& item) {
    if (item.seconds > 0) r.end = std::min(r.end, item.seconds);
    r.start = std::max(r.start, 0.0);
    return r.end > r.start;
}

bool is_same(const Region& a, const Region& b) {
    return a.kind == b.kind && a.control == b.control && a.labels == b.labels && a.x == b.x &&
           a.y == b.y && a.width == b.width && a.height == b.height && a.rotation == b.rotation &&
           a.points == b.points && a.rings == b.rings && a.visible == b.visible &&
           a.start == b.start && a.end == b.end;
}

/// False: the region goes.
bool mend(Region& r, const ItemFacts& item, std::optional<TextIndex>& text) {
    if (r.kind == ControlKind::boxes) return cut_box(r, item);
    if (r.kind == ControlKind::segments) return cut_segment(r, item);
    if (r.kind != ControlKind::spans) return true;
    if (!text) text.emplace(item.text);
    return trim_span(r, *text);
}

}  // namespace

std::vector<Repair> repair(Regions& regions, const ItemFacts& item) {
    std::vector<Repair> done;
    std::set<std::string> gone;
    std::optional<TextIndex> text;
    Regions kept;
    for (auto& r : regions) {
        const auto before = facts_of(r.kind).drawn ? in_words(r) : std::string();
        const bool stays = mend(r, item, text) &&
                           !(facts_of(r.kind).drawn &&
                             std::any_of(kept.begin(), kept.end(),
                                         [&](const Region& other) { return is_same(other, r); }));
        if (!stays) {
            done.push_back({r.id, before, {}});
            if (!r.id.empty()) gone.insert(r.id);
            continue;
        }
        if (facts_of(r.kind).drawn)
            if (auto after = in_words(r); after != before) done.push_back({r.id, before, after});
        kept.push_back(std::move(r));
    }
    std::erase_if(kept, [&](const Region& r) {
        return gone.contains(r.parent) || gone.contains(r.from) || gone.contains(r.to);
    });
    regions = std::move(kept);
    return done;
}

}  // namespace countersign
