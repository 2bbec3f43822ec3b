#include "formats/tags.h"

#include <set>

#include "base/text.h"

namespace countersign {

bool TagSpans::add(std::string_view tag, std::int64_t start, std::int64_t end) {
    const bool shaped = tag.size() > 2 && (tag[1] == '-' || tag[1] == '_');
    const char how = shaped ? tag[0] : 'O';
    if (!shaped || std::string_view("BIESLU").find(how) == std::string_view::npos) {
        open_ = false;
        return tag == "O" || tag == "_" || tag.empty();
    }
    const auto label = tag.substr(2);
    const bool alone = how == 'S' || how == 'U';
    if (how == 'B' || alone || !open_ || spans_.back().label != label)
        spans_.push_back({start, end, std::string(label)});
    else
        spans_.back().end = end;
    open_ = !alone && how != 'E' && how != 'L';
    return true;
}

std::vector<TaggedToken> tagged_tokens(std::string_view text,
                                       const std::vector<const Region*>& spans,
                                       std::string_view& space_before) {
    constexpr std::string_view white = " \t\n\r\v\f";
    // Borders in bytes.
    std::set<std::size_t> cuts;
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (const auto* r : spans) {
        const auto before = slice(text, 0, static_cast<std::int64_t>(r->start));
        const auto inside = slice(text, 0, static_cast<std::int64_t>(r->end));
        places.emplace_back(before ? before->size() : 0, inside ? inside->size() : 0);
        cuts.insert({places.back().first, places.back().second});
    }
    std::vector<TaggedToken> tokens;
    std::size_t at = text.find_first_not_of(white);
    space_before = text.substr(0, at == std::string_view::npos ? text.size() : at);
    std::size_t span = 0;
    while (at < text.size()) {
        auto end = std::min(text.find_first_of(white, at), text.size());
        if (const auto cut = cuts.upper_bound(at); cut != cuts.end()) end = std::min(end, *cut);
        const auto next = std::min(text.find_first_not_of(white, end), text.size());
        TaggedToken token{text.substr(at, end - at), text.substr(end, next - end), "O"};
        while (span < places.size() && places[span].second <= at) ++span;
        if (span < places.size() && places[span].first <= at && !spans[span]->labels.empty()) {
            const bool first = tokens.empty() || places[span].first == at ||
                               static_cast<std::size_t>(tokens.back().text.data() - text.data()) <
                                   places[span].first;
            token.tag = (first ? "B-" : "I-") + spans[span]->labels.front();
        }
        tokens.push_back(std::move(token));
        at = next;
    }
    return tokens;
}

}  // namespace countersign
