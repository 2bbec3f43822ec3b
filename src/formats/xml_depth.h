// pugixml frees a tree by recursion: what nests too deep is refused before it is parsed.
#pragma once

#include <algorithm>
#include <string_view>

namespace countersign {

/// How deep elements nest at most, without parsing: opening tags less closing ones.
inline int xml_depth(std::string_view xml) {
    int depth = 0, deepest = 0;
    for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
        const char next = at + 1 < xml.size() ? xml[at + 1] : '\0';
        if (next == '/') {
            --depth;
        } else if (next != '!' && next != '?') {
            const auto end = xml.find('>', at);
            if (end == std::string_view::npos || xml[end - 1] != '/') ++depth;
            deepest = std::max(deepest, depth);
        }
    }
    return deepest;
}

}  // namespace countersign
