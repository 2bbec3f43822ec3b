#include "quality/word_alignment.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t most_cells = 100'000'000;

/// The code point at `at`, and the place behind it. `text` is valid UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    char32_t out = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i) out = out << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
    return out;
}

void append_utf8(std::string& out, char32_t c) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6), tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12), tail(6), tail(0);
    } else {
        out += static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0);
    }
}

/// Simple small forms of Unicode's Latin-1, Latin Extended-A, Greek and Cyrillic blocks.
char32_t small(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c == 0x130) return 'i';
    if (c == 0x178) return 0xFF;
    const bool is_even_pair = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) ||
                              (c >= 0x460 && c <= 0x481) || (c >= 0x48A && c <= 0x4BF) ||
                              (c >= 0x4D0 && c <= 0x52F) || (c >= 0x1E00 && c <= 0x1E95) ||
                              (c >= 0x1EA0 && c <= 0x1EFF);
    if (is_even_pair) return c | 1;
    const bool is_odd_pair =
        (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E) || (c >= 0x4C1 && c <= 0x4CE);
    if (is_odd_pair) return c % 2 == 1 ? c + 1 : c;
    if (c == 0x386) return 0x3AC;
    if (c >= 0x388 && c <= 0x38A) return c + 37;
    if (c == 0x38C) return 0x3CC;
    if (c == 0x38E || c == 0x38F) return c + 63;
    if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    return c;
}

bool is_apostrophe(char32_t c) {
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0xFF07;
}

bool is_spoken(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c < 0xC0) return c == 0xAA || c == 0xB2 || c == 0xB3 || c == 0xB5 || c == 0xB9 || c == 0xBA;
    return c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F);
}

std::vector<char32_t> code_points_of(std::string_view text) {
    std::vector<char32_t> out;
    for (std::size_t at = 0; at < text.size();) out.push_back(next_code_point(text, at));
    return out;
}

enum class Step : std::uint8_t { none, both, only_a, only_b };

/// One dynamic programme in the band |j - i| <= reach. Appends the steps of the cheapest path in it
/// and returns its cost; the cost is the true one when it is no more than `reach`.
class Band {
public:
    Band(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, std::size_t reach)
        : a_(a), b_(b), reach_(reach), width_(2 * reach + 1) {}

    std::size_t fill() {
        steps_.assign((a_.size() + 1) * width_, Step::none);
        std::vector<std::uint32_t> above(width_ + 1, far), row(width_ + 1, far);
        for (std::size_t i = 0; i <= a_.size(); ++i) {
            const std::size_t first = i > reach_ ? i - reach_ : 0;
            const std::size_t last = std::min(b_.size(), i + reach_);
            std::fill(row.begin(), row.end(), far);
            for (std::size_t j = first; j <= last; ++j) {
                const auto at = j + reach_ - i;  // The same diagonal of the row above is at `at`.
                std::uint32_t best = i == 0 && j == 0 ? 0 : far;
                auto step = Step::none;
                const auto offer = [&](std::uint32_t cost, Step by) {
                    if (cost < best) best = cost, step = by;
                };
                if (i > 0 && j > 0) offer(above[at] + (a_[i - 1] != b_[j - 1]), Step::both);
                if (i > 0) offer(above[at + 1] + 1, Step::only_a);
                if (j > first) offer(row[at - 1] + 1, Step::only_b);
                row[at] = best;
                steps_[i * width_ + at] = step;
            }
            std::swap(above, row);
        }
        return above[b_.size() + reach_ - a_.size()];
    }

    void trace(std::size_t offset, std::vector<AlignedPair>& out) const {
        const auto from = out.size();
        std::size_t i = a_.size(), j = b_.size();
        const auto place = [&](std::size_t at) { return static_cast<std::int32_t>(offset + at); };
        while (i > 0 || j > 0) {
            switch (steps_[i * width_ + j + reach_ - i]) {
                case Step::both:
                    --i, --j;
                    out.push_back({place(i), place(j)});
                    break;
                case Step::only_a:
                    --i;
                    out.push_back({place(i), -1});
                    break;
                case Step::only_b:
                case Step::none:
                    --j;
                    out.push_back({-1, place(j)});
            }
        }
        std::reverse(out.begin() + static_cast<std::ptrdiff_t>(from), out.end());
    }

private:
    static constexpr std::uint32_t far = std::numeric_limits<std::uint32_t>::max() / 2;
    std::span<const std::uint32_t> a_, b_;
    std::size_t reach_, width_;
    std::vector<Step> steps_;
};

