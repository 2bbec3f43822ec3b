// The pages of docs/reference, printed from the tables that the program runs on.
#include <cstdio>

#include "base/metrics.h"
#include "cli/check_config.h"
#include "cli/commands.h"
#include "formats/format.h"
#include "http/reference.h"

namespace countersign {

namespace {

std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string row(std::initializer_list<std::string_view> cells) {
    std::string out = "|";
    for (const auto c : cells) out += " " + cell(c) + " |";
    return out + "\n";
}

template <class List>
std::string names(const List& list) {
    std::string out;
    for (const auto& item : list) out += (out.empty() ? "" : ", ") + std::string(name_of(item));
    return out;
}

std::string code(std::string_view text) {
    return "`" + std::string(text) + "`";
}

std::string options_table(std::span<const CommandOption> options) {
    std::string out = "| option | meaning |\n|---|---|\n";
    for (const auto& option : options) {
        std::string shown(option.name == "--output" ? "-o, --output" : option.name);
        if (!option.value.empty()) shown += " " + std::string(option.value);
        if (option.many) shown += " ...";
        out += row(
            {code(shown), std::string(option.meaning) + (option.required ? " (required)" : "")});
    }
    return out;
}

/// The fields of the configuration of checks, with what they are when left out.
struct FieldRows {
    std::string out, under;
    template <class T>
    void operator()(std::string_view name, const T& value, std::string_view meaning) {
        std::string shown;
        if constexpr (std::is_arithmetic_v<T>) shown = " (" + to_text(Json(value)) + ")";
        out += row({code(under + std::string(name)), std::string(meaning) + shown});
    }
};
std::string fields_table() {
    FieldRows rows;
    CheckConfig config;
    fields(rows, config);
    rows.under = "limits.";
    fields(rows, config.limits);
    return rows.out;
}

std::string commands_page() {
    std::string out =
        "# Commands\n\nA refusal ends a command with one line on standard error that says what is "
        "at fault and what to do, and with the exit code of the table of refusals. `check` ends "
        "with "
        "8 when it found something as bad as --fail-on says.\n";
    for (const auto& command : commands()) {
        out += "\n## countersign " + std::string(command.name) + "\n\n" +
               std::string(command.summary) + ".\n";
        if (!command.options.empty()) out += "\n" + options_table(command.options);
        if (command.needs_data) out += "\nand the options of the data directory.\n";
    }
    return out + "\n## Options of the data directory\n\n" + options_table(data_options());
}

std::string metrics_page() {
    std::string out =
        "# Metrics\n\n`GET /metrics`, in the Prometheus text format, for this machine and for "
        "admins.\n\n"
        "| metric | kind | meaning |\n|---|---|---|\n";
    for (const auto& metric : metrics_table()) {
        const auto kind = metric.kind == MetricKind::counter ? "counter"
                          : metric.kind == MetricKind::gauge ? "gauge"
                                                             : "histogram";
        out += row({code(metric.name), kind, metric.meaning});
    }
    return out;
}

std::string refusals_page() {
    std::string out =
        "# Refusals\n\nOver HTTP a refusal is `application/problem+json` with the code, a title "
        "and a sentence "
        "that names the thing at fault and the next step.\n\n| code | title | HTTP status | exit "
        "code |\n|---|---|---|---|\n";
    for (const auto& refusal : refusal_table())
        out += row({code(refusal.name), refusal.title, std::to_string(refusal.http_status),
                    std::to_string(refusal.exit_code)});
    return out;
}

std::string formats_page() {
    std::string out =
        "# File formats\n\nHow each maps, and how exactly: [format "
        "details](format-details.md).\n\n| name | title | import | export | items | carries | "
        "lossless "
        "|\n|---|---|---|---|---|---|---|\n";
    for (const auto& format : formats())
        out += row({code(format.name), format.title, format.read ? "yes" : "no",
                    format.write ? "yes" : "no", names(format.modalities), names(format.controls),
                    format.lossless ? "yes" : "no"});
    return out;
}

std::string models_page() {
    std::string out = "# Model kinds\n\n| kind | title | items | drafts |\n|---|---|---|---|\n";
    for (const auto& kind : model_kinds())
        out += row({code(kind.kind), kind.title, name_of(kind.modality), name_of(kind.control)});
    return out;
}

std::string jobs_page() {
    std::string out =
        "# Background jobs\n\n| kind | what it does | one at a time a project |\n|---|---|---|\n";
    for (const auto& kind : job_kinds())
        out += row({code(kind.kind), kind.title, kind.alone ? "yes" : "no"});
    return out;
}

std::string findings_page() {
    std::string out =
        "# Findings\n\nWhat `countersign check` looks for. A score lies in [0, 1] and means what "
        "its "
        "row says. Kinds and checks are switched off and on by name (`--only`, `--skip`, or "
        "`countersign-check.json`).\n\n| check | kind | level | what it finds | score | what to do "
        "| `--fix` |\n|---|---|---|---|---|---|---|\n";
    for (const auto& check : check_table())
        out += row({code(check.name), name_of(check.kind), name_of(check.level), check.title,
                    check.score, check.advice, check.is_repaired ? "yes" : ""});
    out += "\n## countersign-check.json\n\n| field | meaning |\n|---|---|\n";
    return out + fields_table();
}

std::string roles_page() {
    static constexpr std::pair<Permission, std::string_view> permissions[] = {
        {Permission::label, "label, skip, undo, comment"},
        {Permission::see_projects, "see projects, tasks and progress"},
        {Permission::decide, "decide disputes"},
        {Permission::manage_project,
         "make projects; schema, guidelines, import, export, models, jobs"},
        {Permission::see_people, "see people"},
        {Permission::manage_people, "manage people, their roles and tokens"},
    };
    std::string out =
        "# Roles\n\nEach role may do what the ones before it may.\n\n| role | may also "
        "|\n|---|---|\n";
    for (const auto& role : enum_names(Role{})) {
        std::string may_also;
        for (const auto& [permission, meaning] : permissions)
            if (least_role(permission) == role.value)
                may_also += (may_also.empty() ? "" : "; ") + std::string(meaning);
        out += row({role.name, may_also});
    }
    return out;
}

/// For programs that write clients; what a server answers at /api/v1/openapi.json.
std::string openapi_page() {
    return openapi().dump(2) + "\n";
}

struct Page {
    std::string_view name;
    std::string (*print)();
    bool committed = true;  ///< As docs/reference/NAME.md; --list names these only.
};
constexpr Page pages[] = {{"api", api_reference},      {"commands", commands_page},
                          {"findings", findings_page}, {"formats", formats_page},
                          {"jobs", jobs_page},         {"metrics", metrics_page},
                          {"models", models_page},     {"refusals", refusals_page},
                          {"roles", roles_page},       {"openapi", openapi_page, false}};

}  // namespace

std::vector<std::string> page_names() {
    std::vector<std::string> names;
    for (const auto& page : pages) names.emplace_back(page.name);
    return names;
}

Result<> run_reference(const Invocation& invocation) {
    std::string all;
    for (const auto& page : pages) {
        if (invocation.has("--list")) {
            if (page.committed) std::printf("%s\n", std::string(page.name).c_str());
        } else if (page.name == invocation.text("PAGE")) {
            std::fputs(page.print().c_str(), stdout);
            return Done{};
        }
        all += (all.empty() ? "" : ", ") + std::string(page.name);
    }
    if (invocation.has("--list")) return Done{};
    return Refusal{Code::not_found, "There is no such page: choose one of " + all + "."};
}

}  // namespace countersign
