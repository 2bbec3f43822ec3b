#include "app/item_of_row.h"

#include "base/json.h"
#include "base/text.h"

namespace countersign {

namespace {

struct SplitWords {
    std::string_view word, split;
};
constexpr SplitWords split_words[] = {
    {"train", "train"},  {"training", "train"}, {"test", "test"},
    {"testing", "test"}, {"eval", "test"},      {"dev", "dev"},
    {"val", "dev"},      {"valid", "dev"},      {"validation", "dev"}};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string split_in(std::string_view json) {
    for (const std::string_view key : {"split", "subset", "fold"}) {
        if (json.find(key) == std::string_view::npos) continue;
        const auto object = parse_json(json);
        if (!object || !object->is_object()) return {};
        const auto at = object->find(std::string(key));
        if (at != object->end() && at->is_string()) return at->get<std::string>();
    }
    return {};
}

}  // namespace

std::string_view split_in_path(std::string_view path) {
    for (std::size_t i = 0; i < path.size();) {
        if (!is_letter(path[i])) {
            ++i;
            continue;
        }
        auto end = i;
        while (end < path.size() && is_letter(path[end])) ++end;
        const auto word = lower_ascii(path.substr(i, end - i));
        for (const auto& row : split_words)
            if (word == row.word) return row.split;
        i = end;
    }
    return {};
}

Result<const Format*> format_to_read(const Source& source, const std::string& name) {
    const Format* best = name.empty() ? nullptr : find_format(name);
    if (!best && !name.empty())
        return Refusal{Code::invalid,
                       "There is no format \"" + name + "\": see `countersign reference formats`."};
    double most = 0;
    if (!best)
        for (const auto& format : formats())
            if (const double sure = format.read ? format.recognise(source) : 0; sure > most)
                best = &format, most = sure;
    if (!best) return recognise_format(source, Modality::text);
    if (!best->read)
        return Refusal{Code::unsupported, std::string(best->title) + " cannot be read."};
    return best;
}

RowItem item_of(const ImportedRow& row) {
    RowItem out;
    out.image = row.media.empty() ? row.media_ref : row.media;
    out.name = row.key.empty() ? out.image : row.key;
    out.is_text = out.image.empty() && row.media_url.empty();
    if (out.is_text && !row.data.empty()) {
        const auto data = parse_json(row.data);
        if (data && data->is_object()) {
            const auto at = data->find("text");
            if (at != data->end() && at->is_string()) out.text = at->get<std::string>();
        }
    }
    out.split = split_of_texts(row.meta, row.data);
    return out;
}

std::string split_of_texts(std::string_view meta, std::string_view data) {
    auto out = split_in(meta);
    return out.empty() ? split_in(data) : out;
}

}  // namespace countersign
