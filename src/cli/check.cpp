// `check`: what looks wrong in files.
#include "app/check.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/fix.h"
#include "cli/check_config.h"
#include "cli/check_report.h"
#include "cli/commands.h"

namespace countersign {

namespace {

namespace fs = std::filesystem;

constexpr int found_something = 8;
constexpr std::string_view usual_config = "countersign-check.json";

Result<std::string> whole_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Refusal{Code::not_found, "Cannot read \"" + path + "\"."};
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_whole(const std::string& path, const std::string& bytes) {
    std::FILE* out = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
    if (!out) throw Breakdown("Cannot write \"" + path + "\".");
    const bool put = std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size();
    if (((out == stdout ? std::fflush(out) : std::fclose(out)) != 0) || !put)
        throw Breakdown("The disk took no more bytes of \"" + path + "\".");
}

Result<CheckConfig> config_of(const Invocation& invocation) {
    auto path = invocation.text("--config");
    if (path.empty() && fs::exists(usual_config)) path = usual_config;
    CheckConfig config;
    if (!path.empty()) {
        auto read = check_config_from(TRY(whole_file(path)));
        if (!read)
            return Refusal{read.refusal().code, "\"" + path + "\": " + read.refusal().message};
        config = *std::move(read);
    }
    for (const auto& name : invocation.list("--only")) config.only.push_back(name);
    for (const auto& name : invocation.list("--skip")) config.skip.push_back(name);
    if (invocation.has("--fail-on")) {
        const auto level = from_name<FailOn>(invocation.text("--fail-on"));
        if (!level)
            return Refusal{Code::invalid, "--fail-on must be note, warning, error or never."};
        config.fail_on = *level;
    }
    return config;
}

Result<CheckRequest> request_of(const Invocation& invocation, const CheckConfig& config) {
    CheckRequest request;
    request.paths = invocation.list("PATH");
    request.from = invocation.text("--from");
    request.predictions = invocation.list("--predictions");
    request.images = invocation.text("--images");
    request.learn_all = invocation.has("--learn");
    request.models_dir = invocation.settings().models_dir;
    request.options.limits = config.limits;
    request.options.off = TRY(checks_off(config.only, config.skip));
    if (invocation.has("--schema")) request.schema = TRY(schema_in(invocation.text("--schema")));
    return request;
}

bool wants_color() {
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) != 0 && (!no_color || !*no_color);
}

bool fails(FindingLevel level, FailOn fail_on) {
    return fail_on != FailOn::never && static_cast<int>(level) >= static_cast<int>(fail_on);
}

/// Takes known findings out of the report; how many there were.
std::size_t leave_out(CheckReport& report, const std::set<std::string, std::less<>>& known) {
    return std::erase_if(report.findings, [&](const Finding& f) {
        return known.contains(fingerprint(f, report.name_of_item(f)));
    });
}

void say_repair(const std::string& where, const Repair& repair) {
    std::printf("%s\n- %s\n", where.c_str(), repair.before.c_str());
    if (!repair.after.empty()) std::printf("+ %s\n", repair.after.c_str());
}

std::string extension_of(const std::string& path) {
    auto out = fs::path(path).extension().string();
    return out.empty() ? out : out.substr(1);
}

/// Into a file beside the one it replaces, so that there is always a whole one.
Result<FixReport> fix_in_place(const CheckRequest& request) {
    if (request.paths.size() != 1 || !fs::is_regular_file(request.paths.front()))
        return Refusal{Code::invalid,
                       "--write repairs one file: name one, or write a new one with "
                       "--output."};
    const auto& path = request.paths.front();
    const auto beside = path + ".repaired";
    std::string bytes;
    const auto report =
        TRY(fix_files(request, say_repair, [&](const std::string& more) { bytes += more; }));
    std::string fault;
    if (report.rejected > 0)
        fault = std::to_string(report.rejected) + " rows that cannot be read would be lost";
    else if (!report.left_out.empty())
        fault = "it would lose " + report.left_out.front();
    else if (extension_of(path) != report.extension)
        fault = "its format is written as ." + report.extension;
    if (!fault.empty())
        return Refusal{Code::conflict, "\"" + path + "\" is not repaired in place, for " + fault +
                                           ": write a new file with --output."};
    if (report.repairs == 0) return report;
    write_whole(beside, bytes);
    fs::rename(beside, path);
    return report;
}

Result<int> fix(const Invocation& invocation, const CheckRequest& request) {
    std::optional<FixReport> report;
    const auto output = invocation.text("--output");
    if (invocation.has("--write")) {
        report = TRY(fix_in_place(request));
    } else if (!output.empty()) {
        std::string bytes;
        report =
            TRY(fix_files(request, say_repair, [&](const std::string& more) { bytes += more; }));
        write_whole(output, bytes);
    } else {
        report = TRY(fix_files(request, say_repair, nullptr));
    }
    for (const auto& what : report->left_out)
        std::fprintf(stderr, "  left out: %s\n", what.c_str());
    std::fprintf(stderr, "%lld repairs in %lld rows%s.\n", static_cast<long long>(report->repairs),
                 static_cast<long long>(report->rows),
                 invocation.has("--write") ? ", written in place"
                 : !output.empty()         ? ", written"
                                           : "; nothing written (--output FILE or --write)");
    return 0;
}

}  // namespace

Result<int> run_check(const Invocation& invocation) {
    const auto config = TRY(config_of(invocation));
    auto request = TRY(request_of(invocation, config));
    if (invocation.has("--fix")) return fix(invocation, request);
    if (invocation.has("--write"))
        return Refusal{Code::invalid, "--write goes with --fix: without it nothing is repaired."};
    const auto name = invocation.text("--format", "text");
    const auto* form = report_form(name);
    if (!form)
        return Refusal{Code::invalid,
                       "There is no report \"" + name + "\": text, json, sarif, junit or html."};
    std::set<std::string, std::less<>> known;
    if (invocation.has("--baseline"))
        known = TRY(baseline_from(TRY(whole_file(invocation.text("--baseline")))));
    auto report = TRY(check_files(std::move(request)));
    ReportStyle style;
    style.all = invocation.has("--all");
    const auto output = invocation.text("--output", "-");
    style.color = output == "-" && wants_color();
    bool failed = false;
    if (invocation.has("--write-baseline")) {
        for (const auto& f : report.findings) known.insert(fingerprint(f, report.name_of_item(f)));
        write_whole(invocation.text("--write-baseline"), baseline_text(known));
    }
    style.known = leave_out(report, known);
    for (const auto& f : report.findings)
        failed = failed || fails(row_of(f.check).level, config.fail_on);
    write_whole(output, form->print(report, style));
    return failed ? found_something : 0;
}

}  // namespace countersign
