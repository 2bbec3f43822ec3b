// Argilla and Hugging Face JSONL: flat keys "QUESTION.suggestion" with ".score" and ".agent", and
// "QUESTION.response" or "QUESTION.responses"; and token classification as Hugging Face has it,
// "tokens" with "ner_tags". A question is a control. Offsets are code points.
#include <algorithm>

#include "base/text.h"
#include "formats/json_out.h"
#include "formats/tags.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

/// The value of a question as regions of its control.
class AnswerReader {
public:
    AnswerReader(const Schema* schema, TextLabels& labels) : schema_(schema), labels_(labels) {}

    void take(std::string_view question, Dom value) {
        const auto* control = schema_ ? schema_->control(question) : nullptr;
        if (schema_ && !control)
            return labels_.mends().left_out(in_quotes(question) +
                                            " is not a control of the schema");
        std::string_view name;
        simdjson::dom::array list;
        if (!value.get(name)) return take_text(question, control, name);
        if (value.is_number())
            return control && control->kind == ControlKind::choices
                       ? labels_.choice(as_text(value), question)
                       : labels_.rating(as_text(value), question);
        if (value.get(list))
            return labels_.mends().left_out("the answer to " + in_quotes(question) +
                                            " is neither a text, a number nor a list");
        std::vector<std::string_view> names;
        for (const Dom item : list) {
            if (!item.get(name))
                names.push_back(name);
            else
                take_span(question, item);
        }
        if (names.empty()) return;
        if (control && control->kind == ControlKind::text)
            for (const auto text : names) labels_.written(text, question);
        else if (control)
            labels_.choices(names, control);
        else
            for (const auto n : names) labels_.choice(n, question);
    }

private:
    void take_text(std::string_view question, const Control* control, std::string_view text) {
        if (control && control->kind == ControlKind::text) return labels_.written(text, question);
        if (control && control->kind == ControlKind::rating) return labels_.rating(text, question);
        if (control) return labels_.choices({text}, control);
        labels_.choice(text, question);
    }
    void take_span(std::string_view question, Dom item) {
        const auto start = item.is_object() ? integer_of(item, "start") : std::nullopt;
        const auto end = item.is_object() ? integer_of(item, "end") : std::nullopt;
        const auto label = item.is_object() ? text_of(item, "label") : std::nullopt;
        if (!start || !end || !label)
            return labels_.mends().left_out("a span lacks start, end or label");
        labels_.span({}, *start, *end, *label, question, number_of(item, "score"));
    }
    const Schema* schema_;
    TextLabels& labels_;
};

class ArgillaReader final : public JsonLinesReader {
public:
    using JsonLinesReader::JsonLinesReader;

private:
    std::optional<std::string> text_of_object(Dom object) const override {
        if (auto text = JsonLinesReader::text_of_object(object)) return text;
        simdjson::dom::array tokens;
        std::string_view token;
        if (object.at_key("tokens").get(tokens)) return std::nullopt;
        std::string text;
        for (const Dom t : tokens) {
            if (t.get(token)) return std::nullopt;
            text += (text.empty() ? "" : " ") + std::string(token);
        }
        return text;
    }

    Result<> take_object(Dom object, std::string_view text, TextLabels& labels, ImportedRow& row,
                         std::vector<std::string_view>& used) override {
        simdjson::dom::object members;
        if (object.get(members)) return Done{};
        bool answered = false;
        TextLabels suggested(text, labels_, context_.schema, labels.mends());
        ImportedDraft draft{"imported", {}, std::nullopt, 0};
        for (const auto field : members) {
            const auto [question, part] = split_key(field.key);
            if (part.empty()) continue;
            used.push_back(field.key);
            if (part == "suggestion")
                AnswerReader(context_.schema, suggested).take(question, field.value);
            else if (part == "suggestion.agent" && !as_text(field.value).empty())
                draft.model = as_text(field.value);
            else if (part == "suggestion.score")
                take_score(field.value, draft);
            else if (part == "response" || part == "responses")
                answered = take_response(question, field.value, labels) || answered;
        }
        if (member(object, "ner_tags")) {
            used.push_back("tokens");
            used.push_back("ner_tags");
            answered = true;
            TRY(take_tags(object, labels));
        }
        draft.regions = suggested.take();
        settle_ids(draft.regions);
        for (auto& r : draft.regions) r.origin = Origin::model;
        if (!draft.regions.empty()) row.drafts.push_back(std::move(draft));
        add(row, labels, answered);
        return Done{};
    }

    /// "tone.suggestion.score" -> "tone", "suggestion.score".
    static std::pair<std::string_view, std::string_view> split_key(std::string_view key) {
        for (const std::string_view part :
             {"suggestion", "suggestion.score", "suggestion.agent", "response", "responses",
              "response.status", "response.users", "responses.users", "responses.status"})
            if (key.size() > part.size() + 1 && key.ends_with(part) &&
                key[key.size() - part.size() - 1] == '.')
                return {key.substr(0, key.size() - part.size() - 1), part};
        return {};
    }

    static void take_score(Dom value, ImportedDraft& draft) {
        double score;
        if (!value.get(score) && score >= 0 && score <= 1)
            draft.confidence = std::min(score, draft.confidence.value_or(1));
    }

    /// One answer, or a list of {"value", "user_id"}: the first is taken.
    bool take_response(std::string_view question, Dom value, TextLabels& labels) {
        simdjson::dom::array list;
        Dom first = value;
        if (!value.get(list) && list.size() > 0 && list.at(0).get(first) == simdjson::SUCCESS &&
            first.is_object() && member(first, "value")) {
            if (list.size() > 1)
                labels.mends().mended("of several responses to " + in_quotes(question) +
                                      " the first was taken");
            first = *member(first, "value");
        } else {
            first = value;
        }
        if (first.is_null()) return false;
        AnswerReader(context_.schema, labels).take(question, first);
        return true;
    }

