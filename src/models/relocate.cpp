#include "models/relocate.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::int64_t reach = 20'000;
constexpr std::size_t longest_quote = 1'000, shortest_quote = 5;

std::u32string code_points_of(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) == 0x80 && !out.empty())
            out.back() = out.back() << 6 | (byte & 0x3Fu);
        else
            out += byte < 0xC0   ? byte
                   : byte < 0xE0 ? byte & 0x1Fu
                   : byte < 0xF0 ? byte & 0xFu
                                 : byte & 7u;
    }
    return out;
}

std::optional<Relocated> exactly(const std::u32string& text, const std::u32string& quote,
                                 std::int64_t near) {
    std::optional<Relocated> best;
    for (auto at = text.find(quote); at != text.npos; at = text.find(quote, at + 1)) {
        const auto begin = static_cast<std::int64_t>(at);
        if (best && std::abs(begin - near) >= std::abs(best->begin - near)) break;
        best = {begin, begin + static_cast<std::int64_t>(quote.size()), 0};
    }
    return best;
}

/// Sellers' algorithm: row i holds, for the quote's first i signs, the least edits that end at the
/// present place of the text, and where that stretch begins.
std::optional<Relocated> nearly(const std::u32string& text, const std::u32string& quote,
                                std::int64_t near) {
    const std::int64_t length = static_cast<std::int64_t>(text.size());
    const std::int64_t from = std::clamp(near - reach, std::int64_t{0}, length);
    const std::int64_t to = std::clamp(near + reach, std::int64_t{0}, length);
    struct Cell {
        int edits;
        std::int64_t begin;
    };
    std::vector<Cell> column(quote.size() + 1);
    for (std::size_t i = 0; i <= quote.size(); ++i) column[i] = {static_cast<int>(i), from};
    std::optional<Relocated> best;
    const int most = static_cast<int>(quote.size() / 5);
    for (std::int64_t j = from; j < to; ++j) {
        Cell diagonal = column[0];
        column[0] = {0, j + 1};
        for (std::size_t i = 1; i <= quote.size(); ++i) {
            const bool same = quote[i - 1] == text[static_cast<std::size_t>(j)];
            Cell cell = {diagonal.edits + !same, diagonal.begin};
            if (column[i].edits + 1 < cell.edits) cell = {column[i].edits + 1, column[i].begin};
            if (column[i - 1].edits + 1 < cell.edits)
                cell = {column[i - 1].edits + 1, column[i - 1].begin};
            diagonal = column[i];
            column[i] = cell;
        }
        const Cell& last = column.back();
        const bool nearer = best && last.edits == best->edits &&
                            std::abs(last.begin - near) < std::abs(best->begin - near);
        if (last.edits <= most && (!best || last.edits < best->edits || nearer))
            best = {last.begin, j + 1, last.edits};
    }
    return best && best->begin < best->end ? best : std::nullopt;
}

}  // namespace

std::optional<Relocated> relocate(std::string_view text, std::string_view quote,
                                  std::int64_t near) {
    const auto where = code_points_of(text), what = code_points_of(quote);
    if (what.empty()) return std::nullopt;
    if (const auto found = exactly(where, what, near)) return found;
    if (what.size() < shortest_quote || what.size() > longest_quote) return std::nullopt;
    return nearly(where, what, near);
}

std::int64_t relocate_steps(std::int64_t text, std::int64_t quote) {
    const bool searched = quote >= static_cast<std::int64_t>(shortest_quote) &&
                          quote <= static_cast<std::int64_t>(longest_quote);
    return text + (searched ? std::min(text, 2 * reach) * quote : 0);
}

}  // namespace countersign
