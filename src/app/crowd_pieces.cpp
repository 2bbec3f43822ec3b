#include "app/crowd_pieces.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "base/text.h"
#include "quality/word_alignment.h"

namespace countersign {

namespace {

/// Code points at which words (between white space) begin and end.
std::vector<std::pair<std::int64_t, std::int64_t>> word_places(std::string_view text) {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    std::int64_t at = 0, from = -1;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!is_space && from < 0) from = at;
        if (is_space && from >= 0) out.emplace_back(from, at), from = -1;
        ++at;
    }
    if (from >= 0) out.emplace_back(from, at);
    return out;
}

/// The white space behind a word belongs to it, so that where a word ends the next one begins.
std::int64_t snapped(const std::vector<std::pair<std::int64_t, std::int64_t>>& words,
                     double place) {
    const auto last = words.back().second;
    const auto at = static_cast<std::int64_t>(std::clamp(place, 0.0, static_cast<double>(last)));
    const auto next = std::lower_bound(words.begin(), words.end(), at,
                                       [](const auto& w, auto x) { return w.first < x; });
    if (next == words.begin()) return words.front().first;
    const auto& here = *(next - 1);
    if (at < here.second) return at;
    return next == words.end() ? last : next->first;
}

/// A place in one text as a place in another with as many words.
double moved(double place, bool is_end, std::string_view from, std::string_view to) {
    const auto words = word_places(from), others = word_places(to);
    const auto at = static_cast<std::int64_t>(place);
    if (words.size() != others.size()) return place;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto [start, end] = words[i];
        if (is_end ? at > end : at >= end) continue;
        if (is_end && at == end) return static_cast<double>(others[i].second);
        return static_cast<double>(
            std::min(others[i].first + std::max<std::int64_t>(at - start, 0), others[i].second));
    }
    return others.empty() ? 0 : static_cast<double>(others.back().second);
}

DrawnShape shape_of(const Region& region) {
    const auto e = extent(region);
    DrawnShape out{e.left, e.top, e.right, e.bottom, {}};
    if (region.kind == ControlKind::polygons) {
        out.rings.push_back(region.points);
        out.rings.insert(out.rings.end(), region.rings.begin(), region.rings.end());
    } else if (region.rotation != 0) {
        const double turn = region.rotation * std::numbers::pi / 180;
        const double c = std::cos(turn), s = std::sin(turn), w = region.width, h = region.height;
        const double x = region.x, y = region.y;
        out.rings.push_back({x, y, x + w * c, y + w * s, x + w * c - h * s, y + w * s + h * c,
                             x - h * s, y + h * c});
    }
    return out;
}

bool is_sound(const DrawnShape& s) {
    return std::isfinite(s.left) && std::isfinite(s.top) && std::isfinite(s.right) &&
           std::isfinite(s.bottom) && s.right > s.left && s.bottom > s.top;
}

ControlKind family(ControlKind kind) {
    return kind == ControlKind::polygons ? ControlKind::boxes : kind;
}

bool is_piece(const Region& region) {
    switch (region.kind) {
        case ControlKind::spans:
        case ControlKind::segments:
            return std::isfinite(region.start) && std::isfinite(region.end) &&
                   region.start < region.end;
        case ControlKind::boxes:
        case ControlKind::polygons:
            return is_sound(shape_of(region));
        default:
            return false;
    }
}

/// Texts in the order of the regions that they are about.
std::string transcript_of(const Regions& regions, const std::string& control) {
    std::map<std::string_view, double> start_of;
    for (const auto& r : regions) start_of[r.id] = r.start;
    std::vector<std::pair<double, std::string_view>> parts;
    for (const auto& r : regions) {
        if (r.kind != ControlKind::text || r.control != control) continue;
        const auto it = start_of.find(r.parent);
        parts.emplace_back(r.parent.empty() || it == start_of.end() ? 0 : it->second, r.text);
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string out;
    for (const auto& [start, text] : parts) {
        if (!out.empty()) out += ' ';
        out += text;
    }
    return out;
}

}  // namespace

std::vector<PieceMeasure> CrowdPieces::measures() const {
    switch (kind) {
        case ControlKind::spans:
            return {PieceMeasure::span_exact, PieceMeasure::span_overlap,
                    PieceMeasure::span_tokens};
        case ControlKind::text:
            return {PieceMeasure::words, PieceMeasure::characters};
        case ControlKind::segments:
            return {PieceMeasure::speakers, PieceMeasure::turns};
        default:
            return {PieceMeasure::shape_iou, PieceMeasure::shape_f1_50, PieceMeasure::shape_f1_75};
    }
}

