// One answer from several people's pieces: each kind by its own method (quality/*_fusion.h,
// rover.h).
#include <algorithm>
#include <cmath>
#include <map>

#include "app/crowd_pieces.h"
#include "base/text.h"
#include "quality/bootstrap.h"
#include "quality/box_fusion.h"
#include "quality/rover.h"
#include "quality/segment_fusion.h"
#include "quality/span_fusion.h"

namespace countersign {

namespace {

using ByItem = std::vector<std::vector<const PieceAnswer*>>;

/// Of several answers by one person to an item the last counts; by rising person.
ByItem by_item(const CrowdPieces& pieces, std::size_t items) {
    std::vector<std::map<std::uint32_t, const PieceAnswer*>> last(items);
    for (const auto& answer : pieces.answers) last[answer.unit][answer.rater] = &answer;
    ByItem out(items);
    for (std::size_t i = 0; i < items; ++i)
        for (const auto& [person, answer] : last[i]) out[i].push_back(answer);
    return out;
}

/// Sums of a person's figure, item by item.
struct PersonSums {
    std::vector<double> above, below;
};
std::vector<FusedPerson> people_of(const std::vector<PersonSums>& sums, bool is_error) {
    std::vector<FusedPerson> out;
    for (std::size_t p = 0; p < sums.size(); ++p) {
        const auto& [above, below] = sums[p];
        if (above.empty()) continue;
        double a = 0, b = 0;
        for (std::size_t i = 0; i < above.size(); ++i) a += above[i], b += below[i];
        const double share = b > 0 ? a / b : is_error ? 0 : 1;
        auto interval = ratio_interval(above, below, p);
        FusedPerson one{static_cast<std::uint32_t>(p), above.size(), share, interval};
        if (is_error)
            one.likeness = std::max(1 - share, 0.0),
            one.interval = {std::max(1 - interval.high, 0.0), std::max(1 - interval.low, 0.0)};
        out.push_back(one);
    }
    return out;
}

// --- spans ---------------------------------------------------------------------------------------

FusedPiece span_row(const CrowdPieces& pieces, const PieceGatherer& texts, std::uint32_t item,
                    const FusedSpan& span, std::size_t answers) {
    FusedPiece out;
    const auto& cuts = pieces.tokens[item];
    out.item = item;
    out.label = pieces.labels[span.label];
    const auto whole = slice(texts.text(item), cuts[span.begin], cuts[span.end]);
    const auto slice_text = whole ? *whole : std::string_view();
    const auto kept = slice_text.substr(
        0, std::min(slice_text.find_last_not_of(" \t\r\n") + 1, slice_text.size()));
    out.text = kept;
    out.start = static_cast<double>(cuts[span.begin]);
    out.end = out.start + static_cast<double>(code_points(kept));
    out.share = span.probability;
    out.answers = answers;
    return out;
}

Result<FusedCrowd> fuse_spans_of(const CrowdPieces& pieces, const PieceGatherer& texts,
                                 std::size_t items, std::size_t people, std::string_view method) {
    const auto of = by_item(pieces, items);
    std::vector<SpanItem> given(items);
    for (std::size_t i = 0; i < items; ++i) {
        const auto cuts = i < pieces.tokens.size() ? pieces.tokens[i].size() : 0;
        given[i].tokens = static_cast<std::uint32_t>(cuts > 0 ? cuts - 1 : 0);
        for (const auto* answer : of[i]) {
            auto& to = given[i].answers.emplace_back();
            to.person = answer->rater;
            for (const auto& p : answer->pieces) to.spans.push_back({p.first, p.past, p.label});
        }
    }
    SpanFusionOptions options;
    options.method = span_fusion_from(method).value_or(suitable_span_fusion(given, people));
    const auto fused = fuse_spans(given, people, pieces.labels.size(), options);
    FusedCrowd out{std::string(name_of(options.method)), "F1 against the result", {}, {}};
    for (std::uint32_t i = 0; i < items; ++i)
        for (const auto& span : fused.items[i])
            out.pieces.push_back(span_row(pieces, texts, i, span, of[i].size()));
    for (const auto& q : fused.people) out.people.push_back({q.person, q.items, q.f1, q.interval});
    return out;
}

// --- shapes --------------------------------------------------------------------------------------

struct GivenShape {
    const MarkedPiece* piece = nullptr;
    std::uint32_t person = 0;
};

SourceBox box_of(const GivenShape& given) {
    const auto& s = given.piece->shape;
    return {s.left,
            s.top,
            s.right,
            s.bottom,
            given.piece->label,
            given.person,
            given.piece->confidence};
}

/// The member that overlaps the others most, of those with the label.
const MarkedPiece& middle_of(const std::vector<GivenShape>& given,
                             const std::vector<std::uint32_t>& cluster, std::uint32_t label) {
    const MarkedPiece* best = nullptr;
    double most = -1;
    for (const auto a : cluster) {
        if (given[a].piece->label != label) continue;
        double sum = 0;
        for (const auto b : cluster)
            if (a != b) sum += shape_iou(given[a].piece->shape, given[b].piece->shape);
        if (sum > most) most = sum, best = given[a].piece;
    }
    return *best;
}

BoxConsensus consensus_by_outline(const std::vector<GivenShape>& given,
                                  const std::vector<SourceBox>& boxes, std::size_t people) {
    auto overlaps = box_overlaps(boxes, 1e-9);
    for (auto& o : overlaps) o.iou = shape_iou(given[o.a].piece->shape, given[o.b].piece->shape);
    std::vector<std::uint32_t> owner;
    for (const auto& g : given) owner.push_back(g.person);
    BoxConsensus out;
    for (auto& cluster : cluster_regions(owner, overlaps, 0.5)) {
        std::map<std::uint32_t, std::size_t> votes;
        for (const auto i : cluster) ++votes[given[i].piece->label];
        FusedBox made;
        std::size_t most = 0;
        for (const auto& [label, n] : votes)
            if (n > most) most = n, made.label = label;
        made.confidence = static_cast<double>(cluster.size()) / static_cast<double>(people);
        made.boxes = std::move(cluster);
        out.boxes.push_back(std::move(made));
    }
    std::stable_sort(out.boxes.begin(), out.boxes.end(), [](const FusedBox& a, const FusedBox& b) {
        return a.confidence > b.confidence;
    });
    while (out.kept < out.boxes.size() && out.boxes[out.kept].confidence >= 0.5) ++out.kept;
    return out;
}

struct FusedShapes {
    std::vector<FusedPiece> kept;
    std::vector<std::uint32_t> labels;  ///< Of each.
};

FusedShapes fuse_shapes_of(const CrowdPieces& pieces, std::uint32_t item,
                           const std::vector<const PieceAnswer*>& answers, bool weighted) {
    std::vector<GivenShape> given;
    std::vector<SourceBox> boxes;
    bool has_outlines = false;
    for (std::uint32_t a = 0; a < answers.size(); ++a)
        for (const auto& piece : answers[a]->pieces) {
            given.push_back({&piece, a});
            boxes.push_back(box_of(given.back()));
            has_outlines = has_outlines || !piece.shape.rings.empty();
        }
    BoxConsensus found;
    if (weighted) {
        found.boxes = weighted_box_fusion(boxes, answers.size());
        found.kept = found.boxes.size();
    } else if (has_outlines) {
        found = consensus_by_outline(given, boxes, answers.size());
    } else {
        found = box_consensus(boxes, answers.size());
    }
    FusedShapes out;
    for (std::size_t b = 0; b < found.kept; ++b) {
        const auto& box = found.boxes[b];
        FusedPiece row;
        row.item = item;
        row.label = pieces.labels[box.label];
        row.shape = has_outlines && !weighted
                        ? middle_of(given, box.boxes, box.label).shape
                        : DrawnShape{box.left, box.top, box.right, box.bottom, {}};
        row.share = box.confidence;
        row.answers = answers.size();
        out.kept.push_back(std::move(row));
        out.labels.push_back(box.label);
    }
    return out;
}

Result<FusedCrowd> fuse_all_shapes(const CrowdPieces& pieces, std::size_t items, std::size_t people,
                                   std::string_view method) {
    constexpr std::size_t most_pieces = 20'000;
    const bool weighted = method == "weighted-box-fusion";
    const auto of = by_item(pieces, items);
    FusedCrowd out{
        weighted ? "weighted-box-fusion" : "consensus", "F1 against the result at IoU 0.5", {}, {}};
    std::vector<PersonSums> sums(people);
    for (std::uint32_t i = 0; i < items; ++i) {
        std::size_t size = 0;
        for (const auto* answer : of[i]) size += answer->pieces.size();
        if (size > most_pieces)
            return Refusal{Code::too_large, "One item has " + std::to_string(size) +
                                                " shapes by all people together; up to " +
                                                std::to_string(most_pieces) + " can be fused."};
        auto fused = fuse_shapes_of(pieces, i, of[i], weighted);
        PieceAnswer result{i, 0, {}, {}};
        for (std::size_t k = 0; k < fused.kept.size(); ++k) {
            auto& piece = result.pieces.emplace_back();
            piece.label = fused.labels[k];
            piece.shape = fused.kept[k].shape;
        }
        for (const auto* answer : of[i]) {
            const auto both = static_cast<double>(answer->pieces.size() + result.pieces.size());
            auto& sum = sums[answer->rater];
            sum.above.push_back(both * (1 - distance(PieceMeasure::shape_f1_50, *answer, result)));
            sum.below.push_back(both);
        }
        std::move(fused.kept.begin(), fused.kept.end(), std::back_inserter(out.pieces));
    }
    out.people = people_of(sums, false);
    return out;
}

// --- transcripts ---------------------------------------------------------------------------------

Result<FusedCrowd> fuse_texts(const CrowdPieces& pieces, std::size_t items, std::size_t people,
                              std::string_view method) {
    const auto of = by_item(pieces, items);
    std::vector<TranscribedItem> given(items);
    for (std::size_t i = 0; i < items; ++i)
        for (const auto* answer : of[i]) {
            auto words = words_of(answer->text);
            if (words.size() > rover_most_words)
                return Refusal{Code::too_large, "A transcript has " + std::to_string(words.size()) +
                                                    " words; up to " +
                                                    std::to_string(rover_most_words) +
                                                    " can be fused: cut the recording."};
            given[i].answers.push_back({answer->rater, std::move(words), {}});
        }
    TranscriptFusionOptions options;
    options.weigh_people = method != "rover";
    const auto fused = fuse_transcripts(given, people, options);
    FusedCrowd out{options.weigh_people ? "weighted-rover" : "rover",
                   "1 - word error rate against the result",
                   {},
                   {}};
    for (std::uint32_t i = 0; i < items; ++i) {
        if (of[i].empty()) continue;
        FusedPiece row;
        row.item = i;
        row.text = fused.items[i].text();
        row.share = fused.items[i].agreement;
        row.answers = of[i].size();
        out.pieces.push_back(std::move(row));
    }
    for (const auto& q : fused.people)
        out.people.push_back(
            {q.person,
             q.transcripts,
             std::max(1 - q.word_error_rate, 0.0),
             {std::max(1 - q.interval.high, 0.0), std::max(1 - q.interval.low, 0.0)}});
    return out;
}

// --- segments ------------------------------------------------------------------------------------

std::vector<Turn> turns_in(const PieceAnswer& answer) {
    std::vector<Turn> out;
    for (const auto& p : answer.pieces) out.push_back({p.start, p.end, p.label});
    return out;
}

/// Names are taken at their word unless calling speakers otherwise lets people agree much more.
bool names_differ(const ByItem& of) {
    double by_name = 0, mapped = 0;
    for (const auto& answers : of)
        for (std::size_t i = 0; i < answers.size(); ++i)
            for (std::size_t j = i + 1; j < answers.size(); ++j) {
                by_name += 1 - distance(PieceMeasure::turns, *answers[i], *answers[j]);
                mapped += 1 - distance(PieceMeasure::speakers, *answers[i], *answers[j]);
            }
    return by_name < 0.95 * mapped;
}

/// What the heaviest system calls each speaker of the vote.
std::map<std::uint32_t, std::uint32_t> names_of(const TurnVote& vote) {
    std::vector<std::size_t> order(vote.weights.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return vote.weights[a] > vote.weights[b];
    });
    std::map<std::uint32_t, std::uint32_t> out;
    for (const auto s : order)
        for (const auto& [own, common] : vote.speakers[s]) out.try_emplace(common, own);
    return out;
}

Result<FusedCrowd> fuse_turns(const CrowdPieces& pieces, std::size_t items, std::size_t people,
                              std::string_view method) {
    const auto of = by_item(pieces, items);
    TurnVoteOptions options;
    options.map_speakers = method == "speaker-vote" || (method == "auto" && names_differ(of));
    FusedCrowd out{options.map_speakers ? "speaker-vote" : "label-vote",
                   "1 - diarization error rate against the result",
                   {},
                   {}};
    std::vector<PersonSums> sums(people);
    for (std::uint32_t i = 0; i < items; ++i) {
        std::vector<std::vector<Turn>> systems;
        for (const auto* answer : of[i]) systems.push_back(turns_in(*answer));
        const auto vote = vote_turns(systems, options);
        const auto names = names_of(vote);
        std::set<std::string> used;
        std::map<std::uint32_t, std::string> label_of;
        for (const auto& [common, own] : names) {
            // Two speakers may be called the same by different systems.
            auto label = pieces.labels[own];
            for (int n = 2; options.map_speakers && !used.insert(label).second; ++n)
                label = pieces.labels[own] + " " + std::to_string(n);
            label_of[common] = label;
        }
        const std::vector<Turn> result(vote.turns.begin(), vote.turns.end());
        for (const auto& t : vote.turns) {
            FusedPiece row;
            row.item = i, row.label = label_of[t.speaker];
            row.start = t.start, row.end = t.end;
            row.share = t.share, row.answers = of[i].size();
            out.pieces.push_back(std::move(row));
        }
        DiarizationOptions errors;
        errors.map_speakers = options.map_speakers;
        for (std::size_t s = 0; s < systems.size(); ++s) {
            const auto found = diarization_errors(result, systems[s], errors);
            auto& sum = sums[of[i][s]->rater];
            sum.above.push_back(found.errors()), sum.below.push_back(found.reference);
        }
    }
    out.people = people_of(sums, true);
    return out;
}

}  // namespace

