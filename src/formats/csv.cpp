// Tables. A row a task. Which columns hold the item, its id and its labels is said by the caller,
// or read from the header, or else from what stands in the first rows.
#include <algorithm>

#include "base/text.h"
#include "formats/csv_rows.h"
#include "formats/json_row.h"

namespace countersign {

namespace {

constexpr std::size_t sample_rows = 200;
constexpr std::size_t none = static_cast<std::size_t>(-1);

bool is_table_name(std::string_view name) {
    const auto ext = extension(name);
    return ext == "csv" || ext == "tsv" || ext == "tab";
}

struct LabelColumn {
    std::size_t at;
    const Control* control;  ///< The control called as the column is, or null.
};

struct Columns {
    std::vector<std::string> names;
    std::size_t item = none, id = none, meta = none;
    std::vector<LabelColumn> labels;
    bool header = true;
    bool ours = false;  ///< Written by CsvWriter: other columns are provenance, not data.
    bool is_label(std::size_t i) const {
        return std::any_of(labels.begin(), labels.end(),
                           [&](const LabelColumn& l) { return l.at == i; });
    }
};

/// Decides what the columns are.
class ColumnGuess {
public:
    ColumnGuess(const std::vector<CsvRecord>& rows, const ReadContext& context,
                std::string_view source_key, Modality modality)
        : rows_(rows), context_(context), source_key_(source_key), modality_(modality) {}

    Result<Columns> columns() {
        for (const auto& cell : rows_.front().cells) c_.names.push_back(std::string(trim(cell)));
        if (context_.text_column.empty() && context_.label_column.empty()) find_headless();
        TRY(find_asked(context_.text_column, c_.item, "text"));
        TRY(find_asked(context_.id_column, c_.id, "id"));
        std::size_t label = none;
        TRY(find_asked(context_.label_column, label, "label"));
        if (label != none) c_.labels.push_back({label, nullptr});
        if (c_.labels.empty()) find_labels();
        c_.meta = named({"meta"});
        c_.ours = c_.meta != none && named({"arm"}) != none && named({"active_ms"}) != none;
        if (c_.id == none)
            c_.id = named({"key", "id", "_id", "uid", "uuid", "external_id", "task_id"});
        if (c_.id == c_.item) c_.id = none;
        if (c_.item == none) c_.item = guess_item();
        if (c_.item == none)
            return Refusal{Code::invalid, "No column of the table holds " +
                                              std::string(source_key_) + "; it has " + header() +
                                              ". Name the column that does."};
        return c_;
    }

private:
    std::string header() const {
        std::string text;
        for (const auto& n : c_.names) text += (text.empty() ? "" : ", ") + in_quotes(n);
        return text;
    }
    std::size_t named(std::initializer_list<std::string_view> names) const {
        for (const auto name : names)
            for (std::size_t i = 0; i < c_.names.size(); ++i)
                if (c_.header && lower_ascii(c_.names[i]) == lower_ascii(name)) return i;
        return none;
    }
    Result<> find_asked(const std::string& name, std::size_t& into, std::string_view what) const {
        if (name.empty()) return Done{};
        into = named({name});
        if (into == none)
            return Refusal{Code::invalid, "The table has no " + std::string(what) + " column " +
                                              in_quotes(name) + "; it has " + header() + "."};
        return Done{};
    }
    /// How many of the sampled cells of a column `test` likes, and how many are not empty.
    template <class Test>
    std::pair<int, int> tally(std::size_t column, Test&& test) const {
        int liked = 0, filled = 0;
        for (std::size_t r = c_.header ? 1 : 0; r < rows_.size(); ++r) {
            if (column >= rows_[r].cells.size()) continue;
            const auto cell = trim(rows_[r].cells[column]);
            if (cell.empty()) continue;
            ++filled;
            liked += test(cell);
        }
        return {liked, filled};
    }
    bool is_choice(std::string_view cell) const {
        if (!context_.schema) return false;
        for (const auto& control : context_.schema->controls)
            if (control.kind == ControlKind::choices && Schema::find_label(control, cell))
                return true;
        return false;
    }
    /// A first row that already holds a label of a column of labels is no header.
    void find_headless() {
        for (std::size_t i = 0; i < c_.names.size(); ++i) {
            if (!is_choice(c_.names[i])) continue;
            const auto [liked, filled] =
                tally(i, [&](std::string_view cell) { return is_choice(cell); });
            if (filled == 0 || liked * 10 < filled * 9) continue;
            c_.header = false;
            for (std::size_t k = 0; k < c_.names.size(); ++k)
                c_.names[k] = "column " + std::to_string(k + 1);
            return;
        }
    }
    void find_labels() {
        if (context_.schema)
            for (const auto& control : context_.schema->controls)
                if (const auto at = named({control.name});
                    at != none &&
                    (control.kind == ControlKind::choices || control.kind == ControlKind::text))
                    c_.labels.push_back({at, &control});
        if (c_.labels.empty())
            if (const auto at = named(
                    {"label", "labels", "category", "class", "intent", "target", "sentiment"});
                at != none)
                c_.labels.push_back({at, nullptr});
        for (std::size_t i = 0; c_.labels.empty() && i < c_.names.size(); ++i) {
            const auto [liked, filled] =
                tally(i, [&](std::string_view cell) { return is_choice(cell); });
            if (filled > 0 && liked * 10 >= filled * 9) c_.labels.push_back({i, nullptr});
        }
    }
    std::size_t guess_item() const {
        const auto free = [&](std::size_t i) {
            return i != c_.id && i != c_.meta && !c_.is_label(i);
        };
        if (const auto at = named({source_key_}); at != none) return at;
        const auto by_name =
            modality_ == Modality::image
                ? named({"image", "file_name", "filename", "image_path", "file", "path"})
                : named({"text", "sentence", "content", "message", "body", "document", "question",
                         "utterance", "review", "title", "comment"});
        if (by_name != none && free(by_name)) return by_name;
        std::size_t best = none;
        double most = 0;
        for (std::size_t i = 0; i < c_.names.size(); ++i) {
            if (!free(i)) continue;
            double length = 0;
            const auto [liked, filled] = tally(i, [&](std::string_view cell) {
                length += static_cast<double>(cell.size());
                return is_image_name(cell);
            });
            if (filled == 0) continue;
            const double score = modality_ == Modality::image ? static_cast<double>(liked) : length;
            if (score > most) best = i, most = score;
        }
        return best;
    }

