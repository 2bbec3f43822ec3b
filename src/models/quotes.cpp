#include "models/quotes.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "models/relocate.h"

namespace countersign {

namespace {

constexpr std::size_t most_occurrences = 10'000, most_looked_at = 1'000'000;
constexpr std::size_t most_before = 200;  // Bytes that decide between occurrences.
constexpr std::int64_t most_steps = 100'000'000;

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

std::vector<std::size_t> occurrences(std::string_view text, std::string_view words,
                                     std::size_t most) {
    std::vector<std::size_t> out;
    if (words.empty()) return out;
    for (auto at = text.find(words); at != text.npos && out.size() < most;
         at = text.find(words, at + 1))
        out.push_back(at);
    return out;
}

}  // namespace

std::vector<QuotePlace> place_quotes(std::string_view text, const std::vector<Quote>& quotes) {
    std::vector<QuotePlace> out;
    std::set<std::pair<std::size_t, std::size_t>> taken;  // Bytes.
    std::size_t behind = 0, looked_at = 0;
    std::int64_t steps = 0;
    const std::int64_t length = code_points(text);
    for (const auto& quote : quotes) {
        QuotePlace place;
        const std::size_t size = quote.words.size();
        std::string_view before = quote.before;
        if (before.size() > most_before) before.remove_prefix(before.size() - most_before);
        const auto rank = [&](std::size_t at) {
            return std::tuple(!before.empty() ? same_ending(text.substr(0, at), before) : 0,
                              !taken.contains({at, at + size}), at >= behind);
        };
        // The first is always looked at.
        const auto all = occurrences(
            text, quote.words,
            std::clamp<std::size_t>(most_looked_at - std::min(looked_at, most_looked_at), 1,
                                    most_occurrences));
        looked_at += all.size();
        if (!all.empty()) {
            std::size_t best = all.front();
            for (auto highest = rank(best); const auto at : all)
                if (const auto other = rank(at); other > highest) best = at, highest = other;
            taken.insert({best, best + size});
            behind = best + size;
            place.begin = code_points(text.substr(0, best));
            place.end = place.begin + code_points(quote.words);
            place.found = true;
        } else if (const auto cost = relocate_steps(length, code_points(quote.words));
                   steps + cost <= most_steps) {
            steps += cost;
            if (const auto near = relocate(text, quote.words, code_points(text.substr(0, behind))))
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