PieceGatherer::Control& PieceGatherer::at(const std::string& name, ControlKind kind) {
    for (auto& [known, control] : controls_)
        if (known == name && control.pieces.kind == family(kind)) return control;
    auto& made = controls_.emplace_back(name, Control()).second;
    made.pieces.name = name;
    made.pieces.kind = family(kind);
    return made;
}

void PieceGatherer::add(std::uint32_t item, std::uint32_t person, const Regions& regions,
                        std::string_view text) {
    if (item >= texts_.size()) texts_.resize(item + 1);
    if (texts_[item].empty()) texts_[item] = text;
    seen_.emplace_back(item, person);
    std::map<Control*, PieceAnswer> answers;
    std::set<std::string> written;
    for (const auto& r : regions) {
        if (r.kind == ControlKind::text) written.insert(r.control);
        if (!is_piece(r)) continue;
        MarkedPiece piece;
        piece.start = r.start, piece.end = r.end;
        if (r.kind == ControlKind::spans && text != texts_[item]) {
            piece.start = moved(r.start, false, text, texts_[item]);
            piece.end = moved(r.end, true, text, texts_[item]);
        }
        if (family(r.kind) == ControlKind::boxes) piece.shape = shape_of(r);
        piece.confidence = std::clamp(r.confidence.value_or(1), 0.0, 1.0);
        auto& control = at(r.control, r.kind);
        const std::string label = r.labels.empty() ? "" : r.labels.front();
        const auto [it, is_new] = control.labels.try_emplace(
            label, static_cast<std::uint32_t>(control.pieces.labels.size()));
        if (is_new) control.pieces.labels.push_back(label);
        piece.label = it->second;
        answers[&control].pieces.push_back(std::move(piece));
    }
    for (auto& [control, answer] : answers) {
        answer.unit = item, answer.rater = person;
        control->answered.emplace(item, person);
        control->pieces.answers.push_back(std::move(answer));
    }
    for (const auto& control : written)
        transcript(item, person, control, transcript_of(regions, control));
}

void PieceGatherer::transcript(std::uint32_t item, std::uint32_t person, const std::string& control,
                               std::string_view text) {
    auto& to = at(control, ControlKind::text);
    to.pieces.answers.push_back({item, person, {}, normalised_transcript(text)});
    to.answered.emplace(item, person);
}

std::vector<CrowdPieces> PieceGatherer::finish() {
    std::vector<CrowdPieces> out;
    for (auto& [name, control] : controls_) {
        auto& pieces = control.pieces;
        if (pieces.kind != ControlKind::text)
            for (const auto& [item, person] : seen_)
                if (control.answered.emplace(item, person).second)
                    pieces.answers.push_back({item, person, {}, {}});
        if (pieces.kind == ControlKind::spans) cut_into_tokens(pieces);
        out.push_back(std::move(pieces));
    }
    return out;
}

/// Tokens are the words between white space, cut where somebody begins or ends a span.
void PieceGatherer::cut_into_tokens(CrowdPieces& pieces) const {
    pieces.tokens.resize(texts_.size());
    std::vector<std::vector<PieceAnswer*>> of(texts_.size());
    for (auto& answer : pieces.answers) of[answer.unit].push_back(&answer);
    for (std::size_t item = 0; item < texts_.size(); ++item) {
        const auto words = word_places(texts_[item]);
        auto& cuts = pieces.tokens[item];
        for (const auto& [start, end] : words) cuts.push_back(start);
        if (!words.empty()) cuts.push_back(words.back().second);
        for (auto* answer : of[item]) {
            std::erase_if(answer->pieces, [&](const MarkedPiece& p) {
                return words.empty() || snapped(words, p.start) >= snapped(words, p.end);
            });
            for (const auto& p : answer->pieces)
                for (const double place : {p.start, p.end}) cuts.push_back(snapped(words, place));
        }
        std::sort(cuts.begin(), cuts.end());
        cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
        const auto token = [&](double place) {
            const auto it = std::lower_bound(cuts.begin(), cuts.end(), snapped(words, place));
            return static_cast<std::uint32_t>(it - cuts.begin());
        };
        for (auto* answer : of[item])
            for (auto& p : answer->pieces) p.first = token(p.start), p.past = token(p.end);
    }
}

const std::string& PieceGatherer::text(std::uint32_t item) const {
    static const std::string none;
    return item < texts_.size() ? texts_[item] : none;
}

}  // namespace countersign
