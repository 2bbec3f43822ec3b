#include "cli/completion.h"

#include <cstdio>
#include <map>

#include "base/text.h"

namespace countersign {

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

bool names_files(const CommandOption& option) {
    return option.value == "FILE" || option.value == "DIR" || option.name == "FILE" ||
           option.name == "PATH";
}

std::vector<CommandOption> options_of(const Command& command) {
    auto all = command.options;
    if (command.needs_data) all.insert(all.end(), data_options().begin(), data_options().end());
    return all;
}

std::vector<std::string> spellings(const CommandOption& option) {
    if (option.name == "--output") return {"-o", "--output"};
    return {std::string(option.name)};
}

std::vector<std::string> choices_of(const CommandOption& option) {
    return option.choices ? option.choices() : std::vector<std::string>{};
}

/// Commands of one word, and groups with theirs: "project" -> create, list.
std::map<std::string, std::vector<const Command*>> by_first_word(
    std::span<const Command> commands) {
    std::map<std::string, std::vector<const Command*>> groups;
    for (const auto& command : commands)
        groups[std::string(command.name.substr(0, command.name.find(' ')))].push_back(&command);
    return groups;
}

std::string second_word(const Command& command) {
    const auto space = command.name.find(' ');
    return space == std::string_view::npos ? "" : std::string(command.name.substr(space + 1));
}

/// `text` with a backslash before each of `special`.
std::string escaped(std::string_view text, std::string_view special) {
    std::string out;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

/// For single quotes in a POSIX shell and zsh.
std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

// bash

std::string bash_cases(const Command& command) {
    std::string values, words, places;
    bool files = false;
    for (const auto& option : options_of(command)) {
        if (option.positional()) {
            files |= names_files(option);
            places += (places.empty() ? "" : " ") + joined(choices_of(option));
            continue;
        }
        for (const auto& spelled : spellings(option)) {
            words += (words.empty() ? "" : " ") + spelled;
            if (option.value.empty()) continue;
            const auto action = names_files(option)
                                    ? std::string("files=1")
                                    : "words=" + in_quotes(joined(choices_of(option)));
            values += "        " + in_quotes(std::string(command.name) + ":" + spelled) + ") " +
                      action + "; place=1 ;;\n";
        }
    }
    return values + "        " + in_quotes(std::string(command.name) + ":") +
           "*) words=" + in_quotes(places) + "; options=" + in_quotes(words) +
           (files ? "; files=1" : "") + " ;;\n";
}

std::string bash_script(std::span<const Command> commands) {
    const auto groups = by_first_word(commands);
    std::string firsts, cases, group_names;
    for (const auto& [first, rows] : groups) {
        firsts += (firsts.empty() ? "" : " ") + first;
        if (second_word(*rows[0]).empty()) continue;
        std::string seconds;
        for (const auto* row : rows) seconds += (seconds.empty() ? "" : " ") + second_word(*row);
        group_names += "|" + first;
        cases += "        " + in_quotes(first + ":") + "*) words=" + in_quotes(seconds) + " ;;\n";
    }
    for (const auto& command : commands) cases += bash_cases(command);
    return R"sh(# bash completion for countersign: eval "$(countersign completion bash)"
_countersign() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local command= words= options= files= place= at
    for ((at = 1; at < COMP_CWORD; at++)); do
        case "$command" in
        '')sh" +
           group_names +
           R"sh() [[ ${COMP_WORDS[at]} == -* ]] || command+="${command:+ }${COMP_WORDS[at]}" ;;
        *) break ;;
        esac
    done
    case "$command:$previous" in
        :*) words=')sh" +
           firsts + R"sh('; options='--help --version' ;;
)sh" + cases +
           R"sh(    esac
    COMPREPLY=()
    if [[ -z $place && $current == -* ]]; then
        COMPREPLY=($(compgen -W "$options --help" -- "$current"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        if [[ -n $files && ${#COMPREPLY[@]} -eq 0 ]]; then
            compopt -o filenames 2>/dev/null
            local IFS=$'\n'
            COMPREPLY=($(compgen -f -- "$current"))
        fi
    fi
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *:// ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -F _countersign countersign
)sh";
}

// zsh

std::string zsh_action(const CommandOption& option) {
    if (option.value == "DIR") return "_files -/";
    if (names_files(option)) return "_files";
    const auto choices = choices_of(option);
    return choices.empty() ? " " : "(" + escaped(joined(choices), ":") + ")";
}

std::string zsh_arguments(const Command& command) {
    std::string out = "_arguments -s";
    for (const auto& option : options_of(command)) {
        if (option.positional()) {
            out += " \\\n                " +
                   in_quotes((option.many ? "*:" : ":") + lower_ascii(std::string(option.name)) +
                             ":" + zsh_action(option));
            continue;
        }
        for (const auto& spelled : spellings(option)) {
            auto spec =
                (option.many ? "*" : "") + spelled + "[" + escaped(option.meaning, "[]:\\") + "]";
            if (!option.value.empty())
                spec += ":" + escaped(option.value, ":") + ":" + zsh_action(option);
            out += " \\\n                " + in_quotes(spec);
        }
    }
    return out;
}

std::string zsh_script(std::span<const Command> commands) {
    std::string firsts, groups, cases;
    for (const auto& [first, rows] : by_first_word(commands)) {
        const bool grouped = !second_word(*rows[0]).empty();
        const auto summary = grouped ? first + " commands" : std::string(rows[0]->summary);
        firsts += "        " + in_quotes(first + ":" + summary) + "\n";
        if (!grouped) continue;
        groups += "            " + first + ") rows=(";
        for (const auto* row : rows)
            groups += in_quotes(second_word(*row) + ":" + std::string(row->summary)) + " ";
        groups.back() = ')';
        groups += " ;;\n";
    }
    for (const auto& command : commands)
        cases += "            " + in_quotes(command.name) + ") " + zsh_arguments(command) + " ;;\n";
    return R"sh(#compdef countersign
# zsh completion for countersign: eval "$(countersign completion zsh)"
_countersign() {
    local -a rows
    if (( CURRENT == 2 )); then
        rows=(
)sh" + firsts +
           R"sh(        )
        _describe command rows
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
)sh" + groups +
           R"sh(    esac
    if (( $#rows )); then
        if (( CURRENT == 2 )); then
            _describe command rows
            return
        fi
        command+=" $words[2]"
        shift words
        (( CURRENT-- ))
    fi
    case $command in
)sh" + cases +
           R"sh(    esac
}
if [[ $funcstack[1] == _countersign ]]; then _countersign "$@"; else compdef _countersign countersign; fi
)sh";
}

// fish

std::string fish_option(const CommandOption& option, const std::string& when) {
    std::string out = "complete -c countersign -n " + in_quotes(when);
    if (!option.positional()) {
        if (option.name == "--output") out += " -s o";
        out += " -l " + std::string(option.name.substr(2));
        out += " -d " + in_quotes(escaped(option.meaning, "$"));
    }
    const auto choices = choices_of(option);
    if (names_files(option)) return out + (option.positional() ? " -F" : " -r -F") + "\n";
    if (!choices.empty()) return out + " -x -a " + in_quotes(joined(choices)) + "\n";
    if (option.positional()) return "";
    return out + (option.value.empty() ? "" : " -x") + "\n";
}

std::string fish_script(std::span<const Command> commands) {
    std::string out =
        "# fish completion for countersign: countersign completion fish | source\n"
        "complete -c countersign -f\n";
    for (const auto& [first, rows] : by_first_word(commands)) {
        const bool grouped = !second_word(*rows[0]).empty();
        const auto summary = grouped ? first + " commands" : std::string(rows[0]->summary);
        out += "complete -c countersign -n __fish_use_subcommand -a " + first + " -d " +
               in_quotes(summary) + "\n";
        std::string seconds;
        for (const auto* row : rows) seconds += " " + second_word(*row);
        for (const auto* row : rows) {
            auto when = "__fish_seen_subcommand_from " + first;
            if (grouped) {
                out += "complete -c countersign -n " +
                       in_quotes(when + "; and not __fish_seen_subcommand_from" + seconds) +
                       " -a " + second_word(*row) + " -d " + in_quotes(row->summary) + "\n";
                when += "; and __fish_seen_subcommand_from " + second_word(*row);
            }
            for (const auto& option : options_of(*row)) out += fish_option(option, when);
        }
    }
    return out;
}

struct Shell {
    std::string_view name;
    std::string (*print)(std::span<const Command>);
};
constexpr Shell shells[] = {{"bash", bash_script}, {"fish", fish_script}, {"zsh", zsh_script}};

}  // namespace

std::vector<std::string> shell_names() {
    std::vector<std::string> names;
    for (const auto& shell : shells) names.emplace_back(shell.name);
    return names;
}

Result<std::string> completion_script(std::string_view shell, std::span<const Command> commands) {
    for (const auto& row : shells)
        if (row.name == shell) return row.print(commands);
    return Refusal{Code::not_found, "There is no completion for \"" + std::string(shell) +
                                        "\": choose one of " + joined(shell_names()) + "."};
}

Result<> run_completion(const Invocation& invocation) {
    const auto script = TRY(completion_script(invocation.text("SHELL"), commands()));
    std::fputs(script.c_str(), stdout);
    return Done{};
}

}  // namespace countersign
