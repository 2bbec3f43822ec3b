#include "quality/item_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "core/opinions.h"

namespace countersign {

namespace {

constexpr double pixel_slack = 1;  // Pixels: files round.

std::string number_words(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    std::string_view shown(text);
    if (shown.ends_with(".0")) shown.remove_suffix(2);
    return std::string(shown);
}
std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
    return text;
}

Finding about(Check check, std::uint32_t item, const Region& r, double score,
              std::string sentence) {
    Finding f;
    f.check = check;
    f.item = item;
    f.score = score;
    f.control = r.control;
    f.label = r.labels.empty() ? "" : r.labels.front();
    f.region = r.id;
    f.sentence = std::move(sentence);
    f.place = place_of(r);
    return f;
}

bool is_finite(const Region& r) {
    const auto all = [](const std::vector<double>& v) {
        return std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
    };
    return std::isfinite(r.x) && std::isfinite(r.y) && std::isfinite(r.width) &&
           std::isfinite(r.height) && std::isfinite(r.start) && std::isfinite(r.end) &&
           all(r.points) && std::all_of(r.rings.begin(), r.rings.end(), all);
}

double twice_area(std::span<const double> ring) {
    double sum = 0;
    const auto n = ring.size() & ~std::size_t{1};
    for (std::size_t i = 0; i < n; i += 2) {
        const auto j = (i + 2) % n;
        sum += ring[i] * ring[j + 1] - ring[j] * ring[i + 1];
    }
    return sum;
}

bool has_no_area(const Region& r) {
    if (!is_finite(r)) return true;
    if (r.kind == ControlKind::boxes) return !(r.width > 0 && r.height > 0);
    if (r.kind == ControlKind::polygons)
        return r.points.size() < 6 || std::abs(twice_area(r.points)) < 1e-9;
    if (r.kind == ControlKind::spans || r.kind == ControlKind::segments) return !(r.end > r.start);
    return false;
}

/// The share of the region's extent that lies outside the picture.
double share_outside(const Region& r, int width, int height) {
    const auto e = extent(r);
    const double w = std::max(e.right - e.left, 1e-9), h = std::max(e.bottom - e.top, 1e-9);
    const double in_w = std::min<double>(e.right, width) - std::max(e.left, 0.0);
    const double in_h = std::min<double>(e.bottom, height) - std::max(e.top, 0.0);
    return in_w <= 0 || in_h <= 0 ? 1 : 1 - in_w * in_h / (w * h);
}

void check_outside(const GivenItem& item, std::uint32_t number, const Region& r, Findings& out) {
    const bool on_image = facts_of(r.kind).on_image && item.width > 0 && item.height > 0;
    if (on_image && r.rotation == 0) {
        const auto e = extent(r);
        if (e.left >= -pixel_slack && e.top >= -pixel_slack &&
            e.right <= item.width + pixel_slack && e.bottom <= item.height + pixel_slack)
            return;
        const double share = share_outside(r, item.width, item.height);
        out.add(about(
            Check::outside, number, r, share,
            label_words(r) + " at " + place_words(r) +
                (share >= 1 ? " lies outside the picture of " : " sticks out of the picture of ") +
                std::to_string(item.width) + " x " + std::to_string(item.height) + "."));
    }
    if (r.kind == ControlKind::segments &&
        (r.start < -0.01 || (item.seconds > 0 && r.end > item.seconds + 0.1))) {
        const double end = item.seconds > 0 ? item.seconds : r.end;
        const double in = std::min(r.end, end) - std::max(r.start, 0.0);
        out.add(about(
            Check::outside, number, r, 1 - std::max(in, 0.0) / (r.end - r.start),
            label_words(r) + " at " + place_words(r) +
                (item.seconds > 0 ? " sticks out of " + number_words(item.seconds) + " s of sound."
                                  : " begins before its sound.")));
    }
}

bool same_labels(const Region& a, const Region& b) {
    return a.control == b.control && a.kind == b.kind && a.labels == b.labels;
}

void check_pair(std::uint32_t number, const Region& a, const Region& b, double doubled_from,
                Findings& out) {
    const double shared = iou(a, b);
    if (shared >= doubled_from) {
        out.add(about(Check::doubled, number, b, shared,
                      label_words(b) + " at " + place_words(b) +
                          " is labelled twice: another lies " +
                          (shared > 0.9999 ? "exactly" : percent(shared) + " (IoU)") + " on it."));
        return;
    }
    if (a.kind != ControlKind::spans && a.kind != ControlKind::segments) return;
    const double both = std::min(a.end, b.end) - std::max(a.start, b.start);
    const double least = std::min(a.end - a.start, b.end - b.start);
    if (both > 0 && least > 0)
        out.add(about(Check::overlapping_spans, number, b, both / least,
                      label_words(b) + " at " + place_words(b) + " overlaps another " +
                          label_words(a) + " at " + place_words(a) + "."));
}

bool is_compared(ControlKind kind) {
    return kind == ControlKind::boxes || kind == ControlKind::polygons ||
           kind == ControlKind::spans || kind == ControlKind::segments;
}

/// Pairs of one label that may touch: sorted by where they begin, compared until one begins behind.
void check_pairs(std::uint32_t number, const Regions& regions, double doubled_from, Findings& out) {
    struct Reach {
        double from, to;
        const Region* region;
    };
    std::vector<Reach> all;
    for (const auto& r : regions) {
        if (!is_compared(r.kind) || has_no_area(r)) continue;
        if (r.kind == ControlKind::spans || r.kind == ControlKind::segments) {
            all.push_back({r.start, r.end, &r});
        } else {
            const auto e = extent(r);
            all.push_back({e.left, e.right, &r});
        }
    }
    if (all.size() < 2) return;
    std::stable_sort(all.begin(), all.end(),
                     [](const Reach& a, const Reach& b) { return a.from < b.from; });
    for (std::size_t i = 0; i < all.size(); ++i)
        for (auto j = i + 1; j < all.size() && all[j].from < all[i].to; ++j)
            if (same_labels(*all[i].region, *all[j].region))
                check_pair(number, *all[i].region, *all[j].region, doubled_from, out);
}

void check_rings(std::uint32_t number, const Region& r, Findings& out) {
    bool crosses = crosses_itself(r.points);
    for (const auto& ring : r.rings) crosses = crosses || crosses_itself(ring);
    if (crosses)
        out.add(about(Check::self_crossing, number, r, 1,
                      "The outline of " + label_words(r) + " crosses itself."));
}

double side(double ax, double ay, double bx, double by, double cx, double cy) {
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/// The sign of punctuation at an end of a span that is seldom meant there, and how seldom.
double oddness(char32_t c, bool at_end) {
    switch (c) {
        case U',':
        case U';':
        case U':':
            return 0.9;
        case U'!':
        case U'?':
            return at_end ? 0.6 : 0.9;
        case U'.':
            return at_end ? 0 : 0.5;  // "Inc." ends so; ".NET" begins so.
        case U'(':
        case U'[':
        case U'{':
            return at_end ? 0.9 : 0;
        case U')':
        case U']':
        case U'}':
            return at_end ? 0 : 0.9;
        default:
            return 0;
    }
}

}  // namespace

std::string named(std::string_view text, std::size_t most_bytes) {
    std::string out = "\"";
    if (text.size() > most_bytes) {
        std::size_t n = most_bytes;
        while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
        out += text.substr(0, n);
        out += "...";
    } else {
        out += text;
    }
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return out + "\"";
}

std::string label_words(const Region& r) {
    return r.labels.empty() ? std::string("A region") : named(r.labels.front());
}

std::string place_words(const Region& r) {
    if (r.kind == ControlKind::spans)
        return "[" + number_words(r.start) + ", " + number_words(r.end) + ") " + named(r.text, 40);
    if (r.kind == ControlKind::segments)
        return number_words(r.start) + " to " + number_words(r.end) + " s";
    const auto e = extent(r);
    return number_words(e.right - e.left) + " x " + number_words(e.bottom - e.top) + " at (" +
           number_words(e.left) + ", " + number_words(e.top) + ")";
}

Place place_of(const Region& r) {
    Place p;
    if (r.kind == ControlKind::spans || r.kind == ControlKind::segments) {
        p.on = r.kind == ControlKind::spans ? Place::On::text : Place::On::audio;
        p.start = r.start, p.end = r.end;
        return p;
    }
    p.on = Place::On::image;
    const auto e = extent(r);
    p.x = e.left, p.y = e.top, p.width = e.right - e.left, p.height = e.bottom - e.top;
    return p;
}

TextIndex::TextIndex(std::string_view text)
    : text_(text), is_ascii_(std::all_of(text.begin(), text.end(), [](char c) {
          return static_cast<unsigned char>(c) < 0x80;
      })) {
    if (is_ascii_) return;
    for (std::uint32_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) begins_.push_back(i);
    begins_.push_back(static_cast<std::uint32_t>(text.size()));
}

char32_t TextIndex::at(std::size_t code_point) const {
    const auto from = byte(code_point);
    const auto lead = static_cast<unsigned char>(text_[from]);
    if (lead < 0x80) return lead;
    const std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    char32_t c = lead & (0x3fU >> more);
    for (std::size_t i = 1; i <= more && from + i < text_.size(); ++i)
        c = (c << 6) | (static_cast<unsigned char>(text_[from + i]) & 0x3fU);
    return c;
}

std::size_t TextIndex::code_point(std::size_t byte) const {
    if (is_ascii_) return byte;
    return static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), byte) -
                                    begins_.begin()) -
           1;
}

