#include "formats/json_row.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "formats/pieces.h"

namespace countersign {

namespace {

/// Names that files use for the item, the id and the label, the likeliest first.
constexpr std::string_view text_names[] = {"text",      "sentence", "content",  "body",
                                           "message",   "document", "question", "prompt",
                                           "utterance", "review",   "title"};
constexpr std::string_view image_names[] = {"image", "file_name", "filename",  "image_path", "img",
                                            "path",  "file",      "image_url", "url"};
constexpr std::string_view sound_names[] = {"audio", "audio_filepath", "file_name", "filename",
                                            "path",  "file",           "wav",       "sound",
                                            "url",   "audio_url"};
constexpr std::string_view id_names[] = {"id",  "_id",         "uid",    "uuid",
                                         "key", "external_id", "task_id"};
constexpr std::string_view label_names[] = {"label", "labels", "category", "class", "intent"};

std::optional<std::string_view> first_text(Dom object, std::span<const std::string_view> names,
                                           std::string_view& key) {
    for (const auto name : names)
        if (const auto found = text_of(object, name)) {
            key = name;
            return found;
        }
    return std::nullopt;
}

/// A text, or a list of texts.
bool take_labels(Dom value, std::vector<std::string_view>& into) {
    std::string_view one;
    if (!value.get(one)) return into.push_back(one), true;
    simdjson::dom::array list;
    if (value.get(list)) return false;
    for (const Dom item : list) {
        if (item.get(one)) return false;
        into.push_back(one);
    }
    return !into.empty();
}

}  // namespace

Result<PlainRow> plain_row(Dom object, std::string_view source_key, Modality modality,
                           const ReadContext& context) {
    PlainRow row;
    row.item_key = source_key;
    const std::string_view asked[] = {
        context.text_column.empty() ? source_key : std::string_view(context.text_column)};
    auto item = first_text(object, asked, row.item_key);
    if (!item && context.text_column.empty())
        item = modality == Modality::image   ? first_text(object, image_names, row.item_key)
               : modality == Modality::audio ? first_text(object, sound_names, row.item_key)
                                             : first_text(object, text_names, row.item_key);
    if (!item || trim(*item).empty())
        return Refusal{Code::invalid, "it has no text under " + in_quotes(asked[0]) +
                                          ": name the member that holds the item, or rename it"};
    row.item = *item;
    const auto take_id = [&](std::string_view name) {
        if (const auto id = member(object, name)) row.id = as_text(*id);
        return !row.id.empty();
    };
    if (!context.id_column.empty())
        take_id(context.id_column);
    else
        for (const auto name : id_names)
            if (take_id(name)) break;
    const auto try_label = [&](std::string_view name, const Control* control) {
        PlainAnswer answer{name, control, {}};
        const auto value = name == row.item_key ? std::nullopt : member(object, name);
        if (!value || !take_labels(*value, answer.labels)) return false;
        row.answers.push_back(std::move(answer));
        return true;
    };
    if (!context.label_column.empty()) {
        try_label(context.label_column, nullptr);
        return row;
    }
    if (context.schema)
        for (const auto& c : context.schema->controls)
            if (c.kind == ControlKind::choices) try_label(c.name, &c);
    for (const auto name : label_names)
        if (row.answers.empty()) try_label(name, nullptr);
    return row;
}

std::string object_without(std::string_view raw, const std::vector<std::string_view>& left_out) {
    std::string out = "{";
    each_member(raw, [&](std::string_view key, std::string_view value) {
        if (std::find(left_out.begin(), left_out.end(), key) != left_out.end()) return true;
        if (out.size() > 1) out += ',';
        out += '"';
        out += key;
        out += "\":";
        out += value;
        return true;
    });
    return out += '}';
}

std::string object_with(std::string_view raw, std::string_view key, std::string_view text) {
    std::string rest = object_without(raw, {key});
    std::string out = "{";
    append_json_string(out, key);
    out += ':';
    append_json_string(out, text);
    if (rest.size() > 2) out += ',';
    return out.append(rest, 1);
}

Regions choices_for(const std::vector<std::string_view>& names, const Control* only,
                    LabelFinder& finder, const Schema* schema, Mends& mends) {
    Regions regions;
    for (const auto name : names) {
        LabelFinder::Found found;
        if (only) {
            const auto* label = Schema::find_label(*only, trim(name));
            if (label) found = {only->name, label->name};
        } else {
            found = finder.find(ControlKind::choices, trim(name));
        }
        if (found.control.empty()) {
            mends.left_out(in_quotes(name) + " is not a choice of " +
                           (only ? "control " + in_quotes(only->name) : std::string("the schema")) +
                           " (add it, or make it an alias)");
            continue;
        }
        const auto same = std::find_if(regions.begin(), regions.end(),
                                       [&](const Region& r) { return r.control == found.control; });
        const auto* control = schema ? schema->control(found.control) : nullptr;
        if (same == regions.end()) {
            Region r;
            r.id = found.control;
            r.control = found.control;
            r.labels.emplace_back(found.label);
            r.origin = Origin::imported;
            regions.push_back(std::move(r));
        } else if (control && !control->multiple) {
            mends.left_out(in_quotes(name) + " is a second answer to " + in_quotes(same->control) +
                           ", which takes one");
        } else {
            same->labels.emplace_back(found.label);
        }
    }
    return regions;
}

std::string control_names(const Schema& schema) {
    std::string names;
    for (const auto& c : schema.controls) names += (names.empty() ? "" : ", ") + c.name;
    return names;
}

}  // namespace countersign
