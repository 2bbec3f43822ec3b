// Plain text. One .txt file: a line an item. Several: a file an item, called after the file. And
// images: a file an item. Both readers have no labels to read.
#include "base/text.h"
#include "formats/pieces.h"
#include "formats/reader.h"

namespace countersign {

namespace {

bool is_text_name(std::string_view name) {
    const auto ext = extension(name);
    return ext == "txt" || ext == "text" || ext == "md";
}

class TextReader final : public EntriesReader {
public:
    TextReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context) {
        for (const auto& e : source_->entries()) files_ += is_text_name(e.name);
        if (files_ == 0) files_ = source_->entries().size();
    }

private:
    Result<std::optional<ImportedRow>> read() override {
        return files_ > 1 ? read_file() : read_line();
    }
    std::int64_t bytes_here() const override { return lines_ ? lines_->bytes_read() : 0; }

    const SourceEntry* next_entry() {
        const auto& entries = source_->entries();
        while (at_ < entries.size() && !is_text_name(entries[at_].name) && entries.size() > files_)
            ++at_;
        if (at_ == entries.size()) return nullptr;
        book_.use(entries[at_]);
        return &entries[at_++];
    }

    Result<std::optional<ImportedRow>> read_file() {
        const auto* entry = next_entry();
        if (!entry) return std::optional<ImportedRow>();
        constexpr std::int64_t longest = 16 << 20;
        auto text = source_->read_all(entry->name, longest);
        entry_done(*entry);
        if (!text) return std::optional(rejected(entry->name, text.refusal().message));
        std::string_view shown = *text;
        if (shown.starts_with("\xEF\xBB\xBF")) shown.remove_prefix(3);
        auto row = item(entry->name, shown);
        if (row.outcome != RowOutcome::rejected) row.key = entry->name;
        return std::optional(std::move(row));
    }

    Result<std::optional<ImportedRow>> read_line() {
        if (!lines_ && at_ == 0) {
            entry_ = next_entry();
            if (entry_) lines_ = std::make_unique<LineReader>(TRY(source_->open(entry_->name)));
        }
        while (lines_) {
            const auto line = TRY(lines_->next());
            if (!line) {
                lines_.reset();
                entry_done(*entry_);
                break;
            }
            ++line_;
            const auto where = entry_->name + ":" + std::to_string(line_);
            if (line->too_long)
                return std::optional(
                    rejected(where, where + ": the line is longer than 16 MiB. Split it."));
            if (trim(line->text).empty()) continue;
            return std::optional(item(where, line->text));
        }
        return std::optional<ImportedRow>();
    }

    ImportedRow item(std::string where, std::string_view text) const {
        if (trim(text).empty()) {
            const std::string why = where + ": the file is empty.";
            return rejected(std::move(where), why);
        }
        ImportedRow row;
        row.where = std::move(where);
        std::string mended;
        if (!is_utf8(text)) {
            mended = repair_utf8(text);
            text = mended;
            row.outcome = RowOutcome::repaired;
            row.reason = "bytes that are not UTF-8 were replaced.";
        }
        row.data = "{";
        append_json_string(row.data, source_key(Modality::text));
        row.data += ':';
        append_json_string(row.data, text);
        row.data += '}';
        return row;
    }

    std::size_t files_ = 0, at_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<LineReader> lines_;
    std::int64_t line_ = 0;
};

/// Has no rows of its own: every image is a task and every other file is named, as for files that
/// any other format leaves over.
class ImagesReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    Result<std::optional<ImportedRow>> read() override { return std::optional<ImportedRow>(); }
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_text(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<TextReader>(std::move(source), context));
}
Result<std::unique_ptr<RowReader>> read_images(std::shared_ptr<const Source> source,
                                               const ReadContext& context) {
    if (context.schema && context.schema->modality != Modality::image)
        return Refusal{Code::unsupported, "The files are images, and the project labels " +
                                              std::string(name_of(context.schema->modality)) +
                                              ": make a project for images."};
    return std::unique_ptr<RowReader>(std::make_unique<ImagesReader>(std::move(source), context));
}

}  // namespace countersign