bool is_word_character(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) || (c >= 0x370 && c <= 0x3ff) ||
           (c >= 0x400 && c <= 0x52f) || (c >= 0x531 && c <= 0x587) || (c >= 0x900 && c <= 0xdff) ||
           (c >= 0x1e00 && c <= 0x1fff);
}

bool is_white_space(char32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x202f;
}

bool crosses_itself(std::span<const double> ring) {
    constexpr std::size_t most_corners = 2'000;  // Quadratic below; longer outlines are masks'.
    const auto n = ring.size() / 2;
    if (n < 4 || n > most_corners) return false;
    const auto x = [&](std::size_t i) { return ring[2 * (i % n)]; };
    const auto y = [&](std::size_t i) { return ring[2 * (i % n) + 1]; };
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 2; j < n; ++j) {
            if (i == 0 && j == n - 1) continue;
            if (std::max(x(i), x(i + 1)) < std::min(x(j), x(j + 1)) ||
                std::max(x(j), x(j + 1)) < std::min(x(i), x(i + 1)))
                continue;
            const double a = side(x(i), y(i), x(i + 1), y(i + 1), x(j), y(j));
            const double b = side(x(i), y(i), x(i + 1), y(i + 1), x(j + 1), y(j + 1));
            const double c = side(x(j), y(j), x(j + 1), y(j + 1), x(i), y(i));
            const double d = side(x(j), y(j), x(j + 1), y(j + 1), x(i + 1), y(i + 1));
            if (a * b < 0 && c * d < 0) return true;
        }
    return false;
}

