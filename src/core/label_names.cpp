#include "core/label_names.h"

#include <algorithm>
#include <set>

#include "base/json.h"

namespace countersign {

namespace {

bool is_label(const Control& control, std::string_view name) {
    return std::any_of(control.labels.begin(), control.labels.end(),
                       [&](const Label& label) { return label.name == name; });
}

/// How a stored name reads: exactly, without the liberties that files take with capitals.
std::string reading(const Control& control, std::string_view name) {
    if (is_label(control, name)) return std::string(name);
    for (const auto& label : control.labels)
        if (std::find(label.aliases.begin(), label.aliases.end(), name) != label.aliases.end())
            return label.name;
    return {};
}

}  // namespace

LabelNames::LabelNames(const Schema& schema) {
    for (const auto& control : schema.controls)
        for (const auto& label : control.labels)
            for (const auto& alias : label.aliases) {
                if (is_label(control, alias)) continue;
                older_[control.name].emplace(alias, label.name);
                std::string text;
                append_json_string(text, alias);
                as_json_.push_back(std::move(text));
            }
}

Regions LabelNames::now(Regions regions) const {
    if (plain()) return regions;
    for (auto& region : regions) {
        const auto older = older_.find(region.control);
        if (older == older_.end()) continue;
        for (auto& label : region.labels)
            if (const auto found = older->second.find(label); found != older->second.end())
                label = found->second;
        std::set<std::string> met;
        std::erase_if(region.labels, [&](const auto& label) { return !met.insert(label).second; });
    }
    return regions;
}

std::string_view LabelNames::now(std::string_view regions, std::string& room) const {
    const bool named = std::any_of(as_json_.begin(), as_json_.end(), [&](const auto& name) {
        return regions.find(name) != std::string_view::npos;
    });
    if (!named) return regions;
    auto read = regions_from(regions);
    if (!read) return regions;
    room = regions_text(now(*std::move(read)));
    return room;
}

std::string LabelNames::list_now(std::string_view names) const {
    if (plain()) return std::string(names);
    std::string out;
    std::set<std::string> met;
    for (std::size_t at = 0; at <= names.size();) {
        const auto end = std::min(names.find(',', at), names.size());
        std::string name(names.substr(at, end - at));
        for (const auto& [control, older] : older_)
            if (const auto found = older.find(name); found != older.end()) name = found->second;
        if (met.insert(name).second) out += (out.empty() ? "" : ",") + name;
        at = end + 1;
    }
    return out;
}

std::vector<std::string> names_of_label(const Schema& schema, std::string_view control,
                                        std::string_view label) {
    std::set<std::string> out{std::string(label)};
    for (const auto& c : schema.controls) {
        if (!control.empty() && c.name != control) continue;
        for (const auto& l : c.labels)
            if (l.name == reading(c, label))
                for (const auto& alias : l.aliases)
                    if (!is_label(c, alias)) out.insert(alias);
        if (const auto name = reading(c, label); !name.empty()) out.insert(name);
    }
    return {out.begin(), out.end()};
}

std::vector<NameChange> name_changes(const Schema& before, const Schema& after) {
    std::vector<NameChange> out;
    for (const auto& control : before.controls) {
        const auto* kept = after.control(control.name);
        if (kept && kept->kind != control.kind) kept = nullptr;
        std::set<std::string> names;
        for (const auto& label : control.labels) {
            names.insert(label.name);
            names.insert(label.aliases.begin(), label.aliases.end());
        }
        for (const auto& name : names) {
            const auto from = reading(control, name);
            const auto to = kept ? reading(*kept, name) : std::string();
            if (from != to) out.push_back({control.name, name, from, to});
        }
    }
    return out;
}

}  // namespace countersign
