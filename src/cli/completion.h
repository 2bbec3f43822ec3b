// What a shell completes after `countersign`: commands, options, and the choices that an option
// has. One script a shell, printed from the table of commands; a new command or format needs
// nothing here.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/commands.h"

namespace countersign {

/// bash, fish, zsh.
std::vector<std::string> shell_names();

/// The script of a shell. Refuses shells that it has none for.
Result<std::string> completion_script(std::string_view shell, std::span<const Command> commands);

}  // namespace countersign