void check_geometry(const GivenItem& item, std::uint32_t number, const Regions& regions,
                    double doubled_from, Findings& out) {
    std::optional<std::size_t> length;
    for (const auto& r : regions) {
        if (!facts_of(r.kind).drawn) continue;
        if (has_no_area(r)) {
            const bool is_long = r.kind == ControlKind::spans || r.kind == ControlKind::segments;
            out.add(about(Check::no_area, number, r, 1,
                          label_words(r) + " at " + place_words(r) + " has no " +
                              (is_long ? "length." : "area.")));
            continue;
        }
        check_outside(item, number, r, out);
        if (r.kind == ControlKind::polygons) check_rings(number, r, out);
        if (r.kind == ControlKind::spans) {
            if (!length) length = static_cast<std::size_t>(code_points(item.text));
            if (r.start < 0 || r.end > static_cast<double>(*length))
                out.add(about(Check::span_outside, number, r, 1,
                              label_words(r) + " at " + place_words(r) +
                                  " is not inside its text of " + std::to_string(*length) +
                                  " characters."));
        }
    }
    check_pairs(number, regions, doubled_from, out);
}

void check_boundaries(const GivenItem& item, std::uint32_t number, const Regions& regions,
                      Findings& out) {
    std::optional<TextIndex> text;
    for (const auto& r : regions) {
        if (r.kind != ControlKind::spans || r.start < 0 || !(r.end > r.start)) continue;
        if (!text) text.emplace(item.text);
        if (!(r.end <= static_cast<double>(text->size()))) continue;
        const auto from = static_cast<std::size_t>(r.start), to = static_cast<std::size_t>(r.end);
        const auto first = text->at(from), last = text->at(to - 1);
        if (is_white_space(first) || is_white_space(last)) {
            out.add(about(Check::white_space, number, r, 1,
                          label_words(r) + " at " + place_words(r) + " " +
                              (is_white_space(first) ? "begins" : "ends") + " with white space."));
            continue;
        }
        const bool cut_before =
            from > 0 && is_word_character(first) && is_word_character(text->at(from - 1));
        const bool cut_behind =
            to < text->size() && is_word_character(last) && is_word_character(text->at(to));
        if (cut_before || cut_behind) {
            auto begin = from, end = to;
            while (begin > 0 && is_word_character(text->at(begin - 1))) --begin;
            while (end < text->size() && is_word_character(text->at(end))) ++end;
            out.add(about(Check::cuts_word, number, r, 1,
                          label_words(r) + " at " + place_words(r) + " cuts " +
                              named(text->slice(begin, end), 40) + "."));
        }
        const double odd = std::max(oddness(first, false), oddness(last, true));
        if (odd > 0 && to - from > 1)
            out.add(about(Check::punctuation, number, r, odd,
                          label_words(r) + " at " + place_words(r) + " " +
                              (oddness(first, false) >= odd ? "begins" : "ends") +
                              " with punctuation."));
    }
}

