// spaCy and Prodigy JSONL. Offsets are code points, as Python counts. spaCy: "ents" or "entities",
// span groups under "spans", "cats" with a number each. Prodigy: "spans", "options" with "accept",
// and the "answer": what was ignored is skipped, what was rejected comes without its labels.
#include <set>

#include "base/text.h"
#include "formats/json_out.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

/// [{"start", "end", "label"}, ...] or [[start, end, label], ...].
void take_spans(Dom value, std::string_view control, TextLabels& labels) {
    simdjson::dom::array list, triple;
    if (value.get(list)) return labels.mends().left_out("spans that are not a list");
    for (const Dom item : list) {
        std::int64_t start, end;
        std::string_view label;
        if (item.is_object()) {
            const auto from = integer_of(item, "start"), to = integer_of(item, "end");
            const auto name = text_of(item, "label");
            if (!from || !to || !name)
                labels.mends().left_out("a span lacks start, end or label");
            else
                labels.span(text_of(item, "id").value_or(""), *from, *to, *name, control,
                            number_of(item, "score"));
        } else if (!item.get(triple) && triple.size() >= 3 && !triple.at(0).get(start) &&
                   !triple.at(1).get(end) && !triple.at(2).get(label)) {
            labels.span({}, start, end, label, control);
        } else {
            labels.mends().left_out("a span is not start, end and label");
        }
    }
}

void append_spans(std::string& out, const std::vector<const Region*>& spans) {
    out += '[';
    for (const auto* r : spans) {
        out += out.back() == '[' ? "{" : ",{";
        Members m(out);
        m.number("start", static_cast<std::int64_t>(r->start));
        m.number("end", static_cast<std::int64_t>(r->end));
        m.text("label", r->labels.empty() ? "" : r->labels.front());
        m.text("id", r->id);
        m.number("score", r->confidence);
        out += '}';
    }
    out += ']';
}

class SpacyReader final : public JsonLinesReader {
public:
    using JsonLinesReader::JsonLinesReader;

private:
    Result<> take_object(Dom object, std::string_view, TextLabels& labels, ImportedRow& row,
                         std::vector<std::string_view>& used) override {
        bool labelled = false;
        for (const auto* key : {"ents", "entities", "spans", "label"}) {
            const auto value = member(object, key);
            if (!value || (value->is_string())) continue;
            labelled = true;
            used.push_back(key);
            simdjson::dom::object groups;
            if (value->get(groups))
                take_spans(*value, {}, labels);
            else
                for (const auto group : groups) take_spans(group.value, group.key, labels);
        }
        simdjson::dom::object cats;
        if (!object.at_key("cats").get(cats)) {
            labelled = true;
            used.push_back("cats");
            std::vector<std::string_view> chosen;
            for (const auto cat : cats) {
                double share = 0;
                bool yes = false;
                if ((!cat.value.get(share) && share >= 0.5) || (!cat.value.get(yes) && yes))
                    chosen.push_back(cat.key);
            }
            labels.choices(chosen, nullptr);
        }
        add(row, labels, labelled);
        return Done{};
    }
};

class SpacyWriter final : public TextWriter {
public:
    using TextWriter::TextWriter;

private:
    Result<> write_one(const Labelled& one, std::string& out) override {
        std::map<std::string_view, std::vector<const Region*>> groups;
        std::set<std::string_view> chosen;
        bool overlap = false;
        double end = 0;
        for (const auto& r : one.regions) {
            if (r.kind == ControlKind::spans) {
                overlap = overlap || r.start < end;
                end = std::max(end, r.end);
                groups[r.control].push_back(&r);
            } else if (r.kind == ControlKind::choices) {
                chosen.insert(r.labels.begin(), r.labels.end());
            } else {
                lose(r);
            }
        }
        out += "{\"text\":";
        append_json_string(out, one.text);
        Members m(out);
        m.text("id", one.record.key);
        if (one.label) append_labels(m, groups, overlap, chosen, out);
        out += "}\n";
        return Done{};
    }

