#include "core/opinions.h"

#include <algorithm>
#include <map>

#include "base/rng.h"
#include "base/text.h"

namespace countersign {

namespace {

/// Ids of the one answer -> ids of the other that mean the same piece.
using Pairs = std::map<std::string, std::string>;

/// Single points have no area: they are widened to be compared as boxes.
constexpr double reach = 8;  // pixels

double overlap(const Region& a, const Region& b) {
    if (a.kind != ControlKind::keypoints) return iou(a, b);
    const auto widened = [](const Region& r) {
        const auto e = extent(r);
        Region box;
        box.x = e.left - reach;
        box.y = e.top - reach;
        box.width = e.right - e.left + 2 * reach;
        box.height = e.bottom - e.top + 2 * reach;
        return box;
    };
    return iou(widened(a), widened(b));
}

/// Pairs what is drawn, best overlap first; of equal overlaps those with the same label.
Pairs pair_drawn(const Regions& a, const Regions& b, double least_iou) {
    struct Candidate {
        double overlap;
        bool same_label;
        const Region *a, *b;
    };
    std::vector<Candidate> all;
    for (const auto& p : a)
        for (const auto& q : b) {
            if (!facts_of(p.kind).drawn || p.control != q.control || p.kind != q.kind) continue;
            const double shared = overlap(p, q);
            if (shared >= least_iou) all.push_back({shared, p.labels == q.labels, &p, &q});
        }
    std::stable_sort(all.begin(), all.end(), [](const Candidate& p, const Candidate& q) {
        return std::tie(p.overlap, p.same_label) > std::tie(q.overlap, q.same_label);
    });
    Pairs pairs, taken;
    for (const auto& c : all)
        if (!pairs.count(c.a->id) && !taken.count(c.b->id)) {
            pairs[c.a->id] = c.b->id;
            taken[c.b->id] = c.a->id;
        }
    return pairs;
}

std::string paired(const Pairs& pairs, const std::string& id) {
    const auto found = pairs.find(id);
    return found == pairs.end() ? std::string() : found->second;
}

/// Whether `b` answers the same question as `a` does, or ties the same regions.
bool same_question(const Region& a, const Region& b, const Pairs& pairs) {
    if (a.kind != b.kind || a.control != b.control) return false;
    if (a.kind == ControlKind::relations)
        return paired(pairs, a.from) == b.from && paired(pairs, a.to) == b.to;
    return a.parent.empty() ? b.parent.empty() : paired(pairs, a.parent) == b.parent;
}

bool same_labels(std::vector<std::string> a, std::vector<std::string> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
}

bool same_answer(const Region& a, const Region& b) {
    if (!same_labels(a.labels, b.labels)) return false;
    if (a.kind == ControlKind::text) return trim(a.text) == trim(b.text);
    if (a.kind == ControlKind::spans) return a.start == b.start && a.end == b.end;
    return true;
}

}  // namespace

std::vector<Difference> differences(const Regions& a, const Regions& b, double least_iou) {
    const auto pairs = pair_drawn(a, b, least_iou);
    std::vector<Difference> out;
    std::vector<bool> met(b.size(), false);
    for (const auto& p : a) {
        const bool drawn = facts_of(p.kind).drawn;
        const auto partner = drawn ? paired(pairs, p.id) : std::string();
        std::size_t at = 0;
        for (; at < b.size(); ++at) {
            if (met[at]) continue;
            if (drawn ? b[at].id == partner : same_question(p, b[at], pairs)) break;
        }
        if (at == b.size()) {
            out.push_back({p.control, p.id, {}});
            continue;
        }
        met[at] = true;
        if (!same_answer(p, b[at])) out.push_back({p.control, p.id, b[at].id});
    }
    for (std::size_t i = 0; i < b.size(); ++i)
        if (!met[i]) out.push_back({b[i].control, {}, b[i].id});
    return out;
}

Consensus consensus(const std::vector<Regions>& opinions, double least_iou) {
    Consensus best;
    for (std::size_t i = 0; i < opinions.size(); ++i) {
        const auto agrees = [&](const Regions& other) {
            return differences(opinions[i], other, least_iou).empty();
        };
        const auto n = static_cast<int>(std::count_if(opinions.begin(), opinions.end(), agrees));
        if (n > best.in_favour) best = {i, n};
    }
    return best;
}

int annotations_needed(const Policy& policy, std::uint64_t seed, Id task) {
    constexpr std::uint64_t overlap_draws = ~std::uint64_t{0};  // No person has this id.
    if (policy.overlap <= 1) return 1;
    const double u = counter_uniform(seed, overlap_draws, static_cast<std::uint64_t>(task));
    return u < policy.overlap_share ? policy.overlap : 1;
}

}  // namespace countersign
