#include "formats/yolo_names.h"

#include <charconv>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "formats/losses.h"
#include "formats/reader.h"

namespace countersign {

namespace {

constexpr std::size_t most_classes = 100'000;

/// A YAML scalar: quotes and a trailing comment taken off.
std::string scalar(std::string_view text) {
    text = trim(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'')) {
        const char quote = text.front();
        std::string out;
        for (std::size_t i = 1; i < text.size(); ++i) {
            if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
                out += text[++i];
            } else if (text[i] == quote) {
                if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'')
                    out += text[i++];
                else
                    break;
            } else {
                out += text[i];
            }
        }
        return out;
    }
    if (const auto hash = text.find(" #"); hash != std::string_view::npos)
        text = trim(text.substr(0, hash));
    return std::string(text);
}

/// "3: cat" -> 3 and " cat".
std::optional<std::pair<std::size_t, std::string_view>> numbered(std::string_view text) {
    text = trim(text);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc() || rest.empty() || rest.front() != ':' || number >= most_classes)
        return std::nullopt;
    return std::pair(number, rest.substr(1));
}

void put(std::vector<std::string>& names, std::size_t at, std::string name) {
    if (at >= most_classes) return;
    if (names.size() <= at) names.resize(at + 1);
    names[at] = std::move(name);
}

/// The parts of "[a, 'b, c', d]" or "{0: a, 1: b}".
std::vector<std::string> flow(std::string_view text) {
    std::vector<std::string> names;
    std::string part;
    char quote = 0;
    const auto end_part = [&] {
        if (trim(part).empty()) return;
        if (const auto n = numbered(part))
            put(names, n->first, scalar(n->second));
        else
            put(names, names.size(), scalar(part));
        part.clear();
    };
    for (const char c : text.substr(1)) {
        if (quote == 0 && (c == ']' || c == '}')) break;
        if (quote == 0 && c == ',') {
            end_part();
            continue;
        }
        if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (c == quote)
            quote = 0;
        part += c == '\n' ? ' ' : c;
    }
    end_part();
    return names;
}

}  // namespace

std::vector<std::string> names_of_yaml(std::string_view yaml) {
    std::size_t at = yaml.starts_with("names:") ? 0 : yaml.find("\nnames:");
    if (at == std::string_view::npos) return {};
    at = yaml.find(':', at) + 1;
    const auto line_end = std::min(yaml.find('\n', at), yaml.size());
    const auto here = trim(yaml.substr(at, line_end - at));
    if (!here.empty() && (here.front() == '[' || here.front() == '{'))
        return flow(yaml.substr(yaml.find(here.front(), at)));
    std::vector<std::string> names;
    for (const auto line : split(yaml.substr(line_end), '\n')) {
        const auto text = trim(line);
        if (text.empty() || text.front() == '#') continue;
        if (text.starts_with("- "))
            put(names, names.size(), scalar(text.substr(2)));
        else if (const auto n = line.front() == ' ' ? numbered(text) : std::nullopt)
            put(names, n->first, scalar(n->second));
        else
            break;
    }
    return names;
}

bool is_yolo_side_file(std::string_view name) {
    const auto ext = extension(name);
    const auto base = lower_ascii(base_name(name));
    if (ext == "yaml" || ext == "yml" || ext == "names" || ext == "data" || ext == "cache")
        return true;
    return base == "classes.txt" || base == "labels.txt" || base == "train.txt" ||
           base == "val.txt" || base == "valid.txt" || base == "test.txt" ||
           base == "provenance.csv" || base == left_out_file || base.starts_with("readme");
}

Result<std::optional<std::pair<std::size_t, std::size_t>>> yolo_pose(const Source& source) {
    constexpr std::size_t most_points = 1000;
    std::optional<std::pair<std::size_t, std::size_t>> shape;
    for (const auto& e : source.entries()) {
        const auto ext = extension(e.name);
        if (ext != "yaml" && ext != "yml") continue;
        const auto yaml = "\n" + TRY(source.read_all(e.name, 4 << 20));
        const auto at = yaml.find("\nkpt_shape:");
        if (at == std::string::npos) continue;
        const auto open = yaml.find('[', at), comma = yaml.find(',', at);
        if (open == std::string::npos || comma == std::string::npos) continue;
        const auto count = std::strtoul(yaml.c_str() + open + 1, nullptr, 10);
        const auto step = std::strtoul(yaml.c_str() + comma + 1, nullptr, 10);
        if (count > 0 && count <= most_points && (step == 2 || step == 3))
            return shape = std::pair<std::size_t, std::size_t>(count, step);
    }
    return shape;
}

Result<std::vector<std::string>> yolo_names(const Source& source) {
    for (const auto& e : source.entries()) {
        const auto ext = extension(e.name);
        if (ext != "yaml" && ext != "yml") continue;
        auto names = names_of_yaml(TRY(source.read_all(e.name, 4 << 20)));
        if (!names.empty()) return names;
    }
    for (const auto& e : source.entries()) {
        const auto base = lower_ascii(base_name(e.name));
        if (base != "classes.txt" && base != "labels.txt" && extension(e.name) != "names") continue;
        std::vector<std::string> names;
        const auto text = TRY(source.read_all(e.name, 4 << 20));
        for (const auto line : split(text, '\n'))
            if (names.size() < most_classes) names.push_back(std::string(trim(line)));
        while (!names.empty() && names.back().empty()) names.pop_back();
        return names;
    }
    return std::vector<std::string>();
}

}  // namespace countersign
