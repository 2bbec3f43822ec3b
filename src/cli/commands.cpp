#include "cli/commands.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "cli/completion.h"
#include "formats/format.h"
#include "quality/finding.h"

namespace countersign {

namespace {

std::vector<std::string> format_names(bool to_read) {
    std::vector<std::string> names;
    for (const auto& format : formats())
        if (to_read ? format.read != nullptr : format.write != nullptr)
            names.emplace_back(format.name);
    return names;
}
std::vector<std::string> read_formats() {
    return format_names(true);
}
std::vector<std::string> written_formats() {
    return format_names(false);
}
std::vector<std::string> template_names() {
    std::vector<std::string> names;
    for (const auto& row : project_templates()) names.emplace_back(row.name);
    return names;
}
std::vector<std::string> role_names() {
    std::vector<std::string> names;
    for (const auto& row : enum_names(Role{})) names.emplace_back(row.name);
    return names;
}
std::vector<std::string> report_formats() {
    return {"text", "json", "sarif", "junit", "html"};
}
std::vector<std::string> failing_levels() {
    return {"note", "warning", "error", "never"};
}
std::vector<std::string> check_names() {
    std::vector<std::string> names;
    for (const auto& kind : enum_names(FindingKind{})) names.emplace_back(kind.name);
    for (const auto& row : check_table()) names.emplace_back(row.name);
    return names;
}
std::vector<std::string> engines() {
    return {"postgresql://"};
}

}  // namespace

std::span<const CommandOption> data_options() {
    static constexpr CommandOption rows[] = {
        {"--data", "DIR",
         "where the database, images and uploads live ($COUNTERSIGN_DATA_DIR, else ./data)"},
        {"--db", "URL", "postgresql://user@host/database; left out: SQLite in the data directory",
         false, false, engines},
        {"--models", "DIR",
         "converted weights of the embedded models ($COUNTERSIGN_MODELS_DIR, else DATA/models)"},
    };
    return rows;
}

namespace {

const std::vector<CommandOption>& serve_options() {
    static const std::vector<CommandOption> rows = {
        {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8470; port 0: any free one)"},
        {"--workers", "N", "background jobs at a time (2)"},
        {"--allow-host", "NAME", "a host name that requests may name besides localhost", false,
         true},
        {"--reach", "HOST[:PORT]",
         "a host that is not public and may be asked all the same, for URLs of media and webhooks",
         false, true},
        {"--model-program", "NAME=PATH",
         "a program that models of the kind subprocess may run, with arguments of their own", false,
         true},
        {"--trust-proxy", "", "take the client's address and scheme from X-Forwarded-*"},
        {"--ui-dir", "DIR",
         "serve the desk from this folder instead of the program (for its developers)"},
        {"--no-checks", "",
         "answers are not looked at as they come, and projects are checked when asked for only"},
        {"--link", "", "print a one-time sign-in link for the first admin"},
    };
    return rows;
}

std::vector<CommandOption> demo_options() {
    auto rows = serve_options();
    rows.push_back({"--samples", "DIR", "the sample projects (build/samples)"});
    return rows;
}

}  // namespace

std::span<const Command> commands() {
    static const std::vector<Command> rows = {
        {"serve", "Serve the desk and the API, and work on background jobs", true, serve_options(),
         run_serve, true},
        {"demo", "Serve, with sample projects of real photos and real text", true, demo_options(),
         run_demo, true},
        {"import",
         "Import files, folders or objects in S3 into a project, with a verdict for each row",
         true,
         {{"PROJECT", "", "the project's name or id", true},
          {"PATH", "", "files or folders; or one s3://bucket/folder/ or s3://bucket/object", true,
           true},
          {"--format", "NAME",
           "what the files are (`countersign reference formats`); left out: recognised", false,
           false, read_formats},
          {"--labels-are-drafts", "", "labels in the files become drafts to review"},
          {"--labels-are-gold", "", "labels in the files are trusted: their tasks are gold"},
          {"--text-column", "NAME", "CSV: the column with the text"},
          {"--id-column", "NAME", "CSV: the column with a unique id"},
          {"--label-column", "NAME", "CSV: the column with the label"},
          {"--fetch-media", "", "fetch the images that rows name by an http(s) URL"},
          {"--reach", "HOST[:PORT]", "a host that is not public and may be asked all the same",
           false, true},
          {"--s3-endpoint", "URL",
           "S3-compatible storage other than AWS's; keys come from AWS_ACCESS_KEY_ID, "
           "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"},
          {"--region", "NAME", "of the bucket ($AWS_REGION, else us-east-1)"},
          {"--verdicts", "FILE",
           "write the verdict of every repaired and rejected row there, as JSON lines"}},
         run_import},
        {"export",
         "Write a project's labels to a file",
         true,
         {{"PROJECT", "", "the project's name or id", true},
          {"--format", "NAME", "see `countersign reference formats` (jsonl)", false, false,
           written_formats},
          {"--output", "FILE", "where to; - or left out: standard output"},
          {"--all", "", "tasks without a label too"},
          {"--without-drafts", "", "leave the drafts out"},
          {"--with-images", "", "formats in a zip: the images too"},
          {"--filter", "TEXT", "only tasks that match, as state:done label:cat"}},
         run_export},
        {"convert",
         "Turn files of one format into another, without a project",
         false,
         {{"PATH", "", "files or folders", true, true},
          {"--from", "NAME", "their format; left out: recognised"},
          {"--output", "FILE", "where to; - or left out: standard output"},
          {"--to", "NAME", "the new format (`countersign reference formats`)", true},
          {"--schema", "FILE",
           "the labels, as a schema in JSON or a Label Studio configuration; left out: inferred"},
          {"--images", "DIR", "the images that the files name, for their sizes"},
          {"--with-images", "", "formats in a zip: the images too"}},
         run_convert},
        {"agree",
         "How far people agree beyond chance: alpha with its interval, by label, person and pair",
         false,
         {{"PATH", "",
           "a table with task, worker and label, or files of any format; one file or folder a "
           "person where they do not name people",
           true, true},
          {"--from", "NAME", "their format; left out: recognised", false, false, read_formats},
          {"--question", "NAME", "only this one"},
          {"--resamples", "N", "of the bootstrap over items (1000)"},
          {"--json", "", "everything, as JSON"}},
         run_agree},
        {"aggregate",
         "One answer from several people's (labels, spans, shapes, transcripts, segments), as CSV",
         false,
         {{"PATH", "",
           "a table with task, worker and label, or files of any format; one file or folder a "
           "person where they do not name people",
           true, true},
          {"--from", "NAME", "their format; left out: recognised", false, false, read_formats},
          {"--question", "NAME", "which, where people answered several"},
          {"--method", "NAME",
           "auto (chosen by labels held out), majority, weighted-vote, one-coin, shared-errors, "
           "dawid-skene, "
           "shrunk, glad or mace; spans: vote, token-vote or dawid-skene; shapes: consensus or "
           "weighted-box-fusion; texts: weighted-rover or rover; segments: label-vote or "
           "speaker-vote"},
          {"--output", "FILE", "where to; - or left out: standard output"},
          {"--people", "FILE", "how good each person seems, as CSV"}},
         run_aggregate},
        {"check",
         "Find what looks wrong in labels, drafts and items of files, worst first",
         false,
         {{"PATH", "", "files or folders of any format, or a table with task, worker and label",
           true, true},
          {"--from", "NAME", "their format; left out: recognised", false, false, read_formats},
          {"--predictions", "FILE",
           "what a model says of the same items: labels in any format, or a CSV of probabilities "
           "(item, then a column a class)",
           false, true},
          {"--images", "DIR", "the images that the files name"},
          {"--schema", "FILE",
           "the labels, as a schema in JSON or a Label Studio configuration; left out: inferred"},
          {"--format", "NAME", "of the report: text, json, sarif, junit or html (text)", false,
           false, report_formats},
          {"--output", "FILE",
           "where the report goes, or with --fix the repaired file; - or left out: standard "
           "output"},
          {"--only", "NAME", "these kinds or checks only (`countersign reference findings`)", false,
           true, check_names},
          {"--skip", "NAME", "not these kinds or checks", false, true, check_names},
          {"--fail-on", "LEVEL",
           "exit with 8 when a finding is this bad: note, warning, error or never (error)", false,
           false, failing_levels},
          {"--config", "FILE",
           "what to look for and how strictly (countersign-check.json, where there is one)"},
          {"--baseline", "FILE", "findings that are known, and are not reported again"},
          {"--write-baseline", "FILE", "write all findings there as known, and exit with 0"},
          {"--all", "", "every finding, not the worst five of each check"},
          {"--learn", "", "let learners and networks look at however many items there are"},
          {"--models", "DIR",
           "converted weights, by which pictures that are like no other are found "
           "($COUNTERSIGN_MODELS_DIR)"},
          {"--fix", "", "show what is safe to repair instead, as a diff"},
          {"--write", "", "with --fix: repair the file in place"}},
         nullptr,
         false,
         run_check},
        {"diff",
         "What two versions of labelled files, or two people, say differently",
         false,
         {{"A", "", "a file or folder", true},
          {"B", "", "another one", true},
          {"--from", "NAME", "their format; left out: recognised", false, false, read_formats},
          {"--images", "DIR", "the images that the files name, for their sizes"},
          {"--person-a", "NAME", "of A only this person's answers; left out: each item's last"},
          {"--person-b", "NAME", "of B only this person's"},
          {"--iou", "PERCENT", "overlap from which what is drawn is one thing (50)"},
          {"--all", "", "every item, not the first twenty"},
          {"--json", "", "everything, as JSON"},
          {"--exit-code", "", "exit with 8 when they differ"}},
         nullptr,
         false,
         run_diff},
        {"split",
         "Cut labelled files into train, dev and test: labels spread evenly, duplicates together",
         false,
         {{"PATH", "", "files or folders", true, true},
          {"--from", "NAME", "their format; left out: recognised", false, false, read_formats},
          {"--images", "DIR", "the images that the files name"},
          {"--parts", "NAMES", "with their shares (train:80,dev:10,test:10)"},
          {"--group", "NAME",
           "a column or member of items: those with the same value stay together"},
          {"--seed", "N", "the same seed cuts the same items the same way (1)"},
          {"--ignore-duplicates", "", "let near duplicates fall into different parts"},
          {"--into", "DIR", "write a file a part there, in the format they came in"},
          {"--output", "FILE",
           "without --into: a CSV of item and split; - or left out: standard output"}},
         run_split},
        {"project create",
         "Make a project",
         true,
         {{"NAME", "", "what it is called", true},
          {"--template", "NAME", "the template it starts from", false, false, template_names},
          {"--schema", "FILE", "or its schema, as JSON"},
          {"--guideline", "FILE", "Markdown for the people who label"}},
         run_project_create},
        {"project list", "List the projects", true, {}, run_project_list},
        {"person add",
         "Add a person and print their one-time sign-in link",
         true,
         {{"NAME", "", "the name to sign in with", true},
          {"--role", "ROLE", "annotator, specialist, supervisor or admin (annotator)", false, false,
           role_names},
          {"--display", "NAME", "the name that is shown"}},
         run_person_add},
        {"person link",
         "Print a one-time sign-in link for a person",
         true,
         {{"NAME", "", "the name they sign in with", true}},
         run_person_link},
        {"backup",
         "Write database and images into one file, with hashes",
         true,
         {{"FILE", "", "where to", true}},
         run_backup},
        {"restore",
         "Check a backup and restore it into an empty data directory (and PostgreSQL database)",
         true,
         {{"FILE", "", "the backup", true}},
         run_restore},
        {"verify",
         "Check the signed history of a project",
         true,
         {{"PROJECT", "", "the project's name or id; left out: all", false}},
         run_verify},
        {"reference",
         "Print a page of the reference",
         false,
         {{"PAGE", "", "which; see --list", false, false, page_names},
          {"--list", "", "the names of the pages"}},
         run_reference},
        {"completion",
         "Print the completion of a shell: eval \"$(countersign completion bash)\"",
         false,
         {{"SHELL", "", "bash, fish or zsh", true, false, shell_names}},
         run_completion},
        {"version", "Print the version", false, {}, run_version},
    };
    return rows;
}

std::string Invocation::text(std::string_view name, std::string_view otherwise) const {
    const auto at = values_.find(name);
    return at == values_.end() || at->second.empty() ? std::string(otherwise) : at->second.front();
}

std::vector<std::string> Invocation::list(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? std::vector<std::string>{} : at->second;
}

Result<int> Invocation::number(std::string_view name, int otherwise, int least, int most) const {
    if (!has(name)) return otherwise;
    const auto given = text(name);
    int value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc{} || end != given.data() + given.size() || value < least || value > most)
        return Refusal{Code::invalid, std::string(name) + " must be a whole number from " +
                                          std::to_string(least) + " to " + std::to_string(most) +
                                          "."};
    return value;
}

