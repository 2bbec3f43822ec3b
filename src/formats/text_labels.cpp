#include "formats/text_labels.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "formats/json_row.h"

namespace countersign {

LabelFinder::Found TextLabels::find(ControlKind kind, std::string_view label,
                                    std::string_view control) {
    if (schema_ && !control.empty())
        if (const auto* c = schema_->control(control); c && c->kind == kind)
            if (const auto* l = Schema::find_label(*c, label)) return {c->name, l->name};
    auto found = finder_.find(kind, label);
    if (!schema_ && !control.empty()) found.control = control;
    if (found.control.empty())
        mends_.left_out(in_quotes(label) + " is not a label for " + std::string(name_of(kind)) +
                        " of the schema (add it, or make it an alias)");
    return found;
}

Region TextLabels::begin(ControlKind kind, std::string_view id,
                         const LabelFinder::Found& found) const {
    Region r;
    r.kind = kind;
    r.id = id;
    r.control = found.control;
    if (!found.label.empty()) r.labels.emplace_back(found.label);
    return r;
}

void TextLabels::span(std::string_view id, std::int64_t start, std::int64_t end,
                      std::string_view label, std::string_view control,
                      std::optional<double> confidence) {
    if (length_ < 0) length_ = code_points(text_);
    if (start < 0 || start >= end || end > length_)
        return mends_.left_out("a span from " + std::to_string(start) + " to " +
                               std::to_string(end) + " does not lie inside the text");
    const auto found = find(ControlKind::spans, label, control);
    if (found.control.empty()) return;
    auto r = begin(ControlKind::spans, id, found);
    r.start = static_cast<double>(start);
    r.end = static_cast<double>(end);
    r.text = slice(text_, start, end).value_or("");
    if (confidence && *confidence >= 0 && *confidence <= 1) r.confidence = confidence;
    regions_.push_back(std::move(r));
}

void TextLabels::choices(const std::vector<std::string_view>& labels, const Control* control) {
    auto some = choices_for(labels, control, finder_, schema_, mends_);
    for (auto& r : some) {
        const auto same = std::find_if(regions_.begin(), regions_.end(), [&](const Region& other) {
            return other.kind == ControlKind::choices && other.control == r.control;
        });
        if (same == regions_.end())
            regions_.push_back(std::move(r));
        else
            mends_.left_out("a second answer to " + in_quotes(r.control));
    }
}

void TextLabels::choice(std::string_view label, std::string_view control) {
    const auto* c = schema_ && !control.empty() ? schema_->control(control) : nullptr;
    choices({label}, c && c->kind == ControlKind::choices ? c : nullptr);
}

void TextLabels::rating(std::string_view label, std::string_view control) {
    const auto found = find(ControlKind::rating, label, control);
    if (!found.control.empty())
        regions_.push_back(begin(ControlKind::rating, found.control, found));
}

void TextLabels::written(std::string_view text, std::string_view control) {
    if (trim(text).empty()) return;
    auto r = begin(ControlKind::text, {}, {control, {}});
    r.text = text;
    regions_.push_back(std::move(r));
}

void TextLabels::relation(std::string_view id, std::string_view from, std::string_view to,
                          std::string_view label) {
    const auto found = find(ControlKind::relations, label, {});
    if (found.control.empty()) return;
    auto r = begin(ControlKind::relations, id, found);
    r.from = from;
    r.to = to;
    regions_.push_back(std::move(r));
}

Regions TextLabels::take() {
    std::set<std::string_view> there;
    for (const auto& r : regions_)
        if (facts_of(r.kind).drawn) there.insert(r.id);
    std::erase_if(regions_, [&](const Region& r) {
        if (r.kind != ControlKind::relations) return false;
        if (there.count(r.from) && there.count(r.to) && r.from != r.to) return false;
        mends_.left_out("a relation is about a span that is not there");
        return true;
    });
    return std::move(regions_);
}

Result<std::optional<ImportedRow>> LinesReader::read() {
    for (;;) {
        if (!lines_) {
            const auto& entries = source_->entries();
            while (at_ < entries.size() && !is_mine(entries[at_].name) && entries.size() > 1) ++at_;
            if (at_ == entries.size()) return std::optional<ImportedRow>();
            entry_ = &entries[at_++];
            book_.use(*entry_);
            lines_ = std::make_unique<LineReader>(TRY(source_->open(entry_->name)));
            line_ = 0;
        }
        const auto line = TRY(lines_->next());
        ++line_;
        auto row = take(line ? &*line : nullptr);
        if (!line) {
            lines_.reset();
            entry_done(*entry_);
        }
        if (row) return row;
    }
}

ImportedRow LinesReader::refuse(std::string_view why, std::int64_t line) const {
    const auto at = where(line);
    return rejected(at, at + ": " + std::string(why) + ". Mend it and import the file again.");
}

void LinesReader::set_text(ImportedRow& row, std::string& text, Mends& mends) const {
    if (!is_utf8(text)) {
        text = repair_utf8(text);
        mends.mended("bytes that are not UTF-8 were replaced");
    }
    row.data = "{";
    append_json_string(row.data, source_key(Modality::text));
    row.data += ':';
    append_json_string(row.data, text);
    row.data += '}';
}

bool JsonLinesReader::is_mine(std::string_view name) const {
    const auto ext = extension(name);
    return ext == "jsonl" || ext == "ndjson" || ext == "jsonlines" || ext == "json";
}

std::optional<std::string> JsonLinesReader::text_of_object(Dom object) const {
    const auto asked = context_.text_column.empty() ? std::string_view(source_key(Modality::text))
                                                    : std::string_view(context_.text_column);
    for (const auto key : {asked, std::string_view("text")})
        if (const auto text = text_of(object, key)) return std::string(*text);
    return std::nullopt;
}

std::optional<ImportedRow> JsonLinesReader::take(const Line* line) {
    if (!line || (!line->too_long && trim(line->text).empty())) return std::nullopt;
    if (line->too_long) return refuse("the line is longer than 16 MiB");
    std::string_view raw = line->text;
    Mends mends;
    auto object = parser_.parse(raw);
    if (!object && object.refusal().code == Code::unsupported) {
        mended_ = repair_utf8(raw);
        mended_.reserve(mended_.size() + Window::padding);
        raw = mended_;
        mends.mended("bytes that are not UTF-8 were replaced");
        object = parser_.parse(raw);
    }
    if (!object) return refuse(object.refusal().message);
    if (!object->is_object()) return refuse("the line is not a JSON object");
    if (has_lone_surrogate(raw))
        return refuse("the line holds half of a surrogate pair (\\ud800-\\udfff)");
    auto text = text_of_object(*object);
    if (!text || trim(*text).empty()) return refuse("it has no text");
    ImportedRow row;
    row.where = where();
    set_text(row, *text, mends);
    for (const auto* key : {"id", "key"})
        if (const auto id = member(*object, key); id && row.key.empty()) row.key = as_text(*id);
    TextLabels labels(*text, labels_, context_.schema, mends);
    std::vector<std::string_view> used = {"text", source_key(Modality::text), "id", "key"};
    if (auto done = take_object(*object, *text, labels, row, used); !done)
        return refuse(done.refusal().message);
    row.meta = object_without(raw, used);
    if (row.meta == "{}") row.meta.clear();
    mends.apply(row);
    return row;
}

void JsonLinesReader::add(ImportedRow& row, TextLabels& labels, bool even_if_empty) const {
    auto regions = labels.take();
    if (!regions.empty() || even_if_empty) add_labels(row, std::move(regions));
}

TextWriter::TextWriter(const WriteContext& context) : context_(context) {
    if (context.project) schema_ = context.project->schema;
    if (schema_.source.empty()) schema_.source = name_of(Modality::text);
}

Result<> TextWriter::write(const ExportRecord& record, std::string& out) {
    std::string text;
    const auto data = json_.parse_copy(record.data);
    if (data && data->is_object()) text = text_of(*data, schema_.source).value_or("");
    const auto* label = record.label();
    const bool skipped = label && label->action == "skipped";
    auto regions =
        TRY(regions_.parse(label && !skipped ? label->regions_text : std::string_view()));
    std::stable_sort(regions.begin(), regions.end(), [](const Region& a, const Region& b) {
        const bool on_text = a.kind == ControlKind::spans, other = b.kind == ControlKind::spans;
        if (on_text != other) return on_text;
        return on_text && std::pair(a.start, -a.end) < std::pair(b.start, -b.end);
    });
    return write_one({record, text, label, regions}, out);
}

std::vector<const Region*> TextWriter::flat_spans(const Regions& regions) {
    std::vector<const Region*> flat;
    for (const auto& r : regions) {
        if (r.kind != ControlKind::spans) continue;
        if (flat.empty() || r.start >= flat.back()->end)
            flat.push_back(&r);
        else
            lose("spans of control \"" + r.control + "\" that overlap another");
    }
    return flat;
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
    out += '[';
    for (const auto& text : texts) {
        if (&text != &texts.front()) out += ',';
        append_json_string(out, text);
    }
    out += ']';
}

}  // namespace countersign
