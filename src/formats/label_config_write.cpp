#include <pugixml.hpp>

#include "formats/label_config.h"
#include "formats/label_config_tags.h"

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

struct IntoText final : pugi::xml_writer {
    void write(const void* data, std::size_t size) override {
        text.append(static_cast<const char*>(data), size);
    }
    std::string text;
};

}  // namespace

std::string label_config_of(const Schema& schema) {
    pugi::xml_document document;
    auto view = document.append_child("View");
    const auto to_name = std::string_view(schema.source);  // As our export of the tasks names it.
    auto item = view.append_child(std::string(item_tag(schema.modality)).c_str());
    say(item, "name", to_name);
    say(item, "value", "$" + schema.source);
    for (const auto& control : schema.controls) append_control(view, control, to_name);
    IntoText out;
    document.save(out, "  ", pugi::format_indent | pugi::format_no_declaration,
                  pugi::encoding_utf8);
    return std::move(out.text);
}

}  // namespace countersign
