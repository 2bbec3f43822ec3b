// The report as one page for people: pictures with the place drawn on them, texts with the words
// marked, no script, nothing from elsewhere.
#include <algorithm>
#include <cstdio>
#include <map>

#include "base/text.h"
#include "cli/check_report.h"

namespace countersign {

namespace {

constexpr std::size_t shown_in_page = 50, most_pictures = 300;

std::string base64(std::string_view bytes) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t n = 0;
        for (std::size_t k = 0; k < 3; ++k)
            n = (n << 8) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k <= bytes.size() ? digits[(n >> (18 - 6 * k)) & 63] : '=';
    }
    return out;
}

std::string svg_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

constexpr std::string_view page_head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>countersign check</title><style>
:root{color-scheme:light dark;--line:#8884;--error:#c62828;--warning:#b26a00;--note:#1565c0}
@media (prefers-color-scheme:dark){:root{--error:#ff8a80;--warning:#ffb74d;--note:#90caf9}}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
details{border:1px solid var(--line);border-radius:8px;margin:.6rem 0;padding:.6rem 1rem}
summary{cursor:pointer;font-weight:600}
.error{color:var(--error)}.warning{color:var(--warning)}.note{color:var(--note)}
article{border-top:1px solid var(--line);padding:.6rem 0;overflow-wrap:anywhere}
.where{font:13px ui-monospace,monospace;opacity:.8}.text{white-space:pre-wrap}
mark{background:#ffe082;color:#000;border-radius:3px;padding:0 2px}
svg{max-width:100%;height:auto;border-radius:6px}small{opacity:.8}
</style></head><body>
)";

class FindingsPage {
public:
    explicit FindingsPage(const CheckReport& report) : report_(report) {}

    std::string print(std::size_t known) {
        std::map<Check, std::vector<const Finding*>> of;
        std::vector<Check> order;
        std::map<FindingLevel, std::size_t> levels;
        for (const auto& f : report_.findings) {
            if (of[f.check].empty()) order.push_back(f.check);
            of[f.check].push_back(&f);
            ++levels[row_of(f.check).level];
        }
        out_ = page_head;
        out_ += "<h1>What looks wrong</h1><p>" +
                std::to_string(report_.check->corpus().items().size()) + " items, " +
                std::to_string(report_.labels) + " labels (" + escaped_markup(report_.from) +
                "): " + std::to_string(levels[FindingLevel::error]) + " errors, " +
                std::to_string(levels[FindingLevel::warning]) + " warnings, " +
                std::to_string(levels[FindingLevel::note]) + " notes" +
                (known ? "; " + std::to_string(known) + " known ones left out" : "") + ".</p>";
        for (const auto& why : report_.not_done) out_ += "<p>" + escaped_markup(why) + "</p>";
        for (const auto check : order) group(check, of[check]);
        return out_ + "</body></html>\n";
    }

private:
    void group(Check check, const std::vector<const Finding*>& findings) {
        const auto& row = row_of(check);
        const std::string level(name_of(row.level));
        out_ += "<details" + std::string(row.level == FindingLevel::error ? " open" : "") +
                "><summary><span class=\"" + level + "\">" + level + "</span> " +
                escaped_markup(row.title) + " (" + std::to_string(findings.size()) +
                ")</summary><p>" + escaped_markup(row.advice) +
                "<br><small>Score: " + escaped_markup(row.score) +
                ". Check: " + std::string(row.name) + ".</small></p>";
        const auto n = std::min(findings.size(), shown_in_page);
        for (std::size_t i = 0; i < n; ++i) one(*findings[i]);
        if (n < findings.size())
            out_ += "<p>and " + std::to_string(findings.size() - n) + " more.</p>";
        out_ += "</details>\n";
    }

    void one(const Finding& f) {
        char score[16];
        std::snprintf(score, sizeof score, "%.2f", f.score);
        out_ += "<article><div class=\"where\">" + std::string(score) + " " +
                escaped_markup(report_.where(f)) + " " + escaped_markup(report_.name_of_item(f)) +
                "</div><div>" + escaped_markup(f.sentence) + "</div>";
        if (const auto* item = report_.item(f.item)) show(*item, f.item, f.place);
        for (const auto& e : f.evidence) {
            out_ += "<small>" + escaped_markup(e.sentence) + "</small>";
            if (const auto* item = report_.item(e.item); item && e.item != f.item)
                show(*item, e.item, std::nullopt);
            else
                out_ += "<br>";
        }
        out_ += "</article>";
    }

    void show(const CorpusItem& item, std::uint32_t number_of, const std::optional<Place>& place) {
        if (item.is_text)
            text(item.text, place);
        else
            picture(item, number_of, place);
    }

    void text(std::string_view all, const std::optional<Place>& place) {
        constexpr std::int64_t around = 160;
        const auto length = code_points(all);
        auto from = std::int64_t{0}, to = std::min(length, 2 * around);
        std::int64_t begin = 0, end = 0;
        if (place && place->on == Place::On::text && place->start >= 0 &&
            place->end <= static_cast<double>(length) && place->start <= place->end) {
            begin = static_cast<std::int64_t>(place->start);
            end = static_cast<std::int64_t>(place->end);
            from = std::max<std::int64_t>(0, begin - around);
            to = std::min(length, end + around);
        }
        const auto piece = [&](std::int64_t a, std::int64_t b) {
            return escaped_markup(slice(all, a, b).value_or(""));
        };
        out_ += "<div class=\"text\">" + std::string(from > 0 ? "..." : "");
        if (end > begin)
            out_ += piece(from, begin) + "<mark>" + piece(begin, end) + "</mark>" + piece(end, to);
        else
            out_ += piece(from, to);
        out_ += std::string(to < length ? "..." : "") + "</div>";
    }

    void picture(const CorpusItem& item, std::uint32_t number_of,
                 const std::optional<Place>& place) {
        if (pictures_ >= most_pictures || item.width <= 0 || item.height <= 0) return;
        const auto jpeg = report_.picture(number_of);
        if (!jpeg) return;
        ++pictures_;
        const auto w = std::to_string(item.width), h = std::to_string(item.height);
        out_ += "<svg role=\"img\" aria-label=\"" + escaped_markup(item.name) +
                "\" width=\"320\" " + "viewBox=\"0 0 " + w + " " + h + "\"><image width=\"" + w +
                "\" height=\"" + h + "\" href=\"data:image/jpeg;base64," + base64(*jpeg) + "\"/>";
        if (place && place->on == Place::On::image) {
            const double line = std::max(item.width, item.height) / 120.0;
            out_ += "<rect x=\"" + svg_number(place->x) + "\" y=\"" + svg_number(place->y) +
                    "\" width=\"" + svg_number(std::max(place->width, line)) + "\" height=\"" +
                    svg_number(std::max(place->height, line)) +
                    "\" fill=\"none\" stroke=\"#ff1744\" stroke-width=\"" + svg_number(line) +
                    "\"/>";
        }
        out_ += "</svg><br>";
    }

    const CheckReport& report_;
    std::string out_;
    std::size_t pictures_ = 0;
};

}  // namespace

std::string html_report(const CheckReport& report, const ReportStyle& style) {
    return FindingsPage(report).print(style.known);
}

}  // namespace countersign
