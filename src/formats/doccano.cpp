// doccano JSONL. "label" is a list of names, of [start, end, name] or of texts; with relations,
// "entities" and "relations" with numbers for ids; with both spans and choices, "entities" and
// "cats". Offsets are code points.
#include "base/text.h"
#include "formats/json_out.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

class DoccanoReader final : public JsonLinesReader {
public:
    using JsonLinesReader::JsonLinesReader;

private:
    Result<> take_object(Dom object, std::string_view, TextLabels& labels, ImportedRow& row,
                         std::vector<std::string_view>& used) override {
        bool labelled = false;
        for (const auto* key : {"label", "labels", "cats", "entities"})
            if (const auto value = member(object, key)) {
                labelled = true;
                used.push_back(key);
                take_list(*value, labels);
            }
        simdjson::dom::array relations;
        if (!object.at_key("relations").get(relations)) {
            used.push_back("relations");
            for (const Dom r : relations) take_relation(r, labels);
        }
        used.push_back("Comments");
        std::string comment;
        simdjson::dom::array comments;
        std::string_view said;
        if (!object.at_key("Comments").get(comments))
            for (const Dom c : comments)
                if (!c.get(said)) comment += (comment.empty() ? "" : "\n") + std::string(said);
        add(row, labels, labelled);
        if (!row.annotations.empty()) row.annotations.back().comment = comment;
        return Done{};
    }

    /// Names, triples, objects with offsets, or texts that were written.
    void take_list(Dom value, TextLabels& labels) {
        std::string_view name;
        if (!value.get(name)) return take_names({name}, labels);
        simdjson::dom::array list, triple;
        if (value.get(list)) return labels.mends().left_out("labels that are not a list");
        std::vector<std::string_view> names;
        for (const Dom item : list) {
            std::int64_t start, end;
            if (!item.get(name))
                names.push_back(name);
            else if (item.is_object())
                take_entity(item, labels);
            else if (!item.get(triple) && triple.size() == 3 && !triple.at(0).get(start) &&
                     !triple.at(1).get(end) && !triple.at(2).get(name))
                labels.span({}, start, end, name);
            else
                labels.mends().left_out("a label is not a name or start, end and name");
        }
        take_names(names, labels);
    }

    /// Choices; where the schema only asks for text, what was written.
    void take_names(const std::vector<std::string_view>& names, TextLabels& labels) {
        const bool writes =
            context_.schema && labels_.has(ControlKind::text) && !labels_.has(ControlKind::choices);
        if (!writes) return labels.choices(names, nullptr);
        for (const auto& c : context_.schema->controls)
            if (c.kind == ControlKind::text) {
                for (const auto name : names) labels.written(name, c.name);
                return;
            }
    }

    static void take_entity(Dom item, TextLabels& labels) {
        const auto start = integer_of(item, "start_offset"), end = integer_of(item, "end_offset");
        const auto label = text_of(item, "label");
        const auto id = member(item, "id");
        if (!start || !end || !label)
            return labels.mends().left_out("an entity lacks start_offset, end_offset or label");
        labels.span(id ? as_text(*id) : std::string(), *start, *end, *label);
    }

    static void take_relation(Dom item, TextLabels& labels) {
        const auto from = member(item, "from_id"), to = member(item, "to_id");
        const auto type = text_of(item, "type");
        const auto id = member(item, "id");
        if (!from || !to || !type)
            return labels.mends().left_out("a relation lacks from_id, to_id or type");
        labels.relation(id ? "r" + as_text(*id) : std::string(), as_text(*from), as_text(*to),
                        *type);
    }
};

class DoccanoWriter final : public TextWriter {
public:
    using TextWriter::TextWriter;

private:
    bool asks(ControlKind kind) const {
        for (const auto& c : schema().controls)
            if (c.kind == kind && !c.per_region) return true;
        return false;
    }

    Result<> write_one(const Labelled& one, std::string& out) override {
        out += "{\"text\":";
        append_json_string(out, one.text);
        Members m(out);
        m.text("id", one.record.key);
        const bool spans = asks(ControlKind::spans), relations = asks(ControlKind::relations);
        const bool choices = asks(ControlKind::choices);
        const bool texts = asks(ControlKind::text) && !choices && !spans;
        std::string named = "[", listed = "[", joined = "[";
        std::map<std::string_view, std::size_t> numbers;
        for (const auto& r : one.regions) {
            if (r.kind == ControlKind::spans)
                append_span(listed, r, relations, numbers);
            else if (r.kind == ControlKind::choices && r.parent.empty())
                for (const auto& l : r.labels) append_name(named, l);
            else if (r.kind == ControlKind::text && texts)
                append_name(named, r.text);
            else if (r.kind != ControlKind::relations)
                lose(r);
        }
        for (const auto& r : one.regions)
            if (r.kind == ControlKind::relations) append_relation(joined, r, numbers);
        if (one.label && (relations || spans))
            m.raw(relations || choices ? "entities" : "label", listed + "]");
        if (one.label && relations) m.raw("relations", joined + "]");
        if (one.label && (choices || texts)) m.raw(spans ? "cats" : "label", named + "]");
        if (one.label && !one.label->comment.empty()) {
            m.raw("Comments", "[");
            append_json_string(out, one.label->comment);
            out += ']';
        }
        out += "}\n";
        return Done{};
    }

    static void append_name(std::string& list, std::string_view name) {
        if (list.size() > 1) list += ',';
        append_json_string(list, name);
    }
    static void append_span(std::string& list, const Region& r, bool as_object,
                            std::map<std::string_view, std::size_t>& numbers) {
        if (list.size() > 1) list += ',';
        const auto number = numbers.emplace(r.id, numbers.size()).first->second;
        const auto start = static_cast<std::int64_t>(r.start),
                   end = static_cast<std::int64_t>(r.end);
        const std::string_view label = r.labels.empty() ? std::string_view() : r.labels.front();
        if (!as_object) {
            list += '[' + std::to_string(start) + ',' + std::to_string(end) + ',';
            append_json_string(list, label);
            list += ']';
            return;
        }
        list += '{';
        Members m(list);
        m.number("id", static_cast<std::int64_t>(number));
        m.number("start_offset", start);
        m.number("end_offset", end);
        m.text("label", label);
        list += '}';
    }
    void append_relation(std::string& list, const Region& r,
                         const std::map<std::string_view, std::size_t>& numbers) {
        const auto from = numbers.find(r.from), to = numbers.find(r.to);
        if (from == numbers.end() || to == numbers.end() || r.labels.empty()) return lose(r);
        list += list.size() > 1 ? ",{" : "{";
        const auto number = std::count(list.begin(), list.end(), '{') - 1;
        Members m(list);
        m.number("id", static_cast<std::int64_t>(number));
        m.number("from_id", static_cast<std::int64_t>(from->second));
        m.number("to_id", static_cast<std::int64_t>(to->second));
        m.text("type", r.labels.front());
        list += '}';
    }
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_doccano(std::shared_ptr<const Source> source,
                                                const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<DoccanoReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_doccano(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<DoccanoWriter>(context));
}

}  // namespace countersign
