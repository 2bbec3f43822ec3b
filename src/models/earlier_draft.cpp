#include "models/earlier_draft.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/ids.h"
#include "models/connector.h"
#include "models/ensemble.h"

namespace countersign {

namespace {

std::string in_one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

std::string labels_of(const Region& region) {
    std::string out;
    for (const auto& label : region.labels) out += (out.empty() ? "" : ", ") + label;
    return out;
}

std::string place_of(const Region& region, int width, int height) {
    constexpr double thousand = 1000;
    const auto box = extent(region);
    const auto part = [](double at, int of) {
        const double told = of > 0 ? at * thousand / of : at;
        return std::isfinite(told) && std::abs(told) < 1e9 ? std::to_string(std::lround(told))
                                                           : "?";
    };
    return "[" + part(box.left, width) + ", " + part(box.top, height) + ", " +
           part(box.right, width) + ", " + part(box.bottom, height) + "]";
}

std::string seconds(double at) {
    return to_text(std::round(at * 100) / 100);
}

/// What stands before a colon: whose words, or which control's.
std::string said_of(const Region& region, const Region* parent) {
    const auto of_parent = parent ? labels_of(*parent) : std::string();
    return of_parent.empty() ? region.control : of_parent;
}

std::string line_of(const Region& region, const Region* parent, int width, int height) {
    switch (region.kind) {
        case ControlKind::text:
            return region.text.empty() ? std::string()
                                       : said_of(region, parent) + ": " + in_one_line(region.text);
        case ControlKind::spans:
            return "\"" + in_one_line(region.text) + "\": " + labels_of(region);
        case ControlKind::choices:
        case ControlKind::rating:
            return (parent ? said_of(region, parent) + ", " : "") + region.control + ": " +
                   labels_of(region);
        case ControlKind::boxes:
        case ControlKind::polygons:
        case ControlKind::keypoints:
            return labels_of(region) + " at " + place_of(region, width, height);
        case ControlKind::segments:
            return labels_of(region) + " from " + seconds(region.start) + " to " +
                   seconds(region.end) + " s";
        case ControlKind::relations:
            return {};
    }
    return {};
}

double begin_of(const Region& region, const Region* parent) {
    if (parent && parent->kind == ControlKind::segments) return parent->start;
    if (region.kind == ControlKind::segments) return region.start;
    return region.words.empty() ? 0 : region.words.front().start;
}

}  // namespace

ConfigField reads_field() {
    return {"reads", FieldKind::model, "the model whose draft of the task it is told first",
            "\"\""};
}

Result<std::string> reads_from(const Json& config) {
    const auto found = config.find("reads");
    if (found == config.end()) return std::string();
    const auto id = found->is_string() ? found->get<std::string>() : std::string("?");
    if (!id.empty() && !parse_id('k', id))
        return Refusal{Code::invalid,
                       "\"reads\" names no model: give the id of one of this project's (k...)."};
    return id;
}

Result<Regions> earlier_draft(const Outside* outside, const std::string& reads, std::int64_t task) {
    if (!outside || !outside->drafts)
        return Refusal{Code::unavailable, "Drafts of other models are not known here."};
    for (auto& draft : outside->drafts(task)) {
        if (draft.model != reads) continue;
        std::erase_if(draft.regions, [](const Region& region) {
            return region.grounding == Grounding::ungrounded;
        });
        return std::move(draft.regions);
    }
    return Refusal{Code::not_found, "Model " + reads +
                                        ", whose draft it reads, has not drafted this task: switch "
                                        "it on, and draft with it first."};
}

std::string draft_in_words(const Regions& regions, int width, int height) {
    std::map<std::string, const Region*> by_id;
    for (const auto& region : regions) by_id.emplace(region.id, &region);
    std::set<const Region*> told;  ///< Segments whose words are.
    struct ToldLine {
        double begin;
        std::string text;
        const Region* region;
    };
    std::vector<ToldLine> lines;
    for (const auto& region : regions) {
        const auto parent = by_id.find(region.parent);
        const Region* about = parent == by_id.end() ? nullptr : parent->second;
        if (about && region.kind == ControlKind::text) told.insert(about);
        if (auto text = line_of(region, about, width, height); !text.empty())
            lines.push_back({begin_of(region, about), std::move(text), &region});
    }
    std::erase_if(lines, [&](const ToldLine& line) {
        return line.region->kind == ControlKind::segments && told.contains(line.region);
    });
    std::stable_sort(lines.begin(), lines.end(),
                     [](const ToldLine& a, const ToldLine& b) { return a.begin < b.begin; });
    std::string out;
    for (const auto& line : lines) out += (out.empty() ? "" : "\n") + line.text;
    return out;
}

}  // namespace countersign
