// JSON Lines. Ours is lossless: a line a task, marked by "countersign": 1, its parts as raw JSON,
// so that what the store holds comes out and back byte for byte. Any other line is a plain object.
#include "base/text.h"
#include "formats/json_out.h"
#include "formats/json_row.h"
#include "formats/pieces.h"

namespace countersign {

namespace {

bool is_lines_name(std::string_view name) {
    const auto ext = extension(name);
    return ext == "jsonl" || ext == "ndjson" || ext == "jsonlines";
}

class JsonlReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    Result<std::optional<ImportedRow>> read() override {
        for (;;) {
            if (!lines_) {
                const auto& entries = source_->entries();
                while (at_ < entries.size() && !is_lines_name(entries[at_].name) &&
                       entries.size() > 1)
                    ++at_;
                if (at_ == entries.size()) return std::optional<ImportedRow>();
                entry_ = &entries[at_++];
                book_.use(*entry_);
                lines_ = std::make_unique<LineReader>(TRY(source_->open(entry_->name)));
                line_ = 0;
            }
            const auto line = TRY(lines_->next());
            if (!line) {
                lines_.reset();
                entry_done(*entry_);
                continue;
            }
            ++line_;
            if (!line->too_long && trim(line->text).empty()) continue;
            return std::optional(row_of(*line));
        }
    }
    std::int64_t bytes_here() const override { return lines_ ? lines_->bytes_read() : 0; }

    std::string where() const { return entry_->name + ":" + std::to_string(line_); }
    ImportedRow refuse(std::string_view why) const {
        const std::string at = where();
        return rejected(
            at, at + ": " + std::string(why) + ". Mend the line and import the file again.");
    }

    ImportedRow row_of(const TextLine& line) {
        if (line.too_long) return refuse("the line is longer than 16 MiB");
        std::string_view text = line.text;
        Mends mends;
        auto parsed = parser_.parse(text);
        if (!parsed && parsed.refusal().code == Code::unsupported) {
            mended_ = repair_utf8(text);
            mended_.reserve(mended_.size() + Window::padding);
            text = mended_;
            mends.mended("bytes that are not UTF-8 were replaced");
            parsed = parser_.parse(text);
        }
        if (!parsed) return refuse(parsed.refusal().message);
        if (!parsed->is_object()) return refuse("the line is not a JSON object");
        if (has_lone_surrogate(text))
            return refuse("the line holds half of a surrogate pair (\\ud800-\\udfff)");
        auto row = member(*parsed, "countersign") ? ours(*parsed, text, mends)
                                                  : plain(*parsed, text, mends);
        if (!row) return refuse(row.refusal().message);
        row->where = where();
        mends.apply(*row);
        return *std::move(row);
    }

    Result<ImportedRow> plain(Dom object, std::string_view raw, Mends& mends) {
        const auto key = source_key(Modality::text);
        const auto kind = modality(Modality::text);
        const auto found = TRY(plain_row(object, key, kind, context_));
        ImportedRow row;
        row.key = found.id;
        std::vector<std::string_view> taken;
        Regions regions;
        for (const auto& answer : found.answers) {
            auto some = choices_for(answer.labels, answer.control, labels_, context_.schema, mends);
            if (!some.empty()) taken.push_back(answer.key);
            std::move(some.begin(), some.end(), std::back_inserter(regions));
        }
        row.data = taken.empty() ? std::string(trim(raw)) : object_without(raw, taken);
        if (kind == Modality::audio) {
            const auto shown = is_fetched(found.item) ? found.item : base_name(found.item);
            const std::string data = object_with(row.data, key, shown);
            row.data = data;
            tie_sound(row, found.item);
        } else if (kind == Modality::image) {
            const auto shown = is_fetched(found.item) ? found.item : base_name(found.item);
            const std::string data = object_with(row.data, key, shown);
            row.data = data;
            tie_image(row, found.item);
        } else if (found.item_key != key) {
            row.data = object_with(row.data, key, found.item);
            mends.mended("\"" + std::string(found.item_key) + "\" was read as the item");
        }
        if (!regions.empty()) add_labels(row, std::move(regions));
        return row;
    }