    Result<> take_tags(Dom object, TextLabels& labels) {
        simdjson::dom::array tokens, tags;
        if (object.at_key("tokens").get(tokens) || object.at_key("ner_tags").get(tags) ||
            tokens.size() != tags.size())
            return Refusal{Code::invalid, "tokens and ner_tags are not two lists of one length"};
        TagSpans spans;
        std::int64_t at = 0;
        std::string_view token, tag;
        auto next = tags.begin();
        for (const Dom t : tokens) {
            const Dom said = *next;
            ++next;
            std::int64_t number;
            if (t.get(token)) return Refusal{Code::invalid, "a token is not a text"};
            const auto length = code_points(token);
            std::string named;
            if (!said.get(number))
                named = TRY(tag_of(number));
            else if (!said.get(tag))
                named = tag;
            spans.add(named, at, at + length);
            at += length + 1;
        }
        for (const auto& s : spans.take()) labels.span({}, s.start, s.end, s.label);
        return Done{};
    }

    /// 0 is O, then B- and I- of each label in the schema's order, as data sets number them.
    Result<std::string> tag_of(std::int64_t number) const {
        if (number == 0) return std::string("O");
        if (context_.schema)
            for (const auto& c : context_.schema->controls) {
                const auto at = static_cast<std::size_t>((number - 1) / 2);
                if (c.kind == ControlKind::spans && number > 0 && at < c.labels.size())
                    return (number % 2 ? "B-" : "I-") + c.labels[at].name;
            }
        return Refusal{Code::invalid, "ner_tags has the number " + std::to_string(number) +
                                          ", and the schema has no label at that place: write the "
                                          "tags as texts"};
    }
};

class ArgillaWriter final : public TextWriter {
public:
    using TextWriter::TextWriter;

private:
    Result<> write_one(const Labelled& one, std::string& out) override {
        out += "{\"text\":";
        append_json_string(out, one.text);
        Members m(out);
        m.text("id", one.record.key);
        const auto* draft = context_.with_drafts && !one.record.drafts.empty()
                                ? &one.record.drafts.back()
                                : nullptr;
        const auto drafted = TRY(parser().parse(draft ? draft->regions_text : std::string_view()));
        for (const auto& c : schema().controls) {
            if (draft) answer(m, c, drafted, ".suggestion");
            if (draft && any_of(c, drafted)) {
                key_number(m, c.name + ".suggestion.score", draft->confidence);
                m_text(m, c.name + ".suggestion.agent",
                       std::string(draft->model) + (draft->version.empty() ? "" : "@") +
                           std::string(draft->version));
            }
            if (one.label) answer(m, c, one.regions, ".response");
        }
        for (const auto& r : one.regions)
            if (!carries(r)) lose(r);
        out += "}\n";
        return Done{};
    }
    static bool carries(const Region& r) {
        return r.parent.empty() && (r.kind == ControlKind::spans || facts_of(r.kind).answers);
    }
    static bool any_of(const Control& c, const Regions& regions) {
        return std::any_of(regions.begin(), regions.end(),
                           [&](const Region& r) { return r.control == c.name && carries(r); });
    }
    static void m_text(Members& m, const std::string& name, const std::string& value) {
        std::string key = quoted(name), text;
        append_json_string(text, value);
        if (!value.empty()) m.raw(key, text);
    }
    static void key_number(Members& m, const std::string& name, std::optional<double> value) {
        if (value) m.number(quoted(name), value);
    }
    /// Members writes names as they are: escape what a control's name may hold.
    static std::string quoted(const std::string& name) {
        std::string out;
        append_json_string(out, name);
        return out.substr(1, out.size() - 2);
    }

    static void answer(Members& m, const Control& c, const Regions& regions,
                       const std::string& part) {
        std::string value;
        const bool list = c.kind == ControlKind::spans || c.multiple;
        for (const auto& r : regions) {
            if (r.control != c.name || !carries(r)) continue;
            const auto piece = piece_of(r, c);
            if (!list) {
                value = piece;
                break;
            }
            value += (value.empty() ? "[" : ",") + piece;
        }
        if (!value.empty() && list) value += ']';
        // Somebody looked and found nothing.
        if (value.empty() && c.kind == ControlKind::spans && part == ".response") value = "[]";
        m.raw(quoted(c.name + part), value);
    }
    static std::string piece_of(const Region& r, const Control& c) {
        std::string out;
        if (r.kind == ControlKind::text) {
            append_json_string(out, r.text);
            return out;
        }
        if (r.kind == ControlKind::spans) {
            out = "{";
            Members m(out);
            m.number("start", static_cast<std::int64_t>(r.start));
            m.number("end", static_cast<std::int64_t>(r.end));
            m.text("label", r.labels.empty() ? "" : r.labels.front());
            m.number("score", r.confidence);
            return out + "}";
        }
        const auto number = r.labels.empty() ? std::string() : r.labels.front();
        if (r.kind == ControlKind::rating && !number.empty() && number.size() < 10 &&
            number.find_first_not_of("0123456789") == std::string::npos && number.front() != '0')
            return number;
        for (const auto& l : r.labels) {
            if (!out.empty()) out += ',';
            append_json_string(out, l);
            if (!c.multiple) break;
        }
        return out;
    }
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_argilla(std::shared_ptr<const Source> source,
                                                const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<ArgillaReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_argilla(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<ArgillaWriter>(context));
}

}  // namespace countersign
