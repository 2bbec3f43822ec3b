#include "cli/check_report.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t shown_each = 5;

std::string two_digits(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

class Paint {
public:
    explicit Paint(bool on) : on_(on) {}
    std::string operator()(std::string_view text, std::string_view code) const {
        return on_ ? "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m"
                   : std::string(text);
    }
    static std::string_view of(FindingLevel level) {
        return level == FindingLevel::error     ? "1;31"
               : level == FindingLevel::warning ? "1;33"
                                                : "36";
    }

private:
    bool on_;
};

/// Control characters of hostile files do not reach a terminal.
std::string printable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return out;
}

std::string counted(std::size_t n, std::string_view one) {
    return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s");
}

/// What several people said; a single piece of evidence is in the sentence already.
void append_evidence(std::string& out, const Finding& f) {
    if (f.evidence.size() < 2) return;
    const auto n = std::min(shown_each, f.evidence.size());
    for (std::size_t i = 0; i < n; ++i)
        out += "          " + printable(f.evidence[i].sentence) + "\n";
    if (n < f.evidence.size())
        out += "          and " + std::to_string(f.evidence.size() - n) + " more\n";
}

/// Findings by check, in the order in which the checks' worst ones stand.
std::vector<std::pair<Check, std::vector<const Finding*>>> by_check(const CheckReport& report) {
    std::vector<std::pair<Check, std::vector<const Finding*>>> out;
    for (const auto& f : report.findings) {
        auto at = std::find_if(out.begin(), out.end(),
                               [&](const auto& group) { return group.first == f.check; });
        if (at == out.end()) at = out.insert(out.end(), {f.check, {}});
        at->second.push_back(&f);
    }
    return out;
}

Json place_json(const Place& p) {
    if (p.on == Place::On::image)
        return {{"x", p.x}, {"y", p.y}, {"width", p.width}, {"height", p.height}};
    return {{"start", p.start}, {"end", p.end}};
}

Json finding_json(const CheckReport& report, const Finding& f) {
    const auto& row = row_of(f.check);
    Json out = {{"check", std::string(row.name)},
                {"kind", std::string(name_of(row.kind))},
                {"level", std::string(name_of(row.level))},
                {"score", f.score},
                {"sentence", f.sentence},
                {"item", std::string(report.name_of_item(f))},
                {"where", std::string(report.where(f))}};
    for (const auto& [key, value] : {std::pair{"control", &f.control},
                                     {"label", &f.label},
                                     {"region", &f.region},
                                     {"person", &f.person}})
        if (!value->empty()) out[key] = *value;
    if (f.place) out["place"] = place_json(*f.place);
    for (const auto& e : f.evidence) {
        Json one = {{"sentence", e.sentence}};
        if (const auto* item = report.item(e.item)) {
            one["item"] = std::string(item->name);
            one["where"] = std::string(item->where);
        }
        out["evidence"].push_back(std::move(one));
    }
    out["advice"] = std::string(row.advice);
    out["fingerprint"] = fingerprint(f, report.name_of_item(f));
    return out;
}

}  // namespace

std::string text_report(const CheckReport& report, const ReportStyle& style) {
    const Paint paint(style.color);
    std::string out;
    std::map<FindingLevel, std::size_t> levels;
    for (const auto& f : report.findings) ++levels[row_of(f.check).level];
    for (const auto& [check, findings] : by_check(report)) {
        const auto& row = row_of(check);
        out += paint(name_of(row.level), Paint::of(row.level)) + "  " + paint(row.name, "1") +
               "  " + std::string(row.title) + " (" + std::to_string(findings.size()) + ")\n";
        const auto n = style.all ? findings.size() : std::min(shown_each, findings.size());
        for (std::size_t i = 0; i < n; ++i) {
            const auto& f = *findings[i];
            const auto where = printable(report.where(f));
            const auto name = printable(report.name_of_item(f));
            out += "  " + two_digits(f.score) + "  ";
            if (!where.empty()) out += paint(where, "4") + (name != where ? " " + name : "") + ": ";
            if (where.empty() && !name.empty()) out += name + ": ";
            out += printable(f.sentence) + "\n";
            append_evidence(out, f);
        }
        if (n < findings.size())
            out += "        and " + std::to_string(findings.size() - n) + " more (--all)\n";
        out += paint("        " + std::string(row.advice), "2") + "\n\n";
    }
    out += std::to_string(report.check->corpus().items().size()) + " items, " +
           std::to_string(report.labels) + " labels";
    if (report.drafts > 0) out += ", " + std::to_string(report.drafts) + " drafts";
    out += " (" + report.from + "): ";
    if (report.findings.empty())
        out += paint("nothing found", "1;32");
    else
        out += counted(levels[FindingLevel::error], "error") + ", " +
               counted(levels[FindingLevel::warning], "warning") + ", " +
               counted(levels[FindingLevel::note], "note");
    if (style.known > 0) out += "; " + std::to_string(style.known) + " known";
    out += ".\n";
    for (const auto& why : report.not_done) out += printable(why) + "\n";
    return out;
}

std::string json_report(const CheckReport& report, const ReportStyle& style) {
    Json out = {{"from", report.from},
                {"rows", report.rows},
                {"items", report.check->corpus().items().size()},
                {"labels", report.labels},
                {"drafts", report.drafts},
                {"known", style.known},
                {"not_done", report.not_done},
                {"counts", Json::object()},
                {"findings", Json::array()}};
    for (const auto& row : check_table())
        if (const auto n = report.count(row.check); n > 0) out["counts"][std::string(row.name)] = n;
    for (const auto& f : report.findings) out["findings"].push_back(finding_json(report, f));
    return to_text(out) + "\n";
}

FilePlace file_place(std::string_view where) {
    FilePlace out;
    auto end = where.size();
    while (end > 0 && where[end - 1] >= '0' && where[end - 1] <= '9') --end;
    if (end > 1 && end < where.size() && (where[end - 1] == ':' || where[end - 1] == '#')) {
        if (where[end - 1] == ':')
            std::from_chars(where.data() + end, where.data() + where.size(), out.line);
        where = where.substr(0, end - 1);
    }
    out.file = where;
    return out;
}

std::string escaped_markup(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    }
    return repair_utf8(out);
}

const ReportForm* report_form(std::string_view name) {
    static constexpr ReportForm rows[] = {{"text", text_report},
                                          {"json", json_report},
                                          {"sarif", sarif_report},
                                          {"junit", junit_report},
                                          {"html", html_report}};
    for (const auto& row : rows)
        if (row.name == name) return &row;
    return nullptr;
}

}  // namespace countersign