    const std::vector<CsvRecord>& rows_;
    const ReadContext& context_;
    std::string_view source_key_;
    Modality modality_;
    Columns c_;
};

class CsvReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    Result<std::optional<ImportedRow>> read() override {
        for (;;) {
            if (!rows_ && !TRY(open_next())) return std::optional<ImportedRow>();
            std::optional<CsvRecord> record;
            if (sampled_ < sample_.size())
                record = std::move(sample_[sampled_++]);
            else
                record = TRY(rows_->next());
            if (!record) {
                rows_.reset();
                entry_done(*entry_);
                continue;
            }
            const bool blank = std::all_of(record->cells.begin(), record->cells.end(),
                                           [](const std::string& c) { return trim(c).empty(); });
            if (blank && record->fault.empty()) continue;
            return std::optional(row_of(*record));
        }
    }
    std::int64_t bytes_here() const override { return rows_ ? rows_->bytes_read() : 0; }

    Result<bool> open_next() {
        const auto& entries = source_->entries();
        while (at_ < entries.size() && !is_table_name(entries[at_].name) && entries.size() > 1)
            ++at_;
        if (at_ == entries.size()) return false;
        entry_ = &entries[at_++];
        book_.use(*entry_);
        const auto ext = extension(entry_->name);
        const char separator = ext == "tsv" || ext == "tab" ? '\t' : '\0';
        rows_ = std::make_unique<CsvRows>(TRY(source_->open(entry_->name)), separator);
        sample_.clear();
        sampled_ = 0;
        while (sample_.size() < sample_rows) {
            auto record = TRY(rows_->next());
            if (!record) break;
            sample_.push_back(std::move(*record));
        }
        if (sample_.empty()) return true;
        ColumnGuess guess(sample_, context_, source_key(Modality::text), modality(Modality::text));
        auto columns = guess.columns();
        if (!columns)
            return Refusal{columns.refusal().code, entry_->name + ": " + columns.refusal().message};
        columns_ = std::move(*columns);
        sampled_ = columns_.header ? 1 : 0;
        return true;
    }

