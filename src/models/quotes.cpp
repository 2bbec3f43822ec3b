#include "models/quotes.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "models/relocate.h"

namespace countersign {

namespace {

constexpr std::size_t most_occurrences = 10'000;

/// How many signs at the end of `text` and of `before` are the same; blanks at the ends, and how
/// many there are in a row, do not count.
std::size_t same_ending(std::string_view text, std::string_view before) {
    std::size_t same = 0;
    const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    const auto skip = [&](std::string_view& from) {
        bool any = false;
        while (!from.empty() && blank(from.back())) {
            from.remove_suffix(1);
            any = true;
        }
        return any;
    };
    skip(text);
    skip(before);
    while (!text.empty() && !before.empty()) {
        const bool gap = skip(text), other_gap = skip(before);
        if (gap != other_gap || text.empty() || before.empty() || text.back() != before.back())
            break;
        text.remove_suffix(1);
        before.remove_suffix(1);
        ++same;
    }
    return same;
}

std::vector<std::size_t> occurrences(std::string_view text, std::string_view words) {
    std::vector<std::size_t> out;
    if (words.empty()) return out;
    for (auto at = text.find(words); at != text.npos && out.size() < most_occurrences;
         at = text.find(words, at + 1))
        out.push_back(at);
    return out;
}

}  // namespace

std::vector<QuotePlace> place_quotes(std::string_view text, const std::vector<Quote>& quotes) {
    std::vector<QuotePlace> out;
    std::set<std::pair<std::size_t, std::size_t>> taken;  // Bytes.
    std::size_t behind = 0;
    for (const auto& quote : quotes) {
        QuotePlace place;
        const auto all = occurrences(text, quote.words);
        const auto rank = [&](std::size_t at) {
            return std::tuple(
                !quote.before.empty() ? same_ending(text.substr(0, at), quote.before) : 0,
                !taken.contains({at, at + quote.words.size()}), at >= behind);
        };
        if (const auto best = std::max_element(all.begin(), all.end(),
                                               [&](auto a, auto b) { return rank(a) < rank(b); });
            best != all.end()) {
            taken.insert({*best, *best + quote.words.size()});
            behind = *best + quote.words.size();
            place.begin = code_points(text.substr(0, *best));
            place.end = place.begin + code_points(quote.words);
            place.found = true;
        } else if (const auto near =
                       relocate(text, quote.words, code_points(text.substr(0, behind)))) {
            place = {near->begin, near->end, near->edits, true};
        }
        out.push_back(place);
    }
    return out;
}

std::string words_before(std::string_view text, std::int64_t begin, std::int64_t most) {
    const auto words = slice(text, std::max<std::int64_t>(0, begin - most), begin);
    return words ? std::string(trim(*words)) : std::string();
}

}  // namespace countersign
