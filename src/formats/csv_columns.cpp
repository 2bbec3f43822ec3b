#include "formats/csv_columns.h"

#include "base/text.h"
#include "base/url.h"
#include "formats/reader.h"

namespace countersign {

namespace {

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
        std::size_t label = no_column;
        TRY(find_asked(context_.label_column, label, "label"));
        if (label != no_column) c_.labels.push_back({label, nullptr});
        if (c_.labels.empty()) find_labels();
        c_.meta = named({"meta"});
        c_.ours = c_.meta != no_column && named({"arm"}) != no_column &&
                  named({"active_ms"}) != no_column;
        if (c_.id == no_column)
            c_.id = named({"key", "id", "_id", "uid", "uuid", "external_id", "task_id"});
        if (c_.id == c_.item) c_.id = no_column;
        if (c_.item == no_column) c_.item = guess_item();
        if (c_.item == no_column)
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
        return no_column;
    }
    Result<> find_asked(const std::string& name, std::size_t& into, std::string_view what) const {
        if (name.empty()) return Done{};
        into = named({name});
        if (into == no_column)
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
    /// A first row that already holds a label of a column of labels, or a URL, is no header.
    void find_headless() {
        for (std::size_t i = 0; i < c_.names.size(); ++i) {
            const bool url = modality_ != Modality::text && looks_like_url(c_.names[i]);
            if (!url && !is_choice(c_.names[i])) continue;
            const auto [liked, filled] = tally(i, [&](std::string_view cell) {
                return url ? looks_like_url(cell) : is_choice(cell);
            });
            if (!url && (filled == 0 || liked * 10 < filled * 9)) continue;
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
                    at != no_column && facts_of(control.kind).answers && !control.per_region)
                    c_.labels.push_back({at, &control});
        if (c_.labels.empty())
            if (const auto at = named(
                    {"label", "labels", "category", "class", "intent", "target", "sentiment"});
                at != no_column)
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
        if (const auto at = named({source_key_}); at != no_column) return at;
        const auto by_name =
            modality_ == Modality::image ? named({"image", "file_name", "filename", "image_path",
                                                  "file", "path", "image_url", "url"})
            : modality_ == Modality::audio
                ? named({"audio", "file_name", "filename", "audio_filepath", "audio_path", "file",
                         "path", "audio_url", "url"})
                : named({"text", "sentence", "content", "message", "body", "document", "question",
                         "utterance", "review", "title", "comment"});
        if (by_name != no_column && free(by_name)) return by_name;
        std::size_t best = no_column;
        double most = 0;
        for (std::size_t i = 0; i < c_.names.size(); ++i) {
            if (!free(i)) continue;
            double length = 0;
            const auto [liked, filled] = tally(i, [&](std::string_view cell) {
                length += static_cast<double>(cell.size());
                const bool named_so =
                    modality_ == Modality::audio ? is_sound_name(cell) : is_image_name(cell);
                return named_so || (context_.fetch_media && looks_like_url(cell));
            });
            if (filled == 0) continue;
            const double score = modality_ != Modality::text ? static_cast<double>(liked) : length;
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

}  // namespace

Result<Columns> guess_columns(const std::vector<CsvRecord>& rows, const ReadContext& context,
                              std::string_view source_key, Modality modality) {
    return ColumnGuess(rows, context, source_key, modality).columns();
}

}  // namespace countersign
