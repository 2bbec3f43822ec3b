#include "core/schema.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace countersign {

const Control* Schema::control(std::string_view name) const {
    for (const auto& c : controls)
        if (c.name == name) return &c;
    return nullptr;
}

const Label* Schema::find_label(const Control& control, std::string_view name) {
    for (const auto& l : control.labels)
        if (l.name == name) return &l;
    for (const auto& l : control.labels)
        for (const auto& alias : l.aliases)
            if (alias == name) return &l;
    const std::string folded = lower_ascii(name);
    for (const auto& l : control.labels) {
        if (lower_ascii(l.name) == folded) return &l;
        for (const auto& alias : l.aliases)
            if (lower_ascii(alias) == folded) return &l;
    }
    return nullptr;
}

namespace {

//                            kind            drawn answers labelled text  image audio
constexpr KindFacts kinds[] = {{ControlKind::choices, false, true, true, true, true, true},
                               {ControlKind::boxes, true, false, true, false, true, false},
                               {ControlKind::spans, true, false, true, true, false, false},
                               {ControlKind::polygons, true, false, true, false, true, false},
                               {ControlKind::text, false, true, false, true, true, true},
                               {ControlKind::segments, true, false, true, false, false, true},
                               {ControlKind::keypoints, true, false, true, false, true, false},
                               {ControlKind::relations, false, false, false, true, true, true},
                               {ControlKind::rating, false, true, true, true, true, true}};

bool fits(const KindFacts& facts, Modality modality) {
    return modality == Modality::text    ? facts.on_text
           : modality == Modality::image ? facts.on_image
                                         : facts.on_audio;
}

Refusal invalid(std::string why) {
    return {Code::invalid, std::move(why)};
}

Result<> check_labels(const Control& control) {
    std::set<std::string> labels, keys;
    for (const auto& l : control.labels) {
        if (trim(l.name).empty())
            return invalid("A label of control \"" + control.name + "\" has no name.");
        if (!is_utf8(l.name))
            return invalid("A label of control \"" + control.name + "\" is not UTF-8.");
        if (!labels.insert(l.name).second)
            return invalid("Control \"" + control.name + "\" has the label \"" + l.name +
                           "\" twice.");
        if (!l.hotkey.empty() && !keys.insert(l.hotkey).second)
            return invalid("Control \"" + control.name + "\" gives the key \"" + l.hotkey +
                           "\" to two labels.");
    }
    return Done{};
}

Result<> check_skeleton(const Control& control) {
    if (control.kind != ControlKind::keypoints &&
        !(control.points.empty() && control.lines.empty()))
        return invalid("Control \"" + control.name + "\" has points, which only keypoints have.");
    std::set<std::string> names;
    for (const auto& point : control.points)
        if (point.empty() || !names.insert(point).second)
            return invalid("Control \"" + control.name + "\" has the point \"" + point +
                           "\" twice, or one without a name.");
    const auto places = static_cast<int>(control.points.size());
    const bool inside = std::all_of(control.lines.begin(), control.lines.end(),
                                    [&](int at) { return at >= 0 && at < places; });
    if (!inside || control.lines.size() % 2 != 0)
        return invalid("The lines of control \"" + control.name +
                       "\" must be pairs of places in its points, from 0 on.");
    return Done{};
}

/// What one control needs of the others.
Result<> check_company(const Schema& schema, const Control& control) {
    const auto& facts = facts_of(control.kind);
    const bool drawn = std::any_of(schema.controls.begin(), schema.controls.end(),
                                   [](const Control& c) { return facts_of(c.kind).drawn; });
    if (control.per_region && !facts.answers)
        return invalid("Control \"" + control.name + "\" (" + std::string(name_of(control.kind)) +
                       ") cannot be asked about each region: only choices, rating and text can.");
    if ((control.per_region || control.kind == ControlKind::relations) && !drawn)
        return invalid("Control \"" + control.name +
                       "\" is about regions, and no control draws any.");
    return Done{};
}

}  // namespace

const KindFacts& facts_of(ControlKind kind) {
    return kinds[static_cast<std::size_t>(kind)];
}

Result<Schema> check_schema(Schema schema) {
    if (schema.source.empty()) schema.source = name_of(schema.modality);
    if (schema.controls.empty()) return invalid("The schema has no controls: add at least one.");
    std::set<std::string> names;
    for (auto& c : schema.controls) {
        if (c.name.empty()) return invalid("A control has no name.");
        if (!names.insert(c.name).second)
            return invalid("Two controls are called \"" + c.name + "\".");
        const auto& facts = facts_of(c.kind);
        if (!fits(facts, schema.modality))
            return invalid("Control \"" + c.name + "\" (" + std::string(name_of(c.kind)) +
                           ") does not fit " + std::string(name_of(schema.modality)) + " items.");
        if (c.kind == ControlKind::rating && c.labels.empty())
            for (const char* level : {"1", "2", "3", "4", "5"})
                c.labels.push_back({level, {}, {}, {}, {}});
        if (facts.labelled && c.labels.empty())
            return invalid("Control \"" + c.name + "\" has no labels: add at least one.");
        TRY(check_labels(c));
        TRY(check_skeleton(c));
    }
    for (const auto& c : schema.controls) TRY(check_company(schema, c));
    return schema;
}

}  // namespace countersign
