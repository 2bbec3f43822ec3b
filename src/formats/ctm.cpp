// CTM (NIST): a word a line, "recording channel start duration word [confidence]"; comments begin
// with ";;". A row is a recording: its words are the text of the whole recording. Alternatives
// (<ALT_BEGIN> ...) are not taken beyond the first.
#include <cmath>

#include "base/text.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_ctm = 256 << 20;

class CtmReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    struct Recording {
        std::string name;
        std::int64_t line = 0;
        std::vector<Word> words;
        Mends mends;
        int alternative = 0;  ///< 0: outside; n: in the n-th.
    };

    Result<std::optional<ImportedRow>> read() override {
        while (next_ == recordings_.size()) {
            const auto& entries = source_->entries();
            while (at_ < entries.size() && extension(entries[at_].name) != "ctm") ++at_;
            if (at_ == entries.size()) return std::optional<ImportedRow>();
            file_ = &entries[at_++];
            book_.use(*file_);
            const auto bytes = source_->read_all(file_->name, longest_ctm);
            entry_done(*file_);
            if (!bytes) return std::optional(rejected(file_->name, bytes.refusal().message));
            take_file(*bytes);
            if (recordings_.empty() && !trim(*bytes).empty())
                return std::optional(rejected(file_->name, file_->name + ": it has no words."));
        }
        return std::optional(row_of(recordings_[next_++]));
    }

    void take_file(std::string_view bytes) {
        next_ = 0;
        recordings_ = recordings_of_lines<Recording>(bytes, 0, take_line);
    }

    static void take_line(const std::vector<std::string_view>& f, Recording& r) {
        if (f.size() < 5) return r.mends.left_out("a line has fewer than five fields");
        if (f[4] == "<ALT_BEGIN>") return void(r.alternative = 1);
        if (f[4] == "<ALT>") return void(++r.alternative);
        if (f[4] == "<ALT_END>") return void(r.alternative = 0);
        if (r.alternative > 1) return r.mends.left_out("only the first of alternatives is taken");
        const auto start = seconds_in(f[2]), duration = seconds_in(f[3]);
        if (!start || !duration || *start < 0 || *duration < 0)
            return r.mends.left_out("a word has no number for its start or duration");
        Word w;
        w.text = f[4];
        w.start = *start;
        w.end = to_microsecond(*start + *duration);
        if (f.size() > 5 && f[5] != "NA" && f[5] != "<NA>") {
            const auto confidence = seconds_in(f[5]);
            if (confidence && *confidence >= 0 && *confidence <= 1)
                w.confidence = confidence;
            else
                r.mends.mended("a confidence outside 0 to 1 was dropped");
        }
        r.words.push_back(std::move(w));
    }

    ImportedRow row_of(Recording& r) {
        ImportedRow row;
        row.where = file_->name + ":" + std::to_string(r.line);
        tie_sound(row, r.name);
        std::stable_sort(r.words.begin(), r.words.end(),
                         [](const Word& a, const Word& b) { return a.start < b.start; });
        std::string text;
        for (const auto& w : r.words) text += (text.empty() ? "" : " ") + w.text;
        SoundLabels labels(labels_, context_.schema, r.mends);
        labels.whole(std::move(text), std::move(r.words));
        add_labels(row, labels.take(row.seconds, context_.as_written));
        for (auto& draft : row.drafts) draft.model = repair_utf8(stem(file_->name));
        r.mends.apply(row);
        return row;
    }

    std::size_t at_ = 0, next_ = 0;
    const SourceEntry* file_ = nullptr;
    std::vector<Recording> recordings_;
};

class CtmWriter final : public SoundWriter {
public:
    using SoundWriter::SoundWriter;

private:
    Result<> write_one(const Recording& one, std::string& out) override {
        std::vector<Word> words;
        const auto take = [&](const std::string& text, const std::vector<Word>& list) {
            if (list.empty() && !text.empty()) lose("text whose words have no times");
            std::string said;
            for (const auto& w : list) said += (said.empty() ? "" : " ") + w.text;
            if (!list.empty() && said != text)
                lose("text that differs from its words (the words are written)");
            words.insert(words.end(), list.begin(), list.end());
        };
        for (const auto& t : one.turns) {
            lose("segments of control \"" + t.control + "\"");
            take(t.text, t.words);
        }
        for (const auto& t : one.texts) take(t.text, t.words);
        std::stable_sort(words.begin(), words.end(),
                         [](const Word& a, const Word& b) { return a.start < b.start; });
        const auto name = one_field(one.stem, "names of recordings");
        for (const auto& w : words) {
            out += name + " 1 ";
            append_seconds(out, w.start);
            out += ' ';
            append_seconds(out, to_microsecond(w.end) - to_microsecond(w.start));
            out += " " + one_field(w.text, "words");
            if (w.confidence) out += ' ', append_json_number(out, *w.confidence);
            out += '\n';
        }
        return Done{};
    }
};

}  // namespace

double recognise_ctm(const Source& source) {
    for (const auto& e : source.entries())
        if (extension(e.name) == "ctm") return 0.95;
    return 0;
}

Result<std::unique_ptr<RowReader>> read_ctm(std::shared_ptr<const Source> source,
                                            const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<CtmReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_ctm(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<CtmWriter>(context));
}

}  // namespace countersign
