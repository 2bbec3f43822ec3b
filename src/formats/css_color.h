// Colours as CSS writes them.
#pragma once

#include <string>
#include <string_view>

namespace countersign {

/// "#rrggbb" from "#rgb", "#rrggbb" or a colour name of CSS Level 1 or 2 and the usual others;
/// empty for anything else.
std::string hex_color(std::string_view css);

}  // namespace countersign
