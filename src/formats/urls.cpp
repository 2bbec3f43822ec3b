// A list of URLs of images or recordings, a line each. Lines that begin with # are remarks.
#include "base/text.h"
#include "base/url.h"
#include "formats/pieces.h"
#include "formats/reader.h"

namespace countersign {

namespace {

class UrlsReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    Result<std::optional<ImportedRow>> read() override {
        for (;;) {
            if (!lines_) {
                const auto& entries = source_->entries();
                while (at_ < entries.size() &&
                       (is_image_name(entries[at_].name) || is_sound_name(entries[at_].name)))
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
            const auto text = trim(line->text);
            if (text.empty() || text.front() == '#') continue;
            if (!context_.fetch_media)
                return Refusal{Code::unsupported,
                               "The file is a list of URLs: import it into a project with "
                               "fetch_media (--fetch-media; at the desk: \"Fetch images from their "
                               "URLs\")."};
            return std::optional(row_of(text));
        }
    }
    std::int64_t bytes_here() const override { return lines_ ? lines_->bytes_read() : 0; }

    ImportedRow row_of(std::string_view text) {
        const auto where = entry_->name + ":" + std::to_string(line_);
        if (const auto url = parse_url(text); !url)
            return rejected(where, where + ": " + url.refusal().message);
        ImportedRow row;
        row.where = where;
        if (modality(Modality::image) == Modality::audio)
            tie_sound(row, text);
        else
            tie_image(row, text);
        return row;
    }

    std::size_t at_ = 0;
    const SourceEntry* entry_ = nullptr;
    std::unique_ptr<LineReader> lines_;
    std::int64_t line_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_urls(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<UrlsReader>(std::move(source), context));
}

}  // namespace countersign
