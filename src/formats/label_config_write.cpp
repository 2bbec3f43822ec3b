#include <algorithm>

#include <pugixml.hpp>

#include "formats/label_config.h"
#include "formats/label_config_tags.h"
#include "formats/label_studio_cue.h"
#include "formats/label_studio_regions.h"

namespace countersign {

namespace {

void say(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name) = std::string(value).c_str();
}
void say_if(pugi::xml_node node, const char* name, std::string_view value) {
    if (!value.empty()) say(node, name, value);
}

template <class List, class Text>
std::string joined(const List& list, char between, Text&& text) {
    std::string out;
    for (const auto& one : list) {
        if (!out.empty()) out += between;
        out += text(one);
    }
    return out;
}

void append_label(pugi::xml_node control, std::string_view tag, const Label& label) {
    auto node = control.append_child(std::string(tag).c_str());
    say(node, "value", label.name);
    say_if(node, "hotkey", label.hotkey);
    say_if(node, "background", label.color);
    say_if(node, "hint", label.guideline);
    say_if(node, "predicted_values",
           joined(label.aliases, ',', [](const std::string& alias) { return alias; }));
}

void append_control(pugi::xml_node view, const Control& c, std::string_view to_name) {
    if (!c.title.empty()) say(view.append_child("Header"), "value", c.title);
    const auto& tag = control_tag(c.kind);
    const auto& facts = facts_of(c.kind);
    auto node = view.append_child(std::string(tag.tag).c_str());
    say(node, "name", c.name);
    if (c.kind != ControlKind::relations) say(node, "toName", to_name);
    if (c.kind == ControlKind::choices) say(node, "choice", c.multiple ? "multiple" : "single");
    if (c.kind == ControlKind::text && !c.multiple) say(node, "maxSubmissions", "1");
    if (facts.answers && c.required) say(node, "required", "true");
    if (c.per_region) say(node, "perRegion", "true");
    say_if(node, "points", joined(c.points, '|', [](const std::string& p) { return p; }));
    say_if(node, "lines", joined(c.lines, ' ', [](int at) { return std::to_string(at); }));
    if (c.kind == ControlKind::rating) {
        say(node, "maxRating", std::to_string(c.labels.size()));
        bool numbers = true;
        for (std::size_t i = 0; i < c.labels.size(); ++i)
            numbers = numbers && c.labels[i].name == std::to_string(i + 1);
        if (!numbers)
            say(node, "labels", joined(c.labels, '|', [](const Label& l) { return l.name; }));
        return;
    }
    for (const auto& label : c.labels) append_label(node, tag.child, label);
}

/// Controls that a schema does not have and interactive backends look for.
void append_cue_controls(pugi::xml_node view, const Schema& schema) {
    std::vector<const Label*> labels;
    const auto append = [&](std::string_view tag, std::string_view name, bool smart,
                            const std::vector<const Label*>& of) {
        auto node = view.append_child(std::string(tag).c_str());
        say(node, "name", name);
        say(node, "toName", schema.source);
        if (smart) say(node, "smart", "true");
        for (const auto* label : of) say(node.append_child("Label"), "value", label->name);
    };
    for (const auto& control : schema.controls) {
        const auto& facts = facts_of(control.kind);
        if (!facts.drawn || !facts.on_image) continue;
        std::vector<const Label*> own;
        for (const auto& label : control.labels) {
            own.push_back(&label);
            if (std::none_of(labels.begin(), labels.end(),
                             [&](const Label* there) { return there->name == label.name; }))
                labels.push_back(&label);
        }
        if (control.kind == ControlKind::polygons)
            append("BrushLabels", control.name + std::string(brush_suffix), false, own);
    }
    append("KeyPointLabels", cue_point_name, true, labels);
    append("RectangleLabels", cue_box_name, true, labels);
}

struct IntoText final : pugi::xml_writer {
    void write(const void* data, std::size_t size) override {
        text.append(static_cast<const char*>(data), size);
    }
    std::string text;
};

}  // namespace

namespace {

std::string config_text(const Schema& schema, bool cues) {
    pugi::xml_document document;
    auto view = document.append_child("View");
    const auto to_name = std::string_view(schema.source);  // As our export of the tasks names it.
    auto item = view.append_child(std::string(item_tag(schema.modality)).c_str());
    say(item, "name", to_name);
    say(item, "value", "$" + schema.source);
    for (const auto& control : schema.controls) append_control(view, control, to_name);
    if (cues && schema.modality == Modality::image) append_cue_controls(view, schema);
    IntoText out;
    document.save(out, "  ", pugi::format_indent | pugi::format_no_declaration,
                  pugi::encoding_utf8);
    return std::move(out.text);
}

}  // namespace

std::string label_config_of(const Schema& schema) {
    return config_text(schema, false);
}

std::string label_config_with_cues(const Schema& schema) {
    return config_text(schema, true);
}

}  // namespace countersign