    ImportedRow row_of(CsvRecord& record) {
        const auto where = entry_->name + ":" + std::to_string(record.line);
        const auto refuse = [&](std::string_view why) {
            return rejected(where, where + ": " + std::string(why) +
                                       ". Mend the row and import the file again.");
        };
        if (!record.fault.empty()) return refuse(record.fault);
        if (columns_.item >= record.cells.size())
            return refuse("the row has " + std::to_string(record.cells.size()) +
                          " cells, and the item is cell " + std::to_string(columns_.item + 1));
        Mends mends;
        for (auto& cell : record.cells)
            if (!is_utf8(cell)) {
                cell = from_latin1(cell);
                mends.mended("read as Latin-1");
            }
        if (trim(record.cells[columns_.item]).empty())
            return refuse("column " + in_quotes(columns_.names[columns_.item]) + " is empty");
        ImportedRow row;
        row.where = where;
        if (columns_.id < record.cells.size()) row.key = trim(record.cells[columns_.id]);
        fill_item(row, record.cells[columns_.item]);
        fill_meta(row, record, mends);
        auto regions = regions_of(record, mends);
        if (!regions.empty()) add_labels(row, std::move(regions));
        mends.apply(row);
        return row;
    }

    void fill_item(ImportedRow& row, const std::string& item) {
        const bool image = modality(Modality::text) == Modality::image;
        if (image) return tie_image(row, item);
        row.data = "{";
        append_json_string(row.data, source_key(Modality::text));
        row.data += ':';
        append_json_string(row.data, item);
        row.data += '}';
    }

    /// Other columns stand beside the item: they are what a report slices by.
    void fill_meta(ImportedRow& row, const CsvRecord& record, Mends& mends) const {
        if (columns_.meta < record.cells.size()) {
            const auto& cell = record.cells[columns_.meta];
            const auto parsed = parse_json(cell);
            if (parsed && parsed->is_object()) {
                row.meta = cell;
                return;
            }
        }
        if (columns_.ours) return;
        std::string meta = "{";
        for (std::size_t i = 0; i < record.cells.size(); ++i) {
            if (i == columns_.item || i == columns_.id || columns_.is_label(i) ||
                trim(record.cells[i]).empty())
                continue;
            if (i >= columns_.names.size()) mends.mended("the row has more cells than the header");
            if (meta.size() > 1) meta += ',';
            const bool named = i < columns_.names.size() && !columns_.names[i].empty();
            append_json_string(
                meta, repair_utf8(named ? columns_.names[i] : "column " + std::to_string(i + 1)));
            meta += ':';
            append_json_string(meta, record.cells[i]);
        }
        if (meta.size() > 1) row.meta = meta + "}";
    }

    Regions regions_of(const CsvRecord& record, Mends& mends) {
        Regions regions;
        for (const auto& [column, control] : columns_.labels) {
            if (column >= record.cells.size()) continue;
            const auto cell = trim(record.cells[column]);
            if (cell.empty()) continue;
            if (control && control->kind == ControlKind::text) {
                Region r;
                r.id = r.control = control->name;
                r.kind = ControlKind::text;
                r.text = record.cells[column];
                regions.push_back(std::move(r));
                continue;
            }
            std::vector<std::string> several;
            std::vector<std::string_view> names{cell};
            if (cell.front() == '[')
                if (auto list = parse_json(cell); list && list->is_array()) {
                    names.clear();
                    for (const auto& item : *list)
                        if (item.is_string()) several.push_back(item.get<std::string>());
                    names.assign(several.begin(), several.end());
                }
            auto more = choices_for(names, control, labels_, context_.schema, mends);
            std::move(more.begin(), more.end(), std::back_inserter(regions));
        }
        return regions;
    }

