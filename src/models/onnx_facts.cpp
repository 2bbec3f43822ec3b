#include "models/onnx_facts.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "models/wire_fields.h"

namespace countersign {

namespace {

constexpr std::size_t most_values = 256, most_dimensions = 16, most_notes = 256;

/// The first field of that number in the message, or empty.
std::string_view part(std::string_view message, std::uint32_t number) {
    WireFields fields(message);
    while (const auto field = fields.next())
        if (field->number == number) return field->bytes;
    return {};
}

OnnxValue value_of(std::string_view message) {
    OnnxValue out{repair_utf8(part(message, 1)), {}};
    WireFields dimensions(part(part(part(message, 2), 1), 2));
    while (const auto dimension = dimensions.next()) {
        if (dimension->number != 1 || out.shape.size() == most_dimensions) continue;
        std::int64_t size = -1;
        WireFields fields(dimension->bytes);
        while (const auto field = fields.next())
            if (field->number == 1) size = static_cast<std::int64_t>(field->value);
        out.shape.push_back(size > 0 ? size : -1);
    }
    return out;
}

bool read_graph(std::string_view graph, OnnxFacts& facts) {
    std::set<std::string, std::less<>> filled;
    WireFields fields(graph);
    while (const auto field = fields.next()) {
        if (field->number == 5) filled.emplace(part(field->bytes, 8));
        if (field->number == 11 && facts.inputs.size() < most_values)
            facts.inputs.push_back(value_of(field->bytes));
        if (field->number == 12 && facts.outputs.size() < most_values)
            facts.outputs.push_back(value_of(field->bytes));
    }
    std::erase_if(facts.inputs, [&](const auto& input) { return filled.contains(input.name); });
    return !fields.broken();
}

/// "'person'" or "\"person\"" at the front of `text`, taken off.
std::optional<std::string> take_quoted(std::string_view& text) {
    if (text.empty() || (text[0] != '\'' && text[0] != '"')) return std::nullopt;
    const char quote = text[0];
    std::string out;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote) {
            text.remove_prefix(at + 1);
            return out;
        }
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        out += text[at];
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::string> OnnxFacts::names() const {
    const auto note = notes.find("names");
    if (note == notes.end()) return {};
    std::string_view rest = trim(note->second);
    if (rest.empty() || rest.front() != '{') return {};
    std::vector<std::string> out;
    while (rest.size() > 1) {
        rest = trim(rest.substr(1));  // Behind the brace or comma.
        if (rest.starts_with('}')) return out;
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos) return {};
        if (trim(rest.substr(0, colon)) != std::to_string(out.size())) return {};
        rest = trim(rest.substr(colon + 1));
        auto name = take_quoted(rest);
        if (!name) return {};
        out.push_back(*std::move(name));
        rest = trim(rest);
        if (!rest.starts_with(',') && !rest.starts_with('}')) return {};
        if (rest.starts_with('}')) return out;
    }
    return {};
}

Result<OnnxFacts> onnx_facts(std::string_view bytes) {
    OnnxFacts facts;
    bool graph = false, whole = true;
    WireFields fields(bytes);
    while (const auto field = fields.next()) {
        if (field->number == 7) {
            graph = true;
            whole = read_graph(field->bytes, facts);
        }
        if (field->number == 14 && facts.notes.size() < most_notes)
            facts.notes.emplace(repair_utf8(part(field->bytes, 1)),
                                repair_utf8(part(field->bytes, 2)));
    }
    if (fields.broken() || !graph || !whole || facts.outputs.empty())
        return Refusal{Code::unsupported, "The file is no ONNX model: export it anew."};
    return facts;
}

}  // namespace countersign
