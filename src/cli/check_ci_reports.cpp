// Reports for machines that show them beside the code: SARIF 2.1.0 (OASIS 2020) and JUnit XML.
#include <map>

#include "cli/check_report.h"

namespace countersign {

namespace {

Json rule_json(const CheckRow& row) {
    return {{"id", std::string(row.name)},
            {"shortDescription", {{"text", std::string(row.title)}}},
            {"help", {{"text", std::string(row.advice)}}},
            {"defaultConfiguration", {{"level", std::string(name_of(row.level))}}},
            {"properties",
             {{"kind", std::string(name_of(row.kind))}, {"score", std::string(row.score)}}}};
}

Json location_json(std::string_view where, std::string_view name) {
    const auto place = file_place(where);
    Json physical = {{"artifactLocation", {{"uri", place.file}}}};
    if (place.line > 0) physical["region"] = {{"startLine", place.line}};
    Json out = {{"physicalLocation", physical}};
    if (!name.empty())
        out["logicalLocations"] = Json::array({{{"name", std::string(name)}, {"kind", "member"}}});
    return out;
}

Json result_json(const CheckReport& report, const Finding& f) {
    const auto& row = row_of(f.check);
    Json out = {
        {"ruleId", std::string(row.name)},
        {"ruleIndex", static_cast<int>(f.check)},
        {"level", std::string(name_of(row.level))},
        {"message", {{"text", f.sentence}}},
        {"rank", 100 * f.score},
        {"partialFingerprints", {{"countersign/v1", fingerprint(f, report.name_of_item(f))}}}};
    if (!report.where(f).empty())
        out["locations"] = Json::array({location_json(report.where(f), report.name_of_item(f))});
    for (const auto& e : f.evidence)
        if (const auto* item = report.item(e.item); item && e.item != f.item) {
            auto location = location_json(item->where, item->name);
            location["message"] = {{"text", e.sentence}};
            out["relatedLocations"].push_back(std::move(location));
        }
    return out;
}

}  // namespace

std::string sarif_report(const CheckReport& report, const ReportStyle&) {
    Json rules = Json::array(), results = Json::array();
    for (const auto& row : check_table()) rules.push_back(rule_json(row));
    for (const auto& f : report.findings) results.push_back(result_json(report, f));
    Json driver = {{"name", "countersign"}, {"version", COUNTERSIGN_VERSION}, {"rules", rules}};
    Json run = {{"tool", {{"driver", driver}}}, {"results", results}};
    return to_text(Json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                        {"version", "2.1.0"},
                        {"runs", Json::array({run})}}) +
           "\n";
}

/// A suite a kind, a case a check: it fails by its findings, notes aside.
std::string junit_report(const CheckReport& report, const ReportStyle&) {
    std::map<Check, std::vector<const Finding*>> of;
    for (const auto& f : report.findings) of[f.check].push_back(&f);
    std::string suites;
    std::size_t all = 0, failed = 0;
    for (const auto& kind : enum_names(FindingKind{})) {
        std::string cases;
        std::size_t tests = 0, failures = 0;
        for (const auto& row : check_table()) {
            if (row.kind != kind.value) continue;
            ++tests;
            const auto& found = of[row.check];
            cases += "    <testcase classname=\"" + std::string(kind.name) + "\" name=\"" +
                     std::string(row.name) + "\"";
            if (found.empty()) {
                cases += "/>\n";
                continue;
            }
            std::string body;
            for (const auto* f : found)
                body += std::string(report.where(*f)) + " " + std::string(report.name_of_item(*f)) +
                        ": " + f->sentence + "\n";
            const bool is_note = row.level == FindingLevel::note;
            failures += !is_note;
            const std::string tag = is_note ? "system-out" : "failure";
            cases += ">\n      <" + tag;
            if (!is_note)
                cases += " type=\"" + std::string(name_of(row.level)) + "\" message=\"" +
                         escaped_markup(std::string(row.title) + " (" +
                                        std::to_string(found.size()) + ")") +
                         "\"";
            cases += ">" + escaped_markup(body) + "</" + tag + ">\n    </testcase>\n";
        }
        suites += "  <testsuite name=\"" + std::string(kind.name) + "\" tests=\"" +
                  std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\">\n" +
                  cases + "  </testsuite>\n";
        all += tests, failed += failures;
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"countersign check\" "
           "tests=\"" +
           std::to_string(all) + "\" failures=\"" + std::to_string(failed) + "\">\n" + suites +
           "</testsuites>\n";
}

}  // namespace countersign
