// The command line: the table of commands through CLI11, which is named here only.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>

#include "base/log.h"
#include "cli/commands.h"

namespace countersign {

namespace {

struct Parsed {
    const Command* command = nullptr;
    std::map<std::string, std::vector<std::string>, std::less<>> values;
};

/// CLI11 keeps references to what it fills.
struct Slot {
    std::string name;
    std::string value;                ///< Of an option that takes one,
    std::vector<std::string> values;  ///< and of one that takes many.
    CLI::Option* option = nullptr;
};

void add_option(CLI::App& app, const CommandOption& row, std::deque<Slot>& slots) {
    auto& slot = slots.emplace_back();
    slot.name = row.name;
    std::string spelled(row.name);
    if (row.name == "--output") spelled = "-o,--output";
    if (!row.positional() && row.value.empty()) {
        slot.option = app.add_flag(spelled);
        slot.option->description(std::string(row.meaning));
        return;
    }
    slot.option = row.many ? app.add_option(spelled, slot.values, std::string(row.meaning))
                           : app.add_option(spelled, slot.value, std::string(row.meaning));
    slot.option->required(row.required);
    slot.option->type_name(std::string(row.value));
}

int refuse(const Refusal& why) {
    std::fprintf(stderr, "countersign: %s\n", why.message.c_str());
    return row_of(why.code).exit_code;
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const OpenProgram& open) {
    CLI::App app{"AI drafts. People countersign. The data proves it.", "countersign"};
    app.require_subcommand(1);
    app.set_version_flag("--version", COUNTERSIGN_VERSION);
    std::map<std::string, CLI::App*, std::less<>> groups;
    std::deque<std::deque<Slot>> slots;
    Parsed parsed;
    for (const auto& command : commands()) {
        CLI::App* under = &app;
        std::string name(command.name);
        if (const auto space = name.find(' '); space != std::string::npos) {
            auto& group = groups[name.substr(0, space)];
            if (!group) {
                group =
                    app.add_subcommand(name.substr(0, space), name.substr(0, space) + " commands");
                group->require_subcommand(1);
            }
            under = group;
            name = name.substr(space + 1);
        }
        auto* sub = under->add_subcommand(name, std::string(command.summary));
        auto& mine = slots.emplace_back();
        for (const auto& row : command.options) add_option(*sub, row, mine);
        if (command.needs_data)
            for (const auto& row : data_options()) add_option(*sub, row, mine);
        sub->callback([&parsed, &command, &mine] {
            parsed.command = &command;
            for (const auto& slot : mine)
                if (slot.option->count() > 0)
                    parsed.values[slot.name] =
                        slot.values.empty() ? std::vector{slot.value} : slot.values;
        });
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        std::fprintf(stderr, "countersign: %s: see `countersign --help`.\n", error.what());
        return row_of(Code::invalid).exit_code;
    }
    // What a command has to say, it prints; the log is a server's.
    if (!parsed.command->serves) set_log_level(Level::warn);
    try {
        const Invocation invocation(std::move(parsed.values), open);
        if (parsed.command->judge) {
            const auto code = parsed.command->judge(invocation);
            return code ? *code : refuse(code.refusal());
        }
        const auto done = parsed.command->run(invocation);
        return done ? 0 : refuse(done.refusal());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "countersign: %s\n", error.what());
        return 1;
    }
}

}  // namespace countersign