    std::size_t at_ = 0, sampled_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<CsvRows> rows_;
    std::vector<CsvRecord> sample_;
    Columns columns_;
};

class CsvWriter final : public RowWriter {
public:
    CsvWriter(const WriteContext& context, char separator)
        : context_(context), separator_(separator) {
        if (!context_.project) return;
        const auto& schema = context_.project->schema;
        source_ = schema.source;
        for (const auto& c : schema.controls)
            if (c.kind == ControlKind::choices || c.kind == ControlKind::text)
                controls_.push_back(&c);
    }

    Result<> begin_pass(int, std::string& out) override {
        cell(out, "key", true);
        cell(out, source_);
        for (const auto* c : controls_) cell(out, c->name);
        for (const auto name : {"task", "person", "action", "arm", "edits", "active_ms", "flagged",
                                "comment", "created", "model", "confidence", "probability", "meta"})
            cell(out, name);
        out += "\r\n";
        return Done{};
    }

    Result<> write(const ExportRecord& r, std::string& out) override {
        cell(out, r.key, true);
        cell(out, r.image_name.empty() ? item_of(r.data) : std::string(r.image_name));
        const auto* label = r.label();
        auto regions = TRY(parser_.parse(label ? label->regions_text : std::string_view()));
        for (const auto* c : controls_) cell(out, answer(*c, regions));
        cell(out, r.id);
        cell(out, label ? label->person : "");
        cell(out, label ? label->action : "");
        cell(out, label ? label->arm : "");
        cell(out, label ? std::to_string(label->edits) : "");
        cell(out, label ? std::to_string(label->active_ms) : "");
        cell(out, label ? (label->flagged ? "yes" : "no") : "");
        cell(out, label ? label->comment : "");
        cell(out, label && label->created ? iso8601(label->created) : "");
        const auto* draft = draft_of(r, label);
        cell(out, draft ? std::string(draft->model) + (draft->version.empty() ? "" : "@") +
                              std::string(draft->version)
                        : "");
        cell(out, draft ? number(draft->confidence) : "");
        cell(out, draft ? number(draft->probability) : "");
        cell(out, r.meta);
        out += "\r\n";
        return Done{};
    }
    Result<> finish(std::string&) override { return Done{}; }

private:
    void cell(std::string& out, std::string_view text, bool first = false) const {
        if (!first) out += separator_;
        append_csv(out, text, separator_);
    }
    static std::string number(const std::optional<double>& value) {
        std::string out;
        if (value) append_json_number(out, *value);
        return out;
    }
    std::string item_of(std::string_view data) {
        const auto object = json_.parse_copy(data);
        if (!object) return {};
        const auto item = member(*object, source_);
        return item ? as_text(*item) : std::string();
    }
    const ExportRecord::ADraft* draft_of(const ExportRecord& r,
                                         const ExportRecord::AnAnnotation* label) const {
        if (!context_.with_drafts || r.drafts.empty()) return nullptr;
        if (label)
            for (const auto& d : r.drafts)
                if (d.id == label->draft) return &d;
        return label ? nullptr : &r.drafts.back();
    }
    static std::string answer(const Control& control, const Regions& regions) {
        for (const auto& r : regions) {
            if (r.control != control.name) continue;
            if (r.kind == ControlKind::text) return r.text;
            if (!control.multiple && r.labels.size() == 1) return r.labels.front();
            std::string list = "[";
            for (const auto& l : r.labels) {
                if (list.size() > 1) list += ',';
                append_json_string(list, l);
            }
            return list + "]";
        }
        return {};
    }

    WriteContext context_;
    char separator_;
    std::string source_ = "item";
    std::vector<const Control*> controls_;
    RegionsParser parser_;
    JsonParser json_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_csv(std::shared_ptr<const Source> source,
                                            const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<CsvReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_csv(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CsvWriter>(context, ','));
}
Result<std::unique_ptr<RowWriter>> write_tsv(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CsvWriter>(context, '\t'));
}

}  // namespace countersign
