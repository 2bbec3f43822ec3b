// Tables in. A row a task.
#include "base/text.h"
#include "formats/csv_columns.h"
#include "formats/json_row.h"

namespace countersign {

namespace {

constexpr std::size_t sample_rows = 200;

bool is_table_name(std::string_view name) {
    const auto ext = extension(name);
    return ext == "csv" || ext == "tsv" || ext == "tab";
}

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
        auto columns =
            guess_columns(sample_, context_, source_key(Modality::text), modality(Modality::text));
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
        if (modality(Modality::text) == Modality::audio) return tie_sound(row, item);
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
            std::vector<std::string> several;
            std::vector<std::string_view> names{cell};
            const bool one_text =
                control && control->kind == ControlKind::text && !control->multiple;
            if (cell.front() == '[' && !one_text)
                if (auto list = parse_json(cell); list && list->is_array()) {
                    names.clear();
                    for (const auto& item : *list)
                        if (item.is_string()) several.push_back(item.get<std::string>());
                    names.assign(several.begin(), several.end());
                }
            if (control && control->kind != ControlKind::choices) {
                if (one_text) names = {record.cells[column]};
                take_answers(*control, names, regions, mends);
                continue;
            }
            auto more = choices_for(names, control, labels_, context_.schema, mends);
            std::move(more.begin(), more.end(), std::back_inserter(regions));
        }
        return regions;
    }

    /// What was written, or a rating.
    static void take_answers(const Control& control, const std::vector<std::string_view>& said,
                             Regions& regions, Mends& mends) {
        for (const auto text : said) {
            Region r;
            r.id = r.control = control.name;
            r.kind = control.kind;
            if (control.kind == ControlKind::text) {
                r.text = text;
            } else if (const auto* label = Schema::find_label(control, text)) {
                r.labels = {label->name};
            } else {
                mends.left_out(in_quotes(text) + " is not a rating of control " +
                               in_quotes(control.name));
                continue;
            }
            regions.push_back(std::move(r));
        }
    }

    std::size_t at_ = 0, sampled_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<CsvRows> rows_;
    std::vector<CsvRecord> sample_;
    Columns columns_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_csv(std::shared_ptr<const Source> source,
                                            const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<CsvReader>(std::move(source), context));
}
}  // namespace countersign
