#include "quality/box_fusion.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/rng.h"

using namespace countersign;

namespace {

SourceBox box(double left, double top, double right, double bottom, std::uint32_t source,
              std::uint32_t label = 0, double confidence = 1) {
    return {left, top, right, bottom, label, source, confidence};
}

/// The paper's algorithm, step by step, the fused box made anew each time.
std::vector<FusedBox> slow_fusion(const std::vector<SourceBox>& boxes, std::size_t models,
                                  double threshold) {
    std::vector<std::size_t> order(boxes.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return boxes[a].confidence > boxes[b].confidence;
    });
    std::vector<std::vector<std::size_t>> clusters;
    const auto fuse = [&](const std::vector<std::size_t>& cluster) {
        SourceBox out;
        double sum = 0;
        for (const auto i : cluster) {
            const double c = boxes[i].confidence;
            out.left += c * boxes[i].left, out.right += c * boxes[i].right;
            out.top += c * boxes[i].top, out.bottom += c * boxes[i].bottom;
            sum += c;
        }
        out.left /= sum, out.right /= sum, out.top /= sum, out.bottom /= sum;
        out.confidence = sum / double(cluster.size());
        out.label = boxes[cluster.front()].label;
        return out;
    };
    for (const auto i : order) {
        std::size_t best = clusters.size();
        double most = threshold;
        for (std::size_t c = 0; c < clusters.size(); ++c) {
            const auto fused = fuse(clusters[c]);
            if (fused.label == boxes[i].label && box_iou(fused, boxes[i]) > most)
                most = box_iou(fused, boxes[i]), best = c;
        }
        if (best == clusters.size()) clusters.emplace_back();
        clusters[best].push_back(i);
    }
    std::vector<FusedBox> out;
    for (const auto& cluster : clusters) {
        const auto f = fuse(cluster);
        const double share = double(std::min(cluster.size(), models)) / double(models);
        out.push_back({f.left, f.top, f.right, f.bottom, f.label, f.confidence * share, {}});
    }
    return out;
}

}  // namespace

TEST_CASE("two models see one thing: corners lean to the surer, and both count") {
    const std::vector boxes{box(0, 0, 10, 10, 0, 0, 0.9), box(2, 0, 12, 10, 1, 0, 0.3)};
    const auto found = weighted_box_fusion(boxes, 2);
    REQUIRE(found.size() == 1);
    CHECK(found[0].left == doctest::Approx(0.5));
    CHECK(found[0].right == doctest::Approx(10.5));
    CHECK(found[0].confidence == doctest::Approx(0.6));
    CHECK(found[0].boxes == std::vector<std::uint32_t>{0, 1});
    // What only one of two saw is half as sure.
    CHECK(weighted_box_fusion(std::vector{boxes[0]}, 2)[0].confidence == doctest::Approx(0.45));
}

TEST_CASE("weighted box fusion equals the paper's steps done one by one") {
    Rng rng(21);
    for (int run = 0; run < 300; ++run) {
        std::vector<SourceBox> boxes;
        const auto n = rng.below(14);
        for (std::uint32_t i = 0; i < n; ++i) {
            const double x = rng.below(3) * 9 + 4 * rng.uniform(), y = 4 * rng.uniform();
            boxes.push_back(box(x, y, x + 8 + rng.uniform(), y + 8 + rng.uniform(), rng.below(3),
                                rng.below(2), 0.05 + 0.9 * rng.uniform()));
        }
        auto found = weighted_box_fusion(boxes, 3);
        auto slow = slow_fusion(boxes, 3, 0.55);
        REQUIRE(found.size() == slow.size());
        std::sort(slow.begin(), slow.end(),
                  [](const FusedBox& a, const FusedBox& b) { return a.confidence > b.confidence; });
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i].confidence == doctest::Approx(slow[i].confidence).epsilon(1e-9));
            CHECK(found[i].left == doctest::Approx(slow[i].left).epsilon(1e-9));
            CHECK(found[i].bottom == doctest::Approx(slow[i].bottom).epsilon(1e-9));
            CHECK(found[i].label == slow[i].label);
        }
    }
}

TEST_CASE("overlaps by a sweep are those of all pairs") {
    Rng rng(4);
    for (int run = 0; run < 100; ++run) {
        std::vector<SourceBox> boxes;
        for (int i = 0; i < 20; ++i) {
            const double x = 30 * rng.uniform(), y = 10 * rng.uniform();
            boxes.push_back(
                box(x, y, x + 1 + 9 * rng.uniform(), y + 1 + 9 * rng.uniform(), rng.below(4)));
        }
        std::size_t expected = 0;
        for (std::size_t a = 0; a < boxes.size(); ++a)
            for (std::size_t b = a + 1; b < boxes.size(); ++b)
                expected +=
                    boxes[a].source != boxes[b].source && box_iou(boxes[a], boxes[b]) >= 0.3;
        CHECK(box_overlaps(boxes, 0.3).size() == expected);
    }
}

TEST_CASE("a cluster has one region of a person at most, the nearest") {
    const std::vector<std::uint32_t> owner{0, 0, 1, 2};
    const std::vector<Overlap> overlaps{{0, 2, 0.6}, {1, 2, 0.8}, {0, 3, 0.7}, {2, 3, 0.9}};
    // 2 and 3 are nearest, then 1 joins them; 0 is of the person of 1.
    const auto clusters = cluster_regions(owner, overlaps, 0.5);
    REQUIRE(clusters.size() == 2);
    CHECK(clusters[0] == std::vector<std::uint32_t>{0});
    CHECK(clusters[1] == std::vector<std::uint32_t>{1, 2, 3});
}

TEST_CASE("an object is there when half of those who looked drew it; its label is the many's") {
    const std::vector boxes{box(0, 0, 10, 10, 0, 1), box(1, 0, 11, 10, 1, 1),
                            box(0, 1, 10, 11, 2, 2), box(50, 50, 60, 60, 0, 1),
                            box(50, 50, 60, 60, 1, 1)};
    const auto found = box_consensus(boxes, 4);
    REQUIRE(found.boxes.size() == 2);
    CHECK(found.kept == 2);
    CHECK(found.boxes[0].confidence == doctest::Approx(0.75));
    CHECK(found.boxes[0].label == 1);
    CHECK(found.boxes[0].left == doctest::Approx(0.5));
    CHECK(found.boxes[1].confidence == doctest::Approx(0.5));
    CHECK(box_consensus(boxes, 5).kept == 1);
}

TEST_CASE("people who draw a little off: their consensus is nearer than they are") {
    Rng rng(9);
    double people = 0, fused = 0;
    for (int run = 0; run < 100; ++run) {
        const auto truth = box(20, 20, 60, 50, 0);
        std::vector<SourceBox> boxes;
        for (std::uint32_t p = 0; p < 5; ++p) {
            const auto off = [&] { return 4 * (rng.uniform() - 0.5); };
            boxes.push_back(box(20 + off(), 20 + off(), 60 + off(), 50 + off(), p));
            people += box_iou(truth, boxes.back()) / 5;
        }
        const auto found = box_consensus(boxes, 5);
        REQUIRE(found.kept == 1);
        const auto& f = found.boxes[0];
        fused += box_iou(truth, box(f.left, f.top, f.right, f.bottom, 0));
    }
    CHECK(fused > people + 3);
}
