#include "cli/crowd_pieces.h"

#include <algorithm>
#include <cstdio>

#include "formats/csv_rows.h"

namespace countersign {

namespace {

constexpr std::size_t most_listed = 10;

std::string decimals(double value, int places = 4) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", places, value);
    return text;
}
std::string decimals(std::optional<double> value) {
    return value ? decimals(*value) : "-";
}
Json or_null(std::optional<double> value) {
    return value ? Json(*value) : Json();
}

void csv_line(std::string& out, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) out += ',';
        append_csv(out, cells[i], ',');
    }
    out += '\n';
}

/// Whoever is least like the others first; those who share no item last.
std::vector<PieceRater> furthest_first(std::vector<PieceRater> raters) {
    std::stable_sort(raters.begin(), raters.end(), [](const PieceRater& a, const PieceRater& b) {
        if ((a.units == 0) != (b.units == 0)) return b.units == 0;
        return a.likeness < b.likeness;
    });
    return raters;
}

Json json_of_measure(PieceMeasure measure, const PieceAgreement& found) {
    Json out = {{"measure", std::string(name_of(measure))},
                {"likeness", found.likeness},
                {"items_with_two_answers", found.units},
                {"alpha", found.alpha ? Json(found.alpha->alpha) : Json()}};
    if (found.interval) {
        out["alpha_low"] = found.interval->low;
        out["alpha_high"] = found.interval->high;
    }
    return out;
}

void add_details(Json& out, const PieceAgreement& found, const CrowdPieces& pieces,
                 const Crowd& crowd) {
    for (const auto& one : found.classes)
        out["classes"].push_back({{"label", pieces.labels[one.label]},
                                  {"pieces", one.pieces},
                                  {"likeness", or_null(one.likeness)}});
    for (const auto& one : found.raters)
        out["people"].push_back({{"person", crowd.people[one.rater]},
                                 {"answers", one.answers},
                                 {"shared", one.units},
                                 {"likeness", one.units > 0 ? Json(one.likeness) : Json()},
                                 {"low", one.interval.low},
                                 {"high", one.interval.high},
                                 {"alpha", or_null(one.alpha)}});
    for (const auto& one : found.pairs)
        out["pairs"].push_back({{"a", crowd.people[one.a]},
                                {"b", crowd.people[one.b]},
                                {"items", one.units},
                                {"likeness", one.likeness},
                                {"alpha", or_null(one.alpha)}});
}

void print_measure(PieceMeasure measure, const PieceAgreement& found) {
    std::printf("  %-32s likeness %s  alpha %s", std::string(name_of(measure)).c_str(),
                decimals(found.likeness).c_str(),
                decimals(found.alpha ? std::optional(found.alpha->alpha) : std::nullopt).c_str());
    if (found.interval)
        std::printf("  95 %% interval %.4f to %.4f", found.interval->low, found.interval->high);
    std::printf("\n");
}

void print_details(const PieceAgreement& found, const CrowdPieces& pieces, const Crowd& crowd) {
    if (found.classes.size() > 1) {
        std::printf("  by label\n");
        for (const auto& one : found.classes)
            std::printf("    %-24s %6zu  likeness %s\n", pieces.labels[one.label].c_str(),
                        one.pieces, decimals(one.likeness).c_str());
    }
    std::printf("  people, furthest from the others first\n");
    const auto raters = furthest_first(found.raters);
    for (std::size_t i = 0; i < std::min(most_listed, raters.size()); ++i) {
        const auto& one = raters[i];
        if (one.units == 0) break;
        std::printf("    %-24s %6zu  likeness %s (%.4f to %.4f)\n", crowd.people[one.rater].c_str(),
                    one.answers, decimals(one.likeness).c_str(), one.interval.low,
                    one.interval.high);
    }
    if (raters.size() > most_listed)
        std::printf("    and %zu more (--json has all)\n", raters.size() - most_listed);
    std::printf("  pairs with most items in common\n");
    for (std::size_t i = 0; i < std::min(most_listed, found.pairs.size()); ++i) {
        const auto& one = found.pairs[i];
        std::printf("    %s, %s: %zu items  likeness %s  alpha %s\n", crowd.people[one.a].c_str(),
                    crowd.people[one.b].c_str(), one.units, decimals(one.likeness).c_str(),
                    decimals(one.alpha).c_str());
    }
}

