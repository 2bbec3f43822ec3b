#include "quality/dataset_diff.h"

#include <algorithm>
#include <set>

namespace countersign {

namespace {

std::string label_of(const Region& r) {
    std::string out;
    for (const auto& label : r.labels) out += (out.empty() ? "" : " + ") + label;
    return out;
}

const Region* region_called(const Regions& regions, const std::string& id) {
    if (id.empty()) return nullptr;
    const auto at =
        std::find_if(regions.begin(), regions.end(), [&](const Region& r) { return r.id == id; });
    return at == regions.end() ? nullptr : &*at;
}

/// The one answer of a question about the item.
const Region* answer_to(const Regions& regions, const Region& question) {
    for (const auto& r : regions)
        if (r.control == question.control && r.kind == question.kind && r.parent.empty()) return &r;
    return nullptr;
}

}  // namespace

std::size_t LabelDiff::relabelled() const {
    std::size_t n = 0;
    for (const auto& [_, count] : became) n += count;
    return n;
}

double LabelDiff::f1() const {
    const auto same = 2 * static_cast<double>(kept);
    const auto apart = static_cast<double>(added + removed + 2 * (moved + relabelled()));
    return same + apart > 0 ? same / (same + apart) : 1;
}

std::vector<RegionChange> DatasetDiff::compare(const Regions& before, const Regions& after) {
    ++items_;
    std::vector<RegionChange> changes;
    std::set<const Region*> changed;
    for (const auto& d : differences(before, after, least_iou_)) {
        const auto *a = region_called(before, d.a), *b = region_called(after, d.b);
        if (!a && !b) continue;  // Regions without ids cannot be told apart.
        changes.push_back({d.control, a, b});
        changed.insert(a);
        auto& of = labels_[d.control][label_of(a ? *a : *b)];
        if (!a)
            ++of.added;
        else if (!b)
            ++of.removed;
        else if (label_of(*a) != label_of(*b))
            ++of.became[label_of(*b)];
        else
            ++of.moved;
    }
    for (const auto& r : before)
        if (!changed.contains(&r)) ++labels_[r.control][label_of(r)].kept;
    same_ += changes.empty();
    for (const auto& r : before) {
        if (r.kind != ControlKind::choices && r.kind != ControlKind::rating) continue;
        const auto* other = r.parent.empty() ? answer_to(after, r) : nullptr;
        if (!other) continue;
        auto& of = answers_[r.control];
        const auto value = [&](const Region& answer) {
            return of.values
                .try_emplace(label_of(answer), static_cast<std::uint32_t>(of.values.size()))
                .first->second;
        };
        of.ratings.push_back({of.units, 0, value(r)});
        of.ratings.push_back({of.units++, 1, value(*other)});
    }
    return changes;
}

std::map<std::string, QuestionAgreement> DatasetDiff::agreements() const {
    std::map<std::string, QuestionAgreement> out;
    for (const auto& [control, of] : answers_) {
        const Ratings ratings(of.ratings, of.units, 2, of.values.size());
        const auto pairs = pair_agreements(ratings, Distance::nominal());
        if (!pairs.empty())
            out[control] = {pairs.front().units, pairs.front().percent, pairs.front().kappa};
    }
    return out;
}

}  // namespace countersign
