#include "formats/csv_rows.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr std::size_t longest_record = std::size_t{16} << 20;

/// How well `separator` splits the text: how often it stands in the first line, if later lines
/// agree.
double evenness(std::string_view text, char separator) {
    std::vector<int> counts(1, 0);
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == separator) ++counts.back();
        if (c == '\n') counts.push_back(0);
    }
    if (counts.size() > 1) counts.pop_back();
    if (counts.front() == 0) return 0;
    const auto same = std::count(counts.begin(), counts.end(), counts.front());
    return static_cast<double>(same) / static_cast<double>(counts.size()) +
           0.001 * std::min(counts.front(), 50);
}

char guess_separator(std::string_view text) {
    char best = ',';
    double most = 0;
    for (const char c : {',', '\t', ';', '|'})
        if (const double e = evenness(text, c); e > most) best = c, most = e;
    return best;
}

}  // namespace

Result<> CsvRows::begin() {
    begun_ = true;
    constexpr std::size_t sample = std::size_t{64} << 10;
    while (window_.view().size() < sample)
        if (!TRY(window_.more())) break;
    const auto view = window_.view();
    if (view.starts_with("\xFF\xFE") || view.starts_with("\xFE\xFF"))
        return Refusal{Code::unsupported,
                       "The table is UTF-16: save it as \"CSV UTF-8\" and import it again."};
    if (view.starts_with("\xEF\xBB\xBF")) window_.drop(3);
    if (separator_ == 0) separator_ = guess_separator(window_.view().substr(0, sample));
    return Done{};
}

/// Appends what a quoted cell goes on with at `i`, and moves behind it. True when the cell's quote
/// closed.
bool CsvRows::quoted_run(std::string_view view, std::size_t& i, std::string& cell) {
    const auto at = view.find('"', i);
    const auto upto = at == std::string_view::npos ? view.size() : at;
    const auto run = view.substr(i, upto - i);
    cell += run;
    line_ += std::count(run.begin(), run.end(), '\n');
    i = upto;
    if (i == view.size()) return false;
    if (i + 1 < view.size() && view[i + 1] == '"') {
        cell += '"';
        i += 2;
        return false;
    }
    ++i;
    return true;
}

Result<std::optional<CsvRecord>> CsvRows::next() {
    if (!begun_) TRY(begin());
    CsvRecord record;
    record.line = line_;
    std::string cell;
    std::size_t i = 0;
    bool quoted = false, any = false;
    const auto end_cell = [&] {
        record.cells.push_back(std::move(cell));
        cell.clear();
    };
    for (;;) {
        auto view = window_.view();
        if (i + 2 > view.size() && TRY(window_.more())) continue;
        view = window_.view();
        if (i >= view.size()) break;
        any = true;
        if (i > longest_record || !record.fault.empty()) {  // Pass over it without holding it.
            record.fault = "the record is longer than 16 MiB";
            record.cells.clear();
            cell.clear();
            window_.drop(i);
            i = 0;
            view = window_.view();
        }
        const char c = view[i];
        if (quoted) {
            // A quote at the very end of what was read may be the first of two.
            quoted = !quoted_run(view, i, cell);
            if (!quoted && i == view.size() && TRY(window_.more()) && window_.view()[i] == '"') {
                quoted = true;
                cell += '"';
                ++i;
            }
        } else if (c == '"' && cell.empty()) {
            quoted = true;
            ++i;
        } else if (c == separator_) {
            end_cell();
            ++i;
        } else if (c == '\n' || c == '\r') {
            if (c == '\r' && i + 1 < view.size() && view[i + 1] == '\n') ++i;
            ++line_;
            end_cell();
            window_.drop(i + 1);
            return std::optional(std::move(record));
        } else {
            const char stops[] = {separator_, '\n', '\r'};
            const auto upto =
                std::min(view.find_first_of(std::string_view(stops, 3), i), view.size());
            cell += view.substr(i, upto - i);
            i = upto;
        }
    }
    window_.drop(i);
    if (!any) return std::optional<CsvRecord>();
    if (quoted) record.fault = "a quote that opens in it is never closed";
    end_cell();
    return std::optional(std::move(record));
}

void append_csv(std::string& out, std::string_view cell, char separator) {
    const char special[] = {separator, '"', '\n', '\r'};
    const bool plain = cell.find_first_of(std::string_view(special, 4)) == std::string_view::npos &&
                       (cell.empty() || (cell.front() != ' ' && cell.back() != ' '));
    if (plain) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

std::string from_latin1(std::string_view bytes) {
    // 0x80-0x9F of Windows-1252; holes keep the C1 control of ISO 8859-1 (WHATWG Encoding, index
    // windows-1252).
    static constexpr char16_t high[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    std::string out;
    out.reserve(bytes.size() + 16);
    for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        const unsigned point = b >= 0x80 && b < 0xA0 ? high[b - 0x80] : b;
        if (point < 0x80) {
            out += static_cast<char>(point);
        } else if (point < 0x800) {
            out += static_cast<char>(0xC0 | (point >> 6));
            out += static_cast<char>(0x80 | (point & 63));
        } else {
            out += static_cast<char>(0xE0 | (point >> 12));
            out += static_cast<char>(0x80 | ((point >> 6) & 63));
            out += static_cast<char>(0x80 | (point & 63));
        }
    }
    return out;
}

}  // namespace countersign
