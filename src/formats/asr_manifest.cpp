// The manifest of speech recognisers (NeMo): JSON Lines of {"audio_filepath", "duration", "text"}.
// Lines with an "offset" are stretches of a longer recording, from there for their duration; those
// of one recording that stand together are one row, with a segment each ("speaker" is its label).
// Other members become the row's meta.
#include <cmath>

#include "base/text.h"
#include "formats/json_out.h"
#include "formats/json_row.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"
#include "formats/text_labels.h"

namespace countersign {

namespace {

class ManifestReader final : public LinesReader {
public:
    using LinesReader::LinesReader;

private:
    bool is_mine(std::string_view name) const override {
        const auto ext = extension(name);
        return ext == "jsonl" || ext == "ndjson" || ext == "json" || ext == "manifest";
    }

    std::optional<ImportedRow> take(const Line* line) override {
        if (!line) return give();
        if (!line->too_long && trim(line->text).empty()) return std::nullopt;
        if (line->too_long) return refuse("the line is longer than 16 MiB");
        std::string raw(line->text);
        Mends mends;
        if (!is_utf8(raw)) {
            raw = repair_utf8(raw);
            mends.mended("bytes that are not UTF-8 were replaced");
        }
        const auto object = parser_.parse_copy(raw);
        if (!object) return refuse(object.refusal().message);
        if (!object->is_object()) return refuse("the line is not a JSON object");
        if (has_lone_surrogate(raw))
            return refuse("the line holds half of a surrogate pair (\\ud800-\\udfff)");
        const auto file = text_of(*object, "audio_filepath");
        if (!file || trim(*file).empty()) return refuse("it has no \"audio_filepath\"");
        const auto duration = number_of(*object, "duration");
        if (duration && !(std::isfinite(*duration) && *duration >= 0))
            return refuse("its duration is no length");
        const auto offset = number_of(*object, "offset");
        const std::string text(text_of(*object, "text").value_or(""));
        if (offset || held_name_ == *file) return stretch(*object, *file, offset, duration, text);
        auto before = give();
        ImportedRow row;
        row.where = where();
        tie_sound(row, *file);
        if (row.seconds <= 0 && duration) row.seconds = *duration;
        SoundLabels labels(labels_, context_.schema, mends);
        if (!text.empty()) labels.whole(text, {});
        if (!labels.empty()) add_labels(row, labels.take(row.seconds, context_.as_written));
        row.meta = object_without(raw, {"audio_filepath", "duration", "text"});
        if (row.meta == "{}") row.meta.clear();
        mends.apply(row);
        if (!before) return row;
        waiting_ = std::move(row);
        return before;
    }

    /// One of several stretches of a recording: they are held until another recording comes.
    std::optional<ImportedRow> stretch(Dom object, std::string_view file,
                                       std::optional<double> offset, std::optional<double> duration,
                                       std::string text) {
        std::optional<ImportedRow> before;
        if (held_name_ != file) {
            before = give();
            held_name_ = file;
            held_.emplace();
            held_->where = where();
        }
        if (!offset || !duration) {
            ++incomplete_;
            return before;
        }
        SpokenTurn t;
        t.start = *offset, t.end = to_microsecond(*offset + *duration);
        t.label = text_of(object, "speaker").value_or("");
        t.text = std::move(text);
        turns_.push_back(std::move(t));
        return before;
    }

    std::optional<ImportedRow> give() {
        if (waiting_) return std::exchange(waiting_, std::nullopt);
        if (!held_) return std::nullopt;
        Mends mends;
        for (; incomplete_ > 0; --incomplete_)
            mends.left_out("a stretch of a recording lacks its offset or duration");
        ImportedRow row = *std::exchange(held_, std::nullopt);
        tie_sound(row, std::exchange(held_name_, std::string()));
        SoundLabels labels(labels_, context_.schema, mends);
        for (auto& t : turns_) labels.turn(std::move(t));
        turns_.clear();
        add_labels(row, labels.take(row.seconds, context_.as_written));
        mends.apply(row);
        return row;
    }

    JsonParser parser_;
    std::string held_name_;
    std::optional<ImportedRow> held_, waiting_;
    std::vector<SpokenTurn> turns_;
    int incomplete_ = 0;
};

class ManifestWriter final : public SoundWriter {
public:
    using SoundWriter::SoundWriter;

private:
    Result<> write_one(const Recording& one, std::string& out) override {
        for (const auto& t : one.turns) {
            lose_words(t.words);
            if (t.confidence) lose("confidence of a segment");
            out += '{';
            Members m(out);
            m.text("audio_filepath", one.name);
            m.number("offset", std::optional(t.start));
            m.number("duration", std::optional(to_microsecond(t.end - t.start)));
            m.raw("text", quoted(t.text));
            m.text("speaker", t.label);
            out += "}\n";
        }
        if (!one.turns.empty()) {
            for (const auto& text : one.texts) lose("text of control \"" + text.control + "\"");
            return Done{};
        }
        for (const auto& text : one.texts) {
            lose_words(text.words);
            if (&text != &one.texts.front()) {
                lose("text of control \"" + text.control + "\"");
                continue;
            }
            out += '{';
            Members m(out);
            m.text("audio_filepath", one.name);
            m.number("duration", std::optional(one.seconds));
            m.raw("text", quoted(text.text));
            out += "}\n";
        }
        return Done{};
    }
    static std::string quoted(std::string_view text) {
        std::string out;
        append_json_string(out, text);
        return out;
    }
};

class SoundsReader final : public EntriesReader {
public:
    using EntriesReader::EntriesReader;

private:
    /// Every recording is a row that nothing else used.
    Result<std::optional<ImportedRow>> read() override { return std::optional<ImportedRow>(); }
};

}  // namespace

double recognise_asr_manifest(const Source& source) {
    for (const auto& e : source.entries()) {
        const auto ext = extension(e.name);
        if (ext != "jsonl" && ext != "json" && ext != "ndjson" && ext != "manifest") continue;
        const auto read = source.open(e.name);
        if (!read) return 0;
        char head[4096];
        const auto n = (*read)(head, sizeof head);
        const auto text = n ? std::string_view(head, *n) : std::string_view();
        return trim(text).starts_with('{') &&
                       text.find("\"audio_filepath\"") != std::string_view::npos
                   ? 0.96
                   : 0;
    }
    return 0;
}

double recognise_sounds(const Source& source) {
    for (const auto& e : source.entries())
        if (is_sound_name(e.name)) return 0.4;
    return 0;
}

Result<std::unique_ptr<RowReader>> read_asr_manifest(std::shared_ptr<const Source> source,
                                                     const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<ManifestReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_asr_manifest(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<ManifestWriter>(context));
}
Result<std::unique_ptr<RowReader>> read_sounds(std::shared_ptr<const Source> source,
                                               const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<SoundsReader>(std::move(source), context));
}

}  // namespace countersign
