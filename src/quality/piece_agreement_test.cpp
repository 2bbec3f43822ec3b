#include "quality/piece_agreement.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "base/rng.h"

using namespace countersign;

namespace {

PieceAnswer spans(std::uint32_t unit, std::uint32_t rater,
                  const std::vector<std::array<std::uint32_t, 3>>& given) {
    PieceAnswer out{unit, rater, {}, {}};
    for (const auto& [first, past, label] : given) {
        MarkedPiece p;
        p.label = label;
        p.start = first * 5, p.end = past * 5 - 1;
        p.first = first, p.past = past;
        out.pieces.push_back(p);
    }
    return out;
}

PieceAnswer boxes(std::uint32_t unit, std::uint32_t rater,
                  const std::vector<std::array<double, 4>>& given, std::uint32_t label = 0) {
    PieceAnswer out{unit, rater, {}, {}};
    for (const auto& [l, t, r, b] : given) {
        MarkedPiece p;
        p.label = label;
        p.shape = {l, t, r, b, {}};
        out.pieces.push_back(p);
    }
    return out;
}

DrawnShape polygon(std::vector<double> points) {
    DrawnShape out{1e9, 1e9, -1e9, -1e9, {}};
    for (std::size_t i = 0; i < points.size(); i += 2) {
        out.left = std::min(out.left, points[i]), out.right = std::max(out.right, points[i]);
        out.top = std::min(out.top, points[i + 1]);
        out.bottom = std::max(out.bottom, points[i + 1]);
    }
    out.rings.push_back(std::move(points));
    return out;
}

bool is_inside(const DrawnShape& s, double x, double y) {
    if (s.rings.empty()) return s.left <= x && x < s.right && s.top <= y && y < s.bottom;
    bool in = false;
    for (const auto& ring : s.rings)
        for (std::size_t i = 0, n = ring.size() / 2; i < n; ++i) {
            const auto j = (i + 1) % n;
            const double y0 = ring[2 * i + 1], y1 = ring[2 * j + 1];
            if ((y0 <= y) == (y1 <= y)) continue;
            const double at = ring[2 * i] + (y - y0) / (y1 - y0) * (ring[2 * j] - ring[2 * i]);
            if (at > x) in = !in;
        }
    return in;
}

/// By points on a fine grid.
double slow_iou(const DrawnShape& a, const DrawnShape& b) {
    double both = 0, either = 0;
    for (int i = 0; i < 400; ++i)
        for (int j = 0; j < 400; ++j) {
            const double x = (i + 0.5) / 40, y = (j + 0.5) / 40;
            const bool in_a = is_inside(a, x, y), in_b = is_inside(b, x, y);
            both += in_a && in_b, either += in_a || in_b;
        }
    return either > 0 ? both / either : 0;
}

}  // namespace

TEST_CASE("spans: exact, by overlap and by token") {
    const auto a = spans(0, 0, {{0, 2, 0}, {4, 5, 1}});
    const auto b = spans(0, 1, {{0, 2, 0}, {4, 6, 1}});
    CHECK(distance(PieceMeasure::span_exact, a, b) == doctest::Approx(0.5));
    CHECK(distance(PieceMeasure::span_tokens, a, b) == doctest::Approx(1 - 6.0 / 7));
    // Lengths 4 and 9 code points: IoU 4 / 9.
    CHECK(distance(PieceMeasure::span_overlap, a, b) == doctest::Approx(1 - (1 + 4.0 / 9) / 2));
    CHECK(distance(PieceMeasure::span_exact, a, spans(0, 1, {})) == 1);
    CHECK(distance(PieceMeasure::span_exact, spans(0, 0, {}), spans(0, 1, {})) == 0);
    CHECK(distance(PieceMeasure::span_exact, a, spans(0, 1, {{0, 2, 1}})) == 1);
}

TEST_CASE("boxes: one less IoU of the best matching, what is unmatched counts fully") {
    const auto a = boxes(0, 0, {{0, 0, 10, 10}, {20, 0, 30, 10}});
    const auto b = boxes(0, 1, {{0, 0, 10, 5}});
    CHECK(distance(PieceMeasure::shape_iou, a, b) == doctest::Approx(1 - 0.5 / 2));
    CHECK(distance(PieceMeasure::shape_f1_50, a, b) == doctest::Approx(1 - 2.0 / 3));
    CHECK(distance(PieceMeasure::shape_f1_75, a, b) == 1);
    CHECK(distance(PieceMeasure::shape_iou, a, boxes(0, 1, {{0, 0, 10, 10}}, 1)) == 1);
    CHECK(distance(PieceMeasure::shape_iou, a, a) == doctest::Approx(0));
}

