// Several people's answers to one task, compared: what an overlap is for.
//
// Two answers are the same when people would call them so: choices and ratings by their labels,
// texts without the white space around them, spans by exact boundaries and label, everything else
// that is drawn by label and IoU. Regions are paired greedily, best overlap first; answers about
// regions and relations follow the pairs.
#pragma once

#include "core/project.h"
#include "core/region.h"

namespace countersign {

/// One place where two answers differ. A region's id is empty when that side has none there.
struct Difference {
    std::string control, a, b;
};
template <class V>
void fields(V& v, Difference& d) {
    v("control", d.control, "the control whose answers differ");
    v("a", d.a, "the region of the one answer; empty: it has none");
    v("b", d.b, "the region of the other answer; empty: it has none");
}

/// Empty when they agree. `least_iou` in (0, 1]: overlap from which drawn regions are one.
std::vector<Difference> differences(const Regions& a, const Regions& b, double least_iou = 0.5);

/// Which opinion most others share, and how many agree with it (itself included): the first of the
/// largest group. `opinions` must not be empty.
struct Consensus {
    std::size_t opinion = 0;
    int in_favour = 0;
};
Consensus consensus(const std::vector<Regions>& opinions, double least_iou = 0.5);

/// Annotations the task needs: policy.overlap for the share of tasks drawn by (seed, task), else 1.
int annotations_needed(const Policy& policy, std::uint64_t seed, Id task);

}  // namespace countersign