std::vector<std::string_view> fusion_methods(ControlKind kind) {
    switch (kind) {
        case ControlKind::spans:
            return {"vote", "token-vote", "dawid-skene"};
        case ControlKind::text:
            return {"weighted-rover", "rover"};
        case ControlKind::segments:
            return {"label-vote", "speaker-vote"};
        default:
            return {"consensus", "weighted-box-fusion"};
    }
}

Result<FusedCrowd> fuse_crowd(const CrowdPieces& pieces, const PieceGatherer& texts,
                              std::size_t items, std::size_t people, std::string_view method) {
    const auto known = fusion_methods(pieces.kind);
    if (method != "auto" && std::find(known.begin(), known.end(), method) == known.end()) {
        std::string names = "auto";
        for (const auto name : known) names += ", " + std::string(name);
        return Refusal{Code::invalid, "There is no method \"" + std::string(method) + "\" for " +
                                          std::string(name_of(pieces.kind)) + ": " + names + "."};
    }
    switch (pieces.kind) {
        case ControlKind::spans:
            return fuse_spans_of(pieces, texts, items, people, method);
        case ControlKind::text:
            return fuse_texts(pieces, items, people, method);
        case ControlKind::segments:
            return fuse_turns(pieces, items, people, method);
        default:
            return fuse_all_shapes(pieces, items, people, method);
    }
}

}  // namespace countersign
