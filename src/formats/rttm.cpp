// Rich Transcription Time Marked (NIST RT-09): ten fields a line,
// "SPEAKER recording channel start duration <NA> <NA> speaker confidence <NA>". One file speaks of
// several recordings. A row is a recording in a file. A .uem beside it (recording channel start
// end) says which parts count; it goes into the row's meta.
//
// Files of one import that follow different guidelines are told apart, and every row of them says
// so: see rttm_conventions.h.
#include <cmath>
#include <set>

#include "base/text.h"
#include "formats/rttm_conventions.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"

namespace countersign {

namespace {

constexpr std::int64_t longest_rttm = 256 << 20;

bool said(std::string_view field) {
    return !field.empty() && field != "<NA>" && field != "<na>" && field != "NA";
}

class RttmReader final : public EntriesReader {
public:
    RttmReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context) {}

private:
    struct Recording {
        std::string name;
        std::int64_t line = 0;  ///< The first that speaks of it.
        std::vector<SpokenTurn> turns;
        Mends mends;
    };

    Result<std::optional<ImportedRow>> read() override {
        if (!looked_) look();
        while (next_ == recordings_.size()) {
            const auto& entries = source_->entries();
            while (at_ < entries.size() && extension(entries[at_].name) != "rttm") ++at_;
            if (at_ == entries.size()) return std::optional<ImportedRow>();
            file_ = &entries[at_++];
            book_.use(*file_);
            const auto bytes = source_->read_all(file_->name, longest_rttm);
            entry_done(*file_);
            if (!bytes) return std::optional(rejected(file_->name, bytes.refusal().message));
            if (!take_file(*bytes) && !trim(*bytes).empty())
                return std::optional(rejected(
                    file_->name, file_->name + ": it has no line that is a turn (\"SPEAKER "
                                               "recording 1 start duration <NA> <NA> speaker "
                                               "<NA> <NA>\"). Mend the file and import it again."));
        }
        return std::optional(row_of(recordings_[next_++]));
    }

    /// What each file's turns look like, before the first row; and the parts that count.
    void look() {
        looked_ = true;
        for (const auto& entry : source_->entries()) {
            const auto ext = extension(entry.name);
            if (ext == "uem") take_parts(entry);
            if (ext != "rttm") continue;
            const auto bytes = source_->read_all(entry.name, longest_rttm);
            if (!bytes) continue;
            file_ = &entry;
            if (take_file(*bytes))
                for (const auto& r : recordings_)
                    conventions_.see(entry.name, r.name, r.turns, recordings_.size());
        }
        recordings_.clear();
        conventions_.compare();
    }

    void take_parts(const SourceEntry& entry) {
        book_.use(entry), entry_done(entry);
        const auto bytes = source_->read_all(entry.name, longest_rttm);
        if (!bytes) return;
        for (const auto line : split(*bytes, '\n')) {
            const auto f = fields_of_line(line);
            if (f.size() < 4 || f[0].starts_with(";;")) continue;
            const auto start = seconds_in(f[2]), end = seconds_in(f[3]);
            if (!start || !end || *start < 0 || *end <= *start) continue;
            auto& parts = parts_[repair_utf8(f[0])];
            parts.push_back(Json::array({*start, *end}));
        }
    }

    /// Gathers the turns of each recording; false when there is none.
    bool take_file(std::string_view bytes) {
        next_ = 0;
        recordings_ = recordings_of_lines<Recording>(bytes, 1, take_line);
        return std::any_of(recordings_.begin(), recordings_.end(),
                           [](const Recording& r) { return !r.turns.empty(); });
    }

    static void take_line(const std::vector<std::string_view>& f, Recording& r) {
        if (f[0] != "SPEAKER") {
            static constexpr std::string_view others[] = {
                "SEGMENT",    "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX",
                "NON-SPEECH", "FILLER",  "EDIT",           "IP",     "SU",
                "CB",         "A/P",     "SPKR-INFO"};
            if (f[0] == "SPKR-INFO") return;
            const bool known =
                std::find(std::begin(others), std::end(others), f[0]) != std::end(others);
            return r.mends.left_out(known ? "lines of type " + std::string(f[0]) + " are not taken"
                                          : "the line " + in_quotes(f[0]) + " is not understood");
        }
        if (f.size() < 8) return r.mends.left_out("a SPEAKER line has fewer than eight fields");
        const auto start = seconds_in(f[3]), duration = seconds_in(f[4]);
        if (!start || !duration)
            return r.mends.left_out("a SPEAKER line has no number for its start or duration");
        if (!said(f[7])) return r.mends.left_out("a SPEAKER line names no speaker");
        SpokenTurn t;
        t.start = *start;
        t.end = to_microsecond(*start + *duration);
        t.label = f[7];
        if (f.size() > 8 && said(f[8])) t.confidence = seconds_in(f[8]);
        if (said(f[2]) && f[2] != "1") t.meta["channel"] = std::string(f[2]);
        r.turns.push_back(std::move(t));
    }

    ImportedRow row_of(Recording& r) {
        ImportedRow row;
        row.where = file_->name + ":" + std::to_string(r.line);
        if (!said(r.name))
            return rejected(row.where,
                            row.where + ": a line names no recording in its second field.");
        if (const auto said = conventions_.note(file_->name, r.name); !said.empty())
            r.mends.mended(said);
        tie_sound(row, r.name);
        SoundLabels labels(labels_, context_.schema, r.mends);
        for (auto& t : r.turns) labels.turn(std::move(t));
        add_labels(row, labels.take(row.seconds, context_.as_written));
        // Several files about one recording are several systems.
        for (auto& draft : row.drafts) draft.model = repair_utf8(stem(file_->name));
        if (const auto parts = parts_.find(r.name); parts != parts_.end())
            row.meta = to_text(Json{{"uem", parts->second}});
        r.mends.apply(row);
        return row;
    }

    bool looked_ = false;
    std::size_t at_ = 0, next_ = 0;
    const SourceEntry* file_ = nullptr;
    std::vector<Recording> recordings_;
    std::map<std::string, Json, std::less<>> parts_;
    RttmConventions conventions_;
};

class RttmWriter final : public SoundWriter {
public:
    using SoundWriter::SoundWriter;

private:
    Result<> write_one(const Recording& one, std::string& out) override {
        const auto name = one_field(one.stem, "names of recordings");
        for (const auto& t : one.turns) {
            if (!t.text.empty()) lose("text of a segment");
            const bool channel =
                t.meta.is_object() && t.meta.contains("channel") && t.meta["channel"].is_string();
            out += "SPEAKER " + name + " " +
                   (channel ? one_field(t.meta["channel"].get<std::string>(), "names of channels")
                            : "1") +
                   " ";
            append_seconds(out, t.start);
            out += ' ';
            append_seconds(out, to_microsecond(t.end) - to_microsecond(t.start));
            out += " <NA> <NA> " + one_field(t.label, "names of labels") + " ";
            if (t.confidence)
                append_json_number(out, *t.confidence);
            else
                out += "<NA>";
            out += " <NA>\n";
        }
        for (const auto& text : one.texts) lose("text of control \"" + text.control + "\"");
        return Done{};
    }
};

}  // namespace

double recognise_rttm(const Source& source) {
    for (const auto& e : source.entries())
        if (extension(e.name) == "rttm") return 0.95;
    return 0;
}

Result<std::unique_ptr<RowReader>> read_rttm(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<RttmReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_rttm(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<RttmWriter>(context));
}

}  // namespace countersign