void align_middle(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                  std::size_t offset, std::vector<AlignedPair>& out) {
    const auto longer = std::max(a.size(), b.size());
    for (auto reach = longer - std::min(a.size(), b.size()) + 4;; reach *= 2) {
        reach = std::min(reach, longer);
        if ((a.size() + 1) * (2 * reach + 1) > most_cells) break;
        Band band(a, b, reach);
        if (band.fill() <= reach || reach == longer) return band.trace(offset, out);
    }
    for (std::size_t i = 0; i < longer; ++i) {
        const auto place = static_cast<std::int32_t>(offset + i);
        out.push_back({i < a.size() ? place : -1, i < b.size() ? place : -1});
    }
}

}  // namespace

std::string normalised_transcript(std::string_view text) {
    const auto valid = is_utf8(text) ? std::string(text) : repair_utf8(text);
    const auto points = code_points_of(valid);
    std::string out;
    bool is_gap = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const bool inside =
            i > 0 && i + 1 < points.size() && is_spoken(points[i - 1]) && is_spoken(points[i + 1]);
        const bool keeps = is_apostrophe(points[i]) ? inside : is_spoken(points[i]);
        if (!keeps) {
            is_gap = true;
            continue;
        }
        if (is_gap && !out.empty()) out += ' ';
        is_gap = false;
        append_utf8(out, is_apostrophe(points[i]) ? U'\'' : small(points[i]));
    }
    return out;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const auto from = text.find_first_not_of(" \t\r\n", at);
        if (from == std::string_view::npos) break;
        at = std::min(text.find_first_of(" \t\r\n", from), text.size());
        out.emplace_back(text.substr(from, at - from));
    }
    return out;
}

std::vector<AlignedPair> align(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    const auto shorter = std::min(a.size(), b.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && a[head] == b[head]) ++head;
    while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    std::vector<AlignedPair> out;
    out.reserve(std::max(a.size(), b.size()));
    for (std::size_t i = 0; i < head; ++i)
        out.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(i)});
    align_middle(a.subspan(head, a.size() - head - tail), b.subspan(head, b.size() - head - tail),
                 head, out);
    for (std::size_t i = tail; i-- > 0;)
        out.push_back({static_cast<std::int32_t>(a.size() - 1 - i),
                       static_cast<std::int32_t>(b.size() - 1 - i)});
    return out;
}

EditCounts& EditCounts::operator+=(const EditCounts& other) {
    hits += other.hits, substitutions += other.substitutions;
    deletions += other.deletions, insertions += other.insertions;
    return *this;
}

EditCounts edit_counts(std::span<const std::uint32_t> reference,
                       std::span<const std::uint32_t> hypothesis) {
    EditCounts out;
    for (const auto& [a, b] : align(reference, hypothesis)) {
        if (b < 0)
            ++out.deletions;
        else if (a < 0)
            ++out.insertions;
        else
            ++(reference[static_cast<std::size_t>(a)] == hypothesis[static_cast<std::size_t>(b)]
                   ? out.hits
                   : out.substitutions);
    }
    return out;
}

EditCounts word_errors(std::string_view reference, std::string_view hypothesis) {
    WordNumbers number;
    const auto a = number.of(words_of(reference)), b = number.of(words_of(hypothesis));
    return edit_counts(a, b);
}

EditCounts character_errors(std::string_view reference, std::string_view hypothesis) {
    const auto characters = [](std::string_view text) {
        std::string joined;
        for (const auto& word : words_of(text)) joined += (joined.empty() ? "" : " ") + word;
        const auto points = code_points_of(is_utf8(joined) ? joined : repair_utf8(joined));
        return std::vector<std::uint32_t>(points.begin(), points.end());
    };
    return edit_counts(characters(reference), characters(hypothesis));
}

}  // namespace countersign
