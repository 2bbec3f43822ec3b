#include "app/prefill.h"

#include "core/drafted_by.h"

#include <algorithm>
#include <tuple>

namespace countersign {

namespace {

/// Whether the region can be shown as it is: what it is about, or joins, is shown too.
bool has_company(const Regions& shown, const Region& r) {
    const auto is_there = [&](const std::string& id) {
        return id.empty() || std::any_of(shown.begin(), shown.end(),
                                         [&](const Region& other) { return other.id == id; });
    };
    return is_there(r.parent) && is_there(r.from) && is_there(r.to);
}

}  // namespace

Prefill prefill(const Draft& draft, const Policy& policy) {
    Prefill out;
    const auto least = std::max(draft.grounding, Grounding::unchecked);
    for (const auto& region : draft.regions) {
        if (region.grounding == Grounding::ungrounded) continue;
        const double sure = region.probability.value_or(region.confidence.value_or(1));
        const bool weak = region.grounding == Grounding::weak;
        (weak || sure < policy.show_from ? out.maybes : out.regions).push_back(region);
    }
    // Answers and relations of regions that are only maybes are maybes too: accepted without them
    // they would be refused.
    const Regions shown = out.regions;
    const auto alone =
        std::stable_partition(out.regions.begin(), out.regions.end(),
                              [&](const Region& r) { return has_company(shown, r); });
    out.maybes.insert(out.maybes.end(), alone, out.regions.end());
    out.regions.erase(alone, out.regions.end());
    Regions all = out.regions;
    all.insert(all.end(), out.maybes.begin(), out.maybes.end());
    const auto lost = std::remove_if(out.maybes.begin(), out.maybes.end(),
                                     [&](const Region& r) { return !has_company(all, r); });
    out.maybes.erase(lost, out.maybes.end());
    // A verdict on the whole draft (an item that speaks to the model) holds for all of its regions.
    const bool whole = std::all_of(draft.regions.begin(), draft.regions.end(), [](const Region& r) {
        return r.grounding == Grounding::unchecked;
    });
    if (whole && least >= Grounding::weak) {
        out.maybes.insert(out.maybes.begin(), out.regions.begin(), out.regions.end());
        out.regions.clear();
    }
    if (whole && least == Grounding::ungrounded) out.maybes.clear();
    return out;
}

bool same_content(const Region& a, const Region& b) {
    const auto all = [](const Region& r) {
        return std::tie(r.control, r.kind, r.labels, r.x, r.y, r.width, r.height, r.rotation,
                        r.points, r.rings, r.visible, r.start, r.end, r.text, r.parent, r.from,
                        r.to);
    };
    return all(a) == all(b);
}

namespace {

const Region* by_id(const Regions& regions, const std::string& id) {
    for (const auto& region : regions)
        if (region.id == id) return &region;
    return nullptr;
}

/// What the browser says about a region's past is not believed: it is found again from the draft.
/// But for what speaks against it: that a model drew it when the person pointed there
/// (Assist::cue).
void set_provenance(Region& region, const Draft* shown) {
    const Region* from = shown ? by_id(shown->regions, region.id) : nullptr;
    if (!from) {
        const bool asked_for = region.meta.is_object() && region.meta.contains(drafted_by);
        region.origin = !asked_for                       ? Origin::person
                        : region.origin == Origin::model ? Origin::model
                                                         : Origin::edited;
        region.confidence.reset();
        region.probability.reset();
        region.grounding = Grounding::unchecked;
        region.reason.clear();
        return;
    }
    region.origin = same_content(*from, region) ? Origin::model : Origin::edited;
    region.confidence = from->confidence;
    region.probability = from->probability;
    region.grounding = from->grounding;
    region.reason = from->reason;
}

bool accepts(const Regions& shown, const Regions& answer) {
    return shown.size() == answer.size() &&
           std::all_of(shown.begin(), shown.end(), [&](const Region& region) {
               const Region* kept = by_id(answer, region.id);
               return kept && same_content(region, *kept);
           });
}

}  // namespace

Judgement judge_answer(const Draft* draft, bool shown, const Policy& policy, Regions answer,
                       bool rejected) {
    Judgement out;
    for (auto& region : answer) set_provenance(region, shown && !rejected ? draft : nullptr);
    const Prefill filled = draft ? prefill(*draft, policy) : Prefill{};
    out.edits = edit_distance(filled.regions, answer);
    if (!draft || !shown) {
        out.action = Action::created;
    } else if (rejected) {
        out.action = Action::rejected;
    } else if (accepts(filled.regions, answer)) {
        out.action = Action::accepted;
    } else {
        // What was called up and kept was the model's to begin with.
        const bool own = std::all_of(answer.begin(), answer.end(),
                                     [](const Region& r) { return r.origin == Origin::person; });
        out.action = filled.regions.empty() && own ? Action::created : Action::edited;
    }
    out.regions = std::move(answer);
    return out;
}

}  // namespace countersign
