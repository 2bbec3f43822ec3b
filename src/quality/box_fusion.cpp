#include "quality/box_fusion.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace countersign {

namespace {

double area_of(const SourceBox& b) {
    return (b.right - b.left) * (b.bottom - b.top);
}

double weight_of(std::span<const double> weights, std::uint32_t source) {
    return weights.empty() ? 1 : weights[source];
}

/// Corners as the mean of the boxes' by their weights.
class MeanBox {
public:
    void add(const SourceBox& box, double weight) {
        left_ += weight * box.left, top_ += weight * box.top;
        right_ += weight * box.right, bottom_ += weight * box.bottom;
        sum_ += weight;
    }
    SourceBox mean() const {
        SourceBox out;
        out.left = left_ / sum_, out.top = top_ / sum_;
        out.right = right_ / sum_, out.bottom = bottom_ / sum_;
        return out;
    }

private:
    double left_ = 0, top_ = 0, right_ = 0, bottom_ = 0, sum_ = 0;
};

/// A cluster while boxes still join it.
struct Growing {
    MeanBox mean;
    SourceBox fused;
    double confidence = 0;  ///< The sum.
    std::uint32_t label = 0;
    std::vector<std::uint32_t> boxes;
    void add(const SourceBox& box, double weighted, std::uint32_t number) {
        mean.add(box, std::max(weighted, 1e-12));
        fused = mean.mean();
        confidence += weighted;
        boxes.push_back(number);
    }
};

FusedBox finished(Growing&& from, std::size_t sources, double total) {
    const auto n = static_cast<double>(from.boxes.size());
    std::sort(from.boxes.begin(), from.boxes.end());
    const double confidence =
        from.confidence / n * std::min(n, static_cast<double>(sources)) / total;
    return {from.fused.left,      from.fused.top, from.fused.right,
            from.fused.bottom,    from.label,     std::clamp(confidence, 0.0, 1.0),
            std::move(from.boxes)};
}

class Clusters {
public:
    explicit Clusters(std::span<const std::uint32_t> owner) : parent_(owner.size()) {
        std::iota(parent_.begin(), parent_.end(), 0u);
        for (const auto o : owner) owners_.push_back({o});
    }
    std::uint32_t root(std::uint32_t x) {
        while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
        return x;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        a = root(a), b = root(b);
        if (a == b) return;
        std::vector<std::uint32_t> both;
        std::merge(owners_[a].begin(), owners_[a].end(), owners_[b].begin(), owners_[b].end(),
                   std::back_inserter(both));
        if (std::adjacent_find(both.begin(), both.end()) != both.end()) return;
        parent_[std::max(a, b)] = std::min(a, b);
        owners_[std::min(a, b)] = std::move(both);
    }

private:
    std::vector<std::uint32_t> parent_;
    std::vector<std::vector<std::uint32_t>> owners_;
};

FusedBox consensus_of(std::span<const SourceBox> boxes, std::vector<std::uint32_t> cluster,
                      const BoxConsensusOptions& options, double total) {
    std::map<std::uint32_t, double> votes;
    double sum = 0;
    for (const auto i : cluster) {
        const double w = weight_of(options.weights, boxes[i].source);
        votes[boxes[i].label] += w, sum += w;
    }
    FusedBox out;
    double most = -1;
    for (const auto& [label, weight] : votes)
        if (weight > most) most = weight, out.label = label;
    MeanBox mean;
    for (const auto i : cluster)
        if (boxes[i].label == out.label)
            mean.add(boxes[i], std::max(weight_of(options.weights, boxes[i].source), 1e-12));
    const auto at = mean.mean();
    out.left = at.left, out.top = at.top, out.right = at.right, out.bottom = at.bottom;
    out.confidence = total > 0 ? std::min(sum / total, 1.0) : 0;
    out.boxes = std::move(cluster);
    return out;
}

}  // namespace

double box_iou(const SourceBox& a, const SourceBox& b) {
    const double w = std::min(a.right, b.right) - std::max(a.left, b.left);
    const double h = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    if (w <= 0 || h <= 0) return 0;
    return w * h / (area_of(a) + area_of(b) - w * h);
}

