#include "core/schema.h"

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

bool fits(ControlKind kind, Modality modality) {
    switch (kind) {
        case ControlKind::choices:
        case ControlKind::text:
            return true;
        case ControlKind::spans:
            return modality == Modality::text;
        case ControlKind::boxes:
        case ControlKind::polygons:
            return modality == Modality::image;
        case ControlKind::segments:
            return modality == Modality::audio;
    }
    return false;
}

}  // namespace

Result<Schema> check_schema(Schema schema) {
    const auto invalid = [](std::string why) { return Refusal{Code::invalid, std::move(why)}; };
    if (schema.source.empty()) schema.source = name_of(schema.modality);
    if (schema.controls.empty()) return invalid("The schema has no controls: add at least one.");
    std::set<std::string> names;
    for (auto& c : schema.controls) {
        if (c.name.empty()) return invalid("A control has no name.");
        if (!names.insert(c.name).second)
            return invalid("Two controls are called \"" + c.name + "\".");
        if (!fits(c.kind, schema.modality))
            return invalid("Control \"" + c.name + "\" (" + std::string(name_of(c.kind)) +
                           ") does not fit " + std::string(name_of(schema.modality)) + " items.");
        if (c.kind != ControlKind::text && c.labels.empty())
            return invalid("Control \"" + c.name + "\" has no labels: add at least one.");
        std::set<std::string> labels, keys;
        for (auto& l : c.labels) {
            if (trim(l.name).empty())
                return invalid("A label of control \"" + c.name + "\" has no name.");
            if (!is_utf8(l.name))
                return invalid("A label of control \"" + c.name + "\" is not UTF-8.");
            if (!labels.insert(l.name).second)
                return invalid("Control \"" + c.name + "\" has the label \"" + l.name +
                               "\" twice.");
            if (!l.hotkey.empty() && !keys.insert(l.hotkey).second)
                return invalid("Control \"" + c.name + "\" gives the key \"" + l.hotkey +
                               "\" to two labels.");
        }
    }
    return schema;
}

}  // namespace countersign
