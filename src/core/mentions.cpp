#include "core/mentions.h"

namespace countersign {

namespace {

bool in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

}  // namespace

std::vector<MentionPlace> mention_places(std::string_view text) {
    std::vector<MentionPlace> out;
    for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
        const bool inside = at > 0 && (in_name(text[at - 1]) || text[at - 1] == '@');
        std::size_t end = at + 1;
        while (end < text.size() && in_name(text[end])) ++end;
        if (!inside && end > at + 1) out.push_back({at, text.substr(at + 1, end - at - 1)});
    }
    return out;
}

}  // namespace countersign
