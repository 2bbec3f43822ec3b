#include "models/label_map.h"

#include <algorithm>

#include "base/text.h"

namespace countersign {

namespace {

/// One form for "Traffic lights", "traffic_light" and "TrafficLight", for "knife" and "knives". The
/// form is no word; it is only compared.
std::string plain(std::string_view name) {
    std::string letters;
    for (const char c : lower_ascii(name)) {
        const bool foreign = static_cast<unsigned char>(c) >= 0x80;
        if (foreign || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
    }
    if (letters.size() < 3) return letters;
    if (letters.back() == 's' && !letters.ends_with("ss") && !letters.ends_with("us"))
        letters.pop_back();
    if (letters.back() == 'e') letters.pop_back();
    if (letters.back() == 'y') letters.back() = 'i';
    if (letters.back() == 'v') letters.back() = 'f';
    return letters;
}

const Label* label_called(const Control& control, std::string_view word) {
    const std::string wanted = plain(word);
    if (wanted.empty()) return nullptr;
    for (const Label& label : control.labels) {
        if (plain(label.name) == wanted) return &label;
        for (const auto& alias : label.aliases)
            if (plain(alias) == wanted) return &label;
    }
    return nullptr;
}

const Label* label_for(const Control& control, const ObjectWords& object) {
    if (const Label* label = Schema::find_label(control, object.name)) return label;
    if (const Label* label = label_called(control, object.name)) return label;
    for (const auto words : {object.synonyms, object.groups})
        for (const auto word : split(words, ','))
            if (const Label* label = label_called(control, word)) return label;
    return nullptr;
}

}  // namespace

LabelMap guess_labels(const Control& control, std::span<const ObjectWords> objects) {
    LabelMap map;
    for (const ObjectWords& object : objects) {
        const Label* label = label_for(control, object);
        if (label)
            map.labels.emplace(object.name, label->name);
        else
            map.dropped.emplace_back(object.name);
    }
    for (const Label& label : control.labels)
        if (std::none_of(map.labels.begin(), map.labels.end(),
                         [&](const auto& row) { return row.second == label.name; }))
            map.undrafted.push_back(label.name);
    return map;
}

}  // namespace countersign