    Result<ImportedRow> ours(Dom object, std::string_view raw, Mends& mends) {
        ImportedRow row;
        int wanted = member(object, "meta") ? 2 : 1;
        each_member(raw, [&](std::string_view key, std::string_view value) {
            if (key == "data") row.data = value, --wanted;
            if (key == "meta" && value != "null") row.meta = value, --wanted;
            return wanted > 0;
        });
        if (row.data.empty() || row.data.front() != '{')
            return Refusal{Code::invalid, "\"data\" must be an object"};
        if (!row.meta.empty() && row.meta.front() != '{')
            return Refusal{Code::invalid, "\"meta\" must be an object"};
        row.key = text_of(object, "key").value_or("");
        if (const auto image = member(object, "image")) {
            const auto name = text_of(*image, "name").value_or("");
            if (name.empty()) return Refusal{Code::invalid, "\"image\" must have a \"name\""};
            row.width = size_of(*image, "width");
            row.height = size_of(*image, "height");
            tie_image(row, name);
        }
        if (const auto audio = member(object, "audio")) {
            const auto name = text_of(*audio, "name").value_or("");
            if (name.empty()) return Refusal{Code::invalid, "\"audio\" must have a \"name\""};
            tie_sound(row, name);
            if (const auto s = number_of(*audio, "seconds"); s && *s > 0 && row.seconds <= 0)
                row.seconds = *s;
        }
        if (const auto drafts = member(object, "drafts")) TRY(take_drafts(*drafts, row));
        if (const auto annotations = member(object, "annotations"))
            TRY(take_annotations(*annotations, row));
        for (auto& d : row.drafts) fit(d.regions, row, mends, context_.schema);
        for (auto& a : row.annotations) fit(a.regions, row, mends, context_.schema);
        return row;
    }
    static int size_of(Dom object, std::string_view key) {
        const auto n = integer_of(object, key).value_or(0);
        return n > 0 && n <= 1'000'000 ? static_cast<int>(n) : 0;
    }
    static Result<Regions> regions_of(Dom object, std::string_view list, std::size_t i) {
        const auto regions = member(object, "regions");
        if (!regions) return Regions();
        auto read = read_regions(*regions, "regions");
        if (read) return read;
        return Refusal{Code::invalid, path(list, i) + "." + read.refusal().message};
    }
    static std::string path(std::string_view list, std::size_t i) {
        return std::string(list) + "[" + std::to_string(i) + "]";
    }
    static Result<> take_drafts(Dom value, ImportedRow& row) {
        simdjson::dom::array list;
        if (value.get(list)) return Refusal{Code::invalid, "\"drafts\" must be a list"};
        for (const Dom item : list) {
            if (!item.is_object())
                return Refusal{Code::invalid,
                               path("drafts", row.drafts.size()) + " must be an object"};
            ImportedDraft draft;
            draft.model = text_of(item, "model").value_or("imported");
            if (const auto version = text_of(item, "version"); version && !version->empty())
                draft.model += "@" + std::string(*version);
            draft.regions = TRY(regions_of(item, "drafts", row.drafts.size()));
            draft.confidence = number_of(item, "confidence");
            draft.created = integer_of(item, "created").value_or(0);
            row.drafts.push_back(std::move(draft));
        }
        return Done{};
    }
    static Result<> take_annotations(Dom value, ImportedRow& row) {
        simdjson::dom::array list;
        if (value.get(list)) return Refusal{Code::invalid, "\"annotations\" must be a list"};
        for (const Dom item : list) {
            if (!item.is_object())
                return Refusal{Code::invalid,
                               path("annotations", row.annotations.size()) + " must be an object"};
            ImportedAnnotation a;
            a.person = text_of(item, "person").value_or("");
            a.regions = TRY(regions_of(item, "annotations", row.annotations.size()));
            a.skipped = text_of(item, "action") == "skipped";
            a.created = integer_of(item, "created").value_or(0);
            a.comment = text_of(item, "comment").value_or("");
            a.flagged = true_of(item, "flagged");
            a.active_ms = integer_of(item, "active_ms").value_or(0);
            row.annotations.push_back(std::move(a));
        }
        return Done{};
    }

    std::size_t at_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<LineReader> lines_;
    std::int64_t line_ = 0;
    JsonParser parser_;
    std::string mended_;
};

class JsonlWriter final : public RowWriter {
public:
    explicit JsonlWriter(const WriteContext& context) : context_(context) {}
    Result<> begin_pass(int, std::string&) override { return Done{}; }
    Result<> finish(std::string&) override { return Done{}; }

    Result<> write(const ExportRecord& r, std::string& out) override {
        out += "{\"countersign\":1";
        Members m(out);
        m.text("id", r.id);
        m.text("key", r.key);
        m.raw("data", r.data.empty() ? "{}" : r.data);
        m.raw("meta", r.meta);
        if (context_.project && context_.project->schema.modality == Modality::audio) {
            m.raw("audio", "{");
            Members audio(out);
            audio.text("name", r.image_name);
            audio.text("sha256", r.sha256);
            if (r.seconds > 0) audio.number("seconds", std::optional(r.seconds));
            out += '}';
        } else if (!r.image_name.empty()) {
            m.raw("image", "{");
            Members image(out);
            image.text("name", r.image_name);
            image.text("sha256", r.sha256);
            image.number("width", r.width);
            image.number("height", r.height);
            out += '}';
        }
        if (context_.with_drafts && !r.drafts.empty()) {
            m.raw("drafts", "[");
            for (const auto& d : r.drafts) draft(d, out);
            out += ']';
        }
        if (!r.annotations.empty()) {
            m.raw("annotations", "[");
            for (const auto& a : r.annotations) annotation(a, out);
            out += ']';
        }
        out += "}\n";
        return Done{};
    }

private:
    static void draft(const ExportRecord::ADraft& d, std::string& out) {
        out += out.back() == '[' ? "{" : ",{";
        Members m(out);
        m.text("id", d.id);
        m.text("model", d.model);
        m.text("version", d.version);
        m.number("confidence", d.confidence);
        m.number("probability", d.probability);
        m.text("grounding", d.grounding);
        if (d.created) m.number("created", d.created);
        m.raw("regions", d.regions_text.empty() ? "[]" : d.regions_text);
        out += '}';
    }
    static void annotation(const ExportRecord::AnAnnotation& a, std::string& out) {
        out += out.back() == '[' ? "{" : ",{";
        Members m(out);
        m.text("id", a.id);
        m.text("draft", a.draft);
        m.text("person", a.person);
        m.text("action", a.action);
        m.text("arm", a.arm);
        m.number("edits", std::int64_t{a.edits});
        m.number("active_ms", a.active_ms);
        m.truth("flagged", a.flagged);
        m.text("comment", a.comment);
        if (a.created) m.number("created", a.created);
        m.truth("current", a.current);
        m.number("schema_version", std::int64_t{a.schema_version});
        m.number("guideline_version", std::int64_t{a.guideline_version});
        m.raw("regions", a.regions_text.empty() ? "[]" : a.regions_text);
        out += '}';
    }
    WriteContext context_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_jsonl(std::shared_ptr<const Source> source,
                                              const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<JsonlReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_jsonl(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<JsonlWriter>(context));
}

}  // namespace countersign
