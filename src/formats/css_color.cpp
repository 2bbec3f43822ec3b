#include "formats/css_color.h"

#include "base/text.h"

namespace countersign {

std::string hex_color(std::string_view css) {
    struct Named {
        std::string_view name, hex;
    };
    static constexpr Named names[] = {
        {"black", "#000000"},     {"silver", "#c0c0c0"},    {"gray", "#808080"},
        {"grey", "#808080"},      {"white", "#ffffff"},     {"maroon", "#800000"},
        {"red", "#ff0000"},       {"purple", "#800080"},    {"fuchsia", "#ff00ff"},
        {"magenta", "#ff00ff"},   {"green", "#008000"},     {"lime", "#00ff00"},
        {"olive", "#808000"},     {"yellow", "#ffff00"},    {"navy", "#000080"},
        {"blue", "#0000ff"},      {"teal", "#008080"},      {"aqua", "#00ffff"},
        {"cyan", "#00ffff"},      {"orange", "#ffa500"},    {"darkorange", "#ff8c00"},
        {"pink", "#ffc0cb"},      {"hotpink", "#ff69b4"},   {"brown", "#a52a2a"},
        {"gold", "#ffd700"},      {"violet", "#ee82ee"},    {"indigo", "#4b0082"},
        {"crimson", "#dc143c"},   {"coral", "#ff7f50"},     {"salmon", "#fa8072"},
        {"tomato", "#ff6347"},    {"khaki", "#f0e68c"},     {"orchid", "#da70d6"},
        {"plum", "#dda0dd"},      {"turquoise", "#40e0d0"}, {"skyblue", "#87ceeb"},
        {"lightblue", "#add8e6"}, {"darkblue", "#00008b"},  {"lightgreen", "#90ee90"},
        {"darkgreen", "#006400"}, {"darkred", "#8b0000"},   {"chocolate", "#d2691e"},
        {"tan", "#d2b48c"},       {"beige", "#f5f5dc"},     {"lavender", "#e6e6fa"}};
    const auto lower = lower_ascii(trim(css));
    for (const auto& row : names)
        if (row.name == lower) return std::string(row.hex);
    const bool digits = lower.size() > 1 && lower[0] == '#' &&
                        lower.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
    if (digits && lower.size() == 7) return lower;
    if (!digits || lower.size() != 4) return {};
    std::string out = "#";
    for (const char c : lower.substr(1)) out.append(2, c);
    return out;
}

}  // namespace countersign