TEST_CASE("polygons: areas by slabs are those of points on a fine grid") {
    CHECK(shape_iou(polygon({0, 0, 4, 0, 4, 4, 0, 4}), polygon({0, 0, 4, 0, 0, 4})) ==
          doctest::Approx(0.5).epsilon(1e-12));
    CHECK(shape_area(polygon({0, 0, 4, 0, 0, 4})) == doctest::Approx(8).epsilon(1e-12));
    DrawnShape ring = polygon({0, 0, 4, 0, 4, 4, 0, 4});
    ring.rings.push_back({1, 1, 3, 1, 3, 3, 1, 3});
    CHECK(shape_area(ring) == doctest::Approx(12).epsilon(1e-12));
    CHECK(shape_iou(ring, DrawnShape{0, 0, 4, 4, {}}) == doctest::Approx(0.75).epsilon(1e-12));
    Rng rng(8);
    for (int run = 0; run < 40; ++run) {
        const auto drawn = [&] {
            std::vector<double> points(2 * (3 + rng.below(5)));
            for (auto& x : points) x = 10 * rng.uniform();
            return polygon(points);
        };
        const auto a = drawn();
        const auto b = run % 2 ? drawn() : DrawnShape{2, 3, 8, 7, {}};
        CHECK(shape_iou(a, b) == doctest::Approx(slow_iou(a, b)).epsilon(0.01));
        CHECK(shape_iou(a, b) == doctest::Approx(shape_iou(b, a)).epsilon(1e-9));
    }
}

TEST_CASE("transcripts: both ways round, one at most") {
    const PieceAnswer a{0, 0, {}, "the cat sat on the mat"}, b{0, 1, {}, "the cat sat"};
    CHECK(distance(PieceMeasure::words, a, b) == doctest::Approx((3.0 / 6 + 3.0 / 3) / 2));
    CHECK(distance(PieceMeasure::words, a, a) == 0);
    CHECK(distance(PieceMeasure::characters, PieceAnswer{0, 0, {}, "abcd"},
                   PieceAnswer{0, 1, {}, "abed"}) == doctest::Approx(0.25));
    CHECK(distance(PieceMeasure::words, a, PieceAnswer{0, 1, {}, "x"}) == 1);
}

TEST_CASE("alpha of pieces is its definition: within items over all pairs") {
    Rng rng(12);
    std::vector<PieceAnswer> answers;
    for (std::uint32_t u = 0; u < 25; ++u) {
        const auto at = rng.below(10);
        for (std::uint32_t r = 0; r < 4; ++r)
            if (rng.uniform() < 0.7)
                answers.push_back(
                    spans(u, r, {{at, at + 1 + (rng.uniform() < 0.3), rng.below(2)}}));
    }
    for (const auto measure : {PieceMeasure::span_exact, PieceMeasure::span_overlap}) {
        std::vector<const PieceAnswer*> all;
        double observed = 0;
        for (std::uint32_t u = 0; u < 25; ++u) {
            std::vector<const PieceAnswer*> of;
            for (const auto& a : answers)
                if (a.unit == u) of.push_back(&a);
            if (of.size() < 2) continue;
            all.insert(all.end(), of.begin(), of.end());
            for (const auto* x : of)
                for (const auto* y : of)
                    if (x != y) observed += distance(measure, *x, *y) / (double(of.size()) - 1);
        }
        double expected = 0;
        for (const auto* x : all)
            for (const auto* y : all)
                if (x != y) expected += distance(measure, *x, *y);
        const auto n = double(all.size());
        const auto found = piece_agreement(answers, measure, 1, 200);
        REQUIRE(found);
        REQUIRE(found->alpha);
        CHECK(found->alpha->alpha ==
              doctest::Approx(1 - observed / n / (expected / (n * (n - 1)))).epsilon(1e-9));
        REQUIRE(found->interval);
        CHECK(found->interval->low < found->alpha->alpha);
        CHECK(found->interval->high > found->alpha->alpha);
        CHECK(found->raters.size() == 4);
        CHECK(found->classes.size() == 2);
    }
}

TEST_CASE("whoever answers at random is furthest from the others") {
    Rng rng(2);
    std::vector<PieceAnswer> answers;
    for (std::uint32_t u = 0; u < 60; ++u) {
        const double x = 50 * rng.uniform();
        for (std::uint32_t r = 0; r < 3; ++r) {
            const double off = r == 2 ? 60 * rng.uniform() : rng.uniform();
            answers.push_back(boxes(u, r, {{x + off, 0, x + off + 20, 20}}));
        }
    }
    const auto found = piece_agreement(answers, PieceMeasure::shape_iou, 1, 100);
    REQUIRE(found);
    CHECK(found->raters[2].interval.high < found->raters[0].interval.low);
    CHECK(found->pairs.size() == 3);
    CHECK(found->pairs[0].likeness > found->pairs[1].likeness);
    CHECK_FALSE(piece_agreement({}, PieceMeasure::shape_iou, 1));
    const std::vector<PieceAnswer> alone{boxes(0, 0, {{0, 0, 1, 1}})};
    CHECK_FALSE(piece_agreement(alone, PieceMeasure::shape_iou, 1));
}
