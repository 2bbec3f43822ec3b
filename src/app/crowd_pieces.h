// Several people's spans, shapes, transcripts and segments out of files: gathered, compared, fused.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "core/region.h"
#include "quality/piece_agreement.h"

namespace countersign {

/// One control by which people marked pieces of items or wrote them down.
struct CrowdPieces {
    std::string name;
    ControlKind kind = ControlKind::spans;  ///< spans, boxes (and polygons), text, segments
    std::vector<std::string> labels;
    std::vector<PieceAnswer> answers;  ///< `unit` is the item's number, `rater` the person's.
    /// Of spans, by item: the code points at which each token begins, and the end of the last.
    std::vector<std::vector<std::int64_t>> tokens;
    /// What they are compared by, the one that decides first.
    std::vector<PieceMeasure> measures() const;
};

/// Gathers them while files are read. Items and people are the caller's numbers.
class PieceGatherer {
public:
    /// One person's regions of an item; `text` is what the item is as this person had it (empty: it
    /// is no text). The first text of an item counts: spans of a text with as many words move with
    /// the words, others stay where they are as far as they fit.
    void add(std::uint32_t item, std::uint32_t person, const Regions& regions,
             std::string_view text);
    void transcript(std::uint32_t item, std::uint32_t person, const std::string& control,
                    std::string_view text);
    /// Controls with answers. Whoever answered an item but marked nothing there by a control that
    /// others marked something by has answered: there is nothing.
    std::vector<CrowdPieces> finish();
    const std::string& text(std::uint32_t item) const;

private:
    struct Control {
        CrowdPieces pieces;
        std::unordered_map<std::string, std::uint32_t> labels;
        std::set<std::pair<std::uint32_t, std::uint32_t>> answered;
    };
    Control& at(const std::string& name, ControlKind kind);
    void cut_into_tokens(CrowdPieces& pieces) const;

    std::vector<std::pair<std::string, Control>> controls_;
    std::vector<std::string> texts_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> seen_;
};

/// One row of the result.
struct FusedPiece {
    std::uint32_t item = 0;
    std::string label, text;
    double start = 0, end = 0;  ///< Spans and segments.
    DrawnShape shape;           ///< Shapes.
    double share = 0;           ///< Probability or share of those who say so, [0, 1].
    std::size_t answers = 0;    ///< To the item.
};
struct FusedPerson {
    std::uint32_t person = 0;
    std::size_t answers = 0;
    double likeness = 0;  ///< [0, 1]: to the result.
    Interval interval;    ///< 95 %
};
struct FusedCrowd {
    std::string method;
    std::string_view likeness;  ///< What it is: "F1 against the result".
    std::vector<FusedPiece> pieces;
    std::vector<FusedPerson> people;
};

/// `method` "auto" or one of `fusion_methods(kind)`. Refuses another, and items too large to fuse.
Result<FusedCrowd> fuse_crowd(const CrowdPieces& pieces, const PieceGatherer& texts,
                              std::size_t items, std::size_t people, std::string_view method);
std::vector<std::string_view> fusion_methods(ControlKind kind);

}  // namespace countersign
