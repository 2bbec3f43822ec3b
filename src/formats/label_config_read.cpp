#include <algorithm>
#include <pugixml.hpp>
#include <set>

#include "base/text.h"
#include "formats/css_color.h"
#include "formats/label_config.h"
#include "formats/label_config_tags.h"
#include "formats/reader.h"
#include "formats/xml_depth.h"

namespace countersign {

namespace {

/// Attributes that only say how the page looks.
constexpr std::string_view looks[] = {"style",
                                      "className",
                                      "showInline",
                                      "zoom",
                                      "zoomControl",
                                      "zoomBy",
                                      "rotateControl",
                                      "strokeWidth",
                                      "strokeColor",
                                      "fillColor",
                                      "opacity",
                                      "fillOpacity",
                                      "size",
                                      "rows",
                                      "editable",
                                      "displayMode",
                                      "layout",
                                      "placeholder",
                                      "canRotate",
                                      "showLabels",
                                      "selectedColor",
                                      "highlightColor",
                                      "icon",
                                      "brightnessControl",
                                      "contrastControl",
                                      "gammaControl",
                                      "hoverValue",
                                      "maxWidth",
                                      "width",
                                      "height",
                                      "pointSize",
                                      "pointStyle",
                                      "defaultZoom",
                                      "negativeControl",
                                      "showSubmitButton",
                                      "skipDuplicates",
                                      "underline",
                                      "inline"};

bool holds(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_yes(const pugi::xml_node& node, const char* name) {
    const auto text = lower_ascii(trim(node.attribute(name).value()));
    return text == "true" || text == "1" || text == "yes";
}

/// "<Choices name=\"x\">": how a tag is named to a person.
std::string shown(const pugi::xml_node& node) {
    std::string out = "<" + std::string(node.name());
    for (const char* key : {"name", "value"})
        if (const auto a = node.attribute(key)) {
            out += " " + std::string(key) + "=" + in_quotes(a.value());
            break;
        }
    return out + ">";
}

class ConfigReader {
public:
    Result<ConfigImport> read(const pugi::xml_node& root) {
        find_item(root, 0);
        if (!item_) {
            out_.schema.modality = Modality::text;
            name("no tag says what is labelled (<Text>, <Image> or <Audio>); text was taken");
        }
        walk(root, 0);
        for (const auto& header : headers_)
            name("<Header value=" + in_quotes(header) + ">: stands before no control");
        auto schema = check_schema(std::move(out_.schema));
        if (!schema) {
            std::string why = "The configuration gives no schema: " + schema.refusal().message;
            if (!out_.not_understood.empty())
                why += " Not understood: " + out_.not_understood.front() + ".";
            return Refusal{Code::invalid, std::move(why)};
        }
        out_.schema = *std::move(schema);
        return std::move(out_);
    }

private:
    void name(std::string what) {
        constexpr std::size_t most = 200;
        auto& all = out_.not_understood;
        if (all.size() < most && std::find(all.begin(), all.end(), what) == all.end())
            all.push_back(std::move(what));
    }
    void name(const pugi::xml_node& node, std::string_view why) {
        name(shown(node) + ": " + std::string(why));
    }

    /// The first tag that holds an item says what the project labels.
    void find_item(const pugi::xml_node& node, int depth) {
        for (const auto& child : node.children()) {
            if (child.type() != pugi::node_element || item_) continue;
            if (const auto* tag = find_item_tag(child.name())) {
                item_ = child;
                out_.schema.modality = tag->modality;
                const std::string_view value = trim(child.attribute("value").value());
                if (value.starts_with('$') && value.size() > 1)
                    out_.schema.source = repair_utf8(value.substr(1));
            } else {
                find_item(child, depth + 1);
            }
        }
    }

    void walk(const pugi::xml_node& node, int depth) {
        for (const auto& child : node.children()) {
            if (child.type() != pugi::node_element) continue;
            const std::string_view tag = child.name();
            if (tag == "Header")
                take_header(child);
            else if (find_item_tag(tag))
                take_item(child);
            else if (const auto* row = find_control_tag(tag))
                take_control(child, *row);
            else
                take_other(child, depth);
        }
    }

    void take_other(const pugi::xml_node& node, int depth) {
        const std::string_view tag = node.name();
        if (tag != "View")
            name(node,
                 find_foreign_tag(tag).empty() ? "this tag is not known" : find_foreign_tag(tag));
        else
            name_attributes(node, {});
        walk(node, depth + 1);
    }

    void take_header(const pugi::xml_node& node) {
        static constexpr std::string_view known[] = {"value", "name"};
        name_attributes(node, known);
        const auto text = std::string(trim(node.attribute("value").value()));
        if (text.empty() || text.starts_with('$'))
            name(node, "a heading that differs from item to item cannot be kept");
        else
            headers_.push_back(repair_utf8(text));
    }

    void take_item(const pugi::xml_node& node) {
        static constexpr std::string_view known[] = {"name", "value"};
        if (node != item_) return name(node, "a project labels one item; this one is left out");
        name_attributes(node, known);
        if (const auto note = find_item_tag(node.name())->note; !note.empty()) name(node, note);
        if (!std::string_view(node.attribute("value").value()).starts_with('$'))
            name(node, "its value is not a key of the data, like \"$text\"");
    }

    void take_control(const pugi::xml_node& node, const ControlTag& tag) {
        const bool on_audio = out_.schema.modality == Modality::audio;
        Control c;
        c.kind = tag.kind == ControlKind::spans && on_audio ? ControlKind::segments : tag.kind;
        c.name = repair_utf8(trim(node.attribute("name").value()));
        if (c.name.empty()) c.name = lower_ascii(tag.tag);
        if (out_.schema.control(c.name))
            return name(node, "a second control of that name is left out");
        const auto& facts = facts_of(c.kind);
        const auto m = out_.schema.modality;
        if (!(m == Modality::text    ? facts.on_text
              : m == Modality::image ? facts.on_image
                                     : facts.on_audio))
            return name(node, "does not fit the item, which is " + std::string(name_of(m)));
        check_target(node);
        if (!headers_.empty()) c.title = std::move(headers_.back()), headers_.pop_back();
        c.required = facts.answers && is_yes(node, "required");
        if (!facts.answers) c.required = Control().required;
        c.per_region = is_yes(node, "perRegion");
        if (c.per_region && !facts.answers) {
            c.per_region = false;
            name(node, "perRegion has no meaning here");
        }
        take_more(node, tag, c);
        name_attributes(node, tag.attributes);
        if (facts.labelled && c.labels.empty())
            return name(node, node.attribute("value") ? "labels that differ from item to item "
                                                        "cannot be kept; it is left out"
                                                      : "has no labels; it is left out");
        out_.schema.controls.push_back(std::move(c));
    }

    void check_target(const pugi::xml_node& node) {
        const std::string_view to = trim(node.attribute("toName").value());
        if (!to.empty() && item_ && to != trim(item_.attribute("name").value()))
            name(node, "toName " + in_quotes(to) + " was read as the item");
    }

    /// What the kinds differ in.
    void take_more(const pugi::xml_node& node, const ControlTag& tag, Control& c) {
        const std::string_view choice = node.attribute("choice").value();
        if (c.kind == ControlKind::choices) {
            c.multiple = choice == "multiple";
            if (!choice.empty() && choice != "multiple" && choice != "single" &&
                choice != "single-radio")
                name(node, "choice " + in_quotes(choice) + " was read as \"single\"");
        }
        const std::string_view most = node.attribute("maxSubmissions").value();
        if (c.kind == ControlKind::text) {
            c.multiple = most != "1";
            if (c.multiple && !most.empty())
                name(node, "maxSubmissions " + in_quotes(most) + " was read as any number");
        }
        if (c.kind == ControlKind::rating) take_rating(node, c);
        if (c.kind == ControlKind::keypoints) take_skeleton(node, c);
        std::set<std::string> keys;
        for (const auto& child : node.children()) {
            if (child.type() != pugi::node_element) continue;
            if (child.name() != tag.child)
                name(child, "this tag is not known inside <" + std::string(node.name()) + ">");
            else
                take_label(child, c, keys);
        }
    }

    void take_rating(const pugi::xml_node& node, Control& c) {
        for (const auto label : split(node.attribute("labels").value(), '|'))
            if (!trim(label).empty()) c.labels.push_back({repair_utf8(label), {}, {}, {}, {}});
        if (!c.labels.empty()) return;
        int most = node.attribute("maxRating").as_int(5);
        if (most < 1 || most > 100) {
            name(node, "maxRating was read as 5");
            most = 5;
        }
        for (int i = 1; i <= most; ++i) c.labels.push_back({std::to_string(i), {}, {}, {}, {}});
    }

    void take_skeleton(const pugi::xml_node& node, Control& c) {
        for (const auto point : split(node.attribute("points").value(), '|'))
            if (!trim(point).empty()) c.points.push_back(repair_utf8(point));
        for (const auto at : split(node.attribute("lines").value(), ' ')) {
            if (trim(at).empty()) continue;
            const auto place =
                pugi::string_t(at).find_first_not_of("0123456789") == std::string::npos &&
                        at.size() < 6
                    ? std::stoi(std::string(at))
                    : -1;
            c.lines.push_back(place);
        }
        const bool fits =
            c.lines.size() % 2 == 0 && std::all_of(c.lines.begin(), c.lines.end(), [&](int at) {
                return at >= 0 && at < static_cast<int>(c.points.size());
            });
        const std::set<std::string> names(c.points.begin(), c.points.end());
        if (fits && names.size() == c.points.size()) return;
        name(node, "points or lines do not make a skeleton");
        c.points.clear();
        c.lines.clear();
    }

    void take_label(const pugi::xml_node& node, Control& c, std::set<std::string>& keys) {
        static constexpr std::string_view known[] = {"value", "hotkey",           "background",
                                                     "alias", "predicted_values", "hint"};
        Label label;
        label.name = repair_utf8(node.attribute("value").value());
        if (trim(label.name).empty()) return name(node, "a label without a value is left out");
        if (std::any_of(c.labels.begin(), c.labels.end(),
                        [&](const Label& l) { return l.name == label.name; }))
            return name(node, "a second label of that name is left out");
        name_attributes(node, known);
        take_key(node, label, keys);
        if (const std::string_view color = node.attribute("background").value(); !color.empty()) {
            label.color = hex_color(color);
            if (label.color.empty())
                name(node, "background " + in_quotes(color) + " is no colour that is known");
        }
        label.guideline = repair_utf8(node.attribute("hint").value());
        for (const char* key : {"alias", "predicted_values"})
            for (const auto part : split(node.attribute(key).value(), ','))
                if (const auto alias = repair_utf8(trim(part)); !alias.empty())
                    label.aliases.push_back(alias);
        c.labels.push_back(std::move(label));
        for (const auto& child : node.children())
            if (child.type() == pugi::node_element)
                name(child, "choices inside choices cannot be kept");
    }

    void take_key(const pugi::xml_node& node, Label& label, std::set<std::string>& keys) {
        const auto key = repair_utf8(trim(node.attribute("hotkey").value()));
        if (key.empty()) return;
        if (code_points(key) != 1)
            name(node, "hotkey " + in_quotes(key) + " is more than one key");
        else if (!keys.insert(key).second)
            name(node, "hotkey " + in_quotes(key) + " is another label's already");
        else
            label.hotkey = key;
    }

    void name_attributes(const pugi::xml_node& node, std::span<const std::string_view> known) {
        for (const auto& a : node.attributes())
            if (!holds(known, a.name()) && !holds(looks, a.name()))
                name(node, "the attribute " + repair_utf8(a.name()) + "=" + in_quotes(a.value()) +
                               " is not understood");
    }

    ConfigImport out_;
    pugi::xml_node item_;
    std::vector<std::string> headers_;
};

}  // namespace

Result<ConfigImport> schema_from_label_config(std::string_view xml) {
    constexpr std::size_t longest = 1 << 20;
    constexpr int deepest = 60;
    if (xml.size() > longest)
        return Refusal{Code::too_large, "The configuration is larger than 1 MiB."};
    if (!is_utf8(xml)) return Refusal{Code::invalid, "The configuration is not UTF-8."};
    if (xml_depth(xml) > deepest)
        return Refusal{Code::invalid, "The configuration is nested deeper than 60 tags."};
    pugi::xml_document document;
    const auto parsed =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed)
        return Refusal{Code::invalid,
                       "The configuration is not XML: " + std::string(parsed.description()) +
                           " at byte " + std::to_string(parsed.offset) + "."};
    return ConfigReader().read(document);
}

}  // namespace countersign