void check_opinions(const GivenItem& item, std::uint32_t number, double most_in_favour,
                    Findings& out) {
    constexpr std::size_t most_compared = 12;  // Each with each.
    if (item.labels.size() < 2) return;
    std::vector<Regions> opinions;
    for (const auto& answer : item.labels)
        if (opinions.size() < most_compared) opinions.push_back(*answer.regions);
    const auto found = consensus(opinions);
    const auto n = static_cast<double>(opinions.size());
    const double share = found.in_favour / n;
    if (share > most_in_favour) return;
    Finding f;
    f.check = Check::people_differ;
    f.item = number;
    f.score = 1 - share;
    f.sentence = std::to_string(found.in_favour) + " of " + std::to_string(opinions.size()) +
                 " people give the most common answer.";
    for (std::size_t i = 0; i < opinions.size(); ++i) {
        std::string said;
        for (const auto& r : opinions[i]) {
            if (said.size() > 80) break;
            said += (said.empty() ? "" : ", ") +
                    (r.labels.empty() ? named(r.text, 40) : r.labels.front());
        }
        const auto& by = item.labels[i].by;
        f.evidence.push_back(
            {number, (by.empty() ? "person " + std::to_string(i + 1) : std::string(by)) + ": " +
                         (said.empty() ? "nothing" : said)});
    }
    const auto differing = differences(opinions[found.opinion], opinions[found.opinion ? 0 : 1]);
    if (!differing.empty()) f.control = differing.front().control;
    out.add(std::move(f));
}

}  // namespace countersign
