#include "app/predictions.h"

#include <charconv>
#include <cmath>
#include <filesystem>

#include "app/import_rows.h"
#include "app/item_of_row.h"
#include "base/text.h"
#include "formats/csv_rows.h"
#include "formats/reader.h"
#include "quality/near_duplicates.h"

namespace countersign {

namespace {

std::optional<double> share_in(std::string_view cell) {
    cell = trim(cell);
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || !(value >= 0 && value <= 1))
        return {};
    return value;
}

std::string text_key(std::string_view text) {
    return "text:" + normal_text(text);
}

}  // namespace

std::string bare_name(std::string_view name) {
    return std::string(is_image_name(name) ? stem(name) : base_name(name));
}

/// True when the entry is a table of probabilities and has been read. The first row decides.
Result<bool> Predictions::read_table(const Source& source, const SourceEntry& entry) {
    CsvRows rows(TRY(source.open(entry.name)), 0);
    const auto header = TRY(rows.next());
    if (!header || !header->fault.empty() || header->cells.size() < 3) return false;
    ProbabilityTable table;
    table.by = std::string(stem(entry.name));
    for (std::size_t i = 1; i < header->cells.size(); ++i)
        table.classes.emplace_back(trim(header->cells[i]));
    bool is_first = true;
    for (;;) {
        const auto record = TRY(rows.next());
        if (!record) break;
        std::vector<double> row;
        if (record->fault.empty() && record->cells.size() == header->cells.size())
            for (std::size_t i = 1; i < record->cells.size(); ++i)
                if (const auto p = share_in(record->cells[i])) row.push_back(*p);
        const bool is_row = row.size() == table.classes.size();
        if (is_first && !is_row) return false;
        is_first = false;
        if (!is_row) {
            ++rejected_;
            continue;
        }
        table.items.push_back(record->cells.front());
        table.rows.insert(table.rows.end(), row.begin(), row.end());
    }
    if (table.items.empty()) return false;
    tables_.push_back(std::move(table));
    return true;
}

void Predictions::add(const ImportedRow& row, std::string_view file) {
    std::vector<Prediction> said;
    for (const auto& d : row.drafts)
        said.push_back(
            {d.model == "imported" || d.model.empty() ? std::string(file) : d.model, d.regions});
    if (said.empty())
        for (const auto& a : row.annotations)
            said.push_back({a.person.empty() ? std::string(file) : a.person, a.regions});
    const auto item = item_of(row);
    const auto name = item.name.empty() ? text_key(item.text) : bare_name(item.name);
    auto& all = by_name_[name];
    std::move(said.begin(), said.end(), std::back_inserter(all));
}

Result<> Predictions::read(const std::string& path, const ReadContext& context) {
    std::shared_ptr<const Source> source = TRY(open_import({path}));
    const auto file = std::filesystem::path(path).stem().string();
    if (source->entries().size() == 1) {
        const auto& entry = source->entries().front();
        const auto name = lower_ascii(entry.name);
        if ((name.ends_with(".csv") || name.ends_with(".tsv")) && TRY(read_table(*source, entry)))
            return Done{};
    }
    const auto* format = TRY(format_to_read(*source, {}));
    const auto reader = TRY(format->read(source, context));
    for (;;) {
        const auto row = TRY(reader->next());
        if (!row) return Done{};
        if (row->outcome == RowOutcome::rejected)
            ++rejected_;
        else
            add(*row, file);
    }
}

const std::vector<Prediction>* Predictions::of(std::string_view name, std::string_view text) const {
    auto at = by_name_.find(bare_name(name));
    if (at == by_name_.end() && !text.empty()) at = by_name_.find(text_key(text));
    return at == by_name_.end() ? nullptr : &at->second;
}

}  // namespace countersign