Settings Invocation::settings() const {
    const auto environment = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value ? value : "");
    };
    Settings out;
    out.data_dir = text("--data", environment("COUNTERSIGN_DATA_DIR"));
    if (out.data_dir.empty()) out.data_dir = "data";
    out.db_url = text("--db");
    out.reach = list("--reach");
    // Whoever names an endpoint on the command line lets the program ask it.
    if (const auto endpoint = parse_url(text("--s3-endpoint")); endpoint)
        out.reach.push_back(endpoint->authority_with_port());
    out.s3_keys = {environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                   environment("AWS_SESSION_TOKEN")};
    out.models_dir = text("--models", environment("COUNTERSIGN_MODELS_DIR"));
    if (!out.models_dir.empty()) return out;
    for (const auto& guess :
         {out.data_dir + "/models", std::string("/usr/share/countersign/models")})
        if (std::filesystem::is_directory(guess)) {
            out.models_dir = guess;
            break;
        }
    return out;
}

Result<Caller> operator_of(Services& services) {
    Caller anyone;
    anyone.role = Role::admin;
    anyone.name = "command line";
    for (int attempt = 0; attempt < 2; ++attempt) {
        for (Id after = 0;;) {
            const auto page = TRY(services.people.list(anyone, after, 200));
            for (const auto& person : page)
                if (person.active && person.role == Role::admin)
                    return Caller{person.id, person.role, person.name, false};
            if (page.empty()) break;
            after = page.back().id;
        }
        services.people.first_link();  // Makes the first admin.
    }
    return Refusal{Code::conflict, "There is no active admin to act as."};
}

Result<Project> named_project(Services& services, const std::string& name) {
    if (const auto id = parse_id('p', name)) return services.projects.find(*id);
    std::vector<Project> found;
    for (const bool archived : {false, true})
        for (auto& listed : services.projects.list(0, 100'000, archived))
            if (listed.project.name == name) found.push_back(std::move(listed.project));
    if (found.size() == 1) return std::move(found.front());
    if (found.empty())
        return Refusal{Code::not_found,
                       "There is no project \"" + name + "\": see `countersign project list`."};
    return Refusal{Code::conflict, std::to_string(found.size()) + " projects are called \"" + name +
                                       "\": give the id, as `countersign project list` shows it."};
}

}  // namespace countersign
