#include <algorithm>

#include "base/text.h"
#include "formats/text_formats.h"

namespace countersign {

namespace {

bool has_extension(const Source& source, std::initializer_list<std::string_view> extensions) {
    return std::any_of(source.entries().begin(), source.entries().end(), [&](const SourceEntry& e) {
        return std::find(extensions.begin(), extensions.end(), extension(e.name)) !=
               extensions.end();
    });
}

/// The first bytes of the first entry.
std::string beginning(const Source& source) {
    constexpr std::size_t most = 8192;
    if (source.entries().empty() || is_image_name(source.entries().front().name)) return {};
    const auto read = source.open(source.entries().front().name);
    if (!read) return {};
    std::string text(most, '\0');
    std::size_t got = 0;
    while (got < most) {
        const auto n = (*read)(text.data() + got, most - got);
        if (!n || *n == 0) break;
        got += *n;
    }
    text.resize(got);
    return text;
}

/// The first object of lines of JSON without white space; empty when it is something else.
std::string first_object(const Source& source) {
    auto text = beginning(source);
    if (!trim(text).starts_with('{')) return {};
    text.resize(std::min(text.find('\n'), text.size()));
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
    return text.find("\"countersign\":") == std::string::npos ? text : std::string();
}

double marked(const Source& source, std::initializer_list<std::string_view> marks) {
    const auto text = first_object(source);
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view m) { return text.find(m) != std::string::npos; })
               ? 0.95
               : 0;
}

/// The share of lines that are not empty and end in a tag, or have ten columns.
double share_of_lines(const Source& source, bool (*test)(std::string_view)) {
    const auto text = beginning(source);
    int lines = 0, good = 0;
    for (const auto line : split(text, '\n')) {
        if (trim(line).empty() || line.starts_with('#') || line.starts_with("-DOCSTART-")) continue;
        ++lines;
        good += test(trim(line));
    }
    return lines < 2 ? 0 : static_cast<double>(good) / lines;
}
bool ends_in_tag(std::string_view line) {
    const auto space = line.find_last_of(" \t");
    if (space == std::string_view::npos) return false;
    const auto tag = line.substr(space + 1);
    return tag == "O" || (tag.size() > 2 && tag[1] == '-' &&
                          std::string_view("BIESLU").find(tag[0]) != std::string_view::npos);
}
bool has_ten_columns(std::string_view line) {
    return std::count(line.begin(), line.end(), '\t') == 9;
}

}  // namespace

double recognise_conll(const Source& s) {
    if (has_extension(s, {"conllu"})) return 0;
    return share_of_lines(s, ends_in_tag) > 0.9 ? 0.92 : has_extension(s, {"conll"}) ? 0.6 : 0;
}
double recognise_conllu(const Source& s) {
    return has_extension(s, {"conllu"})               ? 0.95
           : share_of_lines(s, has_ten_columns) > 0.9 ? 0.93
                                                      : 0;
}
double recognise_brat(const Source& s) {
    return has_extension(s, {"ann"}) && has_extension(s, {"txt"}) ? 0.95 : 0;
}
double recognise_spacy(const Source& s) {
    return marked(s, {"\"ents\":", "\"cats\":{", "\"entities\":[[", "\"spans\":{"}) * 0.99;
}
double recognise_prodigy(const Source& s) {
    return marked(s, {"\"_task_hash\":", "\"answer\":\"", "\"spans\":[{", "\"_input_hash\":"}) *
           0.98;
}
double recognise_doccano(const Source& s) {
    return marked(s, {"\"label\":[[", "\"start_offset\":", "\"cats\":[", "\"Comments\":"});
}
double recognise_argilla(const Source& s) {
    return marked(s, {".suggestion\":", ".response\":", ".responses\":", "\"ner_tags\":"});
}
double recognise_fasttext(const Source& s) {
    return beginning(s).starts_with("__label__") ? 0.95 : 0;
}

}  // namespace countersign
