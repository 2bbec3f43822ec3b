// One set of boxes from several people or models.
//
// Two questions, two methods. People draw what is there and claim nothing more: their boxes form
// clusters, at most one box of a person in each, and a cluster is an object when enough of those
// who saw the picture drew it. Detectors claim much and are unsure: weighted box fusion (Solovyev,
// Wang and Gabruseva 2021) averages by confidence and scales it by how many agree.
//
// Strategy: everything is of one image; pairs that overlap are found by a sweep along x.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace countersign {

/// Corners in any unit, the same for all; `right` > `left`, `bottom` > `top`, all finite.
struct SourceBox {
    double left = 0, top = 0, right = 0, bottom = 0;
    std::uint32_t label = 0;
    std::uint32_t source = 0;  ///< The person or model, in [0, sources).
    double confidence = 1;     ///< [0, 1]
};

/// Intersection over union, [0, 1]; 0 where both have no area.
double box_iou(const SourceBox& a, const SourceBox& b);

struct FusedBox {
    double left = 0, top = 0, right = 0, bottom = 0;
    std::uint32_t label = 0;
    double confidence = 0;             ///< [0, 1]
    std::vector<std::uint32_t> boxes;  ///< Which source boxes it stands for, rising.
};

struct BoxFusionOptions {
    double least_iou = 0.55;      ///< With the fused box of a cluster, from which a box joins it.
    double least_confidence = 0;  ///< Boxes below are left out.
    std::vector<double> weights;  ///< Of each source, > 0; empty: 1.
};

/// Weighted box fusion, boxes of one label at a time: by falling weighted confidence each box joins
/// the cluster whose fused box it overlaps most, or founds one. Corners are the mean weighted by
/// confidence times weight; confidence is the mean of these, times min(boxes, sources), by the sum
/// of the sources' weights. Most confident first.
std::vector<FusedBox> weighted_box_fusion(std::span<const SourceBox> boxes, std::size_t sources,
                                          const BoxFusionOptions& options = {});

/// Regions of several people that are the same thing: any two may be joined whose overlap is at
/// least `least`, the largest overlap first, unless both clusters hold a region of one person.
/// `overlaps` as the caller measures them (boxes, polygons, spans, segments). Regions are numbered
/// [0, owner.size()). Each region is in one cluster; clusters by their first region.
struct Overlap {
    std::uint32_t a = 0, b = 0;
    double iou = 0;
};
std::vector<std::vector<std::uint32_t>> cluster_regions(std::span<const std::uint32_t> owner,
                                                        std::span<const Overlap> overlaps,
                                                        double least);

/// Pairs of boxes of different sources with IoU >= least, a < b; whatever their labels.
std::vector<Overlap> box_overlaps(std::span<const SourceBox> boxes, double least);

struct BoxConsensusOptions {
    double least_iou = 0.5;
    double least_share = 0.5;     ///< Of the weight of those who saw it, from which it is there.
    std::vector<double> weights;  ///< Of each source; empty: 1.
};

/// Every cluster of boxes, kept or not: `confidence` is the share of the weight of all sources that
/// drew it, `label` the one with most weight (of equals the smaller), corners the weighted mean of
/// the boxes with that label. Those with at least `least_share` first, by falling share.
struct BoxConsensus {
    std::vector<FusedBox> boxes;
    std::size_t kept = 0;  ///< The first of `boxes`.
};
BoxConsensus box_consensus(std::span<const SourceBox> boxes, std::size_t sources,
                           const BoxConsensusOptions& options = {});

}  // namespace countersign