std::vector<FusedBox> weighted_box_fusion(std::span<const SourceBox> boxes, std::size_t sources,
                                          const BoxFusionOptions& options) {
    double total = 0;
    for (std::uint32_t s = 0; s < sources; ++s) total += weight_of(options.weights, s);
    const auto weighted = [&](std::uint32_t i) {
        return boxes[i].confidence * weight_of(options.weights, boxes[i].source);
    };
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < boxes.size(); ++i)
        if (boxes[i].confidence >= options.least_confidence) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return weighted(a) > weighted(b); });
    std::map<std::uint32_t, std::vector<Growing>> by_label;
    for (const auto i : order) {
        auto& clusters = by_label[boxes[i].label];
        Growing* best = nullptr;
        double most = options.least_iou;
        for (auto& cluster : clusters)
            if (const double iou = box_iou(cluster.fused, boxes[i]); iou > most)
                most = iou, best = &cluster;
        if (!best) {
            best = &clusters.emplace_back();
            best->label = boxes[i].label;
        }
        best->add(boxes[i], weighted(i), i);
    }
    std::vector<FusedBox> out;
    for (auto& [label, clusters] : by_label)
        for (auto& cluster : clusters) out.push_back(finished(std::move(cluster), sources, total));
    std::stable_sort(out.begin(), out.end(), [](const FusedBox& a, const FusedBox& b) {
        return a.confidence > b.confidence;
    });
    return out;
}

std::vector<std::vector<std::uint32_t>> cluster_regions(std::span<const std::uint32_t> owner,
                                                        std::span<const Overlap> overlaps,
                                                        double least) {
    std::vector<Overlap> order;
    for (const auto& o : overlaps)
        if (o.iou >= least && o.a != o.b) order.push_back(o);
    std::stable_sort(order.begin(), order.end(),
                     [](const Overlap& x, const Overlap& y) { return x.iou > y.iou; });
    Clusters clusters(owner);
    for (const auto& o : order) clusters.join(o.a, o.b);
    std::vector<std::vector<std::uint32_t>> out;
    std::vector<std::size_t> place(owner.size());
    for (std::uint32_t i = 0; i < owner.size(); ++i) {
        const auto root = clusters.root(i);
        if (root == i) place[i] = out.size(), out.emplace_back();
        out[place[root]].push_back(i);
    }
    return out;
}

std::vector<Overlap> box_overlaps(std::span<const SourceBox> boxes, double least) {
    std::vector<std::uint32_t> order(boxes.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return boxes[a].left != boxes[b].left ? boxes[a].left < boxes[b].left : a < b;
    });
    std::vector<Overlap> out;
    std::vector<std::uint32_t> open;
    for (const auto i : order) {
        std::erase_if(open, [&](std::uint32_t o) { return boxes[o].right < boxes[i].left; });
        for (const auto o : open)
            if (boxes[o].source != boxes[i].source)
                if (const double iou = box_iou(boxes[o], boxes[i]); iou > 0 && iou >= least)
                    out.push_back({std::min(o, i), std::max(o, i), iou});
        open.push_back(i);
    }
    std::sort(out.begin(), out.end(), [](const Overlap& x, const Overlap& y) {
        return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    return out;
}

BoxConsensus box_consensus(std::span<const SourceBox> boxes, std::size_t sources,
                           const BoxConsensusOptions& options) {
    double total = 0;
    for (std::uint32_t s = 0; s < sources; ++s) total += weight_of(options.weights, s);
    std::vector<std::uint32_t> owner;
    for (const auto& box : boxes) owner.push_back(box.source);
    BoxConsensus out;
    for (auto& cluster :
         cluster_regions(owner, box_overlaps(boxes, options.least_iou), options.least_iou))
        out.boxes.push_back(consensus_of(boxes, std::move(cluster), options, total));
    std::stable_sort(out.boxes.begin(), out.boxes.end(), [](const FusedBox& a, const FusedBox& b) {
        return a.confidence > b.confidence;
    });
    while (out.kept < out.boxes.size() &&
           out.boxes[out.kept].confidence >= options.least_share - 1e-12)
        ++out.kept;
    return out;
}

}  // namespace countersign
