#include "models/span_tokens.h"

#include <algorithm>

#include "base/text.h"
#include "models/text_characters.h"

namespace countersign {

namespace {

constexpr std::size_t most_tokens = 50'000;

/// What a character does to the run it stands in.
enum class Part { blank, word, mark, alone };

struct Spot {
    Part part;
    char32_t code;
    std::size_t byte;
    std::int64_t place;
};

Part part_of(char32_t c) {
    const auto sort = sort_of(lower_character(c));
    if (sort == CharacterSort::blank || c == 0) return Part::blank;
    if (sort == CharacterSort::letter) return Part::word;
    const bool ideograph =
        (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x3040 && c <= 0xFAFF) || c >= 0x20000;
    return ideograph ? Part::alone : Part::mark;
}

/// Spots [first, last) of one run without white space and without words that stand alone.
class RunCutter {
public:
    RunCutter(const std::vector<Spot>& spots, const std::u32string& splits, std::string_view text,
              std::vector<SpanToken>& out)
        : spots_(spots), splits_(splits), text_(text), out_(out) {}

    void cut(std::size_t first, std::size_t last) {
        while (first < last && mark(first) && !prefix(first, last)) single(first++);
        std::size_t end = last;
        while (end > first && mark(end - 1) && !stop_inside(first, end)) --end;
        inside(first, end);
        for (; end < last; ++end) single(end);
    }

private:
    bool mark(std::size_t i) const { return spots_[i].part == Part::mark; }
    bool prefix(std::size_t i, std::size_t last) const {
        return (spots_[i].code == '@' || spots_[i].code == '#') && i + 1 < last && !mark(i + 1);
    }
    /// The full stop at the end of "U.S.": one more stands inside.
    bool stop_inside(std::size_t first, std::size_t end) const {
        if (spots_[end - 1].code != '.' || end - first < 3 || mark(end - 2)) return false;
        for (std::size_t i = first; i + 1 < end; ++i)
            if (spots_[i].code == '.') return true;
        return false;
    }
    void inside(std::size_t first, std::size_t last) {
        std::size_t from = first;
        for (std::size_t i = first; i < last; ++i) {
            if (!mark(i) || splits_.find(spots_[i].code) == splits_.npos) continue;
            token(from, i);
            single(i);
            from = i + 1;
        }
        token(from, last);
    }
    void single(std::size_t i) { token(i, i + 1); }
    void token(std::size_t first, std::size_t last) {
        if (first >= last) return;
        const auto from = spots_[first].byte, to = spots_[last].byte;
        out_.push_back(
            {text_.substr(from, to - from), spots_[first].place, spots_[last - 1].place + 1});
    }

    const std::vector<Spot>& spots_;
    const std::u32string& splits_;
    std::string_view text_;
    std::vector<SpanToken>& out_;
};

/// One spot a character, and one behind the end.
std::vector<Spot> spots_of(std::string_view text) {
    std::vector<Spot> spots;
    std::int64_t place = 0;
    for (std::size_t at = 0; at < text.size(); ++place) {
        const auto [code, bytes] = decode_character(text.substr(at));
        spots.push_back({part_of(code), code, at, place});
        at += bytes;
    }
    spots.push_back({Part::blank, ' ', text.size(), place});
    return spots;
}

}  // namespace

std::vector<SpanToken> span_tokens(std::string_view text, const std::u32string& splits) {
    std::vector<SpanToken> out;
    const auto spots = spots_of(text);
    RunCutter cutter(spots, splits, text, out);
    std::size_t run = 0;
    for (std::size_t i = 0; i < spots.size() && out.size() < most_tokens; ++i) {
        if (spots[i].part != Part::blank && spots[i].part != Part::alone) continue;
        cutter.cut(run, i);
        if (spots[i].part == Part::alone) cutter.cut(i, i + 1);
        run = i + 1;
    }
    return out;
}

TokenRange tokens_of(const std::vector<SpanToken>& tokens, std::int64_t start, std::int64_t end) {
    TokenRange range;
    const auto first = std::partition_point(tokens.begin(), tokens.end(),
                                            [&](const SpanToken& t) { return t.end <= start; });
    const auto last = std::partition_point(first, tokens.end(),
                                           [&](const SpanToken& t) { return t.start < end; });
    range.first = static_cast<std::size_t>(first - tokens.begin());
    range.last = static_cast<std::size_t>(last - tokens.begin());
    range.exact = first != last && first->start >= start && std::prev(last)->end <= end;
    return range;
}

std::u32string cut_characters(std::string_view text, std::int64_t start, std::int64_t end) {
    std::u32string out;
    const auto spots = spots_of(text);
    const auto size = static_cast<std::int64_t>(spots.size()) - 1;
    if (start < 0 || end > size || start >= end) return out;
    const auto look = [&](std::int64_t inner, std::int64_t outer) {
        if (outer < 0 || outer >= size) return;
        const auto& in = spots[static_cast<std::size_t>(inner)];
        const auto& beside = spots[static_cast<std::size_t>(outer)];
        if (in.part == Part::word && beside.part == Part::mark) out += beside.code;
        if (in.part == Part::mark && beside.part == Part::word) out += in.code;
    };
    look(start, start - 1);
    look(end - 1, end);
    return out;
}

}  // namespace countersign
