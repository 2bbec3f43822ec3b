// The report of `countersign check` in each of its forms. All take the same findings, the worst
// first; known ones have been left out already.
#pragma once

#include <string>
#include <string_view>

#include "app/check.h"

namespace countersign {

struct ReportStyle {
    bool color = false;
    bool all = false;       ///< Text: every finding.
    std::size_t known = 0;  ///< Left out, as the baseline has them.
};

struct ReportForm {
    std::string_view name;  ///< "sarif"
    std::string (*print)(const CheckReport& report, const ReportStyle& style);
};
/// Null: there is none of that name.
const ReportForm* report_form(std::string_view name);

std::string text_report(const CheckReport& report, const ReportStyle& style);
std::string json_report(const CheckReport& report, const ReportStyle& style);
std::string sarif_report(const CheckReport& report, const ReportStyle& style);
std::string junit_report(const CheckReport& report, const ReportStyle& style);
/// One page that needs no other file, no network and no script.
std::string html_report(const CheckReport& report, const ReportStyle& style);

/// Where a finding stands in a file.
struct FilePlace {
    std::string file;
    int line = 0;  ///< From 1; 0: not known.
};
FilePlace file_place(std::string_view where);

/// `text` for XML and HTML: without what they cannot hold, and with their signs escaped.
std::string escaped_markup(std::string_view text);

}  // namespace countersign
