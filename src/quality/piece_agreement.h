// How far people agree who mark pieces of an item or write it down: spans, boxes and polygons,
// transcripts, segments of sound. What equal and unequal is to classes, a distance in [0, 1]
// between two answers is here.
//
// Strategy: Krippendorff's alpha with that distance: 1 - mean distance of two answers to one item /
// mean distance of two answers whatever their items (Krippendorff 2011; for such answers: Braylan,
// Alonso and Lease 2022). Within items all pairs are measured; of all pairs across items, when
// there are more than 20,000, a seeded sample of so many. The bootstrap draws items again and
// measures nothing anew.
//
// Beside it stands the plain likeness, 1 - distance: for spans and shapes it is the F1 of one
// person against another, to which kappa tends where what is not marked cannot be counted
// (Hripcsak and Rothschild 2005).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quality/agreement.h"
#include "quality/segment_fusion.h"
#include "quality/shape_overlap.h"

namespace countersign {

struct MarkedPiece {
    std::uint32_t label = 0;
    double start = 0, end = 0;          ///< Spans: code points; segments: seconds.
    std::uint32_t first = 0, past = 0;  ///< Spans: tokens [first, past).
    DrawnShape shape;                   ///< Boxes and polygons.
    double confidence = 1;              ///< [0, 1], what a model claims; 1: nothing is claimed.
};

/// What one person said of one item. No pieces is an answer: there is nothing.
struct PieceAnswer {
    std::uint32_t unit = 0, rater = 0;
    std::vector<MarkedPiece> pieces;
    std::string text;  ///< Transcripts, normalised (quality/word_alignment.h).
};

enum class PieceMeasure {
    span_exact,    ///< 1 - F1 of boundaries and label.
    span_overlap,  ///< 1 - 2 * sum of IoU of the best matching of equal labels / (spans of both).
    span_tokens,   ///< 1 - F1 of (token, label).
    shape_iou,     ///< Mean over matched pairs of 1 - IoU, equal labels; unmatched count 1 each.
    shape_f1_50,   ///< 1 - F1 of the best matching of equal labels with IoU >= 0.5.
    shape_f1_75,
    words,       ///< (WER(a, b) + WER(b, a)) / 2, 1 at most.
    characters,  ///< The same of CER.
    turns,       ///< `turn_distance`: labels are names.
    speakers     ///< The same under the best mapping of labels: names are one's own.
};
std::string_view name_of(PieceMeasure measure);  ///< "span F1 (boundaries and label)"

/// [0, 1]; 0 when both have nothing.
double distance(PieceMeasure measure, const PieceAnswer& a, const PieceAnswer& b);

struct PiecePair {
    std::uint32_t a = 0, b = 0;  ///< Raters, a < b.
    std::size_t units = 0;
    double likeness = 0;          ///< Mean 1 - distance over their common items.
    std::optional<double> alpha;  ///< 1 - their mean distance / what chance expects.
};
struct PieceRater {
    std::uint32_t rater = 0;
    std::size_t units = 0, answers = 0;  ///< Shared with others; all of theirs.
    double likeness = 0;                 ///< Mean over shared items of that to the others.
    std::optional<double> alpha;
    Interval interval;  ///< 95 % of the likeness, bootstrap over their shared items.
};
struct PieceClass {
    std::uint32_t label = 0;
    std::size_t pieces = 0;
    std::optional<double> likeness;  ///< Over pairs of answers of which one has the label.
};
struct PieceAgreement {
    double likeness = 0;  ///< Mean over items of the mean over pairs.
    std::optional<Alpha> alpha;
    std::optional<Interval> interval;  ///< Of alpha, 95 %, bootstrap over items.
    std::size_t units = 0;             ///< With two answers or more.
    std::vector<PiecePair> pairs;      ///< Most items first.
    std::vector<PieceRater> raters;
    std::vector<PieceClass> classes;  ///< Of measures that have labels.
};

/// Of several answers by one person to one item the last counts. Nothing: no item has two answers.
std::optional<PieceAgreement> piece_agreement(std::span<const PieceAnswer> answers,
                                              PieceMeasure measure, std::uint64_t seed,
                                              int resamples = 1000);

}  // namespace countersign
