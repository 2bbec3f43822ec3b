// The table of subcommands. The parser, `--help` and the reference page read the same rows.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/program.h"

namespace countersign {

struct CommandOption {
    std::string_view name;     ///< "--data", or "PATH" for an argument by position.
    std::string_view value;    ///< What its value is called; empty: a flag.
    std::string_view meaning;  ///< With its default, when that says something.
    bool required = false;
    bool many = false;
    std::vector<std::string> (*choices)() = nullptr;  ///< What a shell offers for its value.
    bool positional() const { return !name.starts_with('-'); }
};

/// What was asked for on the command line.
class Invocation {
public:
    Invocation(std::map<std::string, std::vector<std::string>, std::less<>> values,
               const OpenProgram& open)
        : values_(std::move(values)), open_(open) {}

    bool has(std::string_view name) const { return values_.contains(name); }
    std::string text(std::string_view name, std::string_view otherwise = {}) const;
    std::vector<std::string> list(std::string_view name) const;
    /// A whole number in [least, most]; refuses others by the option's name.
    Result<int> number(std::string_view name, int otherwise, int least, int most) const;
    Settings settings() const;
    Result<std::unique_ptr<Program>> open() const { return open_(settings()); }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    const OpenProgram& open_;
};

struct Command {
    std::string_view name;  ///< "project create"
    std::string_view summary;
    bool needs_data;  ///< Takes --data, --db and --models too.
    std::vector<CommandOption> options;
    Result<> (*run)(const Invocation&);
    bool serves = false;  ///< Runs until a signal, and logs.
    /// In place of `run`: the exit code is part of what the command has to say.
    Result<int> (*judge)(const Invocation&) = nullptr;
};
std::span<const Command> commands();
/// The names of the reference's pages.
std::vector<std::string> page_names();
/// --data, --db, --models.
std::span<const CommandOption> data_options();

Result<> run_serve(const Invocation&);
Result<> run_demo(const Invocation&);
Result<> run_import(const Invocation&);
Result<> run_export(const Invocation&);
Result<> run_convert(const Invocation&);
Result<> run_agree(const Invocation&);
Result<> run_aggregate(const Invocation&);
Result<int> run_check(const Invocation&);
Result<int> run_diff(const Invocation&);
Result<> run_split(const Invocation&);
Result<> run_project_create(const Invocation&);
Result<> run_project_list(const Invocation&);
Result<> run_person_add(const Invocation&);
Result<> run_person_link(const Invocation&);
Result<> run_backup(const Invocation&);
Result<> run_restore(const Invocation&);
Result<> run_verify(const Invocation&);
Result<> run_reference(const Invocation&);
Result<> run_completion(const Invocation&);
Result<> run_version(const Invocation&);

/// The person the command line acts as: the first active admin, made when there is nobody yet.
Result<Caller> operator_of(Services& services);
/// A schema in JSON, or a Label Studio configuration.
Result<Schema> schema_in(const std::string& path);
/// By wire id or by exact name.
Result<Project> named_project(Services& services, const std::string& name);

}  // namespace countersign