    /// "ents" cannot overlap in spaCy and have one group; span groups can.
    void append_labels(Members& m,
                       const std::map<std::string_view, std::vector<const Region*>>& groups,
                       bool overlap, const std::set<std::string_view>& chosen, std::string& out) {
        if (overlap || groups.size() > 1) {
            m.raw("spans", "{");
            for (const auto& [control, spans] : groups) {
                if (out.back() != '{') out += ',';
                append_json_string(out, control);
                out += ':';
                append_spans(out, spans);
            }
            out += '}';
        } else {
            std::string spans;
            append_spans(spans,
                         groups.empty() ? std::vector<const Region*>() : groups.begin()->second);
            m.raw("ents", spans);
        }
        std::set<std::string_view> said;
        for (const auto& c : schema().controls)
            for (const auto& l : c.labels)
                if (c.kind == ControlKind::choices && !c.per_region && said.insert(l.name).second) {
                    if (said.size() == 1) m.raw("cats", "{");
                    if (out.back() != '{') out += ',';
                    append_json_string(out, l.name);
                    out += chosen.count(l.name) ? ":1.0" : ":0.0";
                }
        if (!said.empty()) out += '}';
    }
};

class ProdigyReader final : public JsonLinesReader {
public:
    using JsonLinesReader::JsonLinesReader;

private:
    Result<> take_object(Dom object, std::string_view, TextLabels& labels, ImportedRow& row,
                         std::vector<std::string_view>& used) override {
        const auto answer = text_of(object, "answer").value_or("accept");
        const bool answered = member(object, "answer").has_value();
        if (const auto spans = member(object, "spans")) take_spans(*spans, {}, labels);
        std::vector<std::string_view> chosen;
        simdjson::dom::array accept;
        std::string_view name;
        if (!object.at_key("accept").get(accept))
            for (const Dom item : accept)
                if (!item.get(name)) chosen.push_back(name);
        if (const auto label = text_of(object, "label")) chosen.push_back(*label);
        labels.choices(chosen, nullptr);
        for (const auto* key :
             {"spans", "accept", "label", "answer", "options", "config", "tokens", "_input_hash",
              "_task_hash", "_view_id", "_session_id", "_annotator_id", "_timestamp", "_is_binary"})
            used.push_back(key);
        if (member(object, "relations"))
            labels.mends().left_out("relations between tokens are not taken");
        if (answer == "ignore") {
            ImportedAnnotation skip;
            skip.skipped = true;
            skip.person = text_of(object, "_annotator_id").value_or("");
            row.annotations.push_back(std::move(skip));
        } else if (answer == "reject") {
            labels.mends().mended("the answer is \"reject\": its labels were left out");
        } else {
            add(row, labels, answered);
            if (!row.annotations.empty())
                row.annotations.back().person = text_of(object, "_annotator_id").value_or("");
        }
        return Done{};
    }
};

class ProdigyWriter final : public TextWriter {
public:
    using TextWriter::TextWriter;

private:
    Result<> write_one(const Labelled& one, std::string& out) override {
        std::vector<const Region*> spans;
        std::vector<std::string> accept;
        for (const auto& r : one.regions) {
            if (r.kind == ControlKind::spans)
                spans.push_back(&r);
            else if (r.kind == ControlKind::choices && r.parent.empty())
                accept.insert(accept.end(), r.labels.begin(), r.labels.end());
            else
                lose(r);
        }
        out += "{\"text\":";
        append_json_string(out, one.text);
        Members m(out);
        m.text("id", one.record.key);
        m.raw("meta", one.record.meta);
        std::string listed;
        append_spans(listed, spans);
        if (one.label && !spans.empty()) m.raw("spans", listed);
        options(m);
        if (!accept.empty()) {
            listed.clear();
            append_texts(listed, accept);
            m.raw("accept", listed);
        }
        if (one.label) {
            m.text("answer", one.label->action == "skipped" ? "ignore" : "accept");
            m.text("_annotator_id", one.label->person);
        }
        out += "}\n";
        return Done{};
    }
    void options(Members& m) const {
        std::string list;
        bool multiple = false;
        for (const auto& c : schema().controls) {
            if (c.kind != ControlKind::choices || c.per_region) continue;
            multiple = multiple || c.multiple || !list.empty();
            for (const auto& l : c.labels) {
                list += list.empty() ? "[{\"id\":" : ",{\"id\":";
                append_json_string(list, l.name);
                list += ",\"text\":";
                append_json_string(list, l.name);
                list += '}';
            }
        }
        if (list.empty()) return;
        m.raw("options", list + "]");
        m.raw("config",
              multiple ? R"({"choice_style":"multiple"})" : R"({"choice_style":"single"})");
    }
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_spacy(std::shared_ptr<const Source> source,
                                              const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<SpacyReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_spacy(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<SpacyWriter>(context));
}
Result<std::unique_ptr<RowReader>> read_prodigy(std::shared_ptr<const Source> source,
                                                const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<ProdigyReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_prodigy(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<ProdigyWriter>(context));
}

}  // namespace countersign