std::string outline_text(const DrawnShape& shape) {
    std::string out;
    for (const auto& ring : shape.rings) {
        if (!out.empty()) out += " / ";
        for (std::size_t i = 0; i < ring.size(); ++i)
            out += (i > 0 ? " " : "") + decimals(ring[i], 2);
    }
    return out;
}

}  // namespace

Json agreement_of_pieces(const CrowdPieces& pieces, const Crowd& crowd, int resamples, bool print) {
    Json out = {{"question", pieces.name},
                {"kind", std::string(name_of(pieces.kind))},
                {"answers", pieces.answers.size()}};
    if (print)
        std::printf("%s (%s): %zu answers\n", pieces.name.c_str(),
                    std::string(name_of(pieces.kind)).c_str(), pieces.answers.size());
    std::optional<PieceAgreement> first;
    for (const auto measure : pieces.measures()) {
        auto found = piece_agreement(pieces.answers, measure, 0, resamples);
        if (!found) {
            if (print) std::printf("  Undefined: no item has two answers.\n");
            return out;
        }
        if (print)
            print_measure(measure, *found);
        else
            out["measures"].push_back(json_of_measure(measure, *found));
        // Speakers go by different names: by label is the measure that has classes.
        if (!first) first = std::move(found);
    }
    if (print)
        print_details(*first, pieces, crowd);
    else
        add_details(out, *first, pieces, crowd);
    return out;
}

std::string fused_csv(const FusedCrowd& fused, const CrowdPieces& pieces, const Crowd& crowd) {
    std::string out;
    const bool is_spans = pieces.kind == ControlKind::spans;
    const bool is_segments = pieces.kind == ControlKind::segments;
    const bool is_text = pieces.kind == ControlKind::text;
    const bool has_outlines =
        std::any_of(fused.pieces.begin(), fused.pieces.end(),
                    [](const FusedPiece& p) { return !p.shape.rings.empty(); });
    std::vector<std::string> head{"item"};
    if (is_spans) head.insert(head.end(), {"start", "end", "label", "text"});
    if (is_segments) head.insert(head.end(), {"start", "end", "label"});
    if (is_text) head.emplace_back("text");
    if (pieces.kind == ControlKind::boxes) {
        head.insert(head.end(), {"label", "x", "y", "width", "height"});
        if (has_outlines) head.emplace_back("points");
    }
    head.emplace_back("probability");
    head.emplace_back("answers");
    csv_line(out, head);
    for (const auto& p : fused.pieces) {
        std::vector<std::string> row{crowd.items[p.item]};
        const int places = is_spans ? 0 : 3;
        if (is_spans || is_segments)
            row.insert(row.end(), {decimals(p.start, places), decimals(p.end, places), p.label});
        if (is_spans || is_text) row.push_back(p.text);
        if (pieces.kind == ControlKind::boxes) {
            const auto& s = p.shape;
            row.insert(row.end(), {p.label, decimals(s.left, 2), decimals(s.top, 2),
                                   decimals(s.right - s.left, 2), decimals(s.bottom - s.top, 2)});
            if (has_outlines) row.push_back(outline_text(s));
        }
        row.push_back(decimals(p.share));
        row.push_back(std::to_string(p.answers));
        csv_line(out, row);
    }
    return out;
}

std::string fused_people_csv(const FusedCrowd& fused, const Crowd& crowd) {
    std::string out;
    csv_line(out, {"person", "answers", "likeness", "low", "high"});
    for (const auto& one : fused.people)
        csv_line(out,
                 {crowd.people[one.person], std::to_string(one.answers), decimals(one.likeness),
                  decimals(one.interval.low), decimals(one.interval.high)});
    return out;
}

}  // namespace countersign
